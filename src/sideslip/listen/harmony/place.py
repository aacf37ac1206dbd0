"""With a chart: one filter over (bar of the form, chord in force).

The chart and the clock are the prior: bar follows bar, and in each the chart's chord is in force but for what players
do to it. Whatever is heard weighs every pair by how well its chord explains it, so that the same notes tell which chord
is meant and where in the form the player is.
"""

import numpy as np

from sideslip.listen.harmony.tables import HarmonyTables
from sideslip.listen.harmony.vocabulary import CHORDS, DOMINANT, FAMILIES, Floats, chord_moves, index_of
from sideslip.music.changes import Changes
from sideslip.music.chord import Chord
from sideslip.music.meter import TICKS

SKIPPED = 1 / 2000
"""Chance, at a bar line, that the player leaves out a bar, and the same that one is played twice."""

LEAPT = 1 / 10000
"""Chance, at a bar line, that the player goes on from anywhere in the form."""

CHANGED = 0.35
"""Chance that a player puts another chord in the place of the chart's."""

TRITONE, SAME_ROOT = 0.7, 0.2
"""Of those other chords: share of the tritone substitute (for a dominant), and of other families on the same root."""

REVISED = (0.03, 0.12)
"""Chance, at a beat where the chart does not change, that the chord is chosen anew: at a weak and at a strong one."""

LEFT = 0.5
"""How often a chord chosen anew there is another than the chart's."""

LED = 0.5
"""Share of other chords that are led to as chords move in tunes, from the one that was played before."""

AHEAD = 8
"""Bars for which two places of a form must have the same chords to be as good as one."""

EARLY = 0.27
"""How often the last beat before a change already belongs to the coming chord: fitted to the training solos of the
Weimar Jazz Database (EM over 17,539 last beats before a change of scale)."""


