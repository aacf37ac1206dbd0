"""Places outside of which it is known what they are: devices applied to real phrases that stay inside.

Beside the devices of `music.devices` there are four plain ones, so that what the record has and the partner does not
play is planted too: the altered scale and blue notes over dominants, chromatic runs, and notes drawn at random.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from sideslip.music.changes import Changes
from sideslip.music.devices import DEVICES
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Phrase
from sideslip.music.scale import SCALES
from sideslip.outside.explanations import BLUES
from sideslip.outside.guesses import PRIOR, UNEXPLAINED, Guess, guesses
from sideslip.outside.hearing import Hearing, hear
from sideslip.outside.lines import Lines
from sideslip.outside.spans import Span, whole
from sideslip.outside.tables import ListeningTables
from sideslip.train.controller.slips import INSIDE_ENOUGH
from sideslip.train.listening import INSIDE_STYLES
from sideslip.train.solos import Solo

FEWEST, MOST = 10, 40
"""Notes of a phrase into which something is planted."""

DEVICES_A_PHRASE = 8
"""How many of all devices are tried on each phrase, drawn anew."""

WAYS = 4
"""The best places of a device, of which one is drawn."""

LENGTHS = (4, 8)
"""Notes of a plain device: at least, and fewer than."""

Plant = Callable[[Phrase, Changes, np.random.Generator], Phrase | None]

ALIKE = {"side-slip by a tritone": "tritone substitution", "tritone substitution": "side-slip by a tritone"}
"""Over a dominant the two are one, and only one of them is guessed at."""

OTHER_NAMES: Mapping[str, frozenset[str]] = {
    "superimposed pentatonic": frozenset({"side-slip up a semitone", "tritone substitution"}),
    "superimposed triads": frozenset({"altered dominant", "tritone substitution"}),
    "tritone substitution": frozenset({"altered dominant"}),
    "altered dominant": frozenset({"tritone substitution"}),
}
"""What else a device may be called without being wrong: pentatonics that are superimposed lie a semitone above those at
home, over dominants a tritone away; the triads over dominants are those of the altered scale, and that is the scale of
the substitute."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A device planted into a phrase of a solo, and the guesses at the place where it is heard; none if it is not."""

    solo: str
    name: str
    guesses: tuple[Guess, ...]

    @property
    def names(self) -> frozenset[str]:
        """All that it may be called."""
        return OTHER_NAMES.get(self.name, frozenset()) | {self.name}


def planted(solos: Sequence[Solo], tables: ListeningTables, rng: np.random.Generator) -> Iterator[Planted]:
    """Devices planted into all phrases of inside styles that stay inside."""
    plants = {**{name: _device(name) for name in DEVICES}, **PLAIN}
    for solo in solos:
        for phrase, changes in phrases(solo):
            if float(hear(Lines.over(changes, [phrase]), tables).static[0]) > INSIDE_ENOUGH:
                continue
            for name in rng.choice(list(plants), DEVICES_A_PHRASE, replace=False).tolist():
                made = plants[name](phrase, changes, rng)
                if made is not None and made != phrase:
                    found = _guessed(phrase, made, changes, tables)
                    yield Planted(solo.id, _told(family(name), found), found)


def phrases(solo: Solo) -> Iterator[tuple[Phrase, Changes]]:
    """The phrases of a solo in an inside style, as annotated, each with its changes on the bars of the tune."""
    if solo.style not in INSIDE_STYLES or not solo.changes().has_chords:
        return
    line, changes = solo.line(), solo.changes()
    places = (solo.bar - 1) * solo.meter.beats + solo.beat - 1
    early = places - np.arange(len(places))
    for notes in np.split(np.arange(len(solo)), np.flatnonzero(np.diff(solo.phrase)) + 1):
        phrase = Phrase(line.notes[notes[0] : notes[-1] + 1])
        first, last = phrase.start // TICKS, min(len(early) - 1, phrase.end // TICKS)
        if FEWEST <= len(phrase) <= MOST and early[first] == early[last]:
            ticks = TICKS * int(early[first])
            yield phrase.moved(ticks), changes.moved(-ticks)


