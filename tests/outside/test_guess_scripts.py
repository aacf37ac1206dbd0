"""Measuring the guesses and showing passages, on solos made up here."""

import json
from pathlib import Path

import numpy as np
import pytest

from sideslip.errors import DataError
from sideslip.music.devices import DEVICES
from sideslip.outside.guesses import PRIOR, Guess
from sideslip.outside.tables import ListeningTables
from sideslip.train.controller.guessed import figures
from sideslip.train.controller.plantings import Planted, family, phrases, planted
from sideslip.train.passages import laid_in_bars
from sideslip.train.solos import read_solos

from .test_listening_scripts import run, solo, written
from .worked_examples import SHIPPED

NOTICE = (
    "Contains information from the Weimar Jazz Database, which is made available here under the Open Database License"
)


@pytest.fixture
def solos(tmp_path: Path) -> Path:
    return written(tmp_path / "solos.jsonl", *(solo(i, chords=("Dm7", "G7", "Cmaj7", "A7")) for i in range(6)))


def test_every_device_has_a_name_among_the_guesses() -> None:
    assert {family(name) for name in DEVICES} <= PRIOR.keys()
    assert family("sequence in minor thirds, falling") == "sequence"


def test_phrases_lie_on_the_bars_of_the_tune(tmp_path: Path) -> None:
    record = solo(0)
    record["beats"]["bar"] = [3 + i // 4 for i in range(16)]
    (one,) = read_solos(written(tmp_path / "late.jsonl", record))
    found = list(phrases(one))
    assert [phrase.start for phrase, _ in found] == [96, 192]
    assert [changes.at(96).symbol for _, changes in found] == ["Dm7", "Dm7"]


def test_the_same_seed_plants_the_same(solos: Path) -> None:
    read = list(read_solos(solos))
    tables = ListeningTables.unlearnt()
    first, again = (list(planted(read, tables, np.random.default_rng(3))) for _ in range(2))
    assert first and first == again and {one.name for one in first} <= PRIOR.keys()


def test_figures_of_what_is_known() -> None:
    """Three kinds: one always right at .9, one right half of the time at .6, one never heard as outside."""
    sure = Guess("sequence", "", 0.9), Guess("unexplained", "", 0.1)
    maybe = Guess("altered dominant", "", 0.6), Guess("tritone substitution", "", 0.4)
    turned = Guess("tritone substitution", "", 0.6), Guess("altered dominant", "", 0.4)
    found = [Planted(str(i % 7), "sequence", sure) for i in range(40)]
    found += [Planted(str(i % 7), "altered dominant", maybe if i % 2 else turned) for i in range(30)]
    found += [Planted("0", "anticipation", ())] * 10
    report = figures(found, np.random.default_rng(0))
    alike = report["all_alike"]
    assert (report["planted"], report["heard_outside"], report["judged"]) == (80, 70, 70)
    assert alike["right"]["value"] == pytest.approx(0.75) and alike["right_or_rival"]["value"] == pytest.approx(1)
    assert alike["mean_probability"] == pytest.approx(0.75) and alike["told_as_sure"] == pytest.approx(1)
    assert alike["ece"] == pytest.approx(0.5 * 0.1 + 0.5 * 0.1)
    share = PRIOR["sequence"] / (PRIOR["sequence"] + PRIOR["altered dominant"])
    assert report["as_expected"]["right"]["value"] == pytest.approx(share + (1 - share) / 2)
    assert report["devices"]["anticipation"] == {
        "planted": 10, "heard_outside": 0.0, "right": None, "right_or_rival": None, "guessed": {}
    }  # fmt: skip
    assert report["devices"]["altered dominant"]["guessed"] == {"altered dominant": 0.5, "tritone substitution": 0.5}


def test_nothing_heard_gives_figures_too() -> None:
    report = figures([Planted("a", "sequence", ())], np.random.default_rng(0))
    assert report["judged"] == 0 and report["all_alike"]["right"] is None


def test_the_script_measures_and_prints(solos: Path) -> None:
    finished = run("evaluate_guesses.py", "--data", solos, "--json")
    assert (finished.returncode, finished.stderr) == (0, "")
    report = json.loads(finished.stdout)
    assert report["planted"] > 20 and report["devices"]["side-slip up a semitone"]["heard_outside"] > 0
    said = run("evaluate_guesses.py", "--data", solos).stdout
    assert said.startswith("planted ") and "side-slip up a semitone" in said
    assert run("evaluate_guesses.py", "--data", solos, "--seed", "x").returncode == 2


REMARKS = """
[[passage]]
solo = "Nobody_1"
bars = [1, 2]
heading = "a made-up thing"
verdict = "right"
remark = '''By ear
and eye.'''
"""


def test_passages_make_a_page_with_pictures(solos: Path, tmp_path: Path) -> None:
    (tmp_path / "remarks.toml").write_text(REMARKS, encoding="utf-8")
    for name in ("a", "b"):
        finished = run(
            "show_passages.py",
            "--data",
            solos,
            "--remarks",
            tmp_path / "remarks.toml",
            "--out",
            tmp_path / f"{name}.md",
        )
        assert (finished.returncode, finished.stderr) == (0, "")
    page = (tmp_path / "a.md").read_text(encoding="utf-8")
    assert page.replace("(a/01.svg)", "(b/01.svg)") == (tmp_path / "b.md").read_text(encoding="utf-8")
    assert "| 1 | Nobody, Tune 1, bars 1 to 2 | a made-up thing | right |" in page
    assert "By hand: By ear and eye." in page and NOTICE in page
    assert "| 1 | Dm7 |" in page and "Nobody, Tune 1: 32 notes in 1 phrase," in page
    assert (tmp_path / "a" / "01.svg").read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("Nobody_1", "Somebody_99"), "has no solo"),
        (("[1, 2]", "[4, 9]"), "has no whole bars 4 to 9"),
        (("[1, 2]", "1"), "found no proper bars"),
        (("[[passage]]", "[[passage"), "is no settings file"),
        (("[[passage]]", "[passage]"), "are tables [[passage]]"),
        (("[1, 2]", '["a", 2]'), "found no proper bars"),
        (('"right"', '"perhaps"'), "a verdict is one of right, unsure, wrong; found 'perhaps'"),
    ],
)
def test_mistakes_in_the_remarks_are_one_line(
    solos: Path, tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    (tmp_path / "remarks.toml").write_text(REMARKS.replace(*change), encoding="utf-8")
    finished = run(
        "show_passages.py", "--data", solos, "--remarks", tmp_path / "remarks.toml", "--out", tmp_path / "a.md"
    )
    assert finished.returncode == 2 and message in finished.stderr and finished.stderr.count("\n") == 1


def test_bars_of_a_solo_lie_as_in_a_chart(tmp_path: Path) -> None:
    """A pickup bar, and phrases as `analyze` cuts them."""
    record = solo(0)
    record["beats"]["bar"] = [0, *(1 + i // 4 for i in range(15))]
    record["beats"]["beat"] = [4, *([1, 2, 3, 4] * 4)[:15]]
    (one,) = read_solos(written(tmp_path / "pickup.jsonl", record))
    found, changes = laid_in_bars(one, 2, 3)
    assert [phrase.start for phrase in found] == [-12] and changes.at(-12).symbol == "Dm7"
    assert changes.at(36).symbol == "G7"
    with pytest.raises(DataError, match="no whole bars 3 to 4"):
        laid_in_bars(one, 3, 4)


def test_the_page_of_the_project_carries_the_notice() -> None:
    page = SHIPPED.parents[1] / "docs" / "passages.md"
    assert NOTICE in " ".join(page.read_text(encoding="utf-8").split())
