"""Notes by name, spelt as their degree asks for."""

import re
from collections.abc import Sequence

from sideslip.music.chord import Chord
from sideslip.music.pitch import parse_pitch_class, pitch_name

SHARP_COST = 0.1
"""Flats are the jazz custom where nothing else tells."""

_READ_AS = ((0, 7), (1, 0.5), (1,), (2,), (2,), (3,), (3, 4), (4,), (5,), (5,), (6,), (6,))
"""Letters from name to name, by semitones; a semitone may also stay on its letter, at half the price of a wrong one."""

_LETTERS = "CDEFGAB"
_SIGNS = {-1: "b", 0: "", 1: "#"}


def spelt(pitch: int, chord: Chord) -> str:
    """The name of a pitch over a chord: the 3rd of D7 is F#, the 3rd of Ebm7 Gb. Without a chord, with flats."""
    degree = chord.degree(pitch % 12)
    if not degree:
        return pitch_name(pitch)
    number = re.search(r"\d+", degree)
    steps = int(number[0]) - 1 if number else 0  # "root" has no number
    letter = _LETTERS[(_LETTERS.index(chord.symbol[0]) + steps) % 7]
    sign = (pitch - parse_pitch_class(letter) + 6) % 12 - 6
    return letter + _SIGNS[sign] if sign in _SIGNS else pitch_name(pitch, flats=chord.symbol[1:2] not in ("#", "♯"))


def in_line(pitches: Sequence[int], chords: Sequence[Chord]) -> list[str]:
    """The names of the notes of a line, each over its chord: the notes of the chord's scale as their degrees ask for,
    the others with a flat or a sharp so that steps and thirds can be read as such: over G7 Gb Ab C Bb, over C7 D F# A.
    """
    costs: dict[str, tuple[float, list[str]]] = {"": (0.0, [])}
    last = 0
    for pitch, chord in zip(pitches, chords, strict=True):
        names = _names(pitch, chord)
        costs = {
            name: min((cost + SHARP_COST * ("#" in name) + _misread(way, name, pitch - last), [*way, name])
                      for cost, way in costs.values())
            for name in names
        }  # fmt: skip
        last = pitch
    return min(costs.values())[1]


def _names(pitch: int, chord: Chord) -> tuple[str, ...]:
    if pitch % 12 in chord.scale:
        return (spelt(pitch, chord),)
    return tuple(dict.fromkeys((pitch_name(pitch), pitch_name(pitch, flats=False))))


def _misread(way: Sequence[str], name: str, semitones: int) -> float:
    """How many letters an interval seems to be off, from the last name to this one."""
    if not way:
        return 0.0
    letters = (_LETTERS.index(name[0]) - _LETTERS.index(way[-1][0])) * (1 if semitones >= 0 else -1) % 7
    return min(abs(letters - likely) for likely in _READ_AS[abs(semitones) % 12])
