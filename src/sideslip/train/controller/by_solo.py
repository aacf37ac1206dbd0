"""Figures with their 95 % intervals: solos are drawn again (bootstrap), never notes or phrases."""

from collections.abc import Callable, Sequence

import numpy as np

from sideslip.outside.lines import Floats, Ints
from sideslip.train.statistics import auc

DRAWS = 1000
"""Times that the solos are drawn again,"""

AUC_DRAWS = 200
"""and where all notes must be ranked anew each time."""

ENDS = (0.025, 0.975)

Interval = dict[str, float]
"""A figure's value, ci_low and ci_high."""

Figures = dict[str, object]
"""Figures by name: intervals, plain numbers, tables of either; None for what these solos cannot tell."""

Sides = tuple[Floats, Floats]
"""Values that should be high, and values that should be low, of one solo."""

Statistic = Callable[[Ints], float]
"""A number from some rows, which come as their indices; NaN for what they cannot tell."""


def by_solo(solo: Ints, statistic: Statistic, generator: np.random.Generator, draws: int = DRAWS) -> Interval | None:
    """A statistic of all rows, `solo` (K,) telling whose each is; None where the rows cannot tell it."""
    value = statistic(np.arange(len(solo))) if len(solo) else np.nan
    if np.isnan(value):
        return None
    rows = [np.flatnonzero(solo == each) for each in np.unique(solo)]
    picks = (generator.integers(len(rows), size=len(rows)) for _ in range(draws))
    drawn = np.array([statistic(np.concatenate([rows[index] for index in pick])) for pick in picks])
    return _told(value, drawn)


def mean_by_solo(
    values: Floats, solo: Ints, generator: np.random.Generator, weights: Floats | None = None
) -> Interval | None:
    """The mean of values (K,), those that are NaN left out, by weights (K,) if there are any."""
    weight = np.where(np.isnan(values), 0.0, 1.0 if weights is None else weights)
    if not weight.sum():
        return None
    number = np.unique(solo, return_inverse=True)[1]
    total, weight = np.bincount(number, weight * np.nan_to_num(values)), np.bincount(number, weight)
    pick = generator.integers(len(total), size=(DRAWS, len(total)))
    drawn_weight = weight[pick].sum(axis=1)
    known = drawn_weight > 0
    return _told(float(total.sum() / weight.sum()), total[pick].sum(axis=1)[known] / drawn_weight[known])


def auc_by_solo(sides: Sequence[Sides], generator: np.random.Generator) -> Interval | None:
    """AUC over all solos that have both sides."""
    usable = [side for side in sides if side[0].size and side[1].size]
    return by_solo(
        np.arange(len(usable)), lambda rows: auc(*joined([usable[row] for row in rows])), generator, AUC_DRAWS
    )


def whose(counts: Sequence[int]) -> Ints:
    """The number of the solo of each row, solo i having `counts[i]` of them."""
    return np.repeat(np.arange(len(counts)), np.array(counts, dtype=np.int64))


def joined(sides: Sequence[Sides]) -> Sides:
    """The values of several solos, or of one in several trials."""
    high, low = (np.concatenate(values) for values in zip(*sides, strict=True))
    return high, low


def _told(value: float, drawn: Floats) -> Interval | None:
    known = drawn[~np.isnan(drawn)]
    if not known.size:
        return None
    low, high = np.quantile(known, ENDS)
    return {"value": float(value), "ci_low": float(low), "ci_high": float(high)}
