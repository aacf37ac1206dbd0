"""Comparisons at equal outsideness, by hand."""

import numpy as np
import pytest

from sideslip.train.controller.matched import Sample, banded, more, more_at_equal

RNG = np.random.default_rng


def sample(outside: list[float], values: list[float], solo: list[int] | None = None) -> Sample:
    columns = {"outside": np.array(outside), "melody": np.array(values)}
    return Sample(np.array(solo or [0] * len(values)), columns)


def test_a_difference_of_means_and_its_ratio() -> None:
    one, other = sample([0.1, 0.5], [4.0, 2.0]), sample([0.1], [1.5])
    assert more(one, other, "melody", RNG(0)) == {"value": 1.5, "ci_low": 1.5, "ci_high": 1.5}
    ratio = more(one, other, "melody", RNG(0), ratio=True)
    assert ratio is not None and ratio["value"] == 2.0
    assert more(one, sample([0.1], [np.nan]), "melody", RNG(0)) is None


def test_who_plays_farther_out_has_no_advantage_at_equal_g() -> None:
    """Both are the same function of G; means differ, not so at equal G."""
    inside, outside = [0.02, 0.03, 0.04, 0.35], [0.02, 0.32, 0.35, 0.38]
    one, other = (sample(gs, [float(g > 0.3) for g in gs]) for gs in (inside, outside))
    plain, equal = more(one, other, "melody", RNG(0)), more_at_equal(one, other, "melody", RNG(0))
    assert plain is not None and plain["value"] == -0.5
    assert equal is not None and equal["value"] == 0.0


def test_bands_weigh_as_much_as_both_have_there() -> None:
    one = sample([0.01, 0.02, 0.03, 0.32], [1.0, 1.0, 1.0, 5.0])
    other = sample([0.01, 0.02, 0.33, 0.34, 0.45], [0.0, 0.0, 1.0, 1.0, 99.0])
    found = more_at_equal(one, other, "melody", RNG(0))
    assert found is not None and found["value"] == pytest.approx((2 * 1.0 + 1 * 4.0) / 3)
    out = more_at_equal(one, other, "melody", RNG(0), least=0.2)
    assert out is not None and out["value"] == 4.0
    assert more_at_equal(one, other, "melody", RNG(0), least=0.4) is None


def test_all_of_a_solo_is_drawn_at_once_on_both_sides() -> None:
    one = sample([0.01, 0.01], [1.0, 3.0], [0, 1])
    other = sample([0.01, 0.01], [0.0, 2.0], [0, 1])
    assert more_at_equal(one, other, "melody", RNG(0)) == {"value": 1.0, "ci_low": 1.0, "ci_high": 1.0}


def test_every_phrase_is_in_one_band() -> None:
    all_of_it = sample([0.0, 0.05, 0.3, 1.0], [1.0, 2.0, 3.0, 4.0])
    found = {name: band.columns["melody"].tolist() for name, band in banded(all_of_it, (0.0, 0.05, 0.3, 0.6, 1.0))}
    assert found == {"0-0.05": [1.0], "0.05-0.3": [2.0], "0.3-0.6": [3.0], "0.6-1": [4.0]}
    assert [name for name, _ in banded(all_of_it, (0.1, 0.2, 1.0))] == ["0.2-1"]
