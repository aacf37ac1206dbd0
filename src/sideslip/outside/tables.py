"""What listening rests on: small tables counted from solos, kept in one safetensors file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from sideslip.errors import WeightsError
from sideslip.music.tension import NO_QUALITY, QUALITIES
from sideslip.outside.chords import BASE, DECAY
from sideslip.outside.intervals import INTERVALS, ORDER, IntervalCounts, IntervalModel, smooth
from sideslip.outside.lines import Floats
from sideslip.weights import read_learnt

_SHAPES: Mapping[str, tuple[type[np.generic], tuple[int | None, ...]]] = {
    "profile": (np.float32, (len(QUALITIES), 12)),
    "degrees": (np.float32, (len(QUALITIES), 2, 12, 12)),
    "usual_bits": (np.float32, (3,)),
    "interval_contexts": (np.int32, (None,)),
    "interval_starts": (np.int32, (None,)),
    "interval_symbols": (np.uint8, (None,)),
    "interval_counts": (np.uint16, (None,)),
}
"""Name, kind and shape of every table of the file; None is any length."""


@dataclass(frozen=True, slots=True)
class UsualBits:
    """Surprise of real phrases, C in bits a note: `level + slope * G`, give or take `spread` (standard deviation)."""

    level: float
    slope: float
    spread: float

    def at(self, outside: Floats) -> Floats:
        """What a real phrase as far outside as this (G) would take."""
        return self.level + self.slope * outside


@dataclass(frozen=True, slots=True, eq=False)
class ListeningTables:
    """All that is learnt.

    `profile` (9, 12) is P(degree | quality) of inside playing, `degrees` (9, 2, 12, 12) P(degree | quality, off or on
    the beat, last degree), `intervals` the melodic model, `usual` the surprise of real phrases.
    """

    profile: Floats
    degrees: Floats
    intervals: IntervalModel
    usual: UsualBits

    @classmethod
    def unlearnt(cls) -> "ListeningTables":
        """What the rules alone know, for when the learnt tables cannot be read: degrees by how foreign they are,
        intervals by their size."""
        profile = np.exp(-DECAY * BASE[:NO_QUALITY])
        profile /= profile.sum(axis=1, keepdims=True)
        degrees = np.broadcast_to(profile[:, None, None], (len(QUALITIES), 2, 12, 12))
        steps = np.exp(-np.abs(np.arange(INTERVALS) - INTERVALS // 2) / 4)[None]
        return cls(
            profile, degrees, IntervalModel(np.zeros(1, np.int64), steps / steps.sum()), UsualBits(3.2, 0.8, 0.6)
        )


def load_tables(path: str | Path) -> ListeningTables:
    """Read the tables. Raises WeightsError where the file is missing, damaged or holds anything else."""
    path = Path(path)
    arrays = read_learnt(path, "the tables for listening").arrays
    for name, (kind, shape) in _SHAPES.items():
        _check(arrays, name, kind, shape, path)
    return _tables(arrays, path)


def packed(profile: Floats, degrees: Floats, intervals: IntervalCounts, usual: UsualBits) -> bytes:
    """The tables as a file that `load_tables` reads; the same tables give the same bytes."""
    arrays = {
        "profile": profile.astype(np.float32),
        "degrees": degrees.astype(np.float32),
        "usual_bits": np.array([usual.level, usual.slope, usual.spread], dtype=np.float32),
        "interval_contexts": intervals.contexts,
        "interval_starts": intervals.starts,
        "interval_symbols": intervals.symbols,
        "interval_counts": intervals.counts,
    }
    return save({name: np.ascontiguousarray(array) for name, array in arrays.items()})


def _check(
    arrays: Mapping[str, NDArray[Any]], name: str, kind: type[np.generic], shape: tuple[int | None, ...], path: Path
) -> None:
    wanted = f"{np.dtype(kind).name} {tuple('any' if n is None else n for n in shape)}"
    if name not in arrays:
        raise WeightsError(f"{str(path)!r} should hold a table {name!r} ({wanted}); found {sorted(arrays)}")
    found = arrays[name]
    fits = len(found.shape) == len(shape) and all(w in (None, n) for w, n in zip(shape, found.shape, strict=True))
    if found.dtype != kind or not fits:
        raise WeightsError(
            f"table {name!r} of {str(path)!r} should be {wanted}; found {found.dtype.name} {found.shape}"
        )


def _tables(arrays: Mapping[str, NDArray[Any]], path: Path) -> ListeningTables:
    profile, degrees = arrays["profile"].astype(np.float64), arrays["degrees"].astype(np.float64)
    counts = IntervalCounts(*(arrays[f"interval_{name}"] for name in ("contexts", "starts", "symbols", "counts")))
    level, slope, spread = (float(value) for value in arrays["usual_bits"])
    chances = np.concatenate((profile.ravel(), degrees.ravel()))
    if not ((chances > 0).all() and (chances <= 1).all()):
        raise WeightsError(f"{str(path)!r} is damaged: chances should lie between 0 and 1, found others")
    if not spread > 0:
        raise WeightsError(f"{str(path)!r} is damaged: usual surprise should have a spread above 0, found others")
    if not _consistent(counts):
        raise WeightsError(f"{str(path)!r} is damaged: the table of intervals does not hang together")
    return ListeningTables(profile, degrees, smooth(counts), UsualBits(level, slope, spread))


def _consistent(counts: IntervalCounts) -> bool:
    """Whether contexts are sorted from the empty one, every row has its place, and symbols are intervals."""
    contexts, starts = counts.contexts, counts.starts
    return bool(
        len(counts.symbols) == len(counts.counts)
        and len(contexts) > 0
        and len(starts) == len(contexts) + 1
        and contexts[0] == 0
        and (np.diff(contexts) > 0).all()
        and contexts[-1] < (INTERVALS + 1) ** ORDER
        and starts[0] == 0
        and starts[-1] == len(counts.symbols)
        and (np.diff(starts) > 0).all()
        and (counts.symbols < INTERVALS).all()
        and (counts.counts > 0).all()
    )
