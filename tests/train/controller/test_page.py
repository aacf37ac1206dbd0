"""The page and its picture: every figure in its place, the same for the same figures."""

from copy import deepcopy
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from sideslip.train.controller.by_solo import Figures
from sideslip.train.controller.dial import figures
from sideslip.train.controller.page import page
from sideslip.train.controller.picture import FURTHEST, LEFTS, PANEL_HEIGHT, PANEL_WIDTH, TOP, picture
from sideslip.train.controller.played import Played

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def measured(played: Played) -> Figures:
    return figures(played, np.random.default_rng(0))


@pytest.fixture
def found(measured: Figures) -> dict[str, Any]:
    """The figures, to be changed by a test."""
    return {"data": ["solos.jsonl"], "seed": 3, **deepcopy(measured)}


def elements(text: str, kind: str, look: str) -> list[ElementTree.Element]:
    """The elements of a kind that have all of some classes."""
    every = ElementTree.fromstring(text).iter(SVG + kind)
    return [each for each in every if set(look.split()) <= set(each.get("class", "").split())]


def test_a_dial_stands_where_its_figures_are(found: dict[str, Any]) -> None:
    """G 0, .1, .2, .3, .4, all of it resolved, M 3.5 of an axis from 2 to 5."""
    dots = elements(picture(found), "circle", "own dot")
    at = [(float(dot.get("cx", "")), float(dot.get("cy", ""))) for dot in dots]
    across = [PANEL_WIDTH * g / FURTHEST for g in (0.0, 0.1, 0.2, 0.3, 0.4)]
    expected = [(LEFTS[0] + x, TOP) for x in across] + [(LEFTS[1] + x, TOP + PANEL_HEIGHT / 2) for x in across]
    assert at == [pytest.approx(each, abs=0.06) for each in expected]
    assert [tag.text for tag in elements(picture(found), "text", "own tag")] == ["0", "¼", "½", "¾", "1"] * 2


def test_the_band_is_the_interval(found: dict[str, Any]) -> None:
    band, _ = elements(picture(found), "polygon", "hot band")
    line = elements(picture(found), "polyline", "hot line")[1]  # the first one is the legend's
    ys = [float(point.split(",")[1]) for point in band.get("points", "").split()]
    figure = found["ways"]["temperature"]["0.8"]["resolved"]
    assert ys[0] == pytest.approx(TOP + PANEL_HEIGHT * (1 - figure["ci_high"]), abs=0.06)
    assert ys[-1] == pytest.approx(TOP + PANEL_HEIGHT * (1 - figure["ci_low"]), abs=0.06)
    assert len(ys) == 2 * len(line.get("points", "").split())


@pytest.mark.parametrize("bits", [1.9, 9.0])
def test_what_lies_beyond_a_panel_is_left_out_of_it(found: dict[str, Any], bits: float) -> None:
    found["spoilt"]["random notes"]["melody"]["value"] = bits
    names = [tag.text for tag in elements(picture(found), "text", "players tag")]
    assert names.count("random notes") == 1 and names.count("four wrong notes") == 2


def test_the_picture_is_for_light_and_dark_and_loads_nothing(found: dict[str, Any]) -> None:
    text = picture(found)
    assert "prefers-color-scheme: dark" in text and text == picture(found)
    assert "url(" not in text and "href" not in text and "<script" not in text
    for kind in ("text", "path", "polyline", "polygon", "circle"):
        for each in ElementTree.fromstring(text).iter(SVG + kind):
            assert all(f".{look}" in text for look in each.get("class", "").split())


def test_the_page_has_the_picture_every_row_and_every_way(found: dict[str, Any]) -> None:
    lines = page(found, "here.svg").splitlines()
    assert any("](here.svg)" in line for line in lines) and "on `solos.jsonl`, seed 3" in "\n".join(lines)
    (row,) = (line for line in lines if line.startswith("| mean G at dial 1 minus at 0 "))
    assert row == "| mean G at dial 1 minus at 0 | >= 0.35 |  | 0.400 [0.400, 0.400] | met |"
    (row,) = (line for line in lines if line.startswith("| M at dial .75 and 1 "))
    assert row.endswith("| **missed** |")
    assert sum(line.startswith("| temperature ") for line in lines) == 5  # its settings, and what it is compared with
    assert any(line.startswith("| real phrases, random notes ") for line in lines)
    (row,) = (line for line in lines if line.startswith("| bits a note "))
    assert row.startswith("| bits a note | -0.50 [-0.50, -0.50] | -0.25 [") and row.count("|") == 7
    assert max(map(len, (line for line in lines if not line.startswith("|")))) <= 130


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0.1, 0.3, "more often (+20%"), (-0.3, -0.1, "less often (-20%"), (-0.1, 0.3, "no more and no less often")],
)
def test_what_the_interval_does_not_tell_is_not_said(
    found: dict[str, Any], low: float, high: float, words: str
) -> None:
    value = 0.2 if high > 0 else -0.2
    found["resolved_over_temperature"] = {"value": value, "ci_low": low, "ci_high": high}
    said = [line for line in page(found, "x").splitlines() if line.startswith("- At equal outsideness")]
    assert words in said[0] and "hotter" in said[0]


def test_without_turns_the_page_has_the_other_rows() -> None:
    found = {"data": ["a", "b"], "seed": 0, "contexts": 0, "ornament_rule_kept": 1.0}
    text = page(found, "x.svg")
    assert "`a` and `b`" in text and "x.svg" not in text and "| met |" in text
