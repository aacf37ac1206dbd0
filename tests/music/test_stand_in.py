"""Chords that stand in for another, and which of them a foreign note belongs to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.music.chord import NO_CHORD, parse_chord
from sideslip.music.devices.leading import guide_tones
from sideslip.music.devices.pull import step_home
from sideslip.music.devices.stand_in import TRITONE, fits, heard_as, stand_ins
from sideslip.music.tension import CHROMATIC, foreignness, is_tone

SYMBOLS = ("F7", "Bb7", "C7alt", "G7sus4", "Dm7", "Cmaj7", "C6", "Bm7b5", "Bdim7", "F#7", "Caug")
chords = st.sampled_from([parse_chord(symbol) for symbol in SYMBOLS])


def test_a_dominant_is_stood_in_for_by_those_that_every_player_knows() -> None:
    found = {name: chord.symbol for name, chord in stand_ins(parse_chord("F7")).items()}
    assert found == {
        "tritone substitution": "B7",
        "altered dominant": "F7alt",
        "diminished chord": "Fdim7",
        "side-slip up a semitone": "Gb7",
        "side-slip down a semitone": "E7",
    }
    assert stand_ins(parse_chord("F#7"))[TRITONE].symbol == "C7"
    assert stand_ins(NO_CHORD) == {}


@pytest.mark.parametrize(
    ("note", "written", "coming", "heard"),
    [
        (6, "F7", "Bb7", "B7"),  # the b9 of F7 is the 5th of its tritone substitution, which falls to Bb
        (6, "F7", "F7#11", "F7alt"),  # both keep the guide tones: over a root that stays, the altered one is smoother
        (4, "F7", "Bb7", "Gb7"),  # the natural 7th is no tone or tension of B7; Gb7 falls to Bb7 no worse than E7
        (1, "Cmaj7", "Am7", "Gb7"),
        (6, "Dm7", "G7", "Ab7"),  # F# over Dm7: the 7th of the tritone's dominant, which keeps C and falls to G
    ],
)
def test_a_foreign_note_is_heard_in_the_chord_that_keeps_most_of_the_written_one(
    note: int, written: str, coming: str, heard: str
) -> None:
    found = heard_as(60 + note, parse_chord(written), parse_chord(coming))
    assert found is not None and found.symbol == heard


@given(chords, chords, st.integers(0, 127))
def test_whatever_is_heard_has_the_note_and_no_other_keeps_more_guide_tones(written, coming, pitch) -> None:
    def kept(chord) -> int:
        return len(set(guide_tones(chord)) & set(guide_tones(written)))

    found = heard_as(pitch, written, coming)
    fitting = [chord for chord in stand_ins(written).values() if fits(pitch, chord)]
    assert (found is None) == (not fitting)
    if found is not None:
        assert found in fitting and kept(found) == max(map(kept, fitting))
        assert foreignness(found)[(pitch - found.root) % 12] < CHROMATIC


@given(chords, st.integers(2, 125), st.booleans())
def test_a_step_home_is_a_step_and_home(chord, pitch: int, guides_first: bool) -> None:
    home = step_home(pitch, chord, guides_first)
    reachable = [pitch + step for step in (-2, -1, 1, 2) if is_tone(pitch + step, chord)]
    assert (home is None) == (not reachable)
    if home is not None:
        assert home in reachable
        assert (
            not guides_first
            or home % 12 in guide_tones(chord)
            or not {p % 12 for p in reachable} & set(guide_tones(chord))
        )


def test_a_step_home_goes_where_soloists_go() -> None:
    f7 = parse_chord("F7")
    assert step_home(66, f7) == 65  # the b9 down
    assert step_home(68, f7) == 69  # the #9 up
    assert step_home(64, f7) == 63  # the natural 7th: the 7th before the root, for it is a guide tone
    assert step_home(65, f7) == 63 and step_home(66, NO_CHORD) is None
