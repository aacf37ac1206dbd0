"""A melody for its own sake: a Witten-Bell model of intervals, blind to the chords.

An interval is clipped to an octave either way and numbered 0..24. A context is what came before, up to four intervals,
as one number in base 26, the newest in the lowest digit: digit 0 stands for no interval, so contexts of every length
share one sorted table and the empty context is 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sideslip.outside.lines import Bools, Floats, Ints, Lines

WIDEST = 12
INTERVALS = 2 * WIDEST + 1
ORDER = 4
_BASE = INTERVALS + 1


@dataclass(frozen=True, slots=True, eq=False)
class IntervalCounts:
    """What followed which context, as a sparse table.

    `contexts` (C,) sorted keys, the first 0; what followed context i is `symbols[starts[i]:starts[i + 1]]`, so many
    times as `counts` says; `starts` is (C + 1,).
    """

    contexts: NDArray[np.int32]
    starts: NDArray[np.int32]
    symbols: NDArray[np.uint8]
    counts: NDArray[np.uint16]


@dataclass(frozen=True, slots=True, eq=False)
class IntervalModel:
    """P(next interval | up to four before): `contexts` (C,) sorted and `rows` (C, 25), each row a distribution."""

    contexts: Ints
    rows: Floats

    def predict(self, pitch: Ints) -> Floats:
        """(K, N, 25): the distribution of the interval that leads to each of K lines' notes (K, N), given those before
        it in its line."""
        row = np.zeros(pitch.shape, dtype=np.int64)
        for keys in context_keys(pitch):
            place = np.searchsorted(self.contexts, keys).clip(max=len(self.contexts) - 1)
            row = np.where(self.contexts[place] == keys, place, row)
        predicted: Floats = self.rows[row]
        return predicted


def interval_numbers(pitch: Ints) -> Ints:
    """(K, N): number 0..24 of the interval that leads to each note; 12, a repeated pitch, for the first of a line."""
    steps = np.diff(pitch, axis=1, prepend=pitch[:, :1])
    numbers: Ints = steps.clip(-WIDEST, WIDEST) + WIDEST
    return numbers


def context_keys(pitch: Ints) -> Sequence[Ints]:
    """Keys (K, N) of the contexts of length 0 .. 4 before each note; where fewer came before, the longest there is."""
    digits = interval_numbers(pitch) + 1
    keys = [np.zeros_like(digits)]
    for back in range(1, ORDER + 1):
        key = keys[-1].copy()
        key[:, back + 1 :] += digits[:, 1:-back] * _BASE ** (back - 1)
        keys.append(key)
    return keys


def count_intervals(lines: Sequence[Lines], fewest: int) -> IntervalCounts:
    """Count the intervals of lines after contexts of all lengths; those met less than `fewest` times are left out."""
    return _counted(np.concatenate([_followed(one.pitch, one.valid) for one in lines]), fewest)


def session_model(pitches: Sequence[int]) -> IntervalModel:
    """What was played so far as a model of its own: the intervals of one line of MIDI pitches."""
    pitch = np.asarray(pitches, dtype=np.int64).reshape(1, -1)
    return smooth(_counted(_followed(pitch, np.ones_like(pitch, dtype=np.bool_)), 1))


def _counted(pairs: Ints, fewest: int) -> IntervalCounts:
    """25 * context + interval, as often as they were met, as a table."""
    pairs, counts = np.unique(pairs, return_counts=True)
    contexts, starts = np.unique(pairs // INTERVALS, return_index=True)
    often = (np.add.reduceat(counts, starts) >= fewest) | (contexts == 0)
    kept = np.repeat(often, np.diff(starts, append=len(pairs)))
    pairs, counts = pairs[kept], counts[kept]
    contexts, starts = np.unique(pairs // INTERVALS, return_index=True)
    return IntervalCounts(
        contexts.astype(np.int32),
        np.append(starts, len(pairs)).astype(np.int32),
        (pairs % INTERVALS).astype(np.uint8),
        counts.clip(max=np.iinfo(np.uint16).max).astype(np.uint16),
    )


def _followed(pitch: Ints, valid: Bools) -> Ints:
    """25 * context + interval for every note but the first of each line and every length of context."""
    keys = np.stack(context_keys(pitch))
    longer = np.concatenate((np.ones_like(keys[:1], dtype=np.bool_), keys[1:] != keys[:-1]))
    longer &= valid
    longer[:, :, :1] = False
    followed: Ints = (keys * INTERVALS + interval_numbers(pitch))[longer]
    return followed


def smooth(counts: IntervalCounts) -> IntervalModel:
    """Witten-Bell: P_k = (count + kinds * P_{k-1}) / (total + kinds), from the uniform distribution up."""
    contexts, sizes = counts.contexts.astype(np.int64), np.diff(counts.starts)
    rows = np.zeros((len(contexts), INTERVALS))
    rows[np.repeat(np.arange(len(contexts)), sizes), counts.symbols] = counts.counts
    scale = 1.0 / (rows.sum(axis=1) + sizes)
    lower = np.full((len(contexts), INTERVALS), 1.0 / INTERVALS)
    for length in range(ORDER + 1):
        of_length = slice(*np.searchsorted(contexts, [_BASE**length // _BASE, _BASE**length]))
        if length:
            parents = np.searchsorted(contexts, contexts[of_length] % _BASE ** (length - 1))
            lower[of_length] = rows[parents]
        rows[of_length] = (rows[of_length] + sizes[of_length, None] * lower[of_length]) * scale[of_length, None]
    return IntervalModel(contexts, rows)
