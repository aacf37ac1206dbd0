"""Melodies over changes as arrays, so that all candidates are measured at once.

Shapes: K lines of at most N notes; shorter lines are padded on the right and `valid` says where notes are. Times are
ticks (12 a beat), pitches MIDI numbers, chord roots pitch classes, chord qualities rows of `tension.QUALITIES`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sideslip.music.changes import Changes
from sideslip.music.chord import NO_CHORD, Chord
from sideslip.music.meter import TICKS, Meter
from sideslip.music.phrase import Phrase
from sideslip.music.tension import NO_QUALITY, chord_tones, foreignness, quality_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FAR = 1 << 20
"""Ticks: stands for "never" where there is no next or last chord."""

STRENGTH_WEIGHTS = np.array([0.6, 0.7, 0.85, 1.0])
"""Metrical weight of a place by `Meter.strength`: off the half beat, half beat, beat, strong beat."""


@dataclass(frozen=True, slots=True, eq=False)
class ChordsAt:
    """A chord for every note: root pitch class and quality row, (K, N) each; how foreign every degree is to it (0..1)
    and whether it is a chord tone, (K, N, 12) each."""

    root: Ints
    quality: Ints
    foreign: Floats
    tones: Bools

    def degree(self, pitch: Ints) -> Ints:
        """Semitones 0..11 of each pitch above its chord's root."""
        return (pitch - self.root) % 12

    def foreignness(self, pitch: Ints) -> Floats:
        """How foreign each pitch is to its chord, (K, N)."""
        return np.take_along_axis(self.foreign, self.degree(pitch)[..., None], axis=2)[..., 0]

    def has(self, pitch: Ints) -> Bools:
        """Whether each pitch is a tone of its chord, (K, N)."""
        return np.take_along_axis(self.tones, self.degree(pitch)[..., None], axis=2)[..., 0]


