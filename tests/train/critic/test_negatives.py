"""Almost real phrases keep the rhythm and the chords, and are as wrong as they say."""

import numpy as np
import pytest

from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.phrase import Note, Phrase
from sideslip.outside.lines import Floats, Lines
from sideslip.outside.tables import ListeningTables
from sideslip.train.critic.negatives import NEAR, borrowed, shuffled, tables_draw, wrong_notes

CHANGES = Changes((0,), (parse_chord("Cmaj7"),), 192)
SCALE = Phrase(tuple(Note(6 * i, pitch, 6) for i, pitch in enumerate((60, 62, 64, 65, 67, 69, 71, 72, 71, 69))))
LINE = Lines.over(CHANGES, [SCALE])
TABLES = ListeningTables.unlearnt()


def drawn(temperature: float, lines: int = 200, seed: int = 0) -> Floats:
    """Intervals of lines drawn from the tables."""
    tiled = LINE.part(np.zeros(lines, dtype=np.int64), slice(None))
    warmth, register = np.full(lines, temperature), np.full(lines, 66.0)
    pitch = tables_draw(tiled, TABLES, register, warmth, np.random.default_rng(seed))
    assert (pitch[:, 0] == 60).all()
    return abs(np.diff(pitch, axis=1)).mean(axis=1)


def test_lines_drawn_warmer_leap_farther() -> None:
    assert drawn(0.5).mean() < drawn(1.0).mean() < drawn(2.0).mean()


def test_the_same_generator_draws_the_same_lines() -> None:
    assert (drawn(1.0, seed=3) == drawn(1.0, seed=3)).all()


def test_lines_drawn_stay_where_the_register_is() -> None:
    tiled = LINE.part(np.zeros(200, dtype=np.int64), slice(None))
    low, high = (
        tables_draw(tiled, TABLES, np.full(200, register), np.ones(200), np.random.default_rng(0)).mean()
        for register in (48.0, 84.0)
    )
    assert low < high - 3


@pytest.mark.parametrize("seed", range(5))
def test_wrong_notes_are_foreign_and_near(seed: int) -> None:
    pitch = wrong_notes(LINE, [2, 5], np.random.default_rng(seed))
    changed = np.flatnonzero(pitch != LINE.pitch[0])
    assert changed.tolist() == [2, 5]
    assert set(pitch[changed] % 12) <= {1, 3, 6, 8, 10}  # foreign to Cmaj7
    assert (abs(pitch - LINE.pitch[0]) <= NEAR).all()


def test_shuffled_notes_are_the_same_notes() -> None:
    within = np.arange(10) >= 3
    mixed = shuffled(LINE.pitch[0], within, np.random.default_rng(1))
    assert (mixed[:3] == LINE.pitch[0][:3]).all()
    assert sorted(mixed) == sorted(LINE.pitch[0]) and (mixed != LINE.pitch[0]).any()


def test_a_borrowed_phrase_lies_where_the_other_lay() -> None:
    other = np.array([40, 43, 47, 50, 52, 55, 59, 60, 62, 64, 66])
    taken = borrowed(LINE.pitch[0], other)
    assert (np.diff(taken) == np.diff(other[:10])).all()
    assert abs(taken.mean() - LINE.pitch[0].mean()) <= 6
