"""A MIDI clock in virtual time: jitter, lost and doubled clocks, the transport, changes of tempo."""

from collections.abc import Iterable

import numpy as np
import pytest

from sideslip.listen.tempo import TempoMap
from sideslip.listen.transport import Clocked

CLOCK, START, CONTINUE, STOP = b"\xf8", b"\xfa", b"\xfb", b"\xfc"


def position(sixteenths: int) -> bytes:
    return bytes((0xF2, sixteenths & 127, sixteenths >> 7))


def clocks(bpm: float, beats: float, begin: float = 0.0) -> list[float]:
    return [begin + clock * 60 / bpm / 24 for clock in range(round(24 * beats))]


def jittered(moments: Iterable[float], seconds: float, seed: int = 0) -> list[float]:
    """As a driver would stamp them: late or early by up to so much, but in order."""
    exact = np.array(list(moments))
    return np.maximum.accumulate(exact + np.random.default_rng(seed).uniform(-seconds, seconds, len(exact))).tolist()


def hear(keeper: Clocked, moments: Iterable[float], message: bytes = CLOCK) -> None:
    for at in moments:
        keeper.hear(at, message)


def started(bpm: float, beats: float, unit: int = 4) -> Clocked:
    keeper = Clocked(unit)
    keeper.hear(0.0, START)
    hear(keeper, clocks(bpm, beats))
    return keeper


def tempo(keeper: Clocked) -> TempoMap:
    assert keeper.tempo is not None
    return keeper.tempo


@pytest.mark.parametrize(("unit", "bpm"), [(4, 120), (8, 240), (2, 60)])
def test_the_beat_begins_with_the_clock_after_a_start(unit: int, bpm: float) -> None:
    keeper = Clocked(unit)
    keeper.hear(0.0, START)
    hear(keeper, clocks(120, 8, begin=0.3))
    assert keeper.epoch == 1
    assert tempo(keeper).bpm == pytest.approx(bpm)
    assert tempo(keeper).origin == pytest.approx(0.3)
    assert len(tempo(keeper).pieces) == 1


@pytest.mark.parametrize(("jitter", "within"), [(0.002, 0.002), (0.004, 0.005)])
@pytest.mark.parametrize(("bpm", "minutes"), [(60, 2), (120, 10), (240, 1)])
def test_jitter_costs_neither_tempo_nor_beats(bpm: float, minutes: float, jitter: float, within: float) -> None:
    keeper, beats = Clocked(4), minutes * bpm
    keeper.hear(0.0, START)
    for clock, at in enumerate(jittered(clocks(bpm, beats, begin=1.0), jitter)):
        before = keeper.tempo
        keeper.hear(at, CLOCK)
        if clock > 48:
            now = tempo(keeper)
            assert now.bpm == pytest.approx(bpm, rel=within)
            assert abs(now.seconds(clock / 24) - (1 + clock * 60 / bpm / 24)) < 0.005
            if before is not now and before is not None:
                coming = clock // 24 + 1
                assert abs(now.seconds(coming) - before.seconds(coming)) < 0.005
    assert keeper.epoch == 1


@pytest.mark.parametrize("seed", range(3))
def test_a_lost_or_doubled_clock_costs_no_beat(seed: int) -> None:
    chance = np.random.default_rng(seed)
    keeper = Clocked(4)
    keeper.hear(0.0, START)
    for clock, at in enumerate(jittered(clocks(120, 100), 0.003, seed)):
        odd = clock > 24 and clock % 40 == 0  # two faults within a third of a beat may cost a clock
        for again in range(int(chance.integers(0, 2)) * 2 if odd else 1):
            keeper.hear(at + again / 1000, CLOCK)
        if clock > 48 and clock % 40 > 20:
            assert tempo(keeper).beat(at) == pytest.approx(clock / 24, abs=0.03)
    assert tempo(keeper).bpm == pytest.approx(120, rel=0.005)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("bpm", "jitter"), [(90, 0.005), (140, 0.004), (200, 0.003)])
def test_jitter_from_the_first_clock_on_loses_no_count(bpm: float, jitter: float, seed: int) -> None:
    chance = np.random.default_rng(seed)
    keeper = Clocked(4)
    keeper.hear(0.0, START)
    moments = np.sort(np.array(clocks(bpm, 16)) + 0.1 + chance.normal(0, jitter, 16 * 24))
    for at in moments.tolist():
        keeper.hear(at, CLOCK)
    assert abs(tempo(keeper).seconds(16) - moments[0] - 16 * 60 / bpm) < 0.02


