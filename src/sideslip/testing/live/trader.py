"""A player who trades with a partner, in 4/4."""

from collections.abc import Sequence
from random import Random

from sideslip.stage.clock import monotonic
from sideslip.testing.live.player import phrase
from sideslip.testing.live.rig import Rig, wait_until

_BAR = 4  # beats
_BEFORE = 0.25  # of a beat, by which a turn's notes are laid out before its line, for a human is early, too


class LivePlayer:
    """Plays `bars` bars, rests as many, again and again, at `bpm` beats a minute from the moment `start` (soon).

    `turns` is how many were played. All moments are `monotonic` seconds.
    """

    def __init__(self, rig: Rig, bpm: float, bars: int = 1, seed: int = 1, start: float | None = None) -> None:
        self._rig, self._rng, self._beats = rig, Random(seed), bars * _BAR
        self.beat = 60 / bpm
        self.start = monotonic() + 0.3 if start is None else start
        self.turns = 0

    def line(self, turn: int) -> float:
        """The bar line at which the answer to a turn is due (0: the first)."""
        return self.start + (2 * turn + 1) * self._beats * self.beat

    def play(self, turns: int = 1) -> None:
        """Play so many turns more, and rest until it is one's own turn again."""
        for _ in range(turns):
            at = self.line(self.turns) - self._beats * self.beat
            self._rig.perform(phrase(at, self._beats, self.beat, self._rng))
            self.turns += 1
            wait_until(self.line(self.turns) - (self._beats + _BEFORE) * self.beat)

    def skip_to(self, moment: float) -> None:
        """Leave out the turns that would begin before a moment."""
        while self.line(self.turns) - self._beats * self.beat < moment:
            self.turns += 1

    def answers(self, first: int = 0) -> list[list[float]]:
        """For each turn played from one on, how long after its line each note of the answer began, in s.

        A pick-up begins before the line, by up to a beat.
        """
        struck = self._rig.struck()
        lines = [self.line(turn) for turn in range(first, self.turns)]
        length = self._beats * self.beat
        return [[at - line for at in struck if -self.beat <= at - line < length - self.beat / 2] for line in lines]

    def on_the_line(self, answer: Sequence[float]) -> float | None:
        """How far from its line an answer's note on it began, in s; None if none was near."""
        nearest = min(answer, key=abs, default=self.beat)
        return nearest if abs(nearest) < self.beat / 2 else None
