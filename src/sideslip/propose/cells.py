"""Cells: a few notes over a chord, written as degrees, and every way to lay them out in a register."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sideslip.music.chord import Chord
from sideslip.music.devices import guide_tones
from sideslip.music.pitch import HIGHEST, LOWEST

Floats = NDArray[np.float64]

CELLS = (
    "1 | 3 | 5 | 7",
    ">3 3 | <3 3 | 2 3 | 5 3 | 3 5 | 7 5 | 9 7 | 8 7 | 5 7 | 4 3 | 6 5 | >5 5 | 3 1 | 5 8",
    "5 4 3 | 3 2 1 | 1 2 3 | 3 5 7 | 7 5 3 | <3 >3 3 | <5 >5 5 | <8 >8 8 | 9 8 7 | 7 6 5 | 5 3 1 | 3 4 5 | 5 6 7"
    "| 1 3 5",
    "1 2 3 5 | 5 3 2 1 | 3 5 7 9 | 9 7 5 3 | 8 7 6 5 | 5 4 3 2 | 5 6 7 8 | <3 >3 3 5 | <5 >5 5 3 | <8 >8 8 7 | 7 6 5 3"
    "| 3 4 5 7 | 1 3 5 7 | 3 1 2 3 | 3 2 1 0 | 5 8 7 5 | 7 5 6 7 | 9 8 7 5 | 3 5 8 7 | 5 7 9 8 | 2 3 4 5 | 7 8 9 7"
    "| 8 >8 7 6 | 8 >8 7 5 | 5 >5 4 3 | 3 >3 2 1 | 6 5 4 3 | 4 3 2 1 | 2 1 0 1",
    ">3 3 5 7 9 | 1 2 3 5 3 | 5 4 3 2 1 | <3 >3 3 5 7 | 9 8 7 6 5 | 3 5 7 9 8 | 8 7 6 5 3 | <5 >5 5 3 1 | 5 6 7 8 9",
    ">3 3 5 7 9 8 | 1 2 3 4 5 7 | 9 8 7 6 5 3 | 3 5 7 9 8 7 | 8 7 6 5 4 3 | 5 3 1 2 3 5 | <3 >3 3 5 7 9 | 7 6 5 4 3 1",
)
"""Row by row cells of 1 to 6 notes: degrees of the chord's scale (8 and 9 lie an octave above 1 and 2, 0 is the seventh
below); > is the semitone below a degree, < the scale step above it."""

LONGEST = len(CELLS)
"""Notes in the longest cell."""

SPAN = 12
"""Semitones a register reaches to either side of its middle."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Cells of one length laid out over one chord and register, as parallel arrays over candidates."""

    pitches: NDArray[np.int64]
    """Shape (candidates, notes)."""
    cell: NDArray[np.int64]
    """Which cell a candidate is, whatever the octave."""
    height: Floats
    """Mean pitch."""
    opens: Floats
    """1 where the first note is a guide tone, 0 a chord tone, -1 another."""
    open_end: Floats
    """1 where the last note is no chord tone, else 0."""


_TONE_OPTIONS = {3: (4, 3, 5, 2), 5: (7, 8, 6), 7: (10, 11, 9)}
_STEP_OPTIONS = {2: (2, 1), 4: (5, 6), 6: (9, 8)}
"""Semitones above the root that may stand for a degree, the most usual first."""


def _ladder(chord: Chord) -> dict[int, int]:
    """Semitones above the root of degrees 1 to 7, as far as the chord has them: tones first, then the scale between."""

    def above(pcs: tuple[int, ...]) -> set[int]:
        return {(pc - chord.root) % 12 for pc in pcs}

    tones, scale = above(chord.tones), above(chord.scale)
    ladder = {1: 0}
    for degree, options in _TONE_OPTIONS.items():
        found = [note for notes in (tones, scale) for note in options if note in notes and note > max(ladder.values())]
        if found:
            ladder[degree] = found[0]
    for degree, options in _STEP_OPTIONS.items():
        low, high = ladder.get(degree - 1, 12), ladder.get(degree + 1, 0)
        between = [note for note in options if note in scale and low < note < high]
        if between:
            ladder[degree] = between[0]
    return ladder


def _realise(cell: str, chord: Chord, ladder: dict[int, int]) -> tuple[int, ...] | None:
    """A cell as semitones above the chord's root; None if the chord lacks a degree or a pitch would repeat."""
    line = []
    for token in cell.split():
        octave, step = divmod(int(token.lstrip("<>")) - 1, 7)
        if step + 1 not in ladder:
            return None
        pitch = ladder[step + 1] + 12 * octave
        above = 2 if (chord.root + pitch + 2) % 12 in chord.scale else 1
        line.append(pitch + {"<": above, ">": -1}.get(token[0], 0))
    return tuple(line) if all(a != b for a, b in pairwise(line)) else None


@lru_cache(maxsize=1024)
def place(chord: Chord, notes: int, middle: int) -> Placed:
    """Every cell of so many notes in every octave that fits the register around a middle pitch, and the range.

    None of two notes or more where the chord lacks the degrees they need; for one note there is always the root.
    """
    ladder = _ladder(chord)
    lowest, highest = max(LOWEST, middle - SPAN), min(HIGHEST, middle + SPAN)
    rows, names = [], []
    for name, cell in enumerate(CELLS[notes - 1].split("|")):
        line = _realise(cell, chord, ladder)
        for octave in range(3, 8) if line else ():
            pitches = [12 * octave + chord.root + semitones for semitones in line or ()]
            if min(pitches) >= lowest and max(pitches) <= highest:
                rows.append(pitches)
                names.append(name)
    table = np.array(rows, dtype=np.int64).reshape(-1, notes)
    guides, tones = guide_tones(chord), chord.tones
    opens = [1.0 if row[0] % 12 in guides else 0.0 if row[0] % 12 in tones else -1.0 for row in rows]
    open_end = np.array([float(row[-1] % 12 not in tones) for row in rows])
    return Placed(table, np.array(names, dtype=np.int64), table.mean(axis=1), np.array(opens), open_end)
