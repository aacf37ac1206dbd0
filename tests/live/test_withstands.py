"""What a gig withstands, on real ports: the partner goes on in time, and leaves nothing sounding."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from sideslip.propose.checkpoint import write_weights
from sideslip.resources import resource
from sideslip.stage.clock import monotonic
from sideslip.testing.live import LiveJam, LivePlayer, NoServerError, Rig, jack_server, wait_until
from sideslip.testing.weights import TINY, random_weights

pytestmark = [pytest.mark.live, pytest.mark.slow]

Start = Callable[..., LiveJam]

BPM = 240.0
TRADING = ("--chart", "blues-in-f", "--tempo", "240", "--trade", "1")
NEAR = 0.030  # s; the goal is a tenth of it, which is the benchmark's to hold
SOON = 0.2  # s
ALL_OFF = [bytes((0xB0 | channel, 123, 0)) for channel in range(16)]


def assert_answered(player: LivePlayer, first: int = 0) -> None:
    """Every turn from one on was answered, on its line."""
    for answer in player.answers(first):
        off = player.on_the_line(answer)
        assert off is not None and abs(off) < NEAR


def assert_clean(rig: Rig) -> None:
    found = rig.hearing()
    assert found.faults == dict.fromkeys(found.faults, 0)


@pytest.mark.parametrize("trouble", [signal.SIGKILL, signal.SIGSTOP])
def test_a_proposer_that_dies_or_hangs_costs_no_turn(rig: Rig, jam: Start, trouble: int) -> None:
    gig, player = jam(*TRADING), LivePlayer(rig, BPM)
    player.play()
    proposer = gig.tree.find("worker_process")
    os.kill(proposer, trouble)
    player.play(4)
    assert_answered(player)
    gig.end(signal.SIGTERM)
    assert_clean(rig)
    assert len(gig.played) == 5
    assert any("starting another" in line for line in gig.told)


def test_a_model_that_answers_nan_costs_no_turn(
    rig: Rig, jam: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("configs", "models"):
        (tmp_path / folder).mkdir()
    (tmp_path / "configs" / "charts").symlink_to(resource("configs", "charts"))
    for name in ("listening", "critic", "tracker"):
        (tmp_path / "models" / f"{name}.safetensors").symlink_to(resource("models", f"{name}.safetensors"))
    weights = {name: np.full_like(array, np.nan) for name, array in random_weights(TINY).items()}
    write_weights(tmp_path / "models" / "line.safetensors", TINY, weights)
    monkeypatch.setenv("SIDESLIP_HOME", str(tmp_path))
    gig, player = jam(*TRADING), LivePlayer(rig, BPM)
    player.play(3)
    assert_answered(player)
    gig.end(signal.SIGTERM)
    assert_clean(rig)
    assert not any("Traceback" in line for line in gig.told)


def test_every_program_of_it_killed_but_one_is_there_again(rig: Rig, jam: Start) -> None:
    gig, player = jam(*TRADING), LivePlayer(rig, BPM)
    player.play()
    for pid in gig.tree.pids[1:]:
        os.kill(pid, signal.SIGKILL)
    player.play(2)
    assert player.answers()[-1]
    gig.end(signal.SIGTERM)
    assert rig.hearing().faults["stuck"] == 0


@pytest.fixture
def busy() -> Iterator[None]:
    """Programs that keep every core but one busy."""
    hogs = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(max(1, (os.cpu_count() or 2) - 1))
    ]
    yield
    for hog in hogs:
        hog.kill()
        hog.wait()


def test_beside_busy_cores_answers_still_begin_on_the_line(rig: Rig, jam: Start, busy: None) -> None:
    gig, player = jam(*TRADING), LivePlayer(rig, BPM)
    player.play(4)
    assert_answered(player)
    gig.end(signal.SIGTERM)
    assert_clean(rig)


def test_a_cable_from_output_to_input_is_no_player(rig: Rig, jam: Start) -> None:
    gig, player = jam(*TRADING), LivePlayer(rig, BPM)
    rig.thru = rig.send
    player.play(2)
    assert_answered(player)
    unplayed = monotonic()
    wait_until(unplayed + 12.0)
    struck = rig.struck(unplayed)
    assert len(struck) < 15 * 12
    assert [at for at in struck if at > unplayed + 10.0] == []  # it does not talk to itself
    player.skip_to(monotonic() + SOON)
    first = player.turns
    player.play()
    assert player.answers(first)[0], "the player is heard again at once"
    rig.thru = None
    gig.end(signal.SIGTERM)
    assert_clean(rig)


def abuse() -> Iterator[bytes]:
    """Legal but nasty: duplicates, velocity 0, all channels, pedals, clusters without an end, resets; and broken."""
    yield from 5 * [b"\x90\x3c\x50"] + 2 * [b"\x80\x3c\x00"] + [b"\x80\x63\x00"]
    yield from (bytes((0x90, 72, velocity)) for velocity in (90, 0, 90, 0, 0))
    yield from (bytes((0x90 | channel, 40 + channel, 70)) for channel in range(16))
    yield from (bytes((0x80 | channel, 40 + channel, 0)) for channel in range(16))
    yield b"\xb0\x40\x7f"
    yield from (bytes((status, pitch, 70)) for pitch in range(48, 58) for status in (0x90, 0x80))
    yield b"\xb0\x40\x00"
    yield from (bytes((0x90, pitch, 100)) for pitch in range(128))
    yield from (
        b"\xb0\x7b\x00",
        b"\xe0\x00\x7f",
        b"\xd0\x7f",
        b"\xc0\x05",
        b"\xa0\x3c\x01",
        b"\xf1\x03",
        b"\xf2\x01\x01",
    )
    yield from [b"\xfe", b"\xfa", *(200 * [b"\xf8"]), b"\xfc", b"\xfb", b"\xff"]
    yield from (b"\x3c\x40", b"\x90\x3c", b"\x90", b"\x90\xc8\xff", b"\xf4", b"\xf7", b"\xf0\x01\x02", b"\xf0\xf7")


def test_after_nasty_playing_the_next_phrase_is_answered(rig: Rig, jam: Start) -> None:
    gig = jam("--chart", "blues-in-f", "--tempo", "240", "--trade", "free")
    at = monotonic() + SOON
    rig.perform((at + n / 500, message) for n, message in enumerate([*abuse(), *ALL_OFF]))
    player = LivePlayer(rig, BPM, start=monotonic() + 2.0)
    player.play()
    assert rig.struck(player.start + 0.5)
    gig.end(signal.SIGTERM)
    assert_clean(rig)
    assert not any("Traceback" in line for line in gig.told)


def test_a_second_one_on_the_same_ports_is_told_who_has_them(rig: Rig, jam: Start) -> None:
    first = jam(*TRADING)
    second = jam(*TRADING)
    assert second.wait() == 2
    assert len(second.told) == 1
    assert f"by another sideslip (process {first.process.pid})" in second.told[0]
    player = LivePlayer(rig, BPM)
    player.play()
    assert_answered(player)


def test_when_the_server_dies_it_still_ends_when_told(jack: str) -> None:
    """The last of all: a library that has lost its server is not to be relied on in this process any more."""
    try:
        with jack_server("doomed"):
            rig = Rig()
            gig, player = LiveJam(*TRADING), LivePlayer(rig, BPM)
            player.play()
            assert_answered(player)
            rig.close()
    except NoServerError as reason:
        pytest.skip(str(reason))
    time.sleep(SOON)  # the server is gone, and the gig has had time to notice
    asked = monotonic()
    gig.end(signal.SIGTERM)
    assert monotonic() - asked < 2.0
    assert not any("Traceback" in line for line in gig.told)
