"""Intervals come from drawing solos, not rows."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.train.controller.by_solo import auc_by_solo, by_solo, mean_by_solo, whose

RNG = np.random.default_rng


def test_a_figure_over_one_solo_has_no_width() -> None:
    values = np.array([1.0, 2.0, 6.0])
    found = by_solo(np.zeros(3, dtype=int), lambda rows: float(values[rows].mean()), RNG(0))
    assert found == {"value": 3.0, "ci_low": 3.0, "ci_high": 3.0}


def test_solos_are_drawn_whole() -> None:
    """Two solos, all 0 and all 1: a mean of drawn solos is 0, a half (weighted by rows), or 1, nothing in between."""
    solo, values = np.array([0, 0, 0, 1, 1, 1]), np.array([0.0, 0, 0, 1, 1, 1])
    seen: set[float] = set()

    def mean(rows: np.ndarray) -> float:
        seen.add(float(values[rows].mean()))
        return float(values[rows].mean())

    found = by_solo(solo, mean, RNG(0))
    assert seen == {0.0, 0.5, 1.0}
    assert found == {"value": 0.5, "ci_low": 0.0, "ci_high": 1.0}


rows = st.lists(st.tuples(st.integers(0, 3), st.floats(-5, 5), st.integers(1, 4)), min_size=1, max_size=12)


@given(rows)
def test_the_mean_is_the_plain_one_and_lies_in_its_interval_of_solo_means(each: list[tuple[int, float, int]]) -> None:
    solo, values, weights = (np.array(column, dtype=float) for column in zip(*each, strict=True))
    found = mean_by_solo(values, solo.astype(int), RNG(1), weights)
    assert found is not None
    assert found["value"] == pytest.approx(np.average(values, weights=weights))
    means = [np.average(values[solo == s], weights=weights[solo == s]) for s in set(solo)]
    assert min(means) - 1e-9 <= found["ci_low"] <= found["ci_high"] <= max(means) + 1e-9


def test_what_is_not_known_is_left_out_and_nothing_known_is_none() -> None:
    solo, nan = np.array([0, 0, 1]), math.nan
    assert mean_by_solo(np.array([1.0, nan, 3.0]), solo, RNG(0)) == {"value": 2.0, "ci_low": 1.0, "ci_high": 3.0}
    assert mean_by_solo(np.array([nan, nan, nan]), solo, RNG(0)) is None
    assert by_solo(solo, lambda _: nan, RNG(0)) is None
    assert by_solo(np.zeros(0, dtype=int), lambda _: 1.0, RNG(0)) is None


def test_auc_counts_only_solos_with_both_sides() -> None:
    high, low = np.array([2.0, 3.0]), np.array([1.0])
    nobody = np.zeros(0)
    assert auc_by_solo([(high, low), (nobody, np.array([9.0]))], RNG(0)) == {
        "value": 1.0,
        "ci_low": 1.0,
        "ci_high": 1.0,
    }
    assert auc_by_solo([(nobody, low)], RNG(0)) is None


def test_rows_belong_to_their_solos() -> None:
    assert whose([2, 0, 1]).tolist() == [0, 0, 2] and whose([]).tolist() == []