def family(name: str) -> str:
    """What a device is called among the guesses."""
    if name == "enclosure":
        return "approach notes"
    return next(known for known in PRIOR if name.startswith(known))


def _told(name: str, found: Sequence[Guess]) -> str:
    """The name, or its twin where only that is guessed at."""
    among = {guess.name for guess in found}
    return ALIKE[name] if found and name not in among and name in ALIKE else name


def _guessed(before: Phrase, after: Phrase, changes: Changes, tables: ListeningTables) -> tuple[Guess, ...]:
    """The guesses at the place outside that has most of what was changed; half of its notes at least."""
    hearing = hear(Lines.over(changes, [after]), tables)
    ticks = [note.onset for note in set(before.notes) ^ set(after.notes)]
    spans = [whole(span, hearing.shift.smoothed[0]) for span in hearing.spans(0)]
    counts = [(_within(hearing, span, min(ticks), max(ticks)), -span.first, span) for span in spans]
    most, _, span = max(counts, default=(0, 0, Span(0, 0)), key=lambda each: each[:2])
    return guesses(hearing, 0, span) if 2 * most > span.last - span.first else ()


def _within(hearing: Hearing, span: Span, start: int, end: int) -> int:
    onsets = hearing.lines.onset[0, span.first : span.last + 1]
    return int(((onsets >= start) & (onsets <= end)).sum())


def _device(name: str) -> Plant:
    def plant(phrase: Phrase, changes: Changes, rng: np.random.Generator) -> Phrase | None:
        ways = list(islice(DEVICES[name](phrase, changes), WAYS))
        return ways[rng.integers(len(ways))] if ways else None

    return plant


def _part(phrase: Phrase, rng: np.random.Generator) -> tuple[int, int]:
    """First note, and the first after, of a part within a phrase."""
    length = int(rng.integers(*LENGTHS))
    first = int(rng.integers(1, len(phrase) - length))
    return first, first + length


def _with_pitches(phrase: Phrase, first: int, pitches: Sequence[int]) -> Phrase:
    notes = list(phrase.notes)
    for i, pitch in enumerate(pitches, first):
        notes[i] = replace(notes[i], pitch=pitch)
    return Phrase(tuple(notes))


def _over_dominants(degrees: Sequence[int]) -> Plant:
    """Notes over a dominant led to the nearest of some degrees."""

    def plant(phrase: Phrase, changes: Changes, rng: np.random.Generator) -> Phrase | None:
        first, end = _part(phrase, rng)
        notes = phrase.notes[first:end]
        roots = {changes.at(note.onset).root for note in notes}
        if len(roots) > 1 or any(changes.at(note.onset).quality != "dom" for note in notes):
            return None
        wanted = {(root + degree) % 12 for root in roots for degree in degrees}
        nearest = [min((p for p in range(128) if p % 12 in wanted), key=lambda p: abs(p - n.pitch)) for n in notes]
        return _with_pitches(phrase, first, nearest)

    return plant


def _run(phrase: Phrase, changes: Changes, rng: np.random.Generator) -> Phrase:
    first, end = _part(phrase, rng)
    step, home = int(rng.choice((-1, 1))), phrase.notes[end].pitch
    return _with_pitches(phrase, first, [home - step * (end - i) for i in range(first, end)])


def _random(phrase: Phrase, changes: Changes, rng: np.random.Generator) -> Phrase:
    first, end = _part(phrase, rng)
    moves = rng.choice((-4, -3, -2, -1, 1, 2, 3, 4), end - first).tolist()
    return _with_pitches(phrase, first, [phrase.notes[first + i].pitch + move for i, move in enumerate(moves)])


PLAIN: Mapping[str, Plant] = {
    "altered dominant": _over_dominants(SCALES["altered"]),
    "blue notes": _over_dominants(BLUES),
    "chromatic run": _run,
    UNEXPLAINED: _random,
}
"""Devices that only the test of the ear knows."""
