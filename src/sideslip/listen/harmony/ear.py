"""Without a chart: which chord is in force, from what is heard alone.

A chord lasts, and moves on as chords do in tunes. And tunes come round: what was played four, eight, twelve, sixteen,
twenty-four or thirty-two bars ago is played again. Each of these is a guess at the coming beat; they are mixed, each
as far as it has guessed right so far. So a form is known by its second time round, and its length with it.
"""

from collections import deque

import numpy as np

from sideslip.listen.harmony.place import weighed
from sideslip.listen.harmony.tables import HarmonyTables
from sideslip.listen.harmony.vocabulary import CHORDS, Floats, chord_moves
from sideslip.music.meter import TICKS, Meter

FORMS = (4, 8, 12, 16, 24, 32)
"""Lengths, in bars, after which a tune may come round."""

SAME_AGAIN = 0.85
"""How surely a chorus has the chords of the one before, beat by beat."""

HABIT = 0.002
"""Chance, at a beat, that a hand that played roots leaves them out from there on, and the other way round."""

CONFIRMED = 1.5
"""Times that a form has gone round before it counts as known."""

FORGETTING = 0.02
"""Share of trust given back to all guesses at every beat: a new tune is noticed."""


class EarFilter:
    """One filter over (whether the left hand plays roots, chord in force): `joint` (2, 60) sums to 1, roots first.

    Third, fifth, seventh and ninth of one chord are another's root, third, fifth and seventh; which of the two a hand
    plays shows in how its chords move, and then holds for all that was heard before.
    """

    def __init__(self, tables: HarmonyTables, meter: Meter, beat: int) -> None:
        self._beats, self._meter, self._beat = meter.beats, meter, beat
        self._moves, self._change = chord_moves(tables.moves), tables.change
        self._lags = [bars * meter.beats for bars in FORMS]
        # chords by way of playing, (2, 60), each way summing to 1: what was believed of the beats gone by
        self._past: deque[Floats] = deque(maxlen=int(CONFIRMED * FORMS[-1]) * meter.beats)
        self._filtered: deque[Floats] = deque(maxlen=meter.beats + 1)  # the same, by what came up to then
        self._heard: deque[tuple[float, Floats]] = deque(maxlen=meter.beats + 1)  # (chance of a change, likelihoods)
        self.trust: Floats = np.array([0.5, *(0.5 / len(FORMS) for _ in FORMS)])
        chords = np.repeat(tables.families[None], 12, axis=0).reshape(CHORDS) / 12
        self.joint: Floats = np.array([0.5, 0.5])[:, None] * chords
        self._evidence: Floats = np.zeros((2, CHORDS))
        self._guesses = np.repeat(self.joint[None], 1 + len(FORMS), axis=0)

    @property
    def belief(self) -> Floats:
        """The probability of each chord at the present beat, (60,)."""
        belief: Floats = self.joint.sum(axis=0)
        return belief

    def step(self) -> None:
        """On to the next beat."""
        self._remember()
        self._beat += 1
        change = self._chance()
        joint = (1 - HABIT) * self.joint + HABIT * self.joint[::-1]
        on = (1 - change) * joint + change * (joint @ self._moves)
        ways = on.sum(axis=1, keepdims=True)
        again = [ways * self._past[-lag] if len(self._past) >= lag else on for lag in self._lags]
        self._guesses = np.array([on, *(SAME_AGAIN * guess + (1 - SAME_AGAIN) * on for guess in again)])
        self.joint = np.tensordot(self.trust, self._guesses, axes=1)
        self._evidence = np.zeros((2, CHORDS))

    def weigh(self, evidence: Floats) -> None:
        """Take in log-likelihoods of what was heard in the present beat: over chords (60,), or by way too (2, 60)."""
        self.joint = weighed(self.joint, evidence)
        self._evidence = self._evidence + evidence

    def form(self) -> int | None:
        """The length in bars with which the tune comes round; None while no such is known."""
        best = int(self.trust[1:].argmax())
        heard = len(self._past) >= CONFIRMED * self._lags[best]
        return FORMS[best] if heard and self.trust[1 + best] > self.trust[0] else None

    def past(self, beats: int) -> list[Floats]:
        """What is believed of the last beats, the newest last, each by what came up to a bar later, (60,) each."""
        ways = self.joint.sum(axis=1)
        return [ways @ self._past[place] for place in range(max(0, len(self._past) - beats), len(self._past))]

    def _chance(self) -> float:
        strength = self._meter.strength(self._beat * TICKS)
        return float(self._change[0 if self._beat % self._beats == 0 else 1 if strength == 3 else 2])

    def _remember(self) -> None:
        """Close the present beat: what guessed it well is trusted more, and the bar before is looked at again."""
        likelihood = np.exp(self._evidence - self._evidence.max())
        trust = self.trust * (self._guesses * likelihood).sum(axis=(1, 2)) + 1e-12
        trust = trust / trust.sum()
        self.trust = (1 - FORGETTING) * trust + FORGETTING / len(trust)
        self._past.append(_by_way(self.joint))
        self._filtered.append(self._past[-1])
        self._heard.append((self._chance(), likelihood))
        later = np.ones((2, CHORDS))
        for back in range(1, len(self._heard)):
            change, heard = self._heard[-back]
            ahead = heard * later
            later = (1 - change) * ahead + change * (ahead @ self._moves.T)
            later /= later.max()
            self._past[-back - 1] = _by_way(self._filtered[-back - 1] * later)


def _by_way(joint: Floats) -> Floats:
    """Each way of playing by itself: rows that sum to 1."""
    raised = joint + 1e-15
    by_way: Floats = raised / raised.sum(axis=1, keepdims=True)
    return by_way
