"""Rank statistics, against the plain way."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.train.statistics import auc, ranks, spearman

few = st.lists(st.integers(-3, 3), min_size=1, max_size=8)


def test_ties_share_their_rank() -> None:
    assert ranks([3, 1, 3, 2]).tolist() == [3.5, 1, 3.5, 2]


@given(few, few)
def test_auc_counts_pairs(high: list[int], low: list[int]) -> None:
    wins = sum((h > x) + 0.5 * (h == x) for h in high for x in low)
    assert auc(high, low) == pytest.approx(wins / (len(high) * len(low)))


def test_auc_needs_both_sides() -> None:
    with pytest.raises(ValueError, match="both sides"):
        auc([], [1.0])


def test_spearman_follows_order_not_size() -> None:
    assert spearman([1, 2, 3, 4], [1, 10, 100, 1000]) == pytest.approx(1)
    assert spearman([1, 2, 3, 4], [9, 4, 1, 0]) == pytest.approx(-1)
    assert spearman([1, 2, 3], [1, 3, 2]) == pytest.approx(0.5)
    assert math.isnan(spearman([1, 1, 1], np.arange(3)))
