"""The harmonic-context tracker: what the player is playing over, by chart, clock and ear.

With a chart one Bayesian filter holds (bar of the form, chord in force); without one, the chord in force and, once
it has come round, the form. A note counts for the beat that it falls in, one just before a beat for that beat, a
voicing pushed by up to half a beat for the beat it anticipates.

What the proposer is given when ear and chart disagree (`HarmonyTracker.changes`):
1. The chart, as long as the place in it is believed in. Another bar is gone to only when its probability is above
   `SURE`; a place that is merely doubted is kept.
2. Over the chord in force the ear has the last word, up to that chord's end, if it is more than `SURE` of another. All
   chords to come are the chart's: a substitution is no promise of the next.
3. A player who is lost, or who has no chart, is followed by what was heard: the form as it came round, else the chord
   in force for the rest of its bar and the key region (`key`) for all that is to come.
"""

from dataclasses import dataclass
from math import floor
from typing import Literal

import numpy as np

from sideslip.listen.hands import Hand
from sideslip.listen.harmony.by_ear import HEARD, heard_form, heard_now, likeliest_of
from sideslip.listen.harmony.ear import EarFilter
from sideslip.listen.harmony.evidence import ON_THE_BEAT, Evidence, place_of
from sideslip.listen.harmony.key import KeyEar
from sideslip.listen.harmony.place import ChartFilter
from sideslip.listen.harmony.tables import HarmonyTables
from sideslip.listen.harmony.vocabulary import CHORDS, Floats, chord_of, index_of
from sideslip.music.changes import Changes
from sideslip.music.chord import NO_CHORD, Chord
from sideslip.music.meter import TICKS, Meter

Stance = Literal["inside", "anticipating", "reharmonising", "lost"]

SURE = 0.9
"""The probability from which the ear overrules the chart."""

STRIKE = 0.1
"""Beats within which the notes of a voicing begin."""

PUSHED = 0.5
"""Beats by which a voicing may come before the beat it belongs to."""

LOST = 0.2
"""The probability of the place followed below which the player counts as lost."""


@dataclass(frozen=True, slots=True)
class Belief:
    """What the player is taken to be playing over, at a beat.

    `chord` is the one believed in and `probability` (0..1) how surely; `expected` what the chart has there, no chord
    without a chart. `bar` (from 1) is the bar of the form taken for the present one and `place` the probability of it;
    without a chart bar 0 and 1.
    `stance` is how the two are related: "inside" where they are the same, "anticipating" where `chord` is the coming
    one, "reharmonising" where it is neither, "lost" where the place in the chart is as good as unknown.
    """

    chord: Chord
    probability: float
    expected: Chord
    stance: Stance
    bar: int = 0
    place: float = 1.0


