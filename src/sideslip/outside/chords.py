"""How far outside each degree lies, chord quality by chord quality: the domain tables of the ear.

Degrees are semitones above the root. Source: a study of the Weimar Jazz Database (456 solos), set down before
measuring.
"""

import numpy as np

from sideslip.music.chord import Chord

QUALITIES = ("maj", "dom", "domalt", "min7", "min", "sus", "hdim", "dim", "aug")
"""Rows of the tables below."""

NO_QUALITY = len(QUALITIES)
"""The row of "no chord": nothing is outside where nothing is inside."""

_ROW_OF = {quality: row for row, quality in enumerate(QUALITIES)} | {"maj7": 0, "NC": NO_QUALITY}

# fmt: off
_BASE_TABLE = (
    # 1   b2   2    b3   3    4    #4   5    b6   6    b7   7
    ( 0, 1.0, .10, .50,  0,  .30, .30,  0,  .90, .05, .60, .05),  # maj
    ( 0, .50, .10, .40,  0,  .25, .45,  0,  .50, .10,  0,  .90),  # dom
    ( 0, .10, .40, .10,  0,  .25, .20, .10, .10, .50,  0,  .90),  # domalt
    ( 0, .90, .10,  0,  .90, .10, .60,  0,  .50, .15,  0,  .70),  # min7
    ( 0, 1.0, .10,  0,  .90, .15, .60,  0,  .40, .10, .20, .15),  # min
    ( 0, .60, .10, .40, .30,  0,  .90,  0,  .60, .10,  0,  .90),  # sus
    ( 0, .30, .30,  0,  .90, .10,  0,  .60, .15, .60,  0,  .80),  # hdim
    ( 0, .70, .10,  0,  .70, .10,  0,  .70, .10,  0,  .70, .10),  # dim
    ( 0, .50, .10, .60,  0,  .50, .10, .30,  0,  .40, .10, .30),  # aug
)
_CHORD_TONES = (
    (0, 4, 7, 11), (0, 4, 7, 10), (0, 4, 7, 8, 10), (0, 3, 7, 10), (0, 3, 7, 9, 11),
    (0, 5, 7, 10), (0, 3, 6, 10), (0, 3, 6, 9), (0, 4, 8),
)  # fmt: skip
_GUIDE_TONES = (
    (4, 9, 11), (4, 10), (4, 10), (3, 10), (3, 9, 11),
    (5, 10), (3, 6, 10), (3, 6, 9), (4, 8),
)
# fmt: on

CHROMATIC = 0.4
"""A note at least this foreign is "chromatic": it wants to be resolved."""


def _marked(rows: tuple[tuple[int, ...], ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    table = np.zeros((len(QUALITIES) + 1, 12), dtype=np.bool_)
    for row, degrees in enumerate(rows):
        table[row, list(degrees)] = True
    return table


BASE = np.array([*_BASE_TABLE, (0,) * 12], dtype=np.float64)
"""(10, 12): outsideness of a degree over a quality, 0 a chord tone .. 1 foreign; the last row is "no chord"."""

CHORD_TONE = _marked(_CHORD_TONES)
"""(10, 12): whether a degree is a chord tone."""

GUIDE_TONE = _marked(_GUIDE_TONES)
"""(10, 12): whether a degree is a guide tone, one of the tones that tell the quality."""


def is_tone(pitch: int, chord: Chord) -> bool:
    """Whether a pitch is a chord tone."""
    return bool(CHORD_TONE[quality_of(chord), (pitch - chord.root) % 12])


def quality_of(chord: Chord) -> int:
    """The row of a chord in the tables, NO_QUALITY for no chord."""
    return _ROW_OF[chord.quality]
