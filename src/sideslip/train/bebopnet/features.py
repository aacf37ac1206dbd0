"""A solo as arrays to learn from: columns of the past and of what is known of the coming event, views, answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sideslip.train.bebopnet import habits, views
from sideslip.train.bebopnet.events import BAR, BEAT, LONGEST, LOWEST, PITCHES, REST, TYPES, Ints, Solo
from sideslip.train.bebopnet.habits import Halves
from sideslip.train.bebopnet.views import DEEPEST, MARGIN, REACH, Bytes

NOTHING = PITCHES + 1
"""The pitch column before the first event."""

INTERVALS = 2 * REACH + 2
AGES = 17

INPUT = {
    "pitch": PITCHES + 2,  # of the event before; PITCHES a rest, one more: nothing yet
    "height": PITCHES + 1,  # of the last note; PITCHES: none yet
    "duration": LONGEST + 1,  # of the event before; 0 nothing yet
    "interval_1": INTERVALS,  # to the last note, from the one before it
    "interval_2": INTERVALS,
    "degree_1": 13,  # the last three notes above the root of the coming event; 12: none
    "degree_2": 13,
    "degree_3": 13,
    "degree_then": 13,  # the last note above the root that was its own
    "offset": BAR,  # of the coming event, here and below
    "tick": BEAT,
    "root": 12,
    "type": len(TYPES),
    "motion": 12,  # of the root, since the event before
    "type_before": len(TYPES),
    "chord_age": AGES,  # events under this chord
    "rest_age": AGES,  # notes since the last rest
    "heard": 12,  # events so far, by powers of two
    "motif": INTERVALS,  # what the longest match of the last intervals was followed by, and its length
    "motif_length": DEEPEST + 2,
}
"""Columns of the past, from which the coming pitch is told, and their sizes."""

KNOWN = {
    "pitch": PITCHES + 1,
    "interval": INTERVALS,
    "degree": 13,
    "rhythm": LONGEST + 1,
    "rhythm_length": DEEPEST + 2,
}
"""Columns of the event whose duration is to be told."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """n events: `inputs` (n, len(INPUT)), `known` (n, len(KNOWN)), views of pitch and duration, `answers` (n, 2) the
    outcomes of both."""

    inputs: Ints
    known: Ints
    pitch_views: Bytes
    duration_views: Bytes
    pitch_habits: Halves
    duration_habits: Halves
    answers: Ints

    @classmethod
    def of(cls, solo: Solo) -> "Piece":
        by_pitch, motif = views.pitch_views(solo)
        by_duration, rhythm = views.duration_views(solo)
        inputs, known = columns(solo, motif, rhythm)
        outcome = np.where(solo.pitch == REST, PITCHES, solo.pitch - LOWEST)
        answers = np.stack((outcome, solo.duration - 1), axis=-1)
        usual = habits.pitch_habits(solo), habits.duration_habits(solo)
        return cls(inputs, known, by_pitch, by_duration, *usual, answers)

    def __len__(self) -> int:
        return len(self.answers)

    def cut(self, start: int, end: int, semitones: int = 0) -> tuple[NDArray[Any], ...]:
        """The events start..end-1 moved by -MARGIN+1 to MARGIN semitones: what
        `EventModel.forward` takes, then the answers."""
        inputs, known, answers = (a[start:end].copy() for a in (self.inputs, self.known, self.answers))
        for rows, column in (
            (inputs, list(INPUT).index("pitch")),
            (inputs, list(INPUT).index("height")),
            (known, list(KNOWN).index("pitch")),
            (answers, 0),
        ):
            rows[:, column] += np.where(rows[:, column] < PITCHES, semitones, 0)
        root = list(INPUT).index("root")
        inputs[:, root] = (inputs[:, root] + semitones) % 12
        kept = np.append(np.arange(PITCHES) + MARGIN - semitones, PITCHES + 2 * MARGIN)
        by_pitch, usual = self.pitch_views[start:end][:, kept], self.pitch_habits[start:end][:, kept]
        by_duration = self.duration_views[start:end], self.duration_habits[start:end]
        return inputs, known, by_pitch, usual, *by_duration, answers


def columns(solo: Solo, motif: Ints, rhythm: Ints) -> tuple[Ints, Ints]:
    """Columns INPUT and KNOWN of each event; `motif` and `rhythm` as `views` gives them."""
    n = len(solo)
    index = np.arange(n)
    where, before = views.notes_before(solo)
    rest = solo.pitch == REST
    pitch, duration, type_, root = (np.append(a[:1], a[:-1]) for a in (solo.pitch, solo.duration, solo.type, solo.root))
    last = [views.notes_back(solo, back) for back in (1, 2, 3)]
    own_root = np.append(solo.root[where], 0)[np.where(before > 0, before - 1, len(where))]
    changed = (solo.root != root) | (solo.type != type_)
    since_change = index - np.maximum.accumulate(np.where(changed, index, 0))
    since_rest = index - np.maximum.accumulate(np.where(np.append(False, rest[:-1]), index, 0))
    table = {
        "pitch": np.where(index == 0, NOTHING, np.where(pitch == REST, PITCHES, pitch - LOWEST)),
        "height": np.where(last[0] == REST, PITCHES, last[0] - LOWEST),
        "duration": np.where(index == 0, 0, duration),
        "interval_1": _interval(last[1], last[0]),
        "interval_2": _interval(last[2], last[1]),
        **{f"degree_{k + 1}": _degree(last[k], solo.root) for k in range(3)},
        "degree_then": _degree(last[0], own_root),
        "offset": solo.offset,
        "tick": solo.offset % BEAT,
        "root": solo.root,
        "type": solo.type,
        "motion": (solo.root - root) % 12,
        "type_before": type_,
        "chord_age": np.minimum(since_change, AGES - 1),
        "rest_age": np.minimum(since_rest, AGES - 1),
        "heard": np.minimum(np.log2(index + 1).astype(np.int64), 11),
        "motif": motif[:, 0],
        "motif_length": motif[:, 1],
    }
    told = {
        "pitch": np.where(rest, PITCHES, solo.pitch - LOWEST),
        "interval": _interval(last[0], solo.pitch),
        "degree": _degree(solo.pitch, solo.root),
        "rhythm": rhythm[:, 0],
        "rhythm_length": rhythm[:, 1],
    }
    return np.stack([table[name] for name in INPUT], axis=-1), np.stack([told[name] for name in KNOWN], axis=-1)


def _interval(first: Ints, second: Ints) -> Ints:
    known = (first != REST) & (second != REST)
    return np.where(known, np.clip(second - first, -REACH, REACH) + REACH, 2 * REACH + 1)


def _degree(pitch: Ints, root: Ints) -> Ints:
    return np.where(pitch == REST, 12, (pitch - root) % 12)


def batch(pieces: Sequence[Piece], size: int, length: int, rng: np.random.Generator) -> tuple[Ints, ...]:
    """`size` random crops of `length` events in random keys, as `Piece.cut` gives them; short pieces are padded, a
    padded answer is -1, as is that of a solo's first event."""
    weights = np.array([len(piece) for piece in pieces], dtype=float)
    rows: list[list[Ints]] = []
    for number in rng.choice(len(pieces), size=size, p=weights / weights.sum()):
        piece = pieces[number]
        start = int(rng.integers(max(1, len(piece) - length + 1)))
        crop = piece.cut(start, min(start + length, len(piece)), int(rng.integers(-5, 7)))
        if start == 0:
            crop[-1][0] = -1
        rows.append([_padded(a, length, -1 if a is crop[-1] else 0) for a in crop])
    return tuple(np.stack(arrays) for arrays in zip(*rows, strict=True))


def _padded(array: Ints, length: int, value: int) -> Ints:
    spare = [(0, length - len(array))] + [(0, 0)] * (array.ndim - 1)
    return np.pad(array, spare, constant_values=value)
