"""Surprise in bits: as a line (M), against the chord (H), and both in one register (C).

Outside playing is surprising against the chord and unsurprising as a line; noise is both. So C measures how much a
listener is surprised, and `joint` what is wrong twice over.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sideslip.music.meter import TICKS
from sideslip.outside.intervals import INTERVALS, WIDEST, IntervalModel, interval_numbers
from sideslip.outside.lines import Bools, Floats, Ints, Lines

MELODY, HARMONY, REGISTER = 0.5, 0.66, 1.0
"""Exponents of M and H in C, and the pull towards the middle of the register (per octave squared)."""

REGISTER_RATE = 0.03
"""How fast the middle of the register follows the line, a note."""

REMEMBERED = 32
"""Notes before a line that set its register."""

USUAL_MELODY, USUAL_HARMONY = 3.5, 3.2
"""Bits a note of real lines; `joint` counts what exceeds both."""


def register_of(pitches: Sequence[int]) -> float:
    """The middle pitch that a line takes over from what was played before it (at least one note)."""
    return float(np.mean(pitches[-REMEMBERED:]))


@dataclass(frozen=True, slots=True, eq=False)
class Surprise:
    """Bits of every note, (K, N), 0 where `counted` is False: the first note of a line, "N.C." and padding.

    `melody` is M (25 intervals), `harmony` H (12 pitch classes), `both` C (25 intervals), `session` is M to one who has
    heard nothing but this conversation (0 where nothing was played before).
    """

    counted: Bools
    melody: Floats
    harmony: Floats
    both: Floats
    session: Floats

    def mean(self, bits: Floats) -> Floats:
        """Bits a note of each line, (K,); 0 for a line with nothing to count."""
        mean: Floats = (bits * self.counted).sum(axis=1) / np.maximum(1, self.counted.sum(axis=1))
        return mean

    @property
    def joint(self) -> Floats:
        """Mean product of what M and H exceed their usual bits by, (K,): noise is high in both at once."""
        excess = np.maximum(0, self.melody - USUAL_MELODY) * np.maximum(0, self.harmony - USUAL_HARMONY)
        return self.mean(excess)


def measure_surprise(
    lines: Lines,
    intervals: IntervalModel,
    degrees: Floats,
    register: Floats | float | None = None,
    session: IntervalModel | None = None,
) -> Surprise:
    """Bits of every note.

    `degrees` (9, 2, 12, 12) is P(degree | quality, off or on the beat, last degree). `register` is the middle
    pitch before each line, (K,) or one for all; None lets every line set its own with its first note. `session` is what
    was played before, as a model of its own.
    """
    numbers = interval_numbers(lines.pitch)
    melody = np.log2(intervals.predict(lines.pitch))
    harmony = np.log2(degree_rows(lines, degrees))
    both = expected(lines, melody, harmony, _middle(lines, register))
    counted = lines.heard.copy()
    counted[:, 0] = False

    def bits(logs: Floats, chosen: Ints) -> Floats:
        return np.where(counted, -np.take_along_axis(logs, chosen[..., None], axis=2)[..., 0], 0.0)

    before = np.zeros(counted.shape)
    if session is not None:
        before = bits(np.log2(session.predict(lines.pitch)), numbers)
    degree = lines.here.degree(lines.pitch)
    return Surprise(counted, bits(melody, numbers), bits(harmony, degree), bits(both, numbers), before)


def expected(lines: Lines, melody: Floats, harmony: Floats, middle: Floats) -> Floats:
    """C: log2 P of the 25 intervals that could lead to each note, (K, N, 25), from those of M (K, N, 25) and H
    (K, N, 12) and the middle pitch before each note (K, N)."""
    numbers = interval_numbers(lines.pitch)
    ways = lines.pitch[..., None] - (numbers - WIDEST)[..., None] + np.arange(INTERVALS) - WIDEST
    at_way = np.take_along_axis(harmony, (ways - lines.here.root[..., None]) % 12, axis=2)
    height = (ways - middle[..., None]) / 12
    logits = MELODY * melody + HARMONY * at_way - REGISTER * np.log2(np.e) * height**2
    logs: Floats = logits - np.log2(np.exp2(logits).sum(axis=2, keepdims=True))
    return logs


def degree_places(lines: Lines) -> tuple[Ints, Ints, Ints]:
    """Quality row, 0 off or 1 on the beat, degree of the note before over the chord in force: indices, each (K, N)."""
    before = np.concatenate((lines.pitch[:, :1], lines.pitch[:, :-1]), axis=1)
    on_beat = (lines.onset % TICKS == 0).astype(np.int64)
    return lines.here.quality, on_beat, lines.here.degree(before)


def degree_rows(lines: Lines, degrees: Floats) -> Floats:
    """(K, N, 12): P(degree) of each note, told the last one; over "N.C." all alike."""
    even = np.full((1, *degrees.shape[1:]), 1 / 12)
    rows: Floats = np.concatenate((degrees, even))[degree_places(lines)]
    return rows


def _middle(lines: Lines, register: Floats | float | None) -> Floats:
    """(K, N): the running mean pitch before each note."""
    middle = np.empty(lines.pitch.shape)
    now = np.asarray(lines.pitch[:, 0] if register is None else register, dtype=np.float64)
    for i in range(lines.pitch.shape[1]):
        middle[:, i] = now
        now = now + REGISTER_RATE * (lines.pitch[:, i] - now)
    return middle
