"""How a line becomes numbers: one compound step a note, its parts as small classes.

Step i tells note i: the shift (onset minus the previous onset), then the duration of note i-1 (it costs 0.6 bit less
once the next shift is known), then the pitch and the velocity of note i. Class tables follow the Weimar Jazz Database
statistics: 55 shifts lose 0.1 % of inter-onset intervals, 74 pitches none (36..97 occur, six semitones of transposition
each way), 16 durations err by 0.03 beat.

Features are integers in named columns. A column's classes sit one behind the other in one embedding table, so a row of
features becomes a vector by adding up one table row a column.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from sideslip.music.changes import Changes
from sideslip.music.chord import Chord
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Phrase

Ints = NDArray[np.int64]

SHIFTS: Ints = np.array([*range(49), 60, 72, 84, 96, 144, 192])
"""Ticks of each shift class: 0..48, then 5, 6, 7, 8, 12, 16 beats."""

DURATIONS: Ints = np.array([1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 18, 24, 36, 48, 72])
"""Ticks of each duration class: 1/12 to 6 beats."""

LOWEST_PITCH, PITCHES = 30, 74
"""Pitch class i of the vocabulary is MIDI pitch LOWEST_PITCH + i."""

VELOCITIES: Ints = np.array([36, 47, 58, 70, 81, 92, 103, 114])
"""Centres of eight equal buckets over 30..120."""

QUALITIES = ("maj", "maj7", "min", "min7", "dom", "domalt", "sus", "hdim", "dim", "aug", "NC")

REACH = 24
"""Intervals beyond this many semitones count as this many."""

SILENT_PITCH = 66
"""Stands for the last pitch where nothing has been played yet: the median of the data."""

PLACE = {
    "tick": TICKS,  # tick in the beat
    "beat": 16,  # beat in the bar
    "root": 12,
    "quality": len(QUALITIES),
    "next_in": 9,  # beats to the next change, 8 and more together
    "next_root": 12,  # interval from this root
    "next_quality": len(QUALITIES),
    "after_root": 12,  # the change after the next
    "after_quality": len(QUALITIES),
}
"""What is known of a place in the tune: columns and their sizes."""

INPUT = {
    "pitch": PITCHES + 1,  # the last class: nothing played yet
    "shift": len(SHIFTS),
    "previous_duration": len(DURATIONS) + 1,  # the last class: there is no previous note
    "velocity": len(VELOCITIES),
    "speaker": 2,  # 0 the player, 1 the partner
    "interval": 2 * REACH + 2,  # from the note before; the last class: there is none
    "degree": 12,  # pitch above the root in force
    "tempo": 8,
    **PLACE,
}
"""Columns of a note already played."""

RECENT = 3
"""How many of the last pitches are told above the root of the note to come."""

TARGET = {
    "shift": len(SHIFTS),
    **{f"degree_{back}_back": 12 for back in range(1, RECENT + 1)},
    **{f"target_{name}": size for name, size in PLACE.items()},
}
"""Columns of the note to come once its shift is known: the last pitches above the root there, and where it falls."""


def offsets(columns: dict[str, int]) -> Ints:
    """Where each column's classes begin in the table that holds all of them: shape (columns,)."""
    return np.array([0, *accumulate(columns.values())][:-1])


def nearest(table: Ints, values: NDArray[np.floating] | Ints) -> Ints:
    """The class whose value lies nearest; `table` increases."""
    middles = (table[1:] + table[:-1]) / 2
    return np.searchsorted(middles, values, side="left")


def tempo_class(bpm: float) -> int:
    """0..7: below 70, then half-octave steps a third of an octave apart, 280 and above."""
    return int(np.clip(np.ceil(3 * np.log2(max(bpm, 1.0) / 70)), 0, 7))


