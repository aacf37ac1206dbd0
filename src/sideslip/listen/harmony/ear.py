"""Without a chart: which chord is in force, from what is heard alone.

A chord lasts, and moves on as chords do in tunes. And tunes come round: what was played four, eight, twelve, sixteen,
twenty-four or thirty-two bars ago is played again. Each of these is a guess at the coming beat; they are mixed, each
as far as it has guessed right so far. So a form is known by its second time round, and its length with it.
"""

from collections import deque

import numpy as np

from sideslip.listen.harmony.place import weighed
from sideslip.listen.harmony.tables import HarmonyTables
from sideslip.listen.harmony.vocabulary import CHORDS, FAMILIES, Floats
from sideslip.music.meter import TICKS, Meter

FORMS = (4, 8, 12, 16, 24, 32)
"""Lengths, in bars, after which a tune may come round."""

SAME_AGAIN = 0.85
"""How surely a chorus has the chords of the one before, beat by beat."""

CONFIRMED = 1.5
"""Times that a form has gone round before it counts as known."""

FORGETTING = 0.02
"""Share of trust given back to all guesses at every beat: a new tune is noticed."""


class EarFilter:
    """`belief` (60,) is the probability of each chord at the present beat.

    `past` holds the beliefs about the beats before, the newest last, each looked at again with what came up to a bar
    later.
    """

    def __init__(self, tables: HarmonyTables, meter: Meter, beat: int) -> None:
        self._beats, self._meter, self._beat = meter.beats, meter, beat
        self._moves = _moves(tables)
        self._change = tables.change
        self._lags = np.array([bars * meter.beats for bars in FORMS])
        self.past: deque[Floats] = deque(maxlen=int(CONFIRMED * FORMS[-1]) * meter.beats)
        self._heard: deque[tuple[float, Floats]] = deque(maxlen=meter.beats + 1)  # (chance of a change, likelihoods)
        self.trust: Floats = np.array([0.5, *(0.5 / len(FORMS) for _ in FORMS)])
        self.belief: Floats = np.repeat(tables.families[None], 12, axis=0).reshape(CHORDS) / 12
        self._evidence: Floats = np.zeros(CHORDS)
        self._filtered: deque[Floats] = deque(maxlen=meter.beats + 1)
        self._guesses = self.belief[None]

    def step(self) -> None:
        """On to the next beat."""
        self._remember()
        self._beat += 1
        change = self._chance()
        on = (1 - change) * self.belief + change * (self.belief @ self._moves)
        again = [self.past[-lag] if len(self.past) >= lag else on for lag in self._lags.tolist()]
        self._guesses = np.array([on, *(SAME_AGAIN * guess + (1 - SAME_AGAIN) * on for guess in again)])
        self.belief = self.trust @ self._guesses
        self._evidence = np.zeros(CHORDS)

    def weigh(self, evidence: Floats) -> None:
        """Take in log-likelihoods (60,) of what was heard in the present beat."""
        self.belief = weighed(self.belief, evidence)
        self._evidence = self._evidence + evidence

    def form(self) -> int | None:
        """The length in bars with which the tune comes round; None while no such is known."""
        best = int(self.trust[1:].argmax())
        heard = len(self.past) >= CONFIRMED * self._lags[best]
        known = self.trust[1 + best] > self.trust[0] and heard
        return FORMS[best] if known else None

    def _chance(self) -> float:
        strength = self._meter.strength(self._beat * TICKS)
        return float(self._change[0 if self._beat % self._beats == 0 else 1 if strength == 3 else 2])

    def _remember(self) -> None:
        """Close the present beat: what guessed it well is trusted more, and the bar before is looked at again."""
        likelihood = np.exp(self._evidence - self._evidence.max())
        trust = self.trust * (self._guesses @ likelihood if len(self._guesses) > 1 else 1.0)
        trust = trust / trust.sum()
        self.trust = (1 - FORGETTING) * trust + FORGETTING / len(trust)
        self.past.append(self.belief)
        self._filtered.append(self.belief)
        self._heard.append((self._chance(), likelihood))
        later = np.ones(CHORDS)
        for back in range(1, len(self._heard)):
            change, heard = self._heard[-back]
            ahead = heard * later
            later = (1 - change) * ahead + change * (self._moves @ ahead)
            later /= later.max()
            smoothed = self._filtered[-back - 1] * later
            self.past[-back - 1] = smoothed / smoothed.sum()


def _moves(tables: HarmonyTables) -> Floats:
    """P(next chord | chord) where it changes, (60, 60): the same step in every key."""
    kinds = len(FAMILIES)
    moves = np.zeros((12, kinds, 12, kinds))
    for root in range(12):
        for step in range(12):
            moves[root, :, (root + step) % 12, :] = tables.moves[:, step, :]
    flat: Floats = moves.reshape(CHORDS, CHORDS)
    np.fill_diagonal(flat, 0.0)
    flat /= flat.sum(axis=1, keepdims=True)
    return flat
