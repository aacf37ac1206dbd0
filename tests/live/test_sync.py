"""`sideslip jam` beside others: its clock as a receiver hears it, a host's transport, a Link session."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from sideslip.listen.tempo import TempoMap
from sideslip.listen.transport import Clocked
from sideslip.stage.clock import monotonic
from sideslip.testing.hosts import HOSTS, transport
from sideslip.testing.live.player import Timed

pytestmark = [pytest.mark.live, pytest.mark.slow]

Rig = Any  # the fixtures' classes are in conftest, which no test imports
Start = Any

CLOCK, START, STOP, SENSING = b"\xf8", b"\xfa", b"\xfc", b"\xfe"
LINE = (60, 63, 65, 66, 67, 65, 63, 60)
SOON = 0.3  # s


def eighths(tempo: TempoMap, first: float, beats: float) -> Iterator[Timed]:
    """A line in eighths from a beat on, up to the last one before so many beats are over."""
    for n in range(round(2 * beats) - 1):
        yield tempo.seconds(first + n / 2), bytes((0x90, LINE[n % 8], 80))
        yield tempo.seconds(first + n / 2 + 0.4), bytes((0x80, LINE[n % 8], 0))


def of(message: bytes, heard: list[Timed]) -> list[float]:
    return [at for at, found in heard if found == message]


def test_a_receiver_of_our_clock_has_our_beat(rig: Rig, jam: Start) -> None:
    gig = jam("--tempo", "140", "--trade", "1", "--clock-out")
    tempo = TempoMap(140, monotonic() + 3 * SOON)
    rig.perform([*eighths(tempo, 0, 4), *eighths(tempo, 8, 4), (tempo.seconds(15.5), SENSING)])
    gig.leave()
    heard = list(rig.heard)
    (start,), (stop,) = of(START, heard), of(STOP, heard)
    clocks = [at for at in of(CLOCK, heard) if at > start]
    assert start - tempo.origin < 0.030 and clocks[0] - start < 0.005
    assert len([at for at in of(CLOCK, heard) if at < start]) > 10  # receivers had time to settle
    assert min(after - before for before, after in pairwise(clocks)) > 0
    late = np.array([at - tempo.seconds(clock / 24) for clock, at in enumerate(clocks)][1:])
    assert np.ptp(np.percentile(late, (1, 99))) < 0.004, late  # the rig's own period is 1.3 ms
    assert abs(np.median(late)) < 0.010  # the way of the first note to us
    assert stop > clocks[-1] - 0.020  # those that were queued by then still come
    receiver = Clocked(4)
    for at, message in heard:
        receiver.hear(at, message)
        if tempo.seconds(4) < at < stop and message == CLOCK:
            assert receiver.tempo is not None
            coming = int(tempo.beat(at)) + 1
            ours = tempo.seconds(coming) + float(np.median(late))
            assert receiver.tempo.seconds(coming) == pytest.approx(ours, abs=0.003)
    struck = rig.struck(tempo.seconds(3))  # our answer in bar 2, on the receiver's line
    assert struck[0] - clocks[4 * 24] == pytest.approx(0, abs=0.006)


@pytest.mark.parametrize("way", ["stops and goes on at a jump", "resets and continues at a jump"])
def test_a_host_that_cycles_stops_and_locates_is_followed(rig: Rig, jam: Start, way: str) -> None:
    gig = jam("--tempo", "clock", "--trade", "1")
    begin = monotonic() + SOON
    cycle, stretches = transport(HOSTS[way], 160, (0, 16), (8, 16), begin=begin)
    there, (last,) = transport(HOSTS[way], 160, (24, 30.5), begin=stretches[-1].end + 4 * SOON)
    calls = [(stretches[0], 0), (stretches[0], 8), (stretches[1], 8), (last, 24)]
    played = [message for stretch, first in calls for message in eighths(stretch.tempo, first, 4)]
    rig.perform([*cycle, *there, *played, (last.end + SOON, SENSING)])
    for stretch, line in [(stretches[0], 4), (stretches[0], 12), (stretches[1], 12), (last, 28)]:
        at = stretch.tempo.seconds(line)
        assert rig.struck(at - 0.3)[0] - at == pytest.approx(0, abs=0.015)
    for stretch in (stretches[1], last):
        assert rig.sounding(until=stretch.end + 0.050) == set()
        assert rig.struck(stretch.end + 0.050, stretch.end + SOON) == []
    told, _ = gig.leave()
    assert [line.split(":")[0] for line in told] == ["bar 2", "bar 4", "bar 4", "bar 8"]


def test_in_a_link_session_bar_1_is_the_downbeat_after_its_start(rig: Rig, jam: Start) -> None:
    link = pytest.importorskip("link", reason="LinkPython-extern is not installed")
    peer = link.Link(132.0)
    peer.startStopSyncEnabled = peer.enabled = True
    try:
        gig = jam("--tempo", "link", "--trade", "1")
        found = monotonic() + 5.0
        while peer.numPeers() < 1 and monotonic() < found:
            rig.perform([(monotonic() + 0.05, SENSING)])
        if peer.numPeers() < 1:
            pytest.skip("Link peers do not find each other here: is multicast permitted?")
        rig.perform([(monotonic() + 1.0, SENSING)])  # until both agree on the session
        start = peer.clock().micros() + 50_000
        state = peer.captureAppSessionState()
        state.setIsPlaying(True, start)
        peer.commitAppSessionState(state)
        ahead = peer.clock().micros() / 1e6 - monotonic()
        downbeat = 4 * -(-state.beatAtTime(start, 4.0) // 4)
        tempo = TempoMap(state.tempo(), state.timeAtBeat(downbeat, 4.0) / 1e6 - ahead)
        rig.perform([*eighths(tempo, 0, 4), *eighths(tempo, 8, 4), (tempo.seconds(13), SENSING)])
        stop = monotonic()
        state = peer.captureAppSessionState()
        state.setIsPlaying(False, peer.clock().micros())
        peer.commitAppSessionState(state)
        rig.perform([(stop + 2 * SOON, SENSING)])
    finally:
        peer.enabled = False
    for bar in (2, 4):
        at = tempo.seconds(4 * (bar - 1))
        assert rig.struck(at - 0.3)[0] - at == pytest.approx(0, abs=0.015)
    assert rig.sounding(until=stop + 0.150) == set()  # the session takes some of it to tell us
    assert rig.struck(stop + 0.150) == []
    told, _ = gig.leave()
    assert [line.split(":")[0] for line in told][-2:] == ["bar 2", "bar 4"]
