"""Which devices fit a phrase, and where: every sensible application, best first."""

from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate, pairwise

from sideslip.music.changes import Changes
from sideslip.music.devices.figure import enclosure, sequence
from sideslip.music.devices.leading import STRONG, come_home
from sideslip.music.devices.slip import LONGEST, SHORTEST, side_slip
from sideslip.music.devices.substitute import anticipate, backcycle, delay_resolution, tritone_substitution
from sideslip.music.devices.superimpose import pentatonic, triad_pair
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Phrase

Family = Callable[[Phrase, Changes], Iterator[Phrase]]
"""One device at all its places in a phrase, the best first."""

SLIPS = {
    1: "side-slip up a semitone",
    -1: "side-slip down a semitone",
    6: "side-slip by a tritone",
    -3: "side-slip down a minor third",
    3: "side-slip up a minor third",
    4: "side-slip up a major third",
    -4: "side-slip down a major third",
    2: "side-slip up a whole tone",
    -2: "side-slip down a whole tone",
}
SEQUENCES = {
    3: "sequence in minor thirds",
    -3: "sequence in minor thirds, falling",
    4: "sequence in major thirds",
    -4: "sequence in major thirds, falling",
    1: "sequence in semitones",
    -1: "sequence in semitones, falling",
}

LENGTH_COST = {3: 1.5, 4: 0.5, 5: 0.0, 6: 0.0, 7: 0.25, 8: 0.5}
"""By notes in the segment: three are hardly heard as a shift; the outside spans of the record have a median of five."""

SUPERIMPOSED = 6
"""Notes under a superimposed harmony: both triads of a pair once."""

CYCLES = (4, 3, 2)
"""Chords of a backcycle: two bars of half bars at best."""

REST_COST = 6.0
"""For a rest of a beat inside a segment or before home: nobody hears over it that a line has left or come back."""

STAY = 0.5
"""Share of shifted notes that may still be in the scale: of a whole tone up or down seldom so few are."""

_FIGURE_COST = {4: 0, 3: 1, 5: 2}
"""By notes in the figure."""


def _cuts(phrase: Phrase, changes: Changes, semitones: int) -> Iterator[tuple[int, int]]:
    """Segments to slip, best first, one for each place to come home to; half of their notes leave the scale.

    Liked: an exit that is a step into a guide tone as it stands, on a beat; notes that leave the chord's scale when
    shifted; the middle of the phrase; no rest of a beat inside.
    """
    notes = phrase.notes
    chords = [changes.at(note.onset) for note in notes]
    inside = [c.quality == "NC" or (n.pitch + semitones) % 12 in c.scale for n, c in zip(notes, chords, strict=True)]
    rests = [0, *(b.onset - a.end >= TICKS for a, b in pairwise(notes))]
    stays, breaks = [0, *accumulate(inside)], [0, *accumulate(rests)]
    ranked = []
    for last in range(SHORTEST, len(notes) - 1):
        entry = notes[last + 1]
        home = come_home([notes[last].pitch + semitones], notes[last].end, entry, changes)
        if home is None:
            continue
        arrival = home.cost + (changes.meter.strength(entry.onset) < STRONG) + REST_COST * rests[last + 1]
        ways = []
        for first in range(max(1, last - LONGEST + 1), last - SHORTEST + 2):
            length = last - first + 1
            stay = (stays[last + 1] - stays[first]) / length
            if stay <= STAY:
                cost = LENGTH_COST[length] + 8 * stay + REST_COST * (breaks[last + 1] - breaks[first + 1])
                ways.append((arrival + cost + abs(first + last - len(notes) + 1) / len(notes), first, last))
        if ways:
            ranked.append(min(ways))
    return ((first, last) for _, first, last in sorted(ranked))


def _fitting(made: Iterable[Phrase | None]) -> Iterator[Phrase]:
    return (phrase for phrase in made if phrase is not None)


def _side_slips(semitones: int) -> Family:
    def family(phrase: Phrase, changes: Changes) -> Iterator[Phrase]:
        cuts = _cuts(phrase, changes, semitones)
        return _fitting(side_slip(phrase, changes, semitones, *cut) for cut in cuts)

    return family


def _sequences(step: int) -> Family:
    def family(phrase: Phrase, changes: Changes) -> Iterator[Phrase]:
        onsets = [note.onset for note in phrase.notes]
        figures = [
            (onsets[first + length] - onsets[first] > 2 * TICKS, cost, first, length)
            for length, cost in _FIGURE_COST.items()
            for first in range(len(onsets) - length)
            if onsets[first] % TICKS == 0
        ]
        return _fitting(sequence(phrase, changes, first, length, step) for *_, first, length in sorted(figures))

    return family


def _enclosures(phrase: Phrase, changes: Changes) -> Iterator[Phrase]:
    def cost(index: int) -> tuple[bool, int]:
        note = phrase.notes[index]
        return abs(note.pitch - phrase.notes[max(0, index - 3)].pitch) > 7, -changes.meter.strength(note.onset)

    return _fitting(enclosure(phrase, changes, i) for i in sorted(range(1, len(phrase)), key=cost))


def _superimposed(device: Callable[[Phrase, Changes, int, int], Phrase | None]) -> Family:
    def family(phrase: Phrase, changes: Changes) -> Iterator[Phrase]:
        onsets = [note.onset for note in phrase.notes]
        firsts = range(1, len(phrase) - SUPERIMPOSED)

        def cost(first: int) -> tuple[bool, int]:
            return changes.at(onsets[first]) != changes.at(onsets[first + SUPERIMPOSED - 1]), onsets[first] % TICKS

        return _fitting(device(phrase, changes, i, i + SUPERIMPOSED - 1) for i in sorted(firsts, key=cost))

    return family


def _backcycles(phrase: Phrase, changes: Changes) -> Iterator[Phrase]:
    to = [tick for tick, _ in changes.between(phrase.start, phrase.end) if tick > phrase.start]
    return _fitting(backcycle(phrase, changes, tick, chords) for chords in CYCLES for tick in to)


def _at_changes(device: Callable[[Phrase, Changes, int], Phrase | None]) -> Family:
    def family(phrase: Phrase, changes: Changes) -> Iterator[Phrase]:
        places = [tick for tick, _ in changes.between(phrase.start, phrase.end)]
        return _fitting(device(phrase, changes, tick) for tick in places)

    return family


DEVICES: dict[str, Family] = {
    SLIPS[1]: _side_slips(1),
    "tritone substitution": _at_changes(tritone_substitution),
    SLIPS[-1]: _side_slips(-1),
    SEQUENCES[3]: _sequences(3),
    "superimposed triads": _superimposed(triad_pair),
    "backcycling": _backcycles,
    "superimposed pentatonic": _superimposed(pentatonic),
    "enclosure": _enclosures,
    SLIPS[6]: _side_slips(6),
    SEQUENCES[-4]: _sequences(-4),
    "delayed resolution": _at_changes(delay_resolution),
    SEQUENCES[1]: _sequences(1),
    SLIPS[-3]: _side_slips(-3),
    "anticipation": _at_changes(anticipate),
    SLIPS[3]: _side_slips(3),
    SEQUENCES[-3]: _sequences(-3),
    SLIPS[4]: _side_slips(4),
    SEQUENCES[4]: _sequences(4),
    SLIPS[-4]: _side_slips(-4),
    SEQUENCES[-1]: _sequences(-1),
    SLIPS[-2]: _side_slips(-2),
    SLIPS[2]: _side_slips(2),
}
"""By its name in words, what a device makes of a phrase (one note at a time), lazily and best first; the most telling
devices come first."""
