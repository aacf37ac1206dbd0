"""Following the transport of hosts, each in its own way: the right bar after every start, stop, locate and jump."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sideslip.listen.tempo import TempoMap
from sideslip.listen.transport import Clocked
from sideslip.testing.hosts import HOSTS, Host, Stretch, Timed, transport

CLOCK, START, STOP = b"\xf8", b"\xfa", b"\xfc"
EVERY_WAY = pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS.keys())


def jittered(messages: list[Timed], seconds: float, seed: int = 0) -> list[Timed]:
    """Each message late or early by up to so much, in order."""
    chance, latest = np.random.default_rng(seed), 0.0
    late = []
    for at, message in messages:
        latest = max(latest, at + chance.uniform(-seconds, seconds))
        late.append((latest, message))
    return late


def follow(messages: list[Timed], stretches: list[Stretch], settled: float, within: float, unit: int = 4) -> Clocked:
    """Hear all; `settled` seconds into a stretch, at least .2 into the first, the map is as near to the host's (s)."""
    keeper = Clocked(unit)
    for at, message in messages:
        keeper.hear(at, message)
        for stretch in stretches:
            learnt = stretch.begin + (settled if stretch is not stretches[0] else max(settled, 0.2))
            if message == CLOCK and learnt < at < stretch.end - 0.03:
                assert keeper.tempo is not None
                coming = int(stretch.tempo.beat(at)) + 1
                assert keeper.tempo.seconds(coming * unit / 4) == pytest.approx(
                    stretch.tempo.seconds(coming), abs=within
                )
    return keeper


@EVERY_WAY
@pytest.mark.parametrize("bpm", [97.0, 140.0])
def test_a_cycle_is_followed_round_and_round(host: Host, bpm: float) -> None:
    top = (0, 16) if host.jump == (START,) else (4, 20)  # who sends a start jumps to nothing but the top
    messages, stretches = transport(host, bpm, (0, 16), top, top, top)
    keeper = follow(messages, stretches, settled=0.07, within=0.003)
    assert keeper.epoch == 4 and keeper.tempo is None  # it stands in the end


@EVERY_WAY
@pytest.mark.parametrize("pause", [0.31, 1.7, 6.6])
def test_after_a_stop_and_a_locate_it_goes_on_in_the_right_bar(host: Host, pause: float) -> None:
    messages, stretches = transport(host, 120, (0, 16), (40, 48), (3.75, 12), pause=pause)
    follow(messages, stretches, settled=0.07, within=0.003)


@EVERY_WAY
@pytest.mark.parametrize("seed", range(3))
def test_jitter_of_4_ms_costs_no_bar(host: Host, seed: int) -> None:
    top = (0, 32) if host.jump == (START,) else (32, 64)
    messages, stretches = transport(host, 120, (0, 32), top, top)
    keeper = follow(jittered(messages, 0.004, seed), stretches, settled=1.0, within=0.006)
    assert keeper.clock_bpm == pytest.approx(120, rel=0.005)


@EVERY_WAY
def test_it_stands_as_soon_as_the_host_stops(host: Host) -> None:
    messages, _ = transport(host, 120, (0, 16), (40, 48), pause=3.0)
    keeper, stopped = Clocked(4), False
    for at, message in messages:
        keeper.hear(at, message)
        stopped = message == STOP or (stopped and message[0] not in (0xFA, 0xFB))
        assert keeper.tempo is None or not stopped


@pytest.mark.parametrize("unit", [8, 2])
def test_a_host_counts_in_quarters_whatever_the_metre(unit: int) -> None:
    messages, stretches = transport(HOSTS["stops and goes on at a jump"], 120, (0, 16), (16, 32))
    follow(messages, stretches, settled=0.07, within=0.003, unit=unit)


