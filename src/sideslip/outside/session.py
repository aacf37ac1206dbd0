"""What was played before a line, as a listener keeps it: where it lay, which intervals it had, how it moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sideslip.outside.intervals import IntervalModel, session_model
from sideslip.outside.lines import Bools, Floats, Ints
from sideslip.outside.means import mean_at

RECALLED = 128
"""Notes of both players that make up the session, the last ones."""

LEAP, STEP = 8, 2
"""Semitones of a leap at least, of a step at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """The middle pitch of what was played before (None: nothing was), its intervals as a model, and its habits by
    name."""

    register: float | None
    intervals: IntervalModel | None
    habits: Mapping[str, float]

    @classmethod
    def of(cls, pitches: Sequence[int], register: float | None) -> "Session":
        """From MIDI pitches in order, of which the last are recalled; `register` is theirs who plays now."""
        recent = np.array([pitches[-RECALLED:]], dtype=np.int64).reshape(1, -1)
        if recent.size < 3:
            return cls(register, None, {})
        own = habits(recent, np.ones_like(recent, dtype=np.bool_))
        return cls(register, session_model(recent[0].tolist()), {name: float(value[0]) for name, value in own.items()})


def habits(pitch: Ints, valid: Bools) -> dict[str, Floats]:
    """How K lines (K, N) move, by name: the mean interval in semitones; the shares of leaps, steps, semitones, repeated
    notes and turns; how much one interval differs from the next; how many pairs of intervals are new to the line."""
    step, moves = np.diff(pitch, axis=1), valid[:, 1:]
    size = abs(step)
    pairs = moves[:, 1:]
    turns = step[:, 1:] * step[:, :-1] < 0
    code = np.where(pairs, step[:, 1:] * 256 + step[:, :-1], 1 << 20)
    code.sort(axis=1)
    new = np.ones_like(pairs)
    new[:, 1:] = np.diff(code, axis=1) != 0
    return {
        "stride": mean_at(size, moves),
        "leaps": mean_at(size >= LEAP, moves),
        "steps": mean_at((size >= 1) & (size <= STEP), moves),
        "semitones": mean_at(size == 1, moves),
        "repeats": mean_at(size == 0, moves),
        "turns": mean_at(turns, pairs),
        "bend": mean_at(abs(np.diff(step, axis=1)), pairs),
        "patterns": mean_at(new, code < 1 << 20),
    }
