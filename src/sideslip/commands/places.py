"""Places where a line leaves the changes: what each sounds like and how it comes home, as figures and as a table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sideslip.music.changes import Changes
from sideslip.music.meter import TICKS, Meter
from sideslip.music.phrase import Note
from sideslip.outside.guesses import Guess, guesses
from sideslip.outside.hearing import Hearing
from sideslip.outside.spans import landing, whole
from sideslip.outside.spelling import in_line, spelt
from sideslip.outside.wording import meant, note_words

LEAST = 0.01
"""Guesses less likely than this are not told of."""

STEP = 2
"""Semitones of a step at most."""

NOT_HOME = "not within the phrase"

HEADINGS = ("from", "to", "over", "heard as", "or", "comes home", "notes")


@dataclass(frozen=True, slots=True)
class Place:
    """A span outside: its notes, what it may have been (likeliest first), the note after it and the first chord tone
    after it; None where the phrase ends before."""

    notes: tuple[Note, ...]
    guesses: tuple[Guess, ...]
    left_to: Note | None
    home: Note | None

    @property
    def start(self) -> int:
        """Onset of the first note, ticks."""
        return self.notes[0].onset

    @property
    def last(self) -> Note:
        """The last note."""
        return self.notes[-1]

    @property
    def by(self) -> str:
        """How it is left: by step, by leap, or on the same note; "" where the phrase ends."""
        if self.left_to is None:
            return ""
        size = abs(self.left_to.pitch - self.last.pitch)
        return "step" if 0 < size <= STEP else "leap" if size else "repeat"

    def beats_to(self, note: Note) -> float:
        """Beats from the onset of the last note outside."""
        return (note.onset - self.last.onset) / TICKS


def places(hearing: Hearing, row: int, notes: Sequence[Note]) -> tuple[Place, ...]:
    """The places outside of one line of a hearing, in order; `notes` are those of the line."""
    found = []
    for span in (whole(span, hearing.shift.smoothed[row]) for span in hearing.spans(row)):
        home = landing(span, hearing.outsideness.chord_tone[row])
        after = notes[span.last + 1] if span.last + 1 < len(notes) else None
        within = tuple(notes[span.first : span.last + 1])
        found.append(Place(within, guesses(hearing, row, span), after, None if home is None else notes[home]))
    return tuple(found)


def figures(place: Place, changes: Changes) -> dict[str, Any]:
    """A place for programs."""
    return {
        "from": _at(place.start, changes.meter),
        "to": _at(place.last.onset, changes.meter),
        "chords": _chords(place, changes),
        "notes": _names(place, changes),
        "pitches": [note.pitch for note in place.notes],
        "heard_as": [
            {"name": guess.words, "probability": round(guess.probability, 3)}
            for guess in place.guesses
            if guess.probability >= LEAST
        ],
        "left_by": place.by or None,
        "left_to": place.left_to and _arrival(place, place.left_to, changes),
        "home": place.home and _arrival(place, place.home, changes),
    }


def totals(found: Sequence[Place]) -> dict[str, Any]:
    """How many there are, how many come home, how many of these by a step, and what they are by all probabilities."""
    at_home = [place for place in found if place.home is not None]
    expected: dict[str, float] = {}
    for guess in (guess for place in found for guess in place.guesses):
        expected[guess.name] = expected.get(guess.name, 0.0) + guess.probability
    ranked = sorted(expected.items(), key=lambda pair: -pair[1])
    return {
        "places_outside": len(found),
        "come_home": len(at_home),
        "by_step": sum(place.by == "step" and place.home == place.left_to for place in at_home),
        "heard_as": {name: round(count, 2) for name, count in ranked if count >= LEAST},
    }


def table(found: Sequence[Place], changes: Changes) -> Iterator[str]:
    """The places as lines of text in columns, headings first."""
    rows = [HEADINGS, *(_row(place, changes) for place in found)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(("", *cells)).rstrip()


def _row(place: Place, changes: Changes) -> tuple[str, ...]:
    likeliest, rival = (f"{guess.words} {guess.probability:.0%}" for guess in place.guesses[:2])
    return (
        _bar_and_beat(place.start, changes.meter),
        _bar_and_beat(place.last.onset, changes.meter),
        " ".join(_chords(place, changes)),
        likeliest,
        rival,
        comes_home(place, changes),
        " ".join(_names(place, changes)),
    )


def comes_home(place: Place, changes: Changes) -> str:
    """How a place is left, in words: by step or leap, to which degree, after how many beats."""
    if place.left_to is None:
        return NOT_HOME
    left = f"by {place.by} to {_note(place.left_to, changes)}" if place.by != "repeat" else "on the same note"
    if place.home is None:
        return f"{NOT_HOME}; left {left}"
    beats = place.beats_to(place.home)
    when = f", after {beats:.3g} beat{'' if beats == 1 else 's'}"
    if place.home == place.left_to:
        return left + when
    return f"{left}; home on {_note(place.home, changes)}{when}"


def _note(note: Note, changes: Changes) -> str:
    chord = meant(note, changes)
    return note_words(note, chord, f" of {chord.symbol}")


def _arrival(place: Place, note: Note, changes: Changes) -> dict[str, Any]:
    chord = meant(note, changes)
    return {
        "note": spelt(note.pitch, chord),
        "degree": chord.degree(note.pitch) or None,
        "chord": chord.symbol,
        **_at(note.onset, changes.meter),
        "after_beats": round(place.beats_to(note), 3),
    }


def _at(tick: int, meter: Meter) -> dict[str, Any]:
    return {"bar": meter.bar_of(tick), "beat": round(meter.beat_of(tick), 3)}


def _bar_and_beat(tick: int, meter: Meter) -> str:
    return f"{meter.bar_of(tick)}:{meter.beat_of(tick):.3g}"


def _chords(place: Place, changes: Changes) -> list[str]:
    return [chord.symbol for _, chord in changes.between(place.start, place.last.onset + 1)]


def _names(place: Place, changes: Changes) -> list[str]:
    return in_line([note.pitch for note in place.notes], [changes.at(note.onset) for note in place.notes])
