"""Means over some of the notes of lines; NaN where a line has none of them."""

import numpy as np
from numpy.typing import NDArray

from sideslip.outside.lines import Bools, Floats

Numbers = NDArray[np.floating] | NDArray[np.int64] | Bools


def mean_at(values: Numbers, where: Bools) -> Floats:
    """The mean of each line's values (K, N) at some notes, (K,)."""
    count = where.sum(axis=1)
    mean: Floats = np.where(count > 0, (values * where).sum(axis=1) / np.maximum(1, count), np.nan)
    return mean


def spread_at(values: Floats, where: Bools) -> Floats:
    """The standard deviation, (K,)."""
    spread: Floats = np.sqrt(np.maximum(0.0, mean_at(values**2, where) - mean_at(values, where) ** 2))
    return spread


def most_at(values: Floats, where: Bools) -> Floats:
    """The greatest, (K,)."""
    most = np.where(where, values, -np.inf).max(axis=1)
    return np.where(np.isfinite(most), most, np.nan)
