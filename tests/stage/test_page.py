"""The page shows what was played and decided, stands alone, and takes no text at its word."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.meter import Meter
from sideslip.stage.page import PageData, render_page, write_page

SYMBOLS = ("F7", "Bb7", "Bdim7", "Am7b5", "D7alt", "Gm7", "C7/E", "N.C.")
CHANGES = Changes(tuple(range(0, 8 * 48, 48)), tuple(map(parse_chord, SYMBOLS)), 8 * 48)


def candidate(source: str, score: float, **more: Any) -> dict[str, Any]:
    notes = [[16.0, 60, 0.5, 80], [16.5, 64, 0.5, 80]]
    measured = {"outside": 0.3, "surprise": 3.1, "resolvability": 0.8, "motif": 0.2}
    return {"source": source, "score": score, "notes": notes, **measured, **more}


DECISION = {
    "bar": 5,
    "beat": 1.0,
    "dial": 0.4,
    "thinking_ms": 61.2,
    "chosen": 6,
    "why": "side-slips up a semitone over D7alt & comes home",
    "candidates": [
        *(candidate("model", 3 - n / 10) for n in range(5)),
        candidate("lick", 2.9, move="echo"),
        candidate("device", 2.8, label="side-slip +1", move="resolve"),
    ],
    "mended": [{"why": "keeps its F over B7 & leads it to D#", "amends": [], "notes": []}],
}
SESSION = PageData(
    title="Blues in F",
    key="F",
    tempo=140,
    changes=CHANGES,
    player=[(0.0, 0.9, 60), (1.57, 2.0, 67), (15.9, 17.0, 65)],
    partner=[(16.0, 16.5, 62, 0.1), (16.57, 17.0, 63, 0.9)],
    tension=[(16.0, 0.1), (16.57, 0.5), (30.0, 0.2), (33.0, 0.4)],
    turns=[(0, 192, "player"), (192, 384, "partner")],
    decisions=[DECISION],
    chart="blues-in-f",
    seed=7,
)


class Reader(HTMLParser):
    """Collects elements, and fails where one is not closed in its place."""

    VOID = ("meta", "br", "img", "input", "link", "hr")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[tuple[str, str]] = []
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.append((self.open[-1] if self.open else "", data.strip()))

    def having(self, class_: str) -> list[dict[str, str | None]]:
        """The elements of a class, outside the legends."""
        return [attrs for _, attrs in self.elements if attrs.get("class") == class_]

    def said(self, tag: str) -> list[str]:
        return [words for inside, words in self.words if inside == tag]


def systems(page: str) -> Reader:
    """What lies between the headings of the take and of the decisions, legend left out."""
    return Reader(re.findall(r'<div class="take">.*?</div>', page, re.DOTALL)[0])


def test_the_page_is_well_formed_and_says_what_was_played() -> None:
    page = Reader(render_page(SESSION))
    assert page.said("h1") == ["Blues in F"]
    assert {"blues-in-f", "F", "4/4", "140 bpm", "0.4", "7", "2 notes, 1 outside (50%)"} <= set(page.said("dd"))
    assert "Weimar Jazz Database" in " ".join(page.said("p"))


def test_every_chord_of_the_chorus_stands_over_its_bar() -> None:
    take = systems(render_page(SESSION))
    assert [words for words in take.said("text") if words in SYMBOLS] == list(SYMBOLS)
    assert [words for words in take.said("text") if words.isdigit()] == [str(bar) for bar in range(1, 9)]
    assert take.said("title") == ["Bars 1 to 4", "Bars 5 to 8"]


def test_a_note_over_the_line_is_drawn_in_both_systems_and_outside_notes_stand_out() -> None:
    take = systems(render_page(SESSION))
    assert len(take.having("note player")) == 4  # three notes, one of them tied over into bar 5
    assert len(take.having("note partner")) == 1
    assert len(take.having("note outside")) == 1
    assert len(take.having("turn player")) == len(take.having("turn partner")) == 1


def test_later_is_further_right_and_higher_is_further_up() -> None:
    first, second, *_ = systems(render_page(SESSION)).having("note player")
    assert float(first["x"] or 0) < float(second["x"] or 0)
    assert float(first["y"] or 0) > float(second["y"] or 0)


def test_the_tension_breaks_where_nothing_was_heard_for_a_bar() -> None:
    curves = [line for line in systems(render_page(SESSION)).having("tension") if "points" in line]
    assert len(curves) == 4  # two curves, each as a line and as a filled shape


def test_what_the_dial_asked_for_is_drawn_over_the_turn_and_higher_for_a_higher_dial() -> None:
    def line(dial: float) -> dict[str, str | None]:
        (drawn,) = systems(render_page(replace(SESSION, decisions=[{**DECISION, "dial": dial}]))).having("dial")
        return drawn

    note, *_ = systems(render_page(SESSION)).having("note partner")
    assert float(line(0.4)["x1"] or 0) <= float(note["x"] or 0) < float(line(0.4)["x2"] or 0)
    assert float(line(0.9)["y1"] or 0) < float(line(0.4)["y1"] or 0)


def test_a_decision_is_told_under_its_system_and_on_its_card() -> None:
    page = Reader(render_page(SESSION))
    assert [words for words in page.said("a") if "Bar 5" in words] == [f"Bar 5: {DECISION['why']}"]
    assert DECISION["why"] in page.said("p")
    assert "keeps its F over B7 & leads it to D#" in page.said("p")
    assert "7 ideas: 5 model, 1 lick, 1 device" in page.said("p")
    assert page.said("summary") == ["The best 5 of 7"]
    assert page.said("th")[-5:] == ["model", "model", "echo", "model", "resolve, then side-slip +1 ✓"]


@pytest.mark.parametrize("field", ["title", "key", "chart", "sound"])
def test_text_is_never_markup(field: str) -> None:
    nasty = '<script>alert("x")</script>\'"&$title'
    page = render_page(replace(SESSION, **{field: nasty}))  # type: ignore[arg-type]
    assert "<script>alert" not in page
    assert [tag for tag, _ in Reader(page).elements].count("script") == 1


def test_words_of_a_decision_are_never_markup() -> None:
    nasty = {**DECISION, "why": "</p><img src=x onerror=1>", "candidates": [candidate("<b>", 1.0)], "chosen": 0}
    nasty["mended"] = [{"why": "<i>keeps"}]
    tags = {tag for tag, _ in Reader(render_page(replace(SESSION, decisions=[nasty]))).elements}
    assert not tags & {"img", "b", "i"}


def test_nothing_is_fetched_from_anywhere() -> None:
    page = render_page(SESSION)
    assert not re.search(r"https?:|//\w|url\(|@import", page)
    assert not [attrs for _, attrs in Reader(page).elements if "src" in attrs]


def test_a_sound_beside_the_page_can_be_played() -> None:
    page = Reader(render_page(replace(SESSION, sound="session.wav")))
    (audio,) = [attrs for tag, attrs in page.elements if tag == "audio"]
    assert (audio["src"], audio["data-tempo"]) == ("session.wav", "140")


def test_a_session_without_a_note_still_shows_its_first_bar() -> None:
    page = render_page(PageData(title="Nothing", key="C", tempo=90, changes=CHANGES, player=[], partner=[]))
    assert systems(page).said("title") == ["Bars 1 to 1"]


def test_another_metre_has_its_own_bars() -> None:
    waltz = Changes((0,), (parse_chord("F6"),), 36, Meter(3, 4))
    take = systems(render_page(replace(SESSION, changes=waltz, turns=[], decisions=[])))
    assert take.said("title") == ["Bars 1 to 4", "Bars 5 to 6"]


def test_the_page_is_written(tmp_path: Path) -> None:
    write_page(tmp_path / "page.html", SESSION)
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == render_page(SESSION)
