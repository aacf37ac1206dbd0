"""The ground a line is played over: chords and bars along the ticks, and what is known of any place on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sideslip.music.changes import Changes
from sideslip.music.chord import Chord
from sideslip.music.meter import TICKS
from sideslip.music.tension import CHROMATIC, chord_tones, foreignness

Ints = NDArray[np.int64]

QUALITIES = ("maj", "maj7", "min", "min7", "dom", "domalt", "sus", "hdim", "dim", "aug", "NC")

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

ROOT = list(PLACE).index("root")
"""Where the root stands among the columns of a place."""

STANDINGS = 5
"""How a degree stands to a chord: its tone, a tension that belongs (b <= .15), one with an edge (b <= .4), foreign, or
there is no chord. It is the symbol that decides: #11 over C7 is foreign, over C7#11 it is not."""

BELONGS = 0.15
"""b of a tension that belongs, at most."""

FAR = 10**9
"""Ticks to a change that does not come."""


def silence_before(first: int, beat: int) -> int:
    """The tick at which a first note is awaited: the bar line before it, or, if it is on one, the beat before; `beat`
    (0-based) is that of the note in its bar."""
    begun = first - first % TICKS - TICKS * beat
    return begun if begun < first else first - TICKS


@lru_cache(maxsize=1024)
def standings(chord: Chord) -> tuple[int, ...]:
    """(12,): how each degree stands to a chord, a class of STANDINGS."""
    if chord.quality == "NC":
        return (STANDINGS - 1,) * 12
    tones, foreign = chord_tones(chord), foreignness(chord)
    edges = np.searchsorted([BELONGS, CHROMATIC], foreign, side="left") + 1
    return tuple(0 if degree in tones else int(edges[degree]) for degree in range(12))


@dataclass(frozen=True, slots=True)
class Chords:
    """The chords in force at N places and those that come next: roots (N,) and standings of their degrees (N, 12).

    `change` (N,) is the tick of the next change, FAR where there is none.
    """

    root: Ints
    standing: Ints
    next_root: Ints
    next_standing: Ints
    change: Ints


@dataclass(frozen=True, slots=True)
class Ground:
    """Chords as arrays: `starts` (ticks, increasing), `roots` 0..11, `qualities` 0..10, `standings` (n, 12).

    `beats` tells the beat in the bar (0-based) of each beat from tick 0 on; None where every bar lasts `bar` ticks.
    """

    starts: Ints
    roots: Ints
    qualities: Ints
    standings: Ints
    bar: int
    beats: Ints | None = None

    @classmethod
    def of(cls, spans: Sequence[tuple[int, Chord]], bar: int, beats: Ints | None = None) -> "Ground":
        """From (tick, chord) in order; a chord that goes on is no change."""
        held = [span for number, span in enumerate(spans) if number == 0 or span[1] != spans[number - 1][1]]
        starts, chords = zip(*held, strict=True)
        roots = np.array([chord.root for chord in chords])
        qualities = np.array([QUALITIES.index(chord.quality) for chord in chords])
        return cls(np.array(starts), roots, qualities, np.array([standings(chord) for chord in chords]), bar, beats)

    @classmethod
    def of_changes(cls, changes: Changes, start: int, end: int) -> "Ground":
        """The changes from `start` to `end` (ticks) and the two changes that follow within a chorus."""
        spans = list(changes.between(start, max(end, start + 1)))
        follow, horizon = 2, spans[-1][0] + changes.length
        while follow and spans[-1][0] < horizon:
            spans.append(changes.next(spans[-1][0]))
            follow -= spans[-1][1] != spans[-2][1]
        return cls.of(spans, changes.meter.bar)

    def beat(self, ticks: Ints) -> Ints:
        """The beat in the bar (0-based) of each tick, any shape."""
        if self.beats is None:
            return ticks % self.bar // TICKS
        found: Ints = self.beats[np.clip(ticks // TICKS, 0, len(self.beats) - 1)]
        return found

    def chords(self, ticks: Ints) -> Chords:
        """What is in force at each tick (N,), and next."""
        here = self._here(ticks)
        last = len(self.starts) - 1
        coming = np.minimum(here + 1, last)
        change = np.where(here < last, self.starts[coming], FAR)
        return Chords(self.roots[here], self.standings[here], self.roots[coming], self.standings[coming], change)

    def places(self, ticks: Ints) -> Ints:
        """Columns PLACE for each tick, shape (N, len(PLACE))."""
        here, last = self._here(ticks), len(self.starts) - 1
        coming, after = np.minimum(here + 1, last), np.minimum(here + 2, last)
        root = self.roots[here]
        wait = np.where(here < last, (self.starts[coming] - ticks) // TICKS, 8)
        columns = (
            ticks % TICKS,
            np.minimum(self.beat(ticks), 15),
            root,
            self.qualities[here],
            np.clip(wait, 0, 8),
            (self.roots[coming] - root) % 12,
            self.qualities[coming],
            (self.roots[after] - root) % 12,
            self.qualities[after],
        )
        return np.stack(columns, axis=-1)

    def transposed(self, semitones: int) -> "Ground":
        """The same ground in another key."""
        roots = (self.roots + semitones) % 12
        return Ground(self.starts, roots, self.qualities, self.standings, self.bar, self.beats)

    def _here(self, ticks: Ints) -> Ints:
        found: Ints = np.clip(np.searchsorted(self.starts, ticks, side="right") - 1, 0, None)
        return found
