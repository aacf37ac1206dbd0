"""Where a note falls, as players say it."""

import pytest

from sideslip.music.chord import parse_chord
from sideslip.music.meter import Meter
from sideslip.music.phrase import Note
from sideslip.outside.wording import meant, moment, note_words

from .worked_examples import bar_by_bar


@pytest.mark.parametrize(
    ("tick", "words"),
    [
        (0, "on beat 1 of bar 1"),
        (48, "on beat 1 of bar 2"),
        (42, "on the and of 4 in bar 1"),
        (16, "on the second triplet of beat 2 in bar 1"),
        (15, "on the second sixteenth of beat 2 in bar 1"),
        (21, "on the last sixteenth of beat 2 in bar 1"),
        (20, "on the last triplet of beat 2 in bar 1"),
        (13, "just after beat 2 in bar 1"),
        (23, "at the very end of beat 2 in bar 1"),
        (-6, "on the and of 4 in bar 0"),
    ],
)
def test_a_moment_in_four_four(tick: int, words: str) -> None:
    assert moment(tick, Meter()) == words


def test_where_the_beat_is_an_eighth_only_halves_have_names() -> None:
    assert moment(6, Meter(6, 8)) == "on the and of 1 in bar 1"
    assert moment(76, Meter(6, 8)) == "on beat 1.33 of bar 2"


def test_a_tone_of_the_coming_chord_is_meant_for_it_a_beat_before() -> None:
    changes = bar_by_bar("Cmaj7", "Gb7")
    f_sharp, g = Note(36, 66, 6), Note(36, 67, 6)
    assert meant(f_sharp, changes).symbol == "Gb7"
    assert meant(g, changes).symbol == "Cmaj7"
    assert meant(Note(30, 66, 6), changes).symbol == "Cmaj7"


def test_a_note_has_a_degree_where_there_is_a_chord() -> None:
    assert note_words(Note(0, 66, 6), parse_chord("D7"), " of D7") == "F#, the 3rd of D7"
    assert note_words(Note(0, 66, 6), parse_chord("Dm7")) == "F#, the major 3rd"
    assert note_words(Note(0, 66, 6), parse_chord("N.C."), " of N.C.") == "Gb"
