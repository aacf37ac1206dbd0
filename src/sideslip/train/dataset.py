"""Random crops of solos: every crop in a random key, many of them shared out between two players."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sideslip.propose import tokens, views
from sideslip.train.pieces import KEYS, Piece, Rows
from sideslip.train.turns import taken_turns

ALONE = 0.35
"""Share of crops that one player plays alone, freely."""


FORGETFUL = 0.25
"""Share of crops in which nothing of what was played before is taken up, as when a gig begins: what the chords ask for
is then all there is to go by."""


def forget(rows: Rows) -> None:
    """Have the views of memory say that there is nothing; changes the rows."""
    for seen, choice in ((rows.shift, views.SHIFT), (rows.duration, views.DURATION), (rows.pitch, views.PITCH)):
        for column, (name, begin) in enumerate(zip(choice, tokens.offsets(choice), strict=True)):
            if name in views.OF_MEMORY:
                seen[:, column] = begin


@dataclass(frozen=True, slots=True)
class Batch:
    """Crops, and the first few of them once more over chords that were moved away from under the line; arrays as in
    Rows, with one axis more in front. Short crops are padded; a padded answer is -1. Of the last `imagined` crops the
    wishes are not what was played."""

    crops: Rows
    rivals: Rows | None
    imagined: int = 0


def batch(
    pieces: Sequence[Piece], size: int, length: int, rivals: int, rng: np.random.Generator, imagined: int = 0
) -> Batch:
    """`size` random crops of `length` notes, the first `rivals` of them over moved chords too, the last `imagined` of
    them with wishes that were drawn."""
    weights = np.array([len(piece) for piece in pieces], dtype=float)
    crops: list[Rows] = []
    moved: list[Rows] = []
    for number, index in enumerate(rng.choice(len(pieces), size=size, p=weights / weights.sum())):
        piece, drawn = pieces[index], number >= size - imagined
        start = int(rng.integers(max(1, len(piece) - length + 1)))
        end, semitones = min(start + length, len(piece)), int(rng.integers(-KEYS, KEYS + 1))
        pair = [piece.cut(start, end, semitones)]
        if len(moved) < rivals:
            pair.append(piece.cut(start, end, semitones, _away(semitones, rng)))
            moved.append(pair[1])
        crops.append(pair[0])
        if rng.random() >= ALONE or drawn:
            taken = taken_turns(piece, start, end, semitones, rng, drawn)
            for rows in pair:
                piece.share(rows, start, *taken)
        if rng.random() < FORGETFUL:
            for rows in pair:
                forget(rows)
    return Batch(_padded(crops, length), _padded(moved, length) if moved else None, imagined)


def _away(semitones: int, rng: np.random.Generator) -> int:
    """How far chords are moved from under a line that was moved itself: not at all is no choice."""
    choices = np.arange(-KEYS - semitones, KEYS - semitones + 1)
    return int(rng.choice(choices[choices != 0]))


def _padded(crops: Sequence[Rows], length: int) -> Rows:
    """Crops side by side."""
    padded = [np.zeros((len(crops), length, *array.shape[1:]), dtype=array.dtype) for array in crops[0].arrays]
    padded[2][:] = -1
    for number, crop in enumerate(crops):
        for whole, array in zip(padded, crop.arrays, strict=True):
            whole[number, : len(array)] = array
    return Rows(*padded)
