"""The sixty chords that an ear tells apart: twelve roots in five families.

What is played tells root, third, fifth and seventh; whether a dominant was meant altered or suspended it tells too
rarely to keep them apart. A chord is named by its index: 5 * root + family.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sideslip.music.chord import Chord, parse_chord
from sideslip.music.pitch import pitch_name

Floats = NDArray[np.float64]

FAMILIES = ("maj", "min", "dom", "hdim", "dim")
CHORDS = 12 * len(FAMILIES)

DOMINANT = FAMILIES.index("dom")

_FAMILY_OF: Mapping[str, int] = {
    **{family: index for index, family in enumerate(FAMILIES)},
    "maj7": 0,
    "aug": 0,
    "min7": 1,
    "domalt": DOMINANT,
    "sus": DOMINANT,
}
_SUFFIXES = ("maj7", "m7", "7", "m7b5", "dim7")


def index_of(chord: Chord) -> int | None:
    """The index of a chord; None for no chord."""
    if chord.quality == "NC":
        return None
    return len(FAMILIES) * chord.root + _FAMILY_OF[chord.quality]


def chord_of(index: int) -> Chord:
    """The plain chord of an index: maj7, m7, 7, m7b5 or dim7, spelt with flats."""
    root, family = divmod(index, len(FAMILIES))
    return parse_chord(pitch_name(root) + _SUFFIXES[family])


def over_chords(by_family: Floats) -> Floats:
    """What is known of (..., family, degree) as (..., pitch class, chord)."""
    pitch, root = np.arange(12)[:, None], np.arange(12)[None, :]
    by_root = np.moveaxis(by_family[..., (pitch - root) % 12], -3, -1)  # (..., pitch, root, family)
    return by_root.reshape(*by_root.shape[:-2], CHORDS)


def chord_moves(by_family: Floats) -> Floats:
    """P(next chord | chord) where it changes, (60, 60), from P(root step, family | family) (5, 12, 5): in every key."""
    kinds = len(FAMILIES)
    moves = np.zeros((12, kinds, 12, kinds))
    for root in range(12):
        for step in range(12):
            moves[root, :, (root + step) % 12, :] = by_family[:, step, :]
    flat: Floats = moves.reshape(CHORDS, CHORDS)
    np.fill_diagonal(flat, 0.0)
    flat /= flat.sum(axis=1, keepdims=True)
    return flat
