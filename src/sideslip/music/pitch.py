"""Pitch classes and their names. 0 = C, upwards in semitones to 11 = B; enharmonic spellings are one pitch class."""

import re

from sideslip.errors import ChordError

FLAT_NAMES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
SHARP_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
DEGREE_NAMES = ("root", "b9", "9th", "#9", "3rd", "11th", "#11", "5th", "b13", "13th", "7th", "major 7th")
"""What a player calls a note by its semitones above the root of a dominant chord."""

LOWEST, HIGHEST = 48, 88
"""MIDI pitches that the partner, which plays like a horn, keeps to: 99 of 100 notes of the Weimar Jazz Database."""

_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_SIGNS = {"": 0, "b": -1, "♭": -1, "#": 1, "♯": 1, "bb": -2, "♭♭": -2, "##": 2, "♯♯": 2}
_NAME = re.compile(r"([A-G])(bb|##|♭♭|♯♯|[b#♭♯]?)")
_PITCH = re.compile(_NAME.pattern + "(-?[0-9])")


def parse_pitch_class(name: str) -> int:
    """The pitch class of a note name such as "Bb", "F#" or "E♭". Raises ChordError for anything else."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise ChordError(f"a note name is A to G with b or #, such as Bb or F#; found {name[:20]!r}")
    return (_LETTERS[match[1]] + _SIGNS[match[2]]) % 12


def parse_pitch(name: str) -> int:
    """The MIDI pitch of a note name with its octave, such as "Bb3"; C4 is 60. Raises ChordError for anything else."""
    match = _PITCH.fullmatch(name)
    pitch = 12 * (int(match[3]) + 1) + _LETTERS[match[1]] + _SIGNS[match[2]] if match else -1
    if not 0 <= pitch <= 127:
        raise ChordError(f"a pitch is a note name with its octave, C-1 to G9, such as Bb3; found {name[:20]!r}")
    return pitch


def pitch_name(pc: int, flats: bool = True) -> str:
    """The name of a pitch or pitch class, with flats (the jazz custom) or with sharps."""
    return (FLAT_NAMES if flats else SHARP_NAMES)[pc % 12]


def degree_name(pc: int, root: int) -> str:
    """The name of a pitch or pitch class as a degree above a root: "3rd", "b9", "#11"."""
    return DEGREE_NAMES[(pc - root) % 12]
