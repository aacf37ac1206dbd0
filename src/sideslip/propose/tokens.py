"""How a line becomes numbers: one compound step a note, its parts as small classes.

Step i tells note i: the shift (onset minus the previous onset), then the duration of note i-1 (it costs 0.6 bit less
once the next shift is known), then the pitch and the velocity of note i. Class tables follow the Weimar Jazz Database
statistics: 55 shifts lose 0.1 % of inter-onset intervals, 74 pitches none (36..97 occur, six semitones of transposition
each way), 16 durations err by 0.03 beat.

Features are integers in named columns. A column's classes sit one behind the other in one embedding table, so a row of
features becomes a vector by adding up one table row a column.
"""

from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from sideslip.music.phrase import Phrase
from sideslip.propose.ground import FAR, PLACE, ROOT, Ground
from sideslip.propose.wishes import FREE, LEFT, WISHES, beats_left

Ints = NDArray[np.int64]

SHIFTS: Ints = np.array([*range(49), 60, 72, 84, 96, 144, 192])
"""Ticks of each shift class: 0..48, then 5, 6, 7, 8, 12, 16 beats."""

DURATIONS: Ints = np.array([1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 18, 24, 36, 48, 72])
"""Ticks of each duration class: 1/12 to 6 beats."""

LOWEST_PITCH, PITCHES = 30, 74
"""Pitch class i of the vocabulary is MIDI pitch LOWEST_PITCH + i."""

VELOCITIES: Ints = np.array([36, 47, 58, 70, 81, 92, 103, 114])
"""Centres of eight equal buckets over 30..120."""

REACH = 24
"""Intervals beyond this many semitones count as this many."""

INTERVALS = 2 * REACH + 2
"""Classes of intervals; the last: there is no note before."""

SILENT_PITCH = 66
"""Stands for the last pitch where nothing has been played yet: the median of the data."""

INPUT = {
    "pitch": PITCHES + 1,  # the last class: nothing played yet
    "shift": len(SHIFTS),
    "previous_duration": len(DURATIONS) + 1,  # the last class: there is no previous note
    "velocity": len(VELOCITIES),
    "speaker": 2,  # 0 the player, 1 the partner
    "interval": INTERVALS,  # from the note before
    "degree": 12,  # pitch above the root in force
    "tempo": 8,
    **PLACE,
    "turn": 2,  # whose turn it is once this note has begun
    "left": LEFT,  # of that turn
    **{f"wish_{name}": size for name, size in WISHES.items()},  # for that turn
}
"""Columns of a note already played, and of what is wanted next."""

WISHED = slice(len(INPUT) - len(WISHES), len(INPUT))
"""The columns of the wish."""

RECENT = 3
"""How many of the last pitches are told above the root of the note to come."""

TARGET = {
    "shift": len(SHIFTS),
    **{f"degree_{back}_back": 12 for back in range(1, RECENT + 1)},
    **{f"target_{name}": size for name, size in PLACE.items()},
    "target_left": LEFT,
}
"""Columns of the note to come once its shift is known: the last pitches above the root there, where it falls, and what
is left of the turn."""

TARGET_ROOT = list(TARGET).index("target_root")
"""Where the root stands among the columns of a note to come,"""

TARGET_DEGREES = [list(TARGET).index(f"degree_{back}_back") for back in range(1, RECENT + 1)]
"""and the last pitches above it."""


def offsets(columns: dict[str, int]) -> Ints:
    """Where each column's classes begin in the table that holds all of them: shape (columns,)."""
    return np.array([0, *accumulate(columns.values())][:-1])


def nearest(table: Ints, values: NDArray[np.floating] | Ints) -> Ints:
    """The class whose value lies nearest; `table` increases."""
    middles = (table[1:] + table[:-1]) / 2
    return np.searchsorted(middles, values, side="left")


def tempo_class(bpm: float) -> int:
    """0..7: up to 70, then a third of an octave (of tempo) each, above 280."""
    return int(np.clip(np.ceil(3 * np.log2(max(bpm, 1.0) / 70)), 0, 7))


