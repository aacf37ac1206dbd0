"""The tempo map: the one place where beats and seconds meet."""

from dataclasses import dataclass
from math import isfinite

from sideslip.errors import SettingError
from sideslip.music.meter import TICKS

SLOWEST, FASTEST = 20.0, 400.0
"""Beats a minute that can be played with."""


@dataclass(frozen=True, slots=True)
class TempoMap:
    """A steady tempo: `bpm` beats a minute, beat 0 (tick 0) at `origin` seconds on the session's clock.

    Raises SettingError for a tempo that is not 20 to 400 bpm, and for an origin that is not a moment.
    """

    bpm: float
    origin: float = 0.0

    def __post_init__(self) -> None:
        if not SLOWEST <= self.bpm <= FASTEST:
            raise SettingError(f"a tempo is {SLOWEST:g} to {FASTEST:g} bpm, found {self.bpm:g}")
        if not isfinite(self.origin):
            raise SettingError(f"beat 0 lies at a moment in seconds, found {self.origin:g}")

    def beat(self, seconds: float) -> float:
        """The beat (12 ticks each, negative before beat 0) at a moment."""
        return self.beats_in(seconds - self.origin)

    def seconds(self, beat: float) -> float:
        """The moment of a beat."""
        return self.origin + beat * 60 / self.bpm

    def seconds_at_tick(self, tick: int) -> float:
        """The moment of a tick."""
        return self.seconds(tick / TICKS)

    def beats_in(self, span: float) -> float:
        """How many beats a span of seconds takes."""
        return span * self.bpm / 60