def chords_of(changes: Changes) -> tuple[Chord, ...]:
    """The chords that a chart has on its beats, each once: what voicings over it `as written` are counted by."""
    beats = range(changes.length // TICKS)
    return tuple(dict.fromkeys(changes.at(beat * TICKS) for beat in beats))


class ChartFilter:
    """`joint` (bars, 60) is the probability of each pair at the present beat; it sums to 1."""

    def __init__(self, tables: HarmonyTables, changes: Changes, beat: int, anywhere: bool = False) -> None:
        """At `beat`, the beats being counted from bar 1: in the bar that the clock says, or `anywhere` in the form."""
        self._beats = changes.meter.beats
        self._bars = max(1, changes.length // changes.meter.bar)
        chords = [changes.at(place * TICKS) for place in range(self._bars * self._beats)]
        shape, written = (self._bars, self._beats), chords_of(changes)
        self._written = np.array([written.index(chord) for chord in chords]).reshape(shape)
        meant = [index_of(chord) for chord in chords]
        self._meant = np.array([-1 if index is None else index for index in meant]).reshape(shape)
        self._moves = chord_moves(tables.moves)
        self._others = np.array([_others(chord) for chord in chords]).reshape(*shape, CHORDS)
        self._chart_only = np.array([_charted(chord) for chord in chords]).reshape(*shape, CHORDS)
        self._fresh = CHANGED * self._others + (1 - CHANGED) * self._chart_only
        strong = [changes.meter.strength(place * TICKS) == 3 for place in range(self._beats)]
        self._revised = np.where(strong, REVISED[1], REVISED[0])
        form = self._written.ravel()
        ahead = np.arange(len(form))[:: self._beats, None] + np.arange(AHEAD * self._beats)
        _, alike = np.unique(form[ahead % len(form)], axis=0, return_inverse=True)  # of each bar, what comes from it on
        self._alike = np.equal.outer(alike.ravel(), alike.ravel()).astype(np.float64)
        self._stays = np.array([chord == chords[i - 1] for i, chord in enumerate(chords)]).reshape(shape)
        by_clock = np.eye(self._bars)[beat // self._beats % self._bars]
        place = np.full(self._bars, 1 / self._bars) if anywhere else by_clock
        self._beat = beat
        self.joint: Floats = self._early(place[:, None] * self._fresh[:, beat % self._beats])

    @property
    def places(self) -> Floats:
        """The probability of each bar of the form, (bars,)."""
        places: Floats = self.joint.sum(axis=1)
        return places

    @property
    def as_good(self) -> Floats:
        """For each bar of the form, the probability of all bars from which the same chords come, (bars,)."""
        as_good: Floats = self._alike @ self.places
        return as_good

    def step(self) -> None:
        """On to the next beat."""
        self._beat += 1
        beat = self._beat % self._beats
        joint = _moved(self.joint) if beat == 0 else self.joint
        mass = joint.sum(axis=1, keepdims=True)
        others = LED * (joint @ self._moves) + (1 - LED) * mass * self._others[:, beat]
        meant = self._meant[:, beat]
        stays, charted = self._stays[:, beat, None], (meant >= 0)[:, None]
        left = np.where(charted, np.where(stays, LEFT, CHANGED), 0.0)
        anew = left * others + (1 - left) * mass * self._chart_only[:, beat]
        share = np.where(stays, self._revised[beat], 1.0)
        self.joint = self._early((1 - share) * joint + share * anew)

    def weigh(self, evidence: Floats, written: Floats | None = None) -> None:
        """Take in log-likelihoods (60,) of what was heard in the present beat.

        `written` (n,) are those over `chords_of` the chart as their symbols say: where that is better, the chart's own
        chord is given it.
        """
        if written is None:
            self.joint = weighed(self.joint, evidence)
            return
        beat, before = self._beat % self._beats, self.joint
        meant, own = self._meant[:, beat], written[self._written[:, beat]]
        bars = np.flatnonzero((meant >= 0) & (own > evidence[meant]))
        most = max(float(evidence.max()), float(own.max()))
        joint = before * np.exp(evidence - most)
        joint[bars, meant[bars]] = before[bars, meant[bars]] * np.exp(own[bars] - most)
        total = joint.sum()
        self.joint = joint / total if total > 0 else before

    def _early(self, joint: Floats) -> Floats:
        """In the last beat before a change the coming chord may be in force already."""
        following = (self._beat + 1) % self._beats
        after = np.roll(np.arange(self._bars), -1 if following == 0 else 0)
        share = np.where(self._stays[after, following], 0.0, EARLY)[:, None]
        mass = joint.sum(axis=1, keepdims=True)
        early: Floats = (1 - share) * joint + share * mass * self._fresh[after, following]
        return early


def weighed(belief: Floats, evidence: Floats) -> Floats:
    """A belief over (..., 60) after log-likelihoods (60,), summing to 1 again."""
    weighed = belief * np.exp(evidence - evidence.max())
    total = weighed.sum()
    return weighed / total if total > 0 else belief


def _moved(joint: Floats) -> Floats:
    """Over a bar line: to the next bar, or past it, or back to the same, or anywhere."""
    bars = len(joint)
    if bars == 1:
        return joint
    on: Floats = (1 - 2 * SKIPPED - LEAPT) * np.roll(joint, 1, axis=0)
    on += SKIPPED * (np.roll(joint, 2, axis=0) + joint) + LEAPT / bars * joint.sum(axis=0, keepdims=True)
    return on


def _others(chord: Chord) -> Floats:
    """What players put in the place of a chord, (60,); all alike where there is none."""
    meant = index_of(chord)
    if meant is None:
        return np.full(CHORDS, 1 / CHORDS)
    root, family = divmod(meant, len(FAMILIES))
    others = np.full(CHORDS, 1 / (CHORDS - 1))
    others[root * len(FAMILIES) : (root + 1) * len(FAMILIES)] += SAME_ROOT / (1 - SAME_ROOT) / (len(FAMILIES) - 1)
    others[meant] = 0.0
    others /= others.sum()
    if family == DOMINANT and chord.quality != "domalt":  # over an altered one its substitute is no other chord
        others *= 1 - TRITONE
        others[(root + 6) % 12 * len(FAMILIES) + DOMINANT] += TRITONE
    return others


def _charted(chord: Chord) -> Floats:
    """The chart's chord for sure, (60,); all alike where there is none."""
    meant = index_of(chord)
    return np.full(CHORDS, 1 / CHORDS) if meant is None else (np.arange(CHORDS) == meant).astype(np.float64)