@dataclass(frozen=True, slots=True)
class Harmony:
    """Chords along the ticks as arrays: `starts` (ticks, increasing), `roots` 0..11, `qualities` 0..10."""

    starts: Ints
    roots: Ints
    qualities: Ints

    @classmethod
    def of(cls, spans: Sequence[tuple[int, Chord]]) -> "Harmony":
        """From (tick, chord) in order."""
        starts, roots, qualities = zip(*((t, c.root, QUALITIES.index(c.quality)) for t, c in spans), strict=True)
        return cls(np.array(starts), np.array(roots), np.array(qualities))

    @classmethod
    def of_changes(cls, changes: Changes, start: int, end: int) -> "Harmony":
        """The changes from `start` to `end` (ticks) and the two chords that follow."""
        spans = list(changes.between(start, max(end, start + 1)))
        for _ in range(2):
            spans.append(changes.next(spans[-1][0]))
        return cls.of(spans)

    def places(self, ticks: Ints, beats: Ints) -> Ints:
        """Columns PLACE for each tick; `beats` is the beat in the bar (0-based) there. Shape (ticks, 9)."""
        here = np.clip(np.searchsorted(self.starts, ticks, side="right") - 1, 0, None)
        last = len(self.starts) - 1
        coming, after = np.minimum(here + 1, last), np.minimum(here + 2, last)
        root = self.roots[here]
        wait = np.where(here < last, (self.starts[coming] - ticks) // TICKS, 8)
        columns = (
            ticks % TICKS,
            np.minimum(beats, 15),
            root,
            self.qualities[here],
            np.clip(wait, 0, 8),
            (self.roots[coming] - root) % 12,
            self.qualities[coming],
            (self.roots[after] - root) % 12,
            self.qualities[after],
        )
        return np.stack(columns, axis=-1)


ROOT = list(PLACE).index("root")
"""Where the root stands among the columns of a place."""
TARGET_ROOT = list(TARGET).index("target_root")


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
        """What both played, one note at a time; where they begin together the partner's note stays in the line."""
        spoken = {note.onset: (note, 0) for note in player.monophonic()}
        spoken |= {note.onset: (note, 1) for note in partner.monophonic()}
        rows = [(n.onset, n.pitch, n.duration, n.velocity, who) for _, (n, who) in sorted(spoken.items())]
        return cls(*np.array(rows, dtype=np.int64).reshape(-1, 5).T)

    def last(self, count: int) -> "Line":
        """The last `count` notes."""
        return Line(*(getattr(self, name)[-count:] for name in self.__slots__))


def intervals(pitch: Ints) -> Ints:
    """Classes of the intervals that lead to each pitch (n,); the first is led to by none."""
    steps: Ints = np.diff(pitch).clip(-REACH, REACH) + REACH
    return np.concatenate(([2 * REACH + 1], steps))[: len(pitch)]


def target_rows(shift: Ints, back: Ints, places: Ints) -> Ints:
    """Columns TARGET (n, len(TARGET)) from shift classes (n,), the last pitches (n, RECENT), newest first, and
    places."""
    return np.concatenate((shift[:, None], (back - places[:, [ROOT]]) % 12, places), axis=1)


def features(line: Line, places: Ints, silence: int, bpm: float) -> tuple[Ints, Ints, Ints]:
    """Rows for the model: what is known before each note, where it falls, and what it is.

    `places` has a row for the silence and one for each note (Harmony.places at `silence` and at the onsets); `silence`
    is a tick before the first onset. Returns inputs (n + 1, len(INPUT)): silence, note 0 .. note n-1; targets
    (n, len(TARGET)); and answers (n, 4): the classes of shift, previous duration (that of the note before; of no
    meaning for the first), pitch, velocity.
    """
    onset = np.concatenate(([silence], line.onset))
    shift = nearest(SHIFTS, np.diff(onset))
    pitch = np.clip(line.pitch, LOWEST_PITCH, LOWEST_PITCH + PITCHES - 1)
    duration = nearest(DURATIONS, line.duration)
    velocity = nearest(VELOCITIES, line.velocity)
    previous = np.concatenate(([len(DURATIONS)], duration))[: len(pitch)]

    def led(first: int, rest: Ints) -> Ints:
        return np.concatenate(([first], rest))

    heard = led(SILENT_PITCH, pitch)
    columns = (
        led(PITCHES, pitch - LOWEST_PITCH),
        led(0, shift),
        led(len(DURATIONS), previous),
        led(4, velocity),
        led(0, line.speaker),
        led(2 * REACH + 1, intervals(pitch)),
        (heard - places[:, ROOT]) % 12,
        np.full(len(onset), tempo_class(bpm)),
    )
    inputs = np.concatenate((np.stack(columns, axis=-1), places), axis=1)
    recent = np.concatenate((np.full(RECENT, SILENT_PITCH), pitch))
    back = np.stack([recent[RECENT - k : len(recent) - k] for k in range(1, RECENT + 1)], axis=-1)
    targets = target_rows(shift, back, places[1:])
    answers = np.stack((shift, np.minimum(previous, len(DURATIONS) - 1), pitch - LOWEST_PITCH, velocity), axis=-1)
    return inputs, targets, answers
