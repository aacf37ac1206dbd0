"""The count-in: a bar of even taps on one key or the pedal says how fast, and where bar 1 is."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import linear_regression

from sideslip.listen.notes import PEDAL, PERCUSSION, Key
from sideslip.listen.tempo import FASTEST, SLOWEST, TempoMap
from sideslip.listen.timekeeper import struck
from sideslip.music.meter import Meter

EVEN = 0.12
"""How far a gap between two taps may be from the mean gap, as a part of it."""

PICKUP = 0.25
"""Beats after the last tap from which a note is music again: an upbeat before bar 1."""

_GIVEN_UP = 1.5  # mean gaps after a tap without another one: this is no count-in


@dataclass(frozen=True, slots=True)
class Count:
    """How a metre is counted in: so many taps, each of so many beats."""

    taps: int
    beats: int

    @classmethod
    def of(cls, meter: Meter) -> "Count":
        """One bar of its pulses where it has 3 to 5 of them, else four taps; 6/8, 9/8 and 12/8 pulse in threes."""
        beats = 3 if meter.unit >= 8 and meter.beats > 3 and meter.beats % 3 == 0 else 1
        pulses = meter.beats // beats
        return cls(pulses if 3 <= pulses <= 5 else 4, beats)


class Tapped:
    """A count-in gives the tempo, which is steady from then on; without one it is `bpm` from the first note.

    A count-in is as many taps as `Count` says: one key struck, or the sustain pedal pressed, evenly, 20 to 400 times a
    minute. Bar 1 is where the next tap would be. Another key, or an uneven rhythm, is music: then bar 1 was at the
    first note. Drums and the pedal are never music: there the latest even taps count.
    """

    def __init__(self, bpm: float, count: Count) -> None:
        self._bpm, self._wanted = bpm, count
        self._key: Key | None = None
        self._taps: list[float] = []
        self._presses: list[float] = []
        self._down: set[int] = set()  # channels with the pedal down
        self.tempo: TempoMap | None = None
        self.since: float | None = None

    @property
    def epoch(self) -> int:
        """1 once the beat has begun."""
        return int(self.tempo is not None)

    @property
    def wake_at(self) -> float | None:
        """When a note without another tap after it will have been music."""
        if self.tempo is not None or not self._taps or self._is_drum:
            return None
        gap = (self._taps[-1] - self._taps[0]) / (len(self._taps) - 1) if len(self._taps) > 1 else 60 / SLOWEST
        return self._taps[-1] + min(_GIVEN_UP * gap, 60 / SLOWEST)

    def woken(self, at: float) -> None:
        """Where no tap has followed in time, bar 1 was at the first note."""
        if (until := self.wake_at) is not None and at >= until:
            self._begin_at_first()

    def hear(self, at: float, message: bytes) -> None:
        """Count taps until the beat has begun."""
        if (until := self.wake_at) is not None and at > until:  # at that very moment a tap still counts
            self._begin_at_first()
        if self.tempo is not None:
            return
        if (key := struck(message)) is not None:
            self._presses.clear()
            self._strike(at, key)
        elif len(message) == 3 and message[0] & 0xF0 == 0xB0 and message[1] == PEDAL:
            self._pedal(at, message[0] & 0x0F, message[2] >= PEDAL)

    @property
    def _is_drum(self) -> bool:
        return self._key is not None and self._key[0] == PERCUSSION

    def _strike(self, at: float, key: Key) -> None:
        if not self._taps or (self._is_drum and key != self._key):
            self._key, self._taps = key, [at]
        elif self._is_drum:
            self._taps = _latest_even([*self._taps, at], self._wanted.beats)
        elif key == self._key and _even([*self._taps, at], self._wanted.beats):
            self._taps.append(at)
        elif key[0] != PERCUSSION:
            self._begin_at_first()
        self._count(self._taps)

    def _pedal(self, at: float, channel: int, down: bool) -> None:
        pressed = down and channel not in self._down
        (self._down.add if down else self._down.discard)(channel)
        if pressed and not self._taps:
            self._presses = _latest_even([*self._presses, at], self._wanted.beats)
            self._count(self._presses)

    def _count(self, taps: list[float]) -> None:
        if self.tempo is None and len(taps) == self._wanted.taps:
            gap, first = linear_regression(range(len(taps)), taps)
            self.tempo = TempoMap(min(max(60 * self._wanted.beats / gap, SLOWEST), FASTEST), first + gap * len(taps))
            self.since = taps[-1] + PICKUP * gap

    def _begin_at_first(self) -> None:
        self.tempo = TempoMap(self._bpm, self._taps[0])


def _even(taps: Sequence[float], beats: int) -> bool:
    gaps = [after - before for before, after in pairwise(taps)]
    mean = (taps[-1] - taps[0]) / max(1, len(gaps))
    return all(60 * beats / FASTEST <= gap <= 60 * beats / SLOWEST and abs(gap - mean) <= EVEN * mean for gap in gaps)


def _latest_even(taps: Sequence[float], beats: int) -> list[float]:
    """The most of the last taps that are even."""
    return next(list(taps[i:]) for i in range(len(taps)) if _even(taps[i:], beats))