@pytest.mark.parametrize("jitter", [0.0, 0.002, 0.004])
@pytest.mark.parametrize(("old", "new"), [(120, 150), (150, 120), (90, 100), (120, 180), (160, 120), (200, 80)])
def test_a_change_of_tempo_is_followed_within_two_beats(old: float, new: float, jitter: float) -> None:
    keeper = Clocked(4)
    keeper.hear(0.0, START)
    first = clocks(old, 32)
    turn = 32 * 60 / old
    for clock, at in enumerate(jittered(first + clocks(new, 16, begin=turn), jitter)):
        keeper.hear(at, CLOCK)
        if clock > 24 * 34:
            assert tempo(keeper).bpm == pytest.approx(new, rel=0.02)
        if clock > 24 * 36:
            assert tempo(keeper).beat(at) == pytest.approx(clock / 24, abs=0.03)


def test_a_slow_drift_is_followed_all_the_way() -> None:
    keeper, at = Clocked(4), 0.0
    keeper.hear(at, START)
    for clock in range(24 * 64):
        keeper.hear(at, CLOCK)
        if clock > 24:
            assert tempo(keeper).seconds(clock / 24) == pytest.approx(at, abs=0.006)
        at += 60 / (100 + clock / 48) / 24


def test_stop_keeps_the_position_and_continue_goes_on_from_it() -> None:
    keeper = started(120, 4)
    keeper.hear(2.0, STOP)
    hear(keeper, clocks(120, 3, begin=2.0))  # the clock goes on while the transport stands
    assert keeper.tempo is None and keeper.wake_at is None
    keeper.hear(3.5, CONTINUE)
    hear(keeper, clocks(120, 1, begin=3.51))
    assert keeper.epoch == 2
    assert tempo(keeper).beat(3.51) == pytest.approx(4, abs=0.1)


def test_a_start_begins_anew_and_at_once_where_the_clock_is_known() -> None:
    keeper = started(120, 4)
    keeper.hear(2.0, START)
    assert keeper.tempo is None
    keeper.hear(2.0, CLOCK)
    assert keeper.epoch == 2
    assert tempo(keeper).origin == pytest.approx(2.0)


@pytest.mark.parametrize("runs", [True, False])
def test_a_song_position_is_where_the_next_clock_is(runs: bool) -> None:
    keeper = started(120, 4)
    if not runs:
        keeper.hear(2.0, STOP)
    keeper.hear(2.0, position(200))
    if not runs:
        keeper.hear(2.0, CLOCK)
        assert keeper.tempo is None
        keeper.hear(2.01, CONTINUE)
    hear(keeper, clocks(120, 1, begin=2.0 if runs else 2.0 + 0.5 / 24))
    assert keeper.epoch == 2
    assert tempo(keeper).beat(2.0) == pytest.approx(50, abs=0.06)


def test_a_clock_without_a_start_tells_a_tempo_but_no_beat() -> None:
    keeper = Clocked(4)
    hear(keeper, clocks(132, 8))
    assert keeper.tempo is None and keeper.epoch == 0
    assert keeper.clock_bpm == pytest.approx(132)
    keeper.hear(8 * 60 / 132, START)
    keeper.hear(8 * 60 / 132, CLOCK)
    assert tempo(keeper).bpm == pytest.approx(132)


def test_a_clock_that_ceases_stands_after_two_beats_and_goes_on_when_it_is_back() -> None:
    keeper = started(120, 4)
    assert keeper.wake_at == pytest.approx(3 - 0.5 / 24)
    keeper.woken(2.9)
    assert keeper.tempo is not None
    keeper.woken(3.0)
    assert keeper.tempo is None and keeper.wake_at is None
    hear(keeper, clocks(90, 2, begin=10.0))
    assert keeper.epoch == 2
    assert tempo(keeper).beat(10.0) == pytest.approx(4, abs=1e-6)
    assert tempo(keeper).bpm == pytest.approx(90)


def test_a_short_silence_of_the_clock_costs_no_beat() -> None:
    keeper = started(120, 8)
    hear(keeper, clocks(120, 4, begin=4.7))
    assert keeper.epoch == 1
    assert tempo(keeper).beat(6.5) == pytest.approx(13, abs=0.1)


def test_a_start_with_the_first_clocks_ever_is_known_after_a_quarter_of_a_beat() -> None:
    keeper = Clocked(4)
    keeper.hear(0.0, START)
    hear(keeper, clocks(120, 5 / 24))
    assert keeper.tempo is None
    hear(keeper, clocks(120, 2 / 24, begin=5 * 0.5 / 24))
    assert tempo(keeper).origin == pytest.approx(0.0)


def test_a_clock_too_fast_for_a_beat_is_none() -> None:
    assert started(300, 8, unit=8).tempo is None
    assert started(300, 8, unit=4).tempo is not None
