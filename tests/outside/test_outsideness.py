"""Notes and phrases, one by one: b, the ornament rule, o and O."""

import pytest

from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.phrase import Note, Phrase
from sideslip.outside.lines import Lines
from sideslip.outside.outsideness import Outsideness, measure_outsideness

from .worked_examples import LIEBMAN, PARKER, bar_by_bar, line, one_chord


def heard(changes: Changes, phrase: Phrase) -> Outsideness:
    return measure_outsideness(Lines.over(changes, [phrase]))


def test_parker_passing_note_is_an_ornament() -> None:
    out = heard(one_chord("D7"), PARKER)
    assert out.b[0].tolist() == [0, 0, 0.9, 0]
    assert out.o[0].tolist() == pytest.approx([0, 0, 0.18, 0])


def test_liebman_leaves_the_chord_note_by_note() -> None:
    out = heard(one_chord("Ebmaj7"), LIEBMAN)
    assert out.chromatic[0].sum() >= 5
    assert out.chord_tone[0, -3:].tolist() == [True, True, True]


@pytest.mark.parametrize(
    ("names", "ornament"),
    [
        ("Db C", True),  # step down into the root
        ("Eb E", True),
        ("Db D Eb E", True),  # chromatic run of three into the 3rd
        ("Db B C", True),  # enclosure of the root
        ("Db D", False),  # steps, but not into a chord tone
        ("Db G", False),  # leaps into a chord tone
        ("Ab F# G", True),  # enclosure of the 5th
        ("Ab Bb A", False),  # encloses, but no chord tone
    ],
)
def test_what_makes_an_ornament_over_c_major_seventh(names: str, ornament: bool) -> None:
    out = heard(one_chord("Cmaj7"), line(names, ticks=4))
    assert out.chromatic[0, 0]
    assert out.ornament[0, 0] == ornament
    assert out.o[0, 0] == pytest.approx(out.b[0, 0] * (0.2 if ornament else 1.0))


def test_a_resolution_after_more_than_a_beat_is_no_ornament() -> None:
    late = Phrase((Note(0, 61, 12), Note(13, 60, 12)))
    assert not heard(one_chord("Cmaj7"), late).ornament[0, 0]


def test_a_note_of_the_next_chord_is_forgiven_a_beat_before_it() -> None:
    changes = bar_by_bar("Cmaj7", "Gb7")
    early, too_early = Phrase((Note(36, 66, 6),)), Phrase((Note(35, 61, 6),))
    assert heard(changes, early).b[0, 0] == pytest.approx(0.05)
    assert heard(changes, too_early).b[0, 0] == 1.0


def test_a_note_of_the_last_chord_is_forgiven_for_half_a_beat() -> None:
    changes = bar_by_bar("Gb7", "Cmaj7")
    assert heard(changes, Phrase((Note(53, 61, 3),))).b[0, 0] == pytest.approx(0.05)
    assert heard(changes, Phrase((Note(54, 61, 3),))).b[0, 0] == 1.0


def test_no_chord_forgives_nothing_and_blames_nothing() -> None:
    changes = bar_by_bar("Cmaj7", "N.C.")
    out = heard(changes, Phrase((Note(40, 61, 6), Note(60, 61, 6))))
    assert out.b[0].tolist() == [1.0, 0.0]
    assert out.chromatic[0].tolist() == [True, False]


def test_the_phrase_weighs_long_notes_on_strong_beats_more() -> None:
    changes = Changes((0,), (parse_chord("Cmaj7"),), 48)
    phrases = [Phrase((Note(0, p, 24), Note(27, q, 3))) for p, q in ((66 + 2, 60), (60, 68))]
    lines = Lines.over(changes, phrases)
    strong, weak = lines.mean(measure_outsideness(lines).o)
    assert strong > 3 * weak > 0