class HarmonyTracker:
    """Told of every note as it begins; asked at any moment. Beats are counted from bar 1, and time never goes back."""

    def __init__(
        self, tables: HarmonyTables, meter: Meter, chart: Changes | None = None, anywhere: bool = False
    ) -> None:
        """To follow a chart, from its first bar or from `anywhere` in it, or with none what is heard alone."""
        self._tables, self._meter, self._chart, self._anywhere = tables, meter, chart, anywhere
        self._evidence, self._key = Evidence(tables), KeyEar(tables, meter)
        self._filter: ChartFilter | EarFilter | None = None
        self._beat = 0
        self._shift = 0  # bars that the followed place is ahead of the clock's
        self._soon: Floats = np.zeros(CHORDS)  # evidence for the next beat
        self._strike: list[int] = []  # pitches of a voicing that is being struck
        self._struck = 0.0
        self._last: tuple[float, int] | None = None

    # ------------------------------------------------------------ hearing

    def hear(self, beat: float, pitch: int, hand: Hand = "line") -> None:
        """A note (MIDI pitch) began at a beat."""
        self._advance(floor(beat))
        self._key.hear(pitch)
        if hand == "voicing":
            if self._strike and beat - self._struck > STRIKE:
                self._close_strike()
            if not self._strike:
                self._struck = beat
            self._strike.append(pitch)
            return
        recent = self._last is not None and beat - self._last[0] <= self._meter.beats
        last = self._last[1] if recent and self._last is not None else None
        self._weigh(floor(beat + ON_THE_BEAT), self._evidence.of_line(place_of(beat, self._meter), pitch, last))
        self._last = (beat, pitch)

    def _close_strike(self) -> None:
        if self._strike:
            evidence = self._evidence.of_voicing(self._strike, _chords(self._now()))
            self._weigh(floor(self._struck + PUSHED), evidence)
            self._strike = []

    def _weigh(self, beat: int, evidence: Floats) -> None:
        if beat > self._beat:
            self._soon = self._soon + evidence
        else:
            self._now().weigh(evidence)

    def _now(self) -> "ChartFilter | EarFilter":
        if self._filter is None:
            self._filter = (
                EarFilter(self._tables, self._meter, self._beat)
                if self._chart is None
                else ChartFilter(self._chart, self._beat, self._anywhere)
            )
        return self._filter

    def _advance(self, beat: int) -> None:
        """The clock has come to a beat."""
        if self._filter is None:
            self._beat = beat
        here = self._now()
        while self._beat < beat:
            self._close_strike()
            self._key.step(_chords(here))
            here.step()
            self._beat += 1
            here.weigh(self._soon)
            self._soon = np.zeros(CHORDS)
            self._follow()

    def _follow(self) -> None:
        """Go to another bar of the form where the ear is sure of it, or the one followed is as good as ruled out."""
        here = self._now()
        if isinstance(here, ChartFilter):
            places, bar = here.places, self._beat // self._meter.beats
            best = int(places.argmax())
            if places[best] > SURE or places[(bar + self._shift) % len(places)] < LOST:
                self._shift = (best - bar) % len(places)

    # ------------------------------------------------------------ believing

    def belief(self, beat: float) -> Belief:
        """What is believed at a beat, by all that was heard before."""
        self._advance(floor(beat))
        self._close_strike()
        self._follow()
        here = self._now()
        likeliest, probability = likeliest_of(_chords(here))
        if isinstance(here, EarFilter):
            return Belief(chord_of(likeliest), probability, NO_CHORD, "inside")
        return self._by_chart(here, floor(beat * TICKS), likeliest, probability)

    def _by_chart(self, here: ChartFilter, tick: int, likeliest: int, probability: float) -> Belief:
        chart, places = self._placed(), here.places
        bar = (self._beat // self._meter.beats + self._shift) % len(places)
        expected, (change, coming) = chart.at(tick), chart.next(tick)
        chord, stance = _stance(likeliest, expected, coming if change - tick <= TICKS else expected)
        place = min(1.0, float(places[bar]))
        return Belief(chord, probability, expected, "lost" if place < LOST else stance, bar + 1, place)

    def hindsight(self, beats: int) -> Chord:
        """The chord of the beat so many (1 to 4) beats before the present one, by all that was heard since."""
        here = self._now()
        if isinstance(here, ChartFilter):
            return self._placed().at((self._beat - beats) * TICKS)
        return chord_of(likeliest_of(here.past[-beats])[0]) if len(here.past) >= beats else NO_CHORD

    # ------------------------------------------------------------ what to play on

    @property
    def changes(self) -> Changes:
        """What the proposer is given: the rule at the head of this module."""
        belief = self.belief(self._beat)
        if self._chart is None or belief.stance == "lost":
            return self._by_ear()
        chart = self._placed()
        if belief.stance == "reharmonising" and belief.probability > SURE:
            return chart.replaced(self._beat * TICKS, belief.chord)
        return chart

    def _placed(self) -> Changes:
        """The chart as the clock's bars go through it."""
        assert self._chart is not None
        return self._chart.moved(self._shift * self._meter.bar)

    def _by_ear(self) -> Changes:
        """The form as it came round, else the chord in force and the key region."""
        here, meter = self._now(), self._meter
        if not self._key.heard:
            return Changes((0,), (NO_CHORD,), meter.bar, meter)
        tonic = self._key.tonic()
        if isinstance(here, EarFilter) and (bars := here.form()):
            return heard_form(list(here.past)[-bars * meter.beats :], self._beat, meter, tonic)
        likeliest, probability = likeliest_of(_chords(here))
        return heard_now(chord_of(likeliest) if probability > HEARD else tonic, self._beat, meter, tonic)


def _stance(likeliest: int, expected: Chord, coming: Chord) -> tuple[Chord, Stance]:
    if index_of(expected) in (likeliest, None):
        return expected, "inside"
    if index_of(coming) == likeliest:
        return coming, "anticipating"
    return chord_of(likeliest), "reharmonising"


def _chords(here: ChartFilter | EarFilter) -> Floats:
    """The probability of each chord, (60,)."""
    chords: Floats = here.joint.sum(axis=0) if isinstance(here, ChartFilter) else here.belief
    return chords