@pytest.mark.parametrize("every", [1, 4, 16])
def test_a_position_told_in_passing_changes_nothing(every: int) -> None:
    """Some tell where they are at every sixteenth, beat or bar, a clock early or some late."""
    messages, stretches = transport(HOSTS["stops and goes on at a jump"], 120, (0, 64))
    clocks = [n for n, (_, message) in enumerate(messages) if message == CLOCK]
    for told in range(every, 4 * 64, every):
        for off in (-0.9, 0.5, 3.5):
            at = messages[clocks[6 * told]][0] + off * 0.5 / 24
            messages.append((at, bytes((0xF2, told & 127, told >> 7))))
    assert follow(sorted(messages), stretches, settled=0.07, within=0.001).epoch == 1


def test_continue_while_it_runs_changes_nothing() -> None:
    messages, stretches = transport(HOSTS["stops and goes on at a jump"], 120, (0, 32))
    keeper = follow(sorted([*messages, (3.3, b"\xfb"), (5.01, b"\xfb")]), stretches, settled=0.07, within=0.001)
    assert keeper.epoch == 1


def test_a_tempo_changed_while_it_stood_is_learnt_within_a_beat_or_two() -> None:
    host, keeper = HOSTS["stops and goes on at a jump"], Clocked(4)
    for bpm, begin in ((120, 1.0), (150, 20.0), (90, 40.0)):
        messages, (stretch,) = transport(host, bpm, (0, 16), begin=begin)
        for at, message in messages:
            keeper.hear(at, message)
            if message == CLOCK and stretch.tempo.beat(at) > 2:
                assert keeper.tempo is not None
                assert keeper.tempo.beat(at) == pytest.approx(stretch.tempo.beat(at), abs=0.01)
    assert keeper.epoch == 3


