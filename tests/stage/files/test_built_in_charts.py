"""The built-in charts: all of them are whole, and the forms are the forms their names say."""

import re
from pathlib import Path

import pytest

from sideslip.errors import ChartError
from sideslip.music.chord import Chord
from sideslip.music.leadsheet import parse_chart
from sideslip.resources import HOME_VARIABLE
from sideslip.stage.files.charts import load_chart, names

NAMES = names()

FORMS = {
    "blues-in-f": 12,
    "blues-in-c": 12,
    "blues-8-bar": 8,
    "blues-16-bar": 16,
    "blues-waltz": 12,
    "minor-blues": 12,
    "jazz-blues-in-bb": 12,
    "rhythm-changes": 32,
    "rhythm-changes-passing": 32,
    "modal-aaba": 32,
    "standard-major": 32,
    "standard-minor": 32,
    "ballad": 32,
    "abac": 32,
    "gospel-16": 16,
    "ii-v-i-major": 48,
    "ii-v-i-minor": 48,
    "amazing-grace": 16,
    "when-the-saints": 16,
}


def test_there_is_a_chart_for_every_kind_of_practice() -> None:
    assert len(NAMES) >= 28
    assert set(FORMS) <= set(NAMES)
    assert list(NAMES) == sorted(NAMES)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_chart_is_whole(name: str) -> None:
    sheet = load_chart(name)
    assert sheet.title and 40 <= sheet.tempo <= 250
    assert len(sheet.bars()) == FORMS.get(name, len(sheet.bars()))
    assert len(sheet.bars()) >= 8
    assert parse_chart(sheet.text()) == sheet


@pytest.mark.parametrize("name", NAMES)
def test_every_chart_says_where_it_is_from(name: str) -> None:
    sheet = load_chart(name)
    assert "sideslip" in sheet.source or name == "blues-in-f"


def test_the_blues_of_the_first_page() -> None:
    sheet = load_chart("blues-in-f")
    symbols = [" ".join(chord.symbol for _, chord in bar) for bar in sheet.bars()]
    assert symbols[3] == "Cm7 F7" and symbols[7] == "D7alt" and symbols[-1] == "Gm7 C7"
    assert (sheet.key, str(sheet.meter), sheet.tempo) == ("F", "4/4", 140)


@pytest.mark.parametrize(
    ("name", "qualities"), [("ii-v-i-major", "min7 dom maj7"), ("ii-v-i-minor", "hdim domalt min")]
)
def test_the_drills_go_through_all_keys_by_fourths(name: str, qualities: str) -> None:
    changes = load_chart(name).changes()
    keys = [changes.chords[i : i + 3] for i in range(0, 36, 3)]
    for two, five, one in keys:
        assert ((five.root - two.root) % 12, (one.root - five.root) % 12) == (5, 5)
        assert " ".join(chord.quality for chord in (two, five, one)) == qualities
    ones: list[Chord] = [key[2] for key in keys]
    assert [one.root for one in ones] == [5 * step % 12 for step in range(12)]


def test_blues_have_the_subdominant_in_bar_five() -> None:
    for name in NAMES:
        if "blues" in name and len(load_chart(name).bars()) == 12:
            bars = load_chart(name).bars()
            tonic, fifth_bar = bars[0][0][1], bars[4][0][1]
            assert (fifth_bar.root - tonic.root) % 12 == 5, name


def test_an_unknown_name_lists_near_ones() -> None:
    with pytest.raises(ChartError, match=r"'Blues in F' is no .* near: blues-in-f, .*'sideslip charts' lists them all"):
        load_chart("Blues in F")


def test_names_are_file_stems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "configs" / "charts"
    folder.mkdir(parents=True)
    (folder / "vamp.txt").write_text("| Dm7 |")
    (folder / "notes.md").write_text("no chart")
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    assert names() == ("vamp",)
    sheet = load_chart("vamp")
    assert (sheet.title, [chord.symbol for chord in sheet.changes().chords]) == ("vamp", ["Dm7"])
    with pytest.raises(ChartError, match="'blues-in-f' is no chart file and no built-in chart; 'sideslip charts'"):
        load_chart("blues-in-f")
