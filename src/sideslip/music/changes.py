"""Changes: the chords of one chorus laid along the ticks, repeating for ever."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sideslip.errors import ChartError
from sideslip.music.chord import Chord
from sideslip.music.meter import TICKS, Meter

WRITTEN_OUT = 160
"""Bars: longer than any turn and the memory before it."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The form of a tune: where each chord begins in one chorus, and how long the chorus is.

    `starts` (ticks from the top of the chorus, increasing, first 0) and `chords` run in parallel. The form repeats in
    both directions, so any tick, also one before bar 1, has a chord.
    """

    starts: tuple[int, ...]
    chords: tuple[Chord, ...]
    length: int
    meter: Meter = Meter()

    def __post_init__(self) -> None:
        ordered = all(a < b for a, b in pairwise((*self.starts, self.length)))
        if self.starts[:1] != (0,) or len(self.starts) != len(self.chords) or not ordered:
            raise ChartError("changes need a chord at tick 0 and increasing places within the chorus")

    @classmethod
    def by_beat(cls, chords: Sequence[Chord], meter: Meter) -> "Changes":
        """A chorus from the chord of each of its beats."""
        starts = [beat for beat, chord in enumerate(chords) if beat == 0 or chord != chords[beat - 1]]
        return cls(
            tuple(TICKS * beat for beat in starts), tuple(chords[beat] for beat in starts), TICKS * len(chords), meter
        )

    @property
    def has_chords(self) -> bool:
        """Whether there is any chord; changes without one are no chart."""
        return any(chord.quality != "NC" for chord in self.chords)

    def _index(self, tick: int) -> int:
        return bisect_right(self.starts, tick % self.length) - 1

    def at(self, tick: int) -> Chord:
        """The chord in force at a tick."""
        return self.chords[self._index(tick)]

    def began(self, tick: int) -> int:
        """The tick at which the chord in force began."""
        return tick - tick % self.length + self.starts[self._index(tick)]

    def next(self, tick: int) -> tuple[int, Chord]:
        """Tick and chord of the next change strictly after a tick."""
        index = self._index(tick) + 1
        top = tick - tick % self.length
        if index == len(self.starts):
            return top + self.length, self.chords[0]
        return top + self.starts[index], self.chords[index]

    def moved(self, ticks: int) -> "Changes":
        """The same form entered further on: what lay at `ticks` comes at tick 0."""
        if ticks % self.length == 0:
            return self
        places = {(start - ticks) % self.length: chord for start, chord in zip(self.starts, self.chords, strict=True)}
        return self._from({0: self.at(ticks), **places}, self.length)

    def replaced(self, start: int, end: int, chord: Chord) -> "Changes":
        """The same form with another chord in start <= tick < end: once, not in every chorus.

        The form is written out to `WRITTEN_OUT` bars or more: only then does the replaced chord come back.
        """
        whole = self.length * -(-WRITTEN_OUT * self.meter.bar // self.length)
        written = {
            chorus + began: one
            for chorus in range(0, whole, self.length)
            for began, one in zip(self.starts, self.chords, strict=True)
        }
        kept = {tick: one for tick, one in written.items() if (tick - start) % whole >= end - start}
        replaced = {0: chord} if -start % whole < end - start else {}  # it may hold over the end of what is written out
        return self._from({**replaced, end % whole: self.at(end), **kept, start % whole: chord}, whole)

    def _from(self, places: dict[int, Chord], length: int) -> "Changes":
        starts, chords = zip(*sorted(places.items(), key=lambda place: place[0]), strict=True)
        return replace(self, starts=starts, chords=chords, length=length)

    def between(self, start: int, end: int) -> Iterator[tuple[int, Chord]]:
        """Every (tick, chord) in force in start <= tick < end; the first at `start` itself."""
        tick, chord = start, self.at(start)
        while tick < end:
            yield tick, chord
            tick, chord = self.next(tick)
