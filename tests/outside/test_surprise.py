"""Surprise: as a line, against the chord, and both."""

import numpy as np
import pytest

from sideslip.music.phrase import Phrase
from sideslip.outside.lines import Lines
from sideslip.outside.surprise import Surprise, measure_surprise, register_of
from sideslip.outside.tables import ListeningTables

from .worked_examples import INSIDE, SLIPPED, TWO_FIVE_ONE, bar_by_bar, line, with_pitches


def measured(tables: ListeningTables, *phrases: Phrase, register: float | None = 66.0) -> Surprise:
    before = None if register is None else np.full(len(phrases), register)
    return measure_surprise(Lines.over(TWO_FIVE_ONE, phrases), tables.intervals, tables.degrees, before)


def test_a_side_slip_surprises_against_the_chord_not_as_a_line(tables: ListeningTables) -> None:
    straight, slipped = measured(tables, INSIDE), measured(tables, SLIPPED)
    inner = slice(10, 15)
    assert slipped.harmony[0, inner].mean() > straight.harmony[0, inner].mean() + 1
    assert slipped.melody[0, 14] == pytest.approx(straight.melody[0, 14])  # four intervals on, the line is as it was


def test_a_wrong_note_is_surprising_twice(tables: ListeningTables) -> None:
    wrong = with_pitches(INSIDE, [p + (11 if i == 12 else 0) for i, p in enumerate(INSIDE.pitches)])
    surprise = measured(tables, INSIDE, wrong)
    assert surprise.joint[1] > surprise.joint[0] + 0.25
    right, off = surprise.mean(surprise.both)
    assert off > right


def test_both_is_a_distribution_over_the_next_pitch(tables: ListeningTables) -> None:
    start = INSIDE.pitches[:6]
    lines = [with_pitches(Phrase(INSIDE.notes[:7]), (*start, start[-1] + step)) for step in range(-12, 13)]
    chances = np.exp2(-measured(tables, *lines).both[:, 6])
    assert chances.sum() == pytest.approx(1.0)
    assert (chances > 0).all()


def test_harmony_is_a_distribution_over_pitch_classes(tables: ListeningTables) -> None:
    start = INSIDE.pitches[:6]
    lines = [with_pitches(Phrase(INSIDE.notes[:7]), (*start, start[-1] + step)) for step in range(12)]
    assert np.exp2(-measured(tables, *lines).harmony[:, 6]).sum() == pytest.approx(1.0)


def test_far_from_the_register_is_surprising(tables: ListeningTables) -> None:
    near, far = (measured(tables, INSIDE, register=middle) for middle in (66.0, 90.0))
    last = np.s_[0, 1:4]
    assert far.both[last].mean() != pytest.approx(near.both[last].mean())
    assert far.melody[last].tolist() == near.melody[last].tolist()
    rising = with_pitches(Phrase(INSIDE.notes[:2]), (66, 78))
    falling = with_pitches(Phrase(INSIDE.notes[:2]), (66, 54))
    up, down = measured(tables, rising, falling, register=80.0).both[:, 1]
    assert up < down


def test_first_notes_and_no_chord_are_not_counted(tables: ListeningTables) -> None:
    changes = bar_by_bar("Cmaj7", "N.C.")
    lines = Lines.over(changes, [line("C D E G", start=36), line("C")])
    surprise = measure_surprise(lines, tables.intervals, tables.degrees)
    assert surprise.counted.tolist() == [[False, True, False, False], [False] * 4]
    assert surprise.both[0, 0] == surprise.both[0, 2] == 0
    assert surprise.mean(surprise.both)[1] == 0


def test_the_register_is_that_of_the_last_notes() -> None:
    assert register_of([10] * 100 + [60, 72] * 16) == 66