@dataclass(frozen=True, slots=True, eq=False)
class Harmony:
    """Chords along a timeline, for look-up by many notes at once.

    `starts` are the C start ticks (increasing); `roots`, `qualities` (C + 1,), `foreign` and `tones` (C + 1, 12) are
    those of the chords and, last, of no chord.
    """

    starts: Ints
    roots: Ints
    qualities: Ints
    foreign: Floats
    tones: Bools

    @classmethod
    def of_chords(cls, starts: Sequence[int], chords: Sequence[Chord]) -> Self:
        """From parallel sequences of start ticks and chords."""
        chords = (*chords, NO_CHORD)
        return cls(
            np.asarray(starts, dtype=np.int64),
            np.array([chord.root for chord in chords]),
            np.array([quality_of(chord) for chord in chords]),
            np.array([foreignness(chord) for chord in chords]),
            np.array([[degree in chord_tones(chord) for degree in range(12)] for chord in chords]),
        )

    @classmethod
    def of_changes(cls, changes: Changes, start: int, end: int) -> Self:
        """The chords that notes in start <= tick < end can hear: one chord more on either side."""
        before = changes.began(start) - 1
        after, _ = changes.next(max(start, end - 1))
        starts, chords = zip(*changes.between(before, after + 1), strict=True)
        return cls.of_chords(starts, chords)

    def _chords(self, index: Ints) -> ChordsAt:
        """Chords by index; before the first and after the last there is none."""
        known = np.where((index >= 0) & (index < len(self.starts)), index, -1)
        return ChordsAt(self.roots[known], self.qualities[known], self.foreign[known], self.tones[known])

    def around(self, onset: Ints) -> tuple[ChordsAt, ChordsAt, ChordsAt, Ints, Ints]:
        """The chord in force at each onset, the next, the last, ticks to the next and ticks since this one began."""
        index = np.searchsorted(self.starts, onset, side="right") - 1
        bounds = np.concatenate(([-FAR], self.starts, [FAR]))
        here, after, before = self._chords(index), self._chords(index + 1), self._chords(index - 1)
        return here, after, before, bounds[index + 2] - onset, onset - bounds[index + 1]


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """K melodies laid over changes, all arrays (K, N).

    `pitch`, `onset`, `duration` (ticks) and `valid` are the notes; `metre` is the metrical weight .6..1; `here`,
    `after`, `before` the chord in force, the next and the last; `to_next` ticks until the next, `since` since this one.
    """

    pitch: Ints
    onset: Ints
    duration: Ints
    valid: Bools
    metre: Floats
    here: ChordsAt
    after: ChordsAt
    before: ChordsAt
    to_next: Ints
    since: Ints

    @classmethod
    def over(cls, changes: Changes, phrases: Sequence[Phrase]) -> Self:
        """Phrases laid over the changes of a tune; a phrase may be empty."""
        onset, pitch, duration, valid = pad_notes(phrases)
        played = onset[valid]
        span = (int(played.min()), int(played.max()) + 1) if played.size else (0, 1)
        return cls.laid(onset, pitch, duration, valid, Harmony.of_changes(changes, *span), bar_weights(changes.meter))

    @classmethod
    def laid(cls, onset: Ints, pitch: Ints, duration: Ints, valid: Bools, harmony: Harmony, weights: Floats) -> Self:
        """Notes laid over a timeline of chords; `weights` are those of the ticks of one bar, from tick 0."""
        here, after, before, to_next, since = harmony.around(onset)
        metre = weights[onset % len(weights)]
        return cls(pitch, onset, duration, valid, metre, here, after, before, to_next, since)

    def part(self, rows: Ints, columns: slice) -> Self:
        """Some lines (any rows, also repeated), and of each the notes in some columns."""

        def cut(chords: ChordsAt) -> ChordsAt:
            return ChordsAt(*(getattr(chords, name)[rows, columns] for name in ChordsAt.__slots__))

        notes = ("pitch", "onset", "duration", "valid", "metre", "to_next", "since")
        arrays = {name: getattr(self, name)[rows, columns] for name in notes}
        return replace(self, **arrays, here=cut(self.here), after=cut(self.after), before=cut(self.before))

    def with_pitches(self, pitch: Ints) -> Self:
        """The same rhythm and chords with other pitches (K, N)."""
        return replace(self, pitch=pitch)

    @property
    def last(self) -> tuple[Ints, Ints]:
        """Where the last note of every line is, to index (K, N) with; the first place for a line without notes."""
        lengths = self.valid.sum(axis=1)
        return np.arange(len(lengths)), np.maximum(lengths - 1, 0)

    @property
    def heard(self) -> Bools:
        """Where a note sounds over a chord: notes under "N.C." and padding are left out of every mean."""
        heard: Bools = self.valid & (self.here.quality != NO_QUALITY)
        return heard

    @property
    def weight(self) -> Floats:
        """How much a note counts: sqrt of its length (at most 2 beats) times its metrical weight; 0 where not heard."""
        length = np.minimum(self.duration, 2 * TICKS) / TICKS
        weight: Floats = np.where(self.heard, np.sqrt(length) * self.metre, 0.0)
        return weight

    def mean(self, values: Floats) -> Floats:
        """The weighted mean of (K, N) values for every line, shape (K,); 0 for a line that is not heard."""
        total = self.weight.sum(axis=1)
        mean: Floats = (self.weight * values).sum(axis=1) / np.where(total > 0, total, 1.0)
        return mean


def bar_weights(meter: Meter) -> Floats:
    """Metrical weight of every tick of a bar."""
    weights: Floats = STRENGTH_WEIGHTS[[meter.strength(tick) for tick in range(meter.bar)]]
    return weights


def pad_notes(phrases: Sequence[Phrase]) -> tuple[Ints, Ints, Ints, Bools]:
    """Onset, pitch, duration and validity of the notes of K phrases, each (K, N); N is at least 1."""
    lengths = np.array([len(phrase) for phrase in phrases], dtype=np.int64)
    valid = np.arange(max(1, int(lengths.max(initial=0)))) < lengths[:, None]
    rows = [(note.onset, note.pitch, note.duration) for phrase in phrases for note in phrase]
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3)
    padded = np.zeros((*valid.shape, 3), dtype=np.int64)
    padded[valid] = columns
    return padded[..., 0], padded[..., 1], padded[..., 2], valid
