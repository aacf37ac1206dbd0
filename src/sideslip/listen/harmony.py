"""Which chord the player is over: the chart by the clock, weighed against what was heard in the beat before a change.

Soloists often play the coming chord early: fitted to the training solos of the Weimar Jazz Database (EM over 17,539
last beats before a change of scale) the line belongs to the coming chord in 27 % of them, and in 2 % of beats with no
change ahead. So only these two chords compete, and only in the last beat before a change. A few notes say little:
measured against beats with no change ahead, about half of the claims of "anticipating" are right, and their
probability is meant to say so.
"""

from collections import deque
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log
from typing import Literal

from sideslip.music.changes import Changes
from sideslip.music.chord import Chord
from sideslip.music.meter import TICKS

Stance = Literal["inside", "anticipating", "reharmonising", "lost"]

TONE, SCALE, OUTSIDE = 0.493, 0.284, 0.223
"""Share of soloists' notes that are chord tones, other notes of the chord's scale, and outside (same statistics)."""

EARLY = 0.27
"""How often the last beat before a change already belongs to the coming chord (same statistics)."""

EVIDENCE = 0.5
"""What a note counts for: notes of one line are not independent, and at full weight the probability claims too much."""

MEMORY = 32
"""Notes remembered: more than anyone plays in a beat."""


@dataclass(frozen=True, slots=True)
class Belief:
    """What the player is taken to be playing over.

    `expected` is the chord that the chart puts there, `chord` the one believed in, `stance` how the two are related:
    "inside" when they are the same, "anticipating" when `chord` is the coming one. "reharmonising" and "lost" cannot
    occur yet: they need evidence against the chart as a whole, which nothing here weighs.
    `probability` (0..1) is that of `chord` given the notes of this beat, the player being over either the chord in
    force or the coming one; it is 1 where no change is within a beat, because there the chart is taken at its word.
    """

    chord: Chord
    probability: float
    expected: Chord
    stance: Stance


class HarmonyTracker:
    """Follows the changes by the clock and listens for the coming chord."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._heard: deque[tuple[int, int]] = deque(maxlen=MEMORY)

    @property
    def changes(self) -> Changes:
        """The changes to improvise on, as far as they are known: the chart's."""
        return self._changes

    def hear(self, tick: int, pitch: int, velocity: int) -> None:
        """A note (MIDI pitch) began at a tick; how loud it is does not count so far."""
        self._heard.append((tick, pitch % 12))

    def belief(self, tick: int) -> Belief:
        """What the notes up to a tick say about the chord there."""
        expected = self._changes.at(tick)
        change, coming = self._changes.next(tick)
        if change - tick > TICKS or coming == expected:
            return Belief(expected, 1.0, expected, "inside")
        since = max(change - TICKS, self._changes.began(tick))
        odds = log(EARLY / (1 - EARLY))
        for heard, pitch_class in self._heard:
            if since <= heard <= tick:
                odds += EVIDENCE * log(_likelihood(coming)[pitch_class] / _likelihood(expected)[pitch_class])
        early = 1 / (1 + exp(-odds))
        if early > 0.5:
            return Belief(coming, early, expected, "anticipating")
        return Belief(expected, 1 - early, expected, "inside")


@lru_cache(maxsize=512)
def _likelihood(chord: Chord) -> tuple[float, ...]:
    """How likely a soloist over the chord plays each of the twelve pitch classes; all alike over no chord."""
    tones, scale = set(chord.tones), set(chord.scale) - set(chord.tones)
    outside = set(range(12)) - tones - scale
    weights = [0.0] * 12
    for share, classes in ((TONE, tones), (SCALE, scale), (OUTSIDE, outside)):
        for pitch_class in classes:
            weights[pitch_class] = share / len(classes)
    total = sum(weights)
    return tuple(weight / total for weight in weights)
