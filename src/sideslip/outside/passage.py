"""Some notes of a line, and how well this or that foretells each of them.

What is foretold is the interval that leads to a note, of 25 as the interval model counts them, so that whatever could
explain the notes speaks of the same thing: its chances of pitch classes, times what the line so far makes likely.
"""

from dataclasses import dataclass

import numpy as np

from sideslip.music.meter import TICKS
from sideslip.outside.intervals import INTERVALS, WIDEST, interval_numbers
from sideslip.outside.lines import Floats, Ints, Lines
from sideslip.outside.spans import Span
from sideslip.outside.surprise import MELODY
from sideslip.outside.tables import ListeningTables

BROAD = 6.0
"""Semitones: how fast the chance of an interval falls off where nothing is known of the line."""


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """Notes `first` to `last` of a line by itself (K is 1).

    `pitch` (N,) are the notes of the whole line, `notes` (1, n) those in question; of each of these, `way` (n,) is the
    number of the interval that leads to it, `ways` (n, 25) the pitch classes that it might have led to, and `melody`
    (n, 25) what the line makes likely, as in surprise C; 0 where no note came before.
    """

    tables: ListeningTables
    first: int
    last: int
    pitch: Ints
    notes: Lines
    way: Ints
    ways: Ints
    melody: Floats

    @classmethod
    def of(cls, lines: Lines, tables: ListeningTables, row: int, span: Span) -> "Passage":
        """The notes of a span of one line."""
        alone, first = np.array([row]), span.first
        pitch = lines.pitch[row : row + 1, : max(1, int(lines.valid[row].sum()))]
        within = slice(first, span.last + 1)
        before = np.concatenate((pitch[:, :1], pitch[:, :-1]), axis=1)[0, within]
        melody = MELODY * np.log(tables.intervals.predict(pitch)[0, within])
        if first == 0:
            melody[0] = 0.0
        ways = (before[:, None] + np.arange(INTERVALS) - WIDEST) % 12
        numbers = interval_numbers(pitch)[0, within]
        return cls(tables, first, span.last, pitch[0], lines.part(alone, within), numbers, ways, melody)

    def __len__(self) -> int:
        return len(self.way)

    def by_chords(self, root: Ints, quality: Ints) -> Floats:
        """Log-likelihood of each note, (E, n), had it been played over other chords: root and quality (E, n).

        The first note is taken by itself: where the line leaves, the note before belongs to another chord.
        """
        degrees = np.concatenate((self.tables.degrees, np.full((1, 2, 12, 12), 1 / 12)))
        profile = np.concatenate((self.tables.profile, np.full((1, 12), 1 / 12)))
        on_beat = (self.notes.onset % TICKS == 0).astype(np.int64)
        rows = np.log(degrees[quality, on_beat, (self.ways[:, WIDEST] - root) % 12])
        rows[:, 0] = np.log(profile[quality[:, 0]])
        each, note = np.ogrid[: len(rows), : len(self)]
        return self._taken(self.melody + rows[each[..., None], note[..., None], (self.ways - root[..., None]) % 12])

    def by_pitch_classes(self, log_chances: Floats) -> Floats:
        """Log-likelihood of each note, (E, n), by logarithms of the chances of pitch classes, (E, 12)."""
        return self._taken(self.melody + log_chances[:, self.ways])

    def by_degrees(self, log_chances: Floats, root: Ints) -> Floats:
        """Log-likelihood of each note, (n,), by chances (12,) of degrees above a root (n,)."""
        by_degree: Floats = self._taken((self.melody + log_chances[(self.ways - root[:, None]) % 12])[None])[0]
        return by_degree

    def by_line(self) -> Floats:
        """Log-likelihood of each note, (n,), as the line goes, whatever the chord."""
        as_it_goes: Floats = self._taken(self.melody[None])[0]
        return as_it_goes

    def by_nothing(self) -> Floats:
        """Log-likelihood of each note, (n,), where small intervals are likelier than large ones and that is all."""
        log_ways = -np.abs(np.arange(INTERVALS) - WIDEST) / BROAD
        alone: Floats = log_ways[self.way] - np.log(np.exp(log_ways).sum())
        return alone

    def _taken(self, logits: Floats) -> Floats:
        """Of ways (E, n, 25), not yet normalised, the log-likelihood of the one that was taken, (E, n)."""
        taken: Floats = logits[:, np.arange(len(self)), self.way] - np.log(np.exp(logits).sum(axis=2))
        return taken
