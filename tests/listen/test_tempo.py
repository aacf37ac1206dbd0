"""Beats and seconds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.errors import SettingError
from sideslip.listen.tempo import TempoMap


def test_a_beat_at_120_is_half_a_second() -> None:
    tempo = TempoMap(120, origin=2.0)
    assert (tempo.beat(2.0), tempo.beat(3.0), tempo.beat(0.0)) == (0, 2, -4)
    assert (tempo.seconds(3), tempo.seconds_at_tick(6), tempo.seconds_at_tick(-12)) == (3.5, 2.25, 1.5)
    assert tempo.beats_in(0.25) == 0.5


@given(st.floats(20, 400), st.floats(-1e5, 1e5), st.floats(-1e5, 1e5))
def test_there_and_back(bpm: float, origin: float, beat: float) -> None:
    tempo = TempoMap(bpm, origin)
    assert tempo.beat(tempo.seconds(beat)) == pytest.approx(beat, abs=1e-6)


@pytest.mark.parametrize("bpm", [0, 19.99, 400.01, -120, float("nan"), float("inf")])
def test_a_tempo_nobody_plays_is_refused(bpm: float) -> None:
    with pytest.raises(SettingError, match=r"^a tempo is 20 to 400 bpm, found .+$"):
        TempoMap(bpm)


@pytest.mark.parametrize("origin", [float("nan"), float("inf")])
def test_the_origin_is_a_moment(origin: float) -> None:
    with pytest.raises(SettingError, match="moment in seconds"):
        TempoMap(120, origin)
