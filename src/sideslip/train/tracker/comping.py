"""Simulated comping, for want of recorded: a left hand that plays shells under an annotated solo."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sideslip.music.chord import Chord

STRUCK = 0.45
"""Share of beats on which the left hand strikes."""

WRONG = 0.05
"""Share of its notes that are wrong: another pitch class, any."""

TONES = 0.6
"""Share of chord tones in a walking bass, beside the roots with which chords begin."""

EIGHTH = 0.38
"""Beats by which a swung eighth before a beat comes early."""

_LOWEST = 40  # E2: roots lie in E2..Eb3, the rest of the shell above
_ROLL = 0.012  # beats between the notes of a shell


@dataclass(frozen=True, slots=True)
class Struck:
    """A note of the left hand: the beat it begins at and its MIDI pitch."""

    beat: float
    pitch: int


@dataclass(frozen=True, slots=True)
class Style:
    """A way to comp: which degrees, how much higher (semitones), which share of strikes is pushed by an eighth, and
    whether all is built upon the first degree or lies within an octave of the root."""

    voicing: Callable[[Chord], tuple[int, ...]]
    higher: int = 0
    pushed: float = 0.0
    built_up: bool = False


def shells(chords: Sequence[Chord], rng: np.random.Generator, style: str = "shells") -> list[Struck]:
    """The voicing of one chord a beat, on 45 % of the beats, in one of the `STYLES`; over no chord the hand rests."""
    struck, way = [], STYLES[style]
    for beat, chord in enumerate(chords):
        if rng.random() >= STRUCK or chord.quality == "NC":
            continue
        early = EIGHTH if way.pushed and rng.random() < way.pushed else 0.0
        root = _LOWEST + (chord.root - _LOWEST) % 12 + way.higher
        low = None
        for number, degree in enumerate(way.voicing(chord)):
            wrong = int(rng.integers(1, 12)) if rng.random() < WRONG else 0
            pitch = root + (degree + wrong) % 12
            pitch += 12 * (way.built_up and low is not None and pitch < low)
            low = pitch if low is None else low
            struck.append(Struck(beat - early + number * _ROLL, pitch))
    return struck


def shell(chord: Chord) -> tuple[int, ...]:
    """The degrees, in semitones above the root, of a chord's shell; half-diminished and diminished keep their fifth."""
    degrees = {(tone - chord.root) % 12 for tone in chord.tones}
    third = next((degree for degree in (3, 4, 5, 2) if degree in degrees), None)
    seventh = next((degree for degree in (10, 11, 9, 7, 8, 6) if degree in degrees), None)
    fifth = 6 if chord.quality in ("hdim", "dim") else None
    return tuple(dict.fromkeys(degree for degree in (0, third, fifth, seventh) if degree is not None))


def walking(chords: Sequence[Chord], rng: np.random.Generator) -> list[Struck]:
    """A left hand that walks, a note a beat: the root where the chord begins, then three notes of five chord tones, the
    others any of its octave."""
    struck = []
    for beat, chord in enumerate(chords):
        if chord.quality == "NC":
            continue
        root = _LOWEST + (chord.root - _LOWEST) % 12
        tones = [(tone - chord.root) % 12 for tone in chord.tones]
        degree = int(rng.choice(tones)) if rng.random() < TONES else int(rng.integers(0, 12))
        struck.append(Struck(float(beat), root + (0 if beat == 0 or chord != chords[beat - 1] else degree)))
    return struck


def _rootless(chord: Chord) -> tuple[int, ...]:
    return tuple(degree for degree in shell(chord) if degree)


def _four(chord: Chord) -> tuple[int, ...]:
    """Third, fifth, seventh and ninth from the bottom: a rootless A."""
    third, *_, seventh = _rootless(chord)
    fifth = 6 if chord.quality in ("hdim", "dim") else 7
    return third, fifth, seventh, 2 if chord.quality not in ("hdim", "dim") else 0


STYLES: Mapping[str, Style] = {
    "shells": Style(shell),
    "rootless": Style(_rootless),
    "high": Style(shell, higher=12),
    "four": Style(_four, built_up=True),
    "pushed": Style(shell, pushed=0.5),
    "offbeat": Style(shell, pushed=1.0),
}
"""Ways to comp by name; "shells" is what the headline figures are measured with."""
