"""Metre: places in the bar."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.errors import ChartError
from sideslip.music.meter import TICKS, Meter

METERS = st.builds(Meter, st.integers(1, 16), st.sampled_from([2, 4, 8, 16]))


@given(METERS)
def test_a_metre_written_is_read_back(meter: Meter) -> None:
    assert Meter.parse(f" {meter} ") == meter


@pytest.mark.parametrize("text", ["", "4", "4/", "/4", "0/4", "17/4", "4/3", "4/4/4", "-3/4", "x/4", "４/4", "4.0/4"])
def test_what_is_no_metre_is_refused(text: str) -> None:
    with pytest.raises(ChartError, match="written like 4/4"):
        Meter.parse(text)


@given(METERS, st.integers(-5000, 5000))
def test_bar_and_beat_say_where_a_tick_is(meter: Meter, tick: int) -> None:
    bar, beat = meter.bar_of(tick), meter.beat_of(tick)
    assert 1 <= beat < meter.beats + 1
    assert (bar - 1) * meter.bar + (beat - 1) * TICKS == pytest.approx(tick)


def test_bars_and_beats_count_from_one_and_before_bar_one_comes_bar_nought() -> None:
    common = Meter()
    assert (common.bar_of(0), common.beat_of(0)) == (1, 1.0)
    assert (common.bar_of(18), common.beat_of(18)) == (1, 2.5)
    assert (common.bar_of(48), common.beat_of(48)) == (2, 1.0)
    assert (common.bar_of(-1), common.bar_of(-49)) == (0, -1)


@pytest.mark.parametrize(
    ("meter", "strengths"),
    [
        (Meter(4, 4), [3, 1, 2, 1, 3, 1, 2, 1]),
        (Meter(3, 4), [3, 1, 2, 1, 2, 1]),
        (Meter(5, 4), [3, 1, 2, 1, 2, 1, 2, 1, 2, 1]),
        (Meter(6, 8), [3, 1, 2, 1, 2, 1, 3, 1, 2, 1, 2, 1]),
    ],
)
def test_strong_and_weak_half_beats(meter: Meter, strengths: list[int]) -> None:
    assert [meter.strength(tick) for tick in range(0, meter.bar, TICKS // 2)] == strengths
    assert {meter.strength(tick) for tick in range(1, meter.bar) if tick % (TICKS // 2)} == {0}
