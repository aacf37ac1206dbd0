"""The harmonic-context tracker: what the player is playing over, by chart, clock and ear.

With a chart one Bayesian filter holds (bar of the form, chord in force); without one, the chord in force and, once
it has come round, the form. A note counts for the beat that it falls in, one just before a beat for that beat, a
voicing pushed by up to half a beat for the beat it anticipates.

What the proposer is given when ear and chart disagree (`HarmonyTracker.changes`):
1. The chart, at the place that is followed. Another bar is followed when its probability is above `SURE`, or when that
   of the one followed has fallen below `LOST` and another is likelier than not; bars from which the same chords come
   count as one.
2. Over the chord in force the ear has the last word, up to the end of the bar, if it is more than `SURE` of another.
   All chords to come are the chart's: a substitution is no promise of the next.
3. A player who is lost, or who has no chart, is followed by what was heard: without a chart the form as it came round;
   else the chord in force for the rest of its bar and the key region (`key`) for all that is to come.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from typing import Literal

from sideslip.listen.harmony.by_ear import HEARD, heard_form, heard_now, likeliest_of
from sideslip.listen.harmony.ear import EarFilter
from sideslip.listen.harmony.evidence import ON_THE_BEAT, LineEvidence, place_of
from sideslip.listen.harmony.key import KeyEar
from sideslip.listen.harmony.place import ChartFilter, chords_of
from sideslip.listen.harmony.tables import HarmonyTables
from sideslip.listen.harmony.vocabulary import Floats, chord_of, index_of
from sideslip.listen.harmony.voicings import LeftHand, Voiced
from sideslip.music.changes import Changes
from sideslip.music.chord import NO_CHORD, Chord
from sideslip.music.meter import TICKS, Meter

Stance = Literal["inside", "anticipating", "reharmonising", "lost"]

SURE = 0.9
"""The probability from which the ear overrules the chart."""

LIKELY = 0.5
"""The probability from which another chord than the chart's is believed in."""

RULED_OUT = 0.1
"""The probability of the chart's chord below which it is not believed in, whatever else is."""

LOST = 0.2
"""The probability of the place followed, with all that are as good, below which the player counts as lost."""

BEFORE = 10**6
"""Beats before bar 1: the place with which a gig begins is followed from ever on."""

PUSHED = 0.5
"""Beats by which a voicing may come before the beat it belongs to."""


@dataclass(frozen=True, slots=True)
class Belief:
    """What the player is taken to be playing over, at a beat.

    `chord` is the one believed in and `probability` (0..1) how surely; `expected` what the chart has there, no chord
    without a chart. `bar` (from 1) is the bar of the form taken for the present one and `place` the probability of it;
    without a chart bar 0 and 1.
    `stance` is how the two are related: "inside" where they are the same, or the chart has no chord; "anticipating"
    where `chord` is the coming one; "reharmonising" where it is neither; "lost" where the place in the chart is as good
    as unknown: `bar` is then the likeliest, and `expected` what the chart has there.
    """

    chord: Chord
    probability: float
    expected: Chord
    stance: Stance
    bar: int = 0
    place: float = 1.0


