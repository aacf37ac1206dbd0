"""The tempo map: the one place where beats and seconds meet."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import isfinite
from operator import attrgetter
from typing import NamedTuple

from sideslip.errors import SettingError
from sideslip.music.meter import TICKS

SLOWEST, FASTEST = 20.0, 400.0
"""Beats a minute that can be played with."""

RUSH = 1.3
"""By what factor a map may be faster or slower than the player whom it makes for."""


class Piece(NamedTuple):
    """A stretch of steady tempo: `beat` falls at `seconds`, and from there on it goes at `bpm`."""

    seconds: float
    beat: float
    bpm: float


_SECONDS, _BEAT = attrgetter("seconds"), attrgetter("beat")


@dataclass(frozen=True, slots=True)
class TempoMap:
    """Where the beats lie: `bpm` beats a minute, beat 0 (tick 0) at `origin` seconds on the session's clock.

    `bent` gives a map that changes its tempo at a moment; `bpm` is then the newest tempo, and `pieces` the whole
    history, in order: each holds until the next begins, the first also for all time before it.
    Raises SettingError for a tempo that is not 20 to 400 bpm, and for an origin that is not a moment.
    """

    bpm: float
    origin: float = 0.0
    pieces: tuple[Piece, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if not SLOWEST <= self.bpm <= FASTEST:
            raise SettingError(f"a tempo is {SLOWEST:g} to {FASTEST:g} bpm, found {self.bpm:g}")
        if not isfinite(self.origin):
            raise SettingError(f"beat 0 lies at a moment in seconds, found {self.origin:g}")
        object.__setattr__(self, "pieces", (Piece(self.origin, 0.0, self.bpm),))

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> "TempoMap":
        """The map that has these pieces, at least one, in order.

        Raises SettingError if the last one's tempo is not 20 to 400 bpm.
        """
        tempo = cls(pieces[-1].bpm)
        object.__setattr__(tempo, "pieces", tuple(pieces))
        object.__setattr__(tempo, "origin", tempo.seconds(0.0))
        return tempo

    def since(self, at: float) -> "TempoMap":
        """The same from the moment `at` on; its history before is forgotten."""
        return TempoMap.of(self.pieces[max(0, bisect_right(self.pieces, at, key=_SECONDS) - 1) :])

    def moved(self, by: float) -> "TempoMap":
        """The same so many seconds later."""
        return TempoMap.of([piece._replace(seconds=piece.seconds + by) for piece in self.pieces])

    def bent(self, at: float, bpm: float) -> "TempoMap":
        """The same before the moment `at`, `bpm` from there on; what was planned for later is forgotten.

        Raises SettingError for a tempo that is not 20 to 400 bpm, and for what is not a moment.
        """
        if not isfinite(at):
            raise SettingError(f"a tempo changes at a moment in seconds, found {at:g}")
        return self._going_on(at, ((at, bpm),))

    def through(self, changes: Iterable[tuple[float, float]]) -> "TempoMap":
        """The same with other tempi, (beat, beats a minute) in order of their beats; each within 20 to 400."""
        pieces = list(self.pieces)
        for beat, bpm in changes:
            while len(pieces) > 1 and pieces[-1].beat >= beat:  # of several at one beat the last counts
                pieces.pop()
            last = pieces[-1]
            if bpm != last.bpm:
                pieces.append(Piece(last.seconds + (beat - last.beat) * 60 / last.bpm, beat, bpm))
        return TempoMap.of(pieces)

    def steered(self, at: float, beat: float, bpm: float, over: float) -> "TempoMap":
        """Bent so as to meet, without a jump, a player who is at `beat` at the moment `at` and goes on at `bpm`.

        They are together `over` beats later, unless the map would have to hurry or drag by more than `RUSH`. `bpm` is
        brought within 20 to 400.
        """
        bpm = _playable(bpm)
        left = over + self.beat(at) - beat  # beats of the player's in which the map takes `over`
        pace = _playable(bpm * min(max(over / left, 1 / RUSH), RUSH) if left > 0 else bpm * RUSH)
        return self._going_on(at, ((at, pace), (at + over * 60 / pace, bpm)))

    def astray(self, at: float, beat: float, bpm: float) -> float:
        """By how many seconds the map is off a player who is at `beat` at the moment `at` and goes on at `bpm`.

        Where it makes for a player already, what counts is how it will be then. Negative where the map is behind.
        """
        then = max(at, self.pieces[-1].seconds)
        return (self.beat(then) - beat) * 60 / bpm - (then - at)

    def beat(self, seconds: float) -> float:
        """The beat (12 ticks each, negative before beat 0) at a moment."""
        piece = self._holding(bisect_right(self.pieces, seconds, key=_SECONDS))
        return piece.beat + (seconds - piece.seconds) * piece.bpm / 60

    def seconds(self, beat: float) -> float:
        """The moment of a beat."""
        piece = self._holding(bisect_right(self.pieces, beat, key=_BEAT))
        return piece.seconds + (beat - piece.beat) * 60 / piece.bpm

    def seconds_at_tick(self, tick: int) -> float:
        """The moment of a tick."""
        return self.seconds(tick / TICKS)

    def beats_in(self, span: float) -> float:
        """How many beats a span of seconds takes at the newest tempo."""
        return span * self.bpm / 60

    def _going_on(self, at: float, bends: Sequence[tuple[float, float]]) -> "TempoMap":
        """The same before the moment `at`, then with these bends, each a moment and a tempo."""
        kept = self.pieces[: bisect_left(self.pieces, at, key=_SECONDS)]
        # A bend before the first piece needs one that holds until then.
        pieces = kept or (Piece(at, self.beat(at), self.pieces[0].bpm),)
        new, last = [], pieces[-1]
        for moment, bpm in bends:
            beat = last.beat + (moment - last.seconds) * last.bpm / 60
            if bpm != last.bpm:
                last = Piece(moment, beat, bpm)
                new.append(last)
        return TempoMap.of((*pieces, *new))

    def _holding(self, begun: int) -> Piece:
        """The piece that holds when the first `begun` of them have begun."""
        return self.pieces[max(0, begun - 1)]


def _playable(bpm: float) -> float:
    return min(max(bpm, SLOWEST), FASTEST)