@dataclass(frozen=True, slots=True)
class Line:
    """Notes as arrays of one length: onset and duration in ticks, MIDI pitch, velocity, speaker (0 player, 1
    partner)."""

    onset: Ints
    pitch: Ints
    duration: Ints
    velocity: Ints
    speaker: Ints

    @classmethod
    def of(cls, player: Phrase, partner: Phrase) -> "Line":
        """What both played, one note at a time, within the pitches of the model; where they begin together the
        partner's note stays in the line."""
        spoken = {note.onset: (note, 0) for note in player.monophonic()}
        spoken |= {note.onset: (note, 1) for note in partner.monophonic()}
        rows = [(n.onset, n.pitch, n.duration, n.velocity, who) for _, (n, who) in sorted(spoken.items())]
        onset, pitch, *others = np.array(rows, dtype=np.int64).reshape(-1, 5).T
        return cls(onset, np.clip(pitch, LOWEST_PITCH, LOWEST_PITCH + PITCHES - 1), *others)

    def __add__(self, other: "Line") -> "Line":
        """This line, and after it another."""
        return Line(*(np.concatenate((getattr(self, name), getattr(other, name))) for name in self.__slots__))

    def first(self, count: int) -> "Line":
        """The first `count` notes."""
        return Line(*(getattr(self, name)[:count] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Turns:
    """Whose turn it is while a note is awaited, and what is wanted of it, a row for each note that is.

    `who` (n,) 0 player, 1 partner; `ends` (n,) the tick at which that turn ends, FAR where it is not known; `wishes`
    (n, 4) classes of WISHES.
    """

    who: Ints
    ends: Ints
    wishes: Ints

    @classmethod
    def free(cls, speaker: Ints) -> "Turns":
        """Nothing is known or wanted: each note is awaited of whoever plays it, and one more of the partner."""
        rows = len(speaker) + 1
        who = np.concatenate((speaker, [1]))
        return cls(who, np.full(rows, FAR), np.repeat(FREE[None], rows, axis=0))


def leap(semitones: Ints) -> Ints:
    """Classes of intervals."""
    classes: Ints = np.minimum(np.maximum(semitones, -REACH), REACH) + REACH
    return classes


def intervals(pitch: Ints) -> Ints:
    """Classes of the intervals that lead to each pitch (n,); the first is led to by none."""
    return np.concatenate(([INTERVALS - 1], leap(np.diff(pitch))))[: len(pitch)]


def awaiting(rows: Ints, since: Ints, turns: Turns) -> Ints:
    """Input rows (n, len(INPUT)) that await the next note in other turns, n rows of them; `since` (n,) are the onsets
    of the rows' own notes."""
    own = len(INPUT) - len(WISHES) - 2
    awaited = np.stack((turns.who, beats_left(turns.ends, since)), axis=-1)
    return np.concatenate((rows[:, :own], awaited, turns.wishes), axis=1)


def input_rows(note: tuple[Ints, ...], pitch: Ints, places: Ints, bpm: float, turns: Turns, onset: Ints) -> Ints:
    """Columns INPUT (n, len(INPUT)) from the columns of n notes up to "interval", their pitches as heard, their places,
    and the turns in which the notes after them are awaited (n rows)."""
    columns = (*note, (pitch - places[:, ROOT]) % 12, np.full(len(pitch), tempo_class(bpm)))
    return awaiting(np.concatenate((np.stack(columns, axis=-1), places), axis=1), onset, turns)


def target_rows(shift: Ints, back: Ints, places: Ints, left: Ints) -> Ints:
    """Columns TARGET (n, len(TARGET)) from shift classes (n,), the last pitches (n, RECENT), newest first, places, and
    classes of what is left of the turn (n,)."""
    return np.concatenate((shift[:, None], (back - places[:, [ROOT]]) % 12, places, left[:, None]), axis=1)


def features(line: Line, ground: Ground, silence: int, bpm: float, turns: Turns) -> tuple[Ints, Ints, Ints]:
    """Rows for the model: what is known before each note, where it falls, and what it is.

    `silence` is a tick before the first onset. Returns inputs (n + 1, len(INPUT)): silence, note 0 .. note n-1; targets
    (n, len(TARGET)); and answers (n, 4): the classes of shift, previous duration (that of the note before; of no
    meaning for the first), pitch, velocity.
    """
    onset = np.concatenate(([silence], line.onset))
    places = ground.places(onset)
    shift = nearest(SHIFTS, np.diff(onset))
    pitch = np.clip(line.pitch, LOWEST_PITCH, LOWEST_PITCH + PITCHES - 1)
    duration = nearest(DURATIONS, line.duration)
    velocity = nearest(VELOCITIES, line.velocity)
    previous = np.concatenate(([len(DURATIONS)], duration))[: len(pitch)]

    def led(first: int, rest: Ints) -> Ints:
        return np.concatenate(([first], rest))

    note = (
        led(PITCHES, pitch - LOWEST_PITCH),
        led(0, shift),
        led(len(DURATIONS), previous),
        led(4, velocity),
        led(0, line.speaker),
        led(INTERVALS - 1, intervals(pitch)),
    )
    inputs = input_rows(note, led(SILENT_PITCH, pitch), places, bpm, turns, onset)
    recent = np.concatenate((np.full(RECENT, SILENT_PITCH), pitch))
    back = np.stack([recent[RECENT - k : len(recent) - k] for k in range(1, RECENT + 1)], axis=-1)
    targets = target_rows(shift, back, places[1:], beats_left(turns.ends[:-1], line.onset))
    answers = np.stack((shift, np.minimum(previous, len(DURATIONS) - 1), pitch - LOWEST_PITCH, velocity), axis=-1)
    return inputs, targets, answers
