"""Comparisons at equal outsideness: phrases that go as far out as each other, band by band of G.

Means over all phrases compare playing inside with playing outside; and noise stays near the
changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sideslip.outside.lines import Bools, Floats, Ints
from sideslip.train.controller.by_solo import Interval, by_solo
from sideslip.train.controller.heard import Columns

EDGES = (0.0, 0.05, 0.10, 0.15, 0.20, 0.30, 0.40, 0.50, 0.65, 1.0)
"""Bands of G within which phrases are compared."""

OUT = 0.2
"""G from which on a phrase is out: the comparison is also made for these alone."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """K phrases: whose each is, and what was measured of it."""

    solo: Ints
    columns: Columns

    def where(self, kept: Bools) -> "Sample":
        """Some of the phrases."""
        return Sample(self.solo[kept], {name: values[kept] for name, values in self.columns.items()})


def more(one: Sample, other: Sample, name: str, generator: np.random.Generator, ratio: bool = False) -> Interval | None:
    """By how much the mean of a column of one sample exceeds the other's, or how many times as high it is."""
    values, which, solo = _side_by_side(one, other, name)
    known = ~np.isnan(values)

    def difference(rows: Ints) -> float:
        rows = rows[known[rows]]
        count = np.bincount(which[rows], minlength=2)
        if not count.all():
            return float("nan")
        ours, theirs = np.bincount(which[rows], values[rows], minlength=2) / count
        return float(ours / theirs if ratio else ours - theirs)

    return by_solo(solo, difference, generator)


def more_at_equal(
    one: Sample, other: Sample, name: str, generator: np.random.Generator, least: float = 0.0
) -> Interval | None:
    """By how much a column of one sample exceeds the other's at equal G, from `least` G on: the differences of the
    means of each band, weighted by the number of phrases that both have there."""
    values, which, solo = _side_by_side(one, other, name)
    outside, _, _ = _side_by_side(one, other, "outside")
    known, cells = ~np.isnan(values) & (outside >= least), 2 * (len(EDGES) + 1)
    cell = 2 * np.searchsorted(EDGES, outside, side="right") + which

    def difference(rows: Ints) -> float:
        rows = rows[known[rows]]
        count = np.bincount(cell[rows], minlength=cells).reshape(-1, 2)
        means = np.bincount(cell[rows], values[rows], minlength=cells).reshape(-1, 2) / np.maximum(1, count)
        weight = count.min(axis=1)
        return float((weight * (means[:, 0] - means[:, 1])).sum() / weight.sum()) if weight.any() else float("nan")

    return by_solo(solo, difference, generator)


def _side_by_side(one: Sample, other: Sample, name: str) -> tuple[Floats, Ints, Ints]:
    """A column of both samples, which of them each value is from (0, 1), and whose."""
    values = np.concatenate((one.columns[name], other.columns[name]))
    return values, np.repeat([0, 1], [len(one.solo), len(other.solo)]), np.concatenate((one.solo, other.solo))


def banded(sample: Sample, edges: Sequence[float]) -> list[tuple[str, Sample]]:
    """The phrases of each band of G by the band's name, the last one closed above; bands without any are left out."""
    outside = sample.columns["outside"]
    rows = [
        (f"{low:g}-{high:g}", (outside >= low) & ((outside < high) | (high == edges[-1])))
        for low, high in pairwise(edges)
    ]
    return [(name, sample.where(here)) for name, here in rows if here.any()]
