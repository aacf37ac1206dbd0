"""How the following of a pulse is measured, on made-up solos."""

from collections.abc import Callable

import numpy as np
import pytest

from sideslip.listen.pulse import PARTS, TEMPI
from sideslip.train.solos import Solo
from sideslip.train.tracker.pulse_figures import DRIFT, DRIFT_BEATS, beats_off, drifting, figures, places

Made = Callable[..., Solo]


@pytest.fixture
def player(made: Callable[..., Solo]) -> Made:
    """The maker of solos of which only the performed onsets and the tempo matter."""
    return lambda performed, tempo=160.0: made(performed=np.array(performed), tempo=tempo, harm=("F7",) * 200)


def test_a_tempo_drifts_by_six_in_a_hundred_and_back() -> None:
    performed = np.arange(0.0, 200.0)
    moments, beats, lengths = drifting(performed, 120, DRIFT)
    assert moments == pytest.approx(beats)
    assert (lengths[0], lengths[DRIFT_BEATS], lengths[2 * DRIFT_BEATS]) == pytest.approx((0.5, 0.5 / 1.06, 0.5))
    assert np.diff(moments) == pytest.approx((lengths[1:] + lengths[:-1]) / 2, abs=1e-5)
    assert drifting(performed, 120, 0.0)[0] == pytest.approx(performed / 2)


def test_a_player_on_the_beat_without_drift_is_followed_all_along(player: Made) -> None:
    solo = player(np.arange(120) + 8.02)
    off, lengths = beats_off(solo, 0.0)
    assert len(off) == len(lengths) == 119  # beats between the first note and the last
    assert np.abs(off).max() < 0.06


def test_what_is_counted_is_the_map_before_the_notes_that_come_at_the_beat(player: Made) -> None:
    off, _ = beats_off(player([0.0, 1.0, 2.5, 2.9]), DRIFT)
    assert len(off) == 3
    assert off[0] == 0 and 0 < off[1] < 0.001  # nothing is known yet of the drift: the map is late where it is faster


def test_the_figures_are_shares_and_a_lost_beat_may_still_be_near_one(player: Made) -> None:
    swing = np.sort(np.concatenate([np.arange(200) + 0.04, np.arange(200) + 0.66]))
    measured = figures([player(swing, 140.0), player(swing, 200.0)])
    comped = {f"tempo_{what}_60ms{how}" for what in ("phase", "steady") for how in ("", "_pushed", "_offbeat", "_line")}
    assert set(measured) == {*comped, "tempo_line_any_beat"}
    assert all(0 <= share <= 1 for share in measured.values())
    assert min(measured["tempo_phase_60ms"], measured["tempo_steady_60ms"], measured["tempo_steady_60ms_line"]) > 0.8
    assert figures([])["tempo_phase_60ms"] == 0


def test_places_are_learnt_by_tempo(player: Made) -> None:
    learnt = places([player(np.arange(50), TEMPI[0]), player(np.arange(50) + 0.5, 300.0)])
    assert learnt.shape == (len(TEMPI), PARTS)
    assert learnt[0].argmax() == 0 and learnt[-1].argmax() == PARTS // 2
    assert learnt[0].mean() == pytest.approx(1)
