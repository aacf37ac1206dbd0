"""Notes by name, spelt as their degree asks for."""

import re

from sideslip.music.chord import Chord
from sideslip.music.pitch import parse_pitch_class, pitch_name

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
