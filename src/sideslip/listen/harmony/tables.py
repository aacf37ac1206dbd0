"""What the tracker's ear rests on: counts from solos over their changes, as chances."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sideslip.errors import WeightsError
from sideslip.listen.harmony.vocabulary import DOMINANT, FAMILIES, Floats

_KINDS = len(FAMILIES)
_SHAPES: Mapping[str, tuple[int, ...]] = {
    "line": (3, _KINDS, 12),
    "after": (_KINDS, 12, 12),
    "moves": (_KINDS, 12, _KINDS),
    "families": (_KINDS,),
    "change": (3,),
    "key_line": (2, 12),
    "key_chords": (2, 12, _KINDS),
}


@dataclass(frozen=True, slots=True, eq=False)
class HarmonyTables:
    """Chances, all above 0, over the five families of chords (`vocabulary.FAMILIES`).

    `line` (3, 5, 12): P(degree | place, family), places as in `evidence.place_of`. `after` (5, 12, 12): P(degree |
    family, degree of the note before). `moves` (5, 12, 5): P(root step, next family | family) where the chord changes.
    `families` (5,): share of beats. `change` (3,): chance that the chord changes on beat 1, on the middle beat of the
    bar, on another. `key_line` (2, 12): P(degree | major or minor key); `key_chords` (2, 12, 5): P(root as a degree,
    family | key).
    """

    line: Floats
    after: Floats
    moves: Floats
    families: Floats
    change: Floats
    key_line: Floats
    key_chords: Floats

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, NDArray[Any]]) -> "HarmonyTables":
        """The tables by name. Raises WeightsError where one is missing or is no table of chances."""
        found = {}
        for name, shape in _SHAPES.items():
            table = tensors.get(name)
            if table is None or table.shape != shape:
                what = "none" if table is None else f"one of shape {table.shape}"
                raise WeightsError(f"the tracker needs a table {name!r} of shape {shape}, found {what}")
            if not (np.isfinite(table).all() and (table > 0).all() and (table <= 1).all()):
                raise WeightsError(f"the tracker's table {name!r} holds chances between 0 and 1, found others")
            found[name] = table.astype(np.float64)
        return cls(**found)

    def tensors(self) -> dict[str, NDArray[np.float32]]:
        """The tables by name, as they are stored."""
        return {field.name: getattr(self, field.name).astype(np.float32) for field in fields(self)}

    @classmethod
    def unlearnt(cls) -> "HarmonyTables":
        """What a harmony book says, for when nothing learnt can be read: chord tones, scale tones, falling fifths."""
        tones = ((0, 4, 7, 11), (0, 3, 7, 10), (0, 4, 7, 10), (0, 3, 6, 10), (0, 3, 6, 9))
        scales = ((2, 5, 9), (2, 5, 9), (2, 5, 9), (1, 5, 8), (2, 5, 8, 11))
        degree = np.full((_KINDS, 12), 0.2 / 5)
        for family, (inner, outer) in enumerate(zip(tones, scales, strict=True)):
            degree[family, list(inner)], degree[family, list(outer)] = 0.5 / 4, 0.3 / 3
        degree /= degree.sum(axis=1, keepdims=True)
        moves = np.full((_KINDS, 12, _KINDS), 1.0)
        moves[:, 5] += 20.0  # up a fourth: the cycle of fifths
        key_line = np.full((2, 12), 0.02)
        key_line[0, [0, 2, 4, 5, 7, 9, 11]] = key_line[1, [0, 2, 3, 5, 7, 8, 10]] = 0.1
        key_chords = np.full((2, 12, _KINDS), 0.1)
        key_chords[0, 0, 0] = key_chords[1, 0, 1] = key_chords[:, 7, DOMINANT] = 5.0
        return cls(
            line=np.broadcast_to(degree, (3, _KINDS, 12)),
            after=np.broadcast_to(degree[:, None], (_KINDS, 12, 12)),
            moves=moves / moves.sum(axis=(1, 2), keepdims=True),
            families=np.full(_KINDS, 1 / _KINDS),
            change=np.array([0.68, 0.21, 0.01]),
            key_line=key_line / key_line.sum(axis=1, keepdims=True),
            key_chords=key_chords / key_chords.sum(axis=(1, 2), keepdims=True),
        )
