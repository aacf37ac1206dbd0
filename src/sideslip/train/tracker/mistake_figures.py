"""What the ear for wrong notes is worth: how often it finds one that was planted, and one where none was.

Nobody has marked the wrong notes of these solos. So one is planted where none stands out: a long note on a beat moves
to a foreign neighbour a semitone away. Every phrase is judged by itself, as a call is, once a rest of a beat has
followed. What is found in the untouched solos may be a mistake, or meant.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np

from sideslip.listen.mistakes import LONG, stands_out, wrong_notes
from sideslip.music.changes import Changes
from sideslip.music.dialogue import WrongNote
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Note, Phrase
from sideslip.music.tension import CHROMATIC, foreign_at
from sideslip.train.solos import Solo


def figures(solos: Iterable[Solo], seed: int = 0) -> dict[str, float]:
    """All measures over the phrases of the solos, one note planted in each where there is room; shares are 0..1, and 0
    where nothing was counted. `seed` says which notes.

    `wrong_note_exposed` is the share of first chromatic notes (of runs in a phrase) that stand out, ornaments included;
    `wrong_note_per_100` and `wrong_note_open_per_100` are the wrong notes, and those unresolved, per 100 untouched
    notes over a chord; `wrong_note_planted` is how many were planted, the rest are shares of them: `_recognised`,
    `_recognised_open` (unresolved), and `_expected`, where the note that was replaced is among those expected.
    """
    rng = np.random.default_rng(seed)
    notes, first, exposed = 0, 0, 0
    found: list[WrongNote] = []
    planted: list[tuple[int, WrongNote | None]] = []  # the pitch that was replaced, and what was heard in its place
    for solo in solos:
        changes = solo.changes()
        for phrase in _phrases(solo):
            foreign, out = _chromatic(phrase, changes), _standing_out(phrase)
            begins = [here and not before for before, here in zip([False, *foreign], foreign, strict=False)]
            notes += sum(changes.at(note.onset).quality != "NC" for note in phrase)
            first += sum(begins)
            exposed += sum(a and b for a, b in zip(begins, out, strict=True))
            found += _heard(phrase, changes)
            if not any(a and b for a, b in zip(foreign, out, strict=True)):
                planted += _plant(phrase, changes, rng)
    heard = [(pitch, mistake) for pitch, mistake in planted if mistake]
    return {
        "wrong_note_exposed": exposed / max(1, first),
        "wrong_note_per_100": 100 * len(found) / max(1, notes),
        "wrong_note_open_per_100": 100 * sum(not mistake.resolved for mistake in found) / max(1, notes),
        "wrong_note_planted": len(planted),
        "wrong_note_recognised": len(heard) / max(1, len(planted)),
        "wrong_note_recognised_open": sum(not mistake.resolved for _, mistake in heard) / max(1, len(planted)),
        "wrong_note_expected": sum(pitch in mistake.expected for pitch, mistake in heard) / max(1, len(planted)),
    }


def _phrases(solo: Solo) -> Iterator[Phrase]:
    numbered = zip(solo.phrase.tolist(), solo.line(), strict=True)
    for _, notes in groupby(numbered, key=lambda pair: pair[0]):
        yield Phrase(tuple(note for _, note in notes))


def _chromatic(phrase: Phrase, changes: Changes) -> list[bool]:
    return [foreign_at(note.pitch, note.onset, changes) >= CHROMATIC for note in phrase]


def _standing_out(phrase: Phrase) -> list[bool]:
    return [stands_out(phrase.notes, i, phrase.end + TICKS) for i in range(len(phrase))]


def _heard(phrase: Phrase, changes: Changes) -> tuple[WrongNote, ...]:
    return wrong_notes(phrase, changes, phrase.end + TICKS)


def _plant(phrase: Phrase, changes: Changes, rng: np.random.Generator) -> Iterator[tuple[int, WrongNote | None]]:
    """Plant a wrong note where there is room for one; the pitch that it replaced, and what was heard of it."""
    places = [(i, wrong) for i, note in enumerate(phrase) for wrong in _neighbours(note, changes)]
    if places:
        index, wrong = places[rng.integers(len(places))]
        notes: Sequence[Note] = (*phrase.notes[:index], wrong, *phrase.notes[index + 1 :])
        mistakes = _heard(Phrase(tuple(notes)), changes)
        yield phrase.notes[index].pitch, next((mistake for mistake in mistakes if mistake.note == wrong), None)


def _neighbours(note: Note, changes: Changes) -> Iterator[Note]:
    """A long note on a beat, moved to each foreign pitch a semitone away."""
    if note.onset % TICKS == 0 and note.duration >= LONG:
        for pitch in (note.pitch - 1, note.pitch + 1):
            if foreign_at(pitch, note.onset, changes) >= CHROMATIC:
                yield replace(note, pitch=pitch)