class HarmonyTracker:
    """Told of what is played as it comes; asked at any moment. Beats are counted from bar 1, and time never goes back:
    what comes late counts for the present beat."""

    def __init__(
        self, tables: HarmonyTables, meter: Meter, chart: Changes | None = None, anywhere: bool = False
    ) -> None:
        """To follow a chart, from its first bar or from `anywhere` in it, or with none what is heard alone."""
        self._tables, self._meter, self._chart, self._anywhere = tables, meter, chart, anywhere
        self._line, self._key = LineEvidence(tables), KeyEar(tables, meter)
        self._left = LeftHand(chords_of(chart) if chart else ())
        self._filter: ChartFilter | EarFilter | None = None
        self._beat = 0
        self._shift = 0  # bars that the followed place is ahead of the clock's
        self._placed = chart  # the chart as the clock's bars go through it
        self.placed_at = -BEFORE
        """The beat since which the present place is followed: what was played before was played over other bars."""
        self._soon: list[Floats | Voiced] = []  # evidence for the next beat
        self._last: tuple[float, int] | None = None  # the newest note of the line

    # ------------------------------------------------------------ hearing

    def hear(self, beat: float, pitch: int) -> None:
        """A note of the line (MIDI pitch) began at a beat."""
        self._advance(floor(beat))
        self._key.hear(pitch)
        recent = self._last is not None and beat - self._last[0] <= self._meter.beats
        last = self._last[1] if recent and self._last is not None else None
        self._weigh(floor(beat + ON_THE_BEAT), self._line.of(place_of(beat, self._meter), pitch, last))
        self._last = (beat, pitch)

    def strike(self, beat: float, pitches: Sequence[int]) -> None:
        """A voicing, one MIDI pitch or more, was struck at a beat."""
        self._advance(floor(beat))
        for pitch in set(pitches):
            self._key.hear(pitch)
        self._weigh(floor(beat + PUSHED), self._left.hear(pitches, _chords(self._now())))

    def _weigh(self, beat: int, evidence: Floats | Voiced) -> None:
        here = self._now()
        if beat > self._beat:
            self._soon.append(evidence)
        elif not isinstance(evidence, Voiced):
            here.weigh(evidence)
        elif isinstance(here, ChartFilter):
            here.weigh(evidence.mixed, evidence.written)
        else:
            here.weigh(evidence.by_way)

    def _now(self) -> ChartFilter | EarFilter:
        if self._filter is None:
            self._filter = (
                EarFilter(self._tables, self._meter, self._beat)
                if self._chart is None
                else ChartFilter(self._tables, self._chart, self._beat, self._anywhere)
            )
        return self._filter

    def _advance(self, beat: int) -> None:
        """The clock has come to a beat."""
        if self._filter is None:
            self._beat = beat
        here = self._now()
        while self._beat < beat:
            self._key.step(_chords(here))
            here.step()
            self._beat += 1
            soon, self._soon = self._soon, []
            for evidence in soon:
                self._weigh(self._beat, evidence)
            self._follow()

    def _follow(self) -> None:
        """Go to another bar of the form by the rule at the head of this module."""
        here = self._now()
        if isinstance(here, ChartFilter) and self._chart is not None:
            places, as_good, bar = here.places, here.as_good, self._beat // self._meter.beats
            best = max(range(len(places)), key=lambda place: (round(float(as_good[place]), 6), places[place]))
            doubted = as_good[(bar + self._shift) % len(places)] < LOST and as_good[best] > LIKELY
            shift = (best - bar) % len(places)
            sure = as_good[best] > SURE and as_good[(bar + self._shift) % len(places)] < 1 - SURE
            if (sure or doubted) and shift != self._shift:
                self._shift, self.placed_at = shift, self._beat
                self._placed = self._chart.moved(shift * self._meter.bar)

    # ------------------------------------------------------------ believing

    def belief(self, beat: float) -> Belief:
        """What is believed at a beat, by all that was heard before."""
        self._advance(floor(beat))
        self._follow()
        here = self._now()
        likeliest, probability = likeliest_of(_chords(here))
        if isinstance(here, EarFilter):
            return Belief(chord_of(likeliest), probability, NO_CHORD, "inside")
        return self._by_chart(here, likeliest, probability)

    def _by_chart(self, here: ChartFilter, likeliest: int, probability: float) -> Belief:
        assert self._placed is not None
        places, tick = here.as_good, self._beat * TICKS
        bar = (self._beat // self._meter.beats + self._shift) % len(places)
        expected, (change, coming) = self._placed.at(tick), self._placed.next(tick)
        if places[bar] < LOST and self._chart is not None:
            bar = int(here.places.argmax())
            expected = self._chart.at(bar * self._meter.bar + tick % self._meter.bar)
            return Belief(chord_of(likeliest), probability, expected, "lost", bar + 1, min(1.0, float(places[bar])))
        meant, place = index_of(expected), min(1.0, float(places[bar]))
        charted = 1 - probability if meant is None else float(_chords(here)[meant])
        if meant == likeliest or (probability <= LIKELY and charted > RULED_OUT):
            return Belief(expected, min(1.0, charted), expected, "inside", bar + 1, place)
        if meant is None:
            return Belief(chord_of(likeliest), probability, expected, "inside", bar + 1, place)
        if change - tick <= TICKS and index_of(coming) == likeliest:
            return Belief(coming, probability, expected, "anticipating", bar + 1, place)
        return Belief(chord_of(likeliest), probability, expected, "reharmonising", bar + 1, place)

    def hindsight(self, beats: int) -> Chord:
        """The chord of the beat so many (1 to 4) beats before the present one, by all that was heard since."""
        here = self._now()
        if isinstance(here, EarFilter):
            past = here.past(beats)
            return chord_of(likeliest_of(past[0])[0]) if len(past) == beats else NO_CHORD
        assert self._placed is not None
        return self._placed.at((self._beat - beats) * TICKS)

    # ------------------------------------------------------------ what to play on

    @property
    def changes(self) -> Changes:
        """What the proposer is given: the rule at the head of this module."""
        belief = self.belief(self._beat)
        if self._placed is None or belief.stance == "lost":
            return self._by_ear()
        if belief.stance == "reharmonising" and belief.probability > SURE:
            tick = self._beat * TICKS
            end = min(tick - tick % self._meter.bar + self._meter.bar, self._placed.next(tick)[0])
            return self._placed.replaced(tick, end, belief.chord)
        return self._placed

    def _by_ear(self) -> Changes:
        """The form as it came round, else the chord in force and the key region."""
        here, meter = self._now(), self._meter
        if not self._key.heard:
            return Changes((0,), (NO_CHORD,), meter.bar, meter)
        tonic = self._key.tonic()
        if isinstance(here, EarFilter) and (bars := here.form()):
            return heard_form(here.past(bars * meter.beats), self._beat, meter, tonic)
        likeliest, probability = likeliest_of(_chords(here))
        return heard_now(chord_of(likeliest) if probability > HEARD else tonic, self._beat, meter, tonic)


def _chords(here: ChartFilter | EarFilter) -> Floats:
    """The probability of each chord, (60,)."""
    chords: Floats = here.joint.sum(axis=0) if isinstance(here, ChartFilter) else here.belief
    return chords
