"""Rank statistics that evaluation reports."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def ranks(values: ArrayLike) -> Floats:
    """Ranks from 1, ties sharing their mean rank; same shape as the values (n,)."""
    _, place, counts = np.unique(np.asarray(values), return_inverse=True, return_counts=True)
    mean_ranks = np.cumsum(counts) - (counts - 1) / 2
    ranked: Floats = mean_ranks[place]
    return ranked


def auc(high: ArrayLike, low: ArrayLike) -> float:
    """P(a value of `high` exceeds one of `low`), ties counting half. Raises ValueError if either is empty."""
    high, low = np.asarray(high), np.asarray(low)
    if not high.size or not low.size:
        raise ValueError("an AUC needs values on both sides")
    ranked = ranks(np.concatenate((high, low)))[: high.size]
    return float((ranked.sum() - high.size * (high.size + 1) / 2) / (high.size * low.size))


def spearman(first: ArrayLike, second: ArrayLike) -> float:
    """Spearman's rank correlation, ties by mean rank; nan where either side is constant."""
    a, b = ranks(first), ranks(second)
    a, b = a - a.mean(), b - b.mean()
    scale = np.sqrt((a @ a) * (b @ b))
    return float(a @ b / scale) if scale else float("nan")