@pytest.mark.parametrize("late", [0.0, 0.2, 0.5, 0.9])
@pytest.mark.parametrize("phase", [0.0, 0.3, 0.5, 0.8])
@pytest.mark.parametrize("period", [0.0001, 0.00133])
def test_a_start_anywhere_between_idle_clocks_with_a_late_first_one_is_bar_1(
    phase: float, late: float, period: float
) -> None:
    """Hosts that begin with what a player does: late by up to a clock, on a port that has its own periods."""
    keeper, gap = Clocked(4), 60 / 140 / 24
    start = (50 + phase) * gap
    first = start + late * gap
    idle = [n * gap for n in range(60) if n * gap < first - 0.001]
    clocks = [max(start + n * gap, first + n * 0.001) for n in range(24 * 12)]
    for at, message in [*((at, CLOCK) for at in idle), (first - 0.001, START), *((at, CLOCK) for at in clocks)]:
        stamped = (at // period + 1) * period
        keeper.hear(stamped, message)
        beat = (at - start) / gap / 24
        if message == CLOCK and beat > 2:
            assert keeper.tempo is not None
            assert keeper.tempo.beat(start + int(beat + 1) * 24 * gap + period / 2) == pytest.approx(
                int(beat + 1), abs=0.003 * 140 / 60
            )
    assert keeper.epoch == 1


def test_clocks_that_came_double_while_it_stood_are_no_bars_of_what_goes_on() -> None:
    """The grid moves between the position and the continue, as where a sender begins by what it hears."""
    keeper, gap = Clocked(4), 60 / 140 / 24
    idle = [n * gap for n in range(50)]
    anew = [idle[-1] + 0.0026 + n * gap for n in range(24 * 12)]
    script = [(at, CLOCK) for at in idle + anew]
    script += [(idle[-1] - 0.01, b"\xf2\x01\x00"), (anew[5] - 0.001, b"\xfb")]
    for at, message in sorted(script):
        keeper.hear(at, message)
    assert keeper.tempo is not None
    assert keeper.tempo.beat(anew[5 + 24 * 8]) == pytest.approx(8.25, abs=0.005)


# ---------------------------------------------------------------- what is no clock


def flood(begin: float, seconds: float, a_second: int = 1000) -> list[Timed]:
    return [(begin + n / a_second, CLOCK) for n in range(round(seconds * a_second))]


@pytest.mark.parametrize("seconds", [0.05, 1.0, 4.0])
@pytest.mark.parametrize("bpm", [90.0, 140.0])
def test_a_flood_of_clocks_costs_no_beat(bpm: float, seconds: float) -> None:
    messages, (stretch,) = transport(HOSTS["stops and goes on at a jump"], bpm, (0, 64))
    keeper = Clocked(4)
    for at, message in sorted([*messages, *flood(8.0031, seconds)]):
        keeper.hear(at, message)
        if message == CLOCK and at > 3:
            assert keeper.tempo is not None
            assert keeper.tempo.beat(at) == pytest.approx(stretch.tempo.beat(at), abs=0.02)
    assert keeper.epoch == 1


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("gap", [0.002, 0.004, 0.008, 0.02])
def test_clocks_at_random_are_over_when_they_are_over(gap: float, seed: int) -> None:
    """They may cost bars, for who is to tell them from clocks? But then the true ones are followed as they go."""
    messages, (stretch,) = transport(HOSTS["stops and goes on at a jump"], 140, (0, 96))
    chance = np.random.default_rng(seed)
    noise = 8.0 + np.cumsum(np.abs(chance.normal(0, gap, round(8 / gap))))
    keeper = Clocked(4)
    for at, message in sorted([*messages[:-1], *((at, CLOCK) for at in noise.tolist())]):
        if keeper.wake_at is not None and keeper.wake_at < at:
            keeper.woken(keeper.wake_at)
        keeper.hear(at, message)
        if at > noise[-1] + 3:
            assert keeper.tempo is not None and keeper.clock_bpm == pytest.approx(140, rel=0.005)
    assert keeper.tempo is not None
    off = (keeper.tempo.beat(stretch.end) - stretch.tempo.beat(stretch.end)) * 24
    assert off == pytest.approx(round(off), abs=0.1)


def test_a_flood_before_the_start_is_over_with_it() -> None:
    messages, stretches = transport(HOSTS["stops and goes on at a jump"], 120, (0, 16), begin=3.0)
    follow([*flood(0.0, 2.9), *messages], stretches, settled=0.07, within=0.003)


@pytest.mark.parametrize(("fast", "slow"), [(280, 70), (390, 25)])
def test_a_tempo_that_falls_to_a_quarter_is_followed(fast: float, slow: float) -> None:
    messages, (stretch,) = transport(HOSTS["stops and goes on at a jump"], fast, (0, 64))
    last, gap = stretch.end, 60 / slow / 24
    keeper = Clocked(4)
    for at, message in messages[:-1] + [(last + n * gap, CLOCK) for n in range(24 * 8)]:
        keeper.hear(at, message)
    assert keeper.clock_bpm == pytest.approx(slow, rel=0.01)
    assert keeper.tempo is not None and keeper.tempo.bpm == pytest.approx(slow, rel=0.01)


transport_bytes = st.sampled_from([b"\xf8", b"\xfa", b"\xfb", b"\xfc", b"\xff", b"\xf2\x05\x01", b"\xf2\x00", b""])
rubbish = st.lists(st.tuples(st.floats(0, 0.5), st.binary(max_size=3) | transport_bytes), max_size=150)


@settings(deadline=None)
@given(rubbish)
def test_whatever_comes_before_a_start_is_followed_and_no_map_ever_jumps(stream: list[tuple[float, bytes]]) -> None:
    keeper, at, told = Clocked(4), 0.0, []
    for gap, message in stream:
        at += gap
        keeper.hear(at, message)
        if keeper.wake_at is not None and keeper.wake_at < at + gap:
            keeper.woken(keeper.wake_at)
            assert keeper.wake_at is None
        told.append((at, keeper.epoch, keeper.tempo))
    for (_, epoch, before), (moment, after, tempo) in pairwise(told):
        if tempo is not None and before is not None and epoch == after:
            assert tempo.seconds(tempo.beat(moment)) == pytest.approx(moment, abs=1e-6)
            assert tempo.beat(moment) == pytest.approx(before.beat(moment), abs=1e-6)
    messages, (stretch,) = transport(HOSTS["stops and goes on at a jump"], 120, (0, 24), begin=at + 0.6)
    for at, message in messages[:-1]:
        keeper.hear(at, message)
    assert isinstance(keeper.tempo, TempoMap)
    assert keeper.tempo.seconds(24) == pytest.approx(stretch.tempo.seconds(24), abs=0.003)
