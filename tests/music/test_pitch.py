"""Note names and pitch classes say the same thing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.errors import ChordError
from sideslip.music.pitch import degree_name, parse_pitch, parse_pitch_class, pitch_name

SPELLINGS = {
    0: ["C", "B#", "Dbb"],
    1: ["C#", "Db", "C♯", "D♭", "B##"],
    2: ["D", "C##", "Ebb"],
    3: ["D#", "Eb"],
    4: ["E", "Fb"],
    5: ["F", "E#"],
    6: ["F#", "Gb"],
    7: ["G", "F##", "Abb"],
    8: ["G#", "Ab"],
    9: ["A", "Bbb", "B♭♭"],
    10: ["A#", "Bb", "B♭"],
    11: ["B", "Cb"],
}


@pytest.mark.parametrize(("pc", "name"), [(pc, name) for pc, names in SPELLINGS.items() for name in names])
def test_every_spelling_of_a_pitch_class_is_read(pc: int, name: str) -> None:
    assert parse_pitch_class(name) == pc


@pytest.mark.parametrize("name", ["", "H", "b", "bb", "c", "Cm", "C#b", "C♯#", "Abbb", " C", "1"])
def test_what_is_no_note_name_is_refused_in_one_line(name: str) -> None:
    with pytest.raises(ChordError, match="a note name is A to G") as caught:
        parse_pitch_class(name)
    assert "\n" not in str(caught.value)


@given(st.integers(-200, 200), st.booleans())
def test_a_name_written_is_read_back(pitch: int, flats: bool) -> None:
    name = pitch_name(pitch, flats)
    assert parse_pitch_class(name) == pitch % 12
    assert ("#" if flats else "b") not in name


@pytest.mark.parametrize(
    ("name", "pitch"),
    [("C4", 60), ("Bb3", 58), ("B♭3", 58), ("A4", 69), ("Cb4", 59), ("B#3", 60), ("F##5", 79), ("C-1", 0), ("G9", 127)],
)
def test_a_pitch_is_a_name_and_an_octave(name: str, pitch: int) -> None:
    assert parse_pitch(name) == pitch


@given(st.integers(0, 127), st.booleans())
def test_a_pitch_written_is_read_back(pitch: int, flats: bool) -> None:
    assert parse_pitch(f"{pitch_name(pitch, flats)}{pitch // 12 - 1}") == pitch


@pytest.mark.parametrize("name", ["", "C", "4", "c4", "H4", "C10", "G#9", "Cb-1", "C-2", "C4 ", "C\u0664", "60"])
def test_what_is_no_pitch_is_refused_in_one_line(name: str) -> None:
    with pytest.raises(ChordError, match="a pitch is a note name with its octave") as caught:
        parse_pitch(name)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("pc", "root", "name"),
    [(0, 0, "root"), (11, 7, "3rd"), (8, 7, "b9"), (1, 7, "#11"), (5, 7, "7th"), (64, 60, "3rd"), (3, 9, "#11")],
)
def test_degrees_above_a_root(pc: int, root: int, name: str) -> None:
    assert degree_name(pc, root) == name
