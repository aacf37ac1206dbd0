"""Bass and drums over the changes: a walking line of roots and fifths, and a ride cymbal.

Both depend only on where they are in the form, never on how the stretch was cut: the line from a to b followed by the
line from b to c is the line from a to c. So they can be laid down bar by bar, or a chorus at a time.

Pitches are MIDI numbers; for drums they name General MIDI percussion.
"""

from collections.abc import Iterator, Mapping
from math import ceil
from types import MappingProxyType
from typing import NamedTuple

from sideslip.music.changes import Changes
from sideslip.music.chord import Chord
from sideslip.music.meter import TICKS, Meter
from sideslip.music.phrase import Note, Phrase


class Part(NamedTuple):
    """Where a part sounds: MIDI channel 0..15 and General MIDI program 0..127 (the drum channel ignores it)."""

    channel: int
    program: int


PARTS: Mapping[str, Part] = MappingProxyType(
    {
        "player": Part(0, 0),  # acoustic grand piano
        "partner": Part(1, 66),  # tenor saxophone
        "bass": Part(2, 32),  # acoustic bass
        "drums": Part(9, 0),
    }
)

RIDE, HI_HAT, KICK = 51, 44, 36
"""General MIDI percussion: ride cymbal 1, pedal hi-hat, bass drum 1."""

MISSED = 0.03
"""Seconds after its moment at which a note is better left out than played: where the beat is found late."""

_LOWEST_ROOT = 29
"""F1. Roots lie in F1..E2, so octaves above and semitones below stay within the double bass's E1..G3 (28..55)."""

_RISING = (("fifth", "octave"), ("third", "fifth"))
"""What follows the root, in even and in odd bars, on the way up to the next root."""
_FALLING = ("fifth", "third")

_FIFTHS = (7, 6, 8)
_THIRDS = (4, 3, 5, 2)
"""Semitones above the root that can serve as the chord's fifth and third, the first that it holds wins."""


def pulses(meter: Meter) -> tuple[int, ...]:
    """The ticks of a bar on which its pulse falls.

    Every beat of a simple metre; groups of three in compound ones (6/8, 9/8, 12/8); groups of two with a last group of
    three in the odd ones over 8 or 16 (7/8 is 2 + 2 + 3).
    """
    if meter.unit < 8 or meter.beats <= 3:
        return tuple(range(0, meter.bar, TICKS))
    if meter.beats % 3 == 0:
        return tuple(range(0, meter.bar, 3 * TICKS))
    return tuple(range(0, meter.bar - TICKS, 2 * TICKS))


class RhythmSection:
    """Bass and drums, invented bar by bar up to the tick at which the gig `ends`."""

    def __init__(self, meter: Meter, ends: int | None) -> None:
        self._bar, self._ends = meter.bar, ends
        self._from = self._to = 0

    @property
    def invented_to(self) -> float:
        """The beat up to which there is music."""
        return self._to / TICKS

    def begin(self, beat: float) -> None:
        """Start at a beat, in bar 1 at the earliest, with the bar that it is in."""
        self._from = max(0, ceil(beat * TICKS))
        self._to = self._from // self._bar * self._bar

    def next_bar(self, changes: Changes) -> dict[str, Phrase]:
        """What each part plays in the next bar."""
        start, self._to = max(self._from, self._to), self._to + self._bar
        end = self._to if self._ends is None else min(self._to, self._ends)
        return {"bass": bass(changes, start, end), "drums": drums(changes.meter, start, end)}


def drums(meter: Meter, start_tick: int, end_tick: int) -> Phrase:
    """Ride on the pulse with a skip note before every other one, hi-hat on 2 and 4, a feathered bass drum.

    Covers start <= tick < end. The skip note is written on the last triplet of a beat (on the last eighth of a compound
    pulse): drummers swing wider than soloists.
    """
    bars = range(start_tick // meter.bar, -(-end_tick // meter.bar))
    return Phrase.of(hit.moved(ticks=bar * meter.bar) for bar in bars for hit in _drum_bar(meter)).between(
        start_tick, end_tick
    )


def _drum_bar(meter: Meter) -> Iterator[Note]:
    places = pulses(meter)
    for number, (place, after) in enumerate(zip(places, (*places[1:], meter.bar), strict=True)):
        backbeat = number % 2 == 1
        yield Note(place, RIDE, TICKS // 2, 84 if backbeat else 74)
        if not backbeat:
            yield Note(place, KICK, TICKS // 4, 38)
            continue
        yield Note(place, HI_HAT, TICKS // 4, 72)
        skip = place + 2 * TICKS // 3 if after - place == TICKS else after - TICKS
        yield Note(skip, RIDE, TICKS // 3, 62)


def bass(changes: Changes, start_tick: int, end_tick: int) -> Phrase:
    """A walking line for start <= tick < end, within E1..G3 (MIDI 28..55).

    Every chord and every bar starts on the root (on the note under the slash where there is one); the last pulse before
    a new root leads into it by a semitone. Rests where there is no chord.
    """
    notes: list[Note] = []
    tick = max(changes.began(start_tick), start_tick - start_tick % changes.meter.bar)
    while tick < end_tick:
        after = _next_landing(changes, tick)
        notes.extend(_walk(changes, tick, after))
        tick = after
    return Phrase(tuple(notes)).between(start_tick, end_tick)


def _next_landing(changes: Changes, tick: int) -> int:
    """Where the next root is due: the next chord or the next bar."""
    return min(changes.next(tick)[0], tick - tick % changes.meter.bar + changes.meter.bar)


def _walk(changes: Changes, start: int, end: int) -> Iterator[Note]:
    """One chord's notes within one bar."""
    chord, following = changes.at(start), changes.at(end)
    if not chord.tones:
        return
    meter = changes.meter
    places = _places(meter, start, end)
    pitches = _pitches(chord, following, len(places), meter.bar_of(start))
    for place, after, pitch in zip(places, (*places[1:], end), pitches, strict=True):
        yield Note(place, pitch, max(after - place - 1, 1), 88 if place == start else 80)


def _places(meter: Meter, start: int, end: int) -> list[int]:
    """The chord's start and the pulses within it that leave room of at least half a beat on both sides."""
    bar = start - start % meter.bar
    room = TICKS // 2
    return [start, *(bar + pulse for pulse in pulses(meter) if start + room <= bar + pulse <= end - room)]


def _pitches(chord: Chord, following: Chord, count: int, bar: int) -> list[int]:
    root, target = _low(chord.bass), _low(following.bass)
    steps = _FALLING if target < root else _RISING[bar % 2]
    above = {"third": _above(chord, _THIRDS), "fifth": _above(chord, _FIFTHS), "octave": 12}
    line = [root, *(root + above[steps[index % 2]] for index in range(count - 1))]
    if count > 1 and following.tones and target != root:
        line[-1] = _approach(target, line[-2])
    return line


def _approach(target: int, before: int) -> int:
    """The semitone beside a target on the side that the line comes from; the other, rather than repeat a note."""
    near, far = (target + 1, target - 1) if before > target else (target - 1, target + 1)
    return far if near == before else near


def _low(pitch_class: int) -> int:
    return _LOWEST_ROOT + (pitch_class - _LOWEST_ROOT) % 12


def _above(chord: Chord, choices: tuple[int, ...]) -> int:
    """Semitones from the bass note up to the first choice that the chord holds; a perfect fifth if it holds none."""
    held = {(tone - chord.bass) % 12 for tone in chord.tones}
    return next((choice for choice in choices if choice in held), 7)
