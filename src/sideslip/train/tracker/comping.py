"""Simulated comping, for want of recorded: a left hand that plays shells under an annotated solo."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sideslip.music.chord import Chord

STRUCK = 0.45
"""Share of beats on which the left hand strikes."""

WRONG = 0.05
"""Share of its notes that are wrong: another pitch class, any."""

_LOWEST = 40  # E2: roots lie in E2..Eb3, the rest of the shell above
_ROLL = 0.012  # beats between the notes of a shell


@dataclass(frozen=True, slots=True)
class Struck:
    """A note of the left hand: the beat it begins at and its MIDI pitch."""

    beat: float
    pitch: int


def shells(chords: Sequence[Chord], rng: np.random.Generator, rootless: bool = False) -> list[Struck]:
    """Root, third and seventh (sixth, fifth where there is none) of one chord a beat, on 45 % of the beats.

    `rootless` leaves the root to a bass player. Over no chord the hand rests.
    """
    struck = []
    for beat, chord in enumerate(chords):
        if rng.random() >= STRUCK or chord.quality == "NC":
            continue
        root = _LOWEST + (chord.root - _LOWEST) % 12
        above = [degree for degree in shell(chord) if degree or not rootless]
        for number, degree in enumerate(above):
            wrong = int(rng.integers(1, 12)) if rng.random() < WRONG else 0
            struck.append(Struck(beat + number * _ROLL, root + (degree + wrong) % 12))
    return struck


def shell(chord: Chord) -> tuple[int, ...]:
    """The degrees, in semitones above the root, of a chord's shell; half-diminished and diminished keep their fifth."""
    degrees = {(tone - chord.root) % 12 for tone in chord.tones}
    third = next((degree for degree in (3, 4, 5, 2) if degree in degrees), None)
    seventh = next((degree for degree in (10, 11, 9, 7, 8, 6) if degree in degrees), None)
    fifth = 6 if chord.quality in ("hdim", "dim") else None
    return tuple(dict.fromkeys(degree for degree in (0, third, fifth, seventh) if degree is not None))
