"""`sideslip jam` under the player's hands: panic by key, controller and signal, keys, controllers that are learnt."""

import os
import re
import signal
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sideslip.stage.clock import monotonic
from sideslip.testing.live import LiveJam
from sideslip.testing.live.rig import wait_until

pytestmark = [pytest.mark.live, pytest.mark.slow]

Rig = Any  # a fixture's class, as the other live tests have it

BEAT = 60 / 200
LINE = (60, 63, 65, 66, 67, 65, 63, 60)


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """A terminal: where keys are typed, and what a program reads them from."""
    typed, read = os.openpty()
    yield typed, read
    os.close(typed)
    os.close(read)


@pytest.fixture
def jam(
    rig: Rig, terminal: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., LiveJam]]:
    """Starts the program in that terminal, with settings of its own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    started: list[LiveJam] = []

    def start(*options: str) -> LiveJam:
        started.append(LiveJam("--tempo", "200", "--trade", "1", *options, terminal=terminal[1]))
        return started[-1]

    yield start
    for one in started:
        one.kill()


def call(rig: Rig, start: float, bar: int) -> None:
    """Play a bar of eighths, but for the last."""
    at = start + 4 * bar * BEAT
    on = [(at + i * BEAT / 2, bytes((0x90, pitch, 80))) for i, pitch in enumerate(LINE[:7])]
    off = [(at + (i + 0.8) * BEAT / 2, bytes((0x80, pitch, 0))) for i, pitch in enumerate(LINE[:7])]
    rig.perform([*on, *off])


def test_panic_by_key_controller_and_signal_is_silence_and_the_next_turn_comes(
    rig: Rig, jam: Callable[..., LiveJam], terminal: tuple[int, int]
) -> None:
    gig = jam()
    assert gig.words[1].endswith("Ctrl-C ends, ? tells what keys do")
    start = monotonic() + 0.3
    panics: list[Callable[[], object]] = [
        lambda: os.write(terminal[0], b" "),
        lambda: rig.send(b"\xb4\x1b\x7f"),
        lambda: gig.process.send_signal(signal.SIGUSR1),
    ]
    for turn, panic in enumerate(panics):
        call(rig, start, 2 * turn)
        line = start + (8 * turn + 4) * BEAT
        wait_until(line + 0.6 * BEAT)
        panic()
        pressed = monotonic()
        wait_until(line + 4 * BEAT)
        assert rig.struck(line - 0.1)[0] - line == pytest.approx(0, abs=0.015)
        assert rig.sounding(until=pressed + 0.050) == set()
        assert rig.struck(pressed + 0.050) == []
    assert gig.end(signal.SIGINT) == 0
    told = [line for line in gig.told if "panic: " in line]
    assert len(told) == 3
    assert all(re.fullmatch(r"sideslip: panic: stopped (1 note|0 notes), forgot [0-9]+ to come", line) for line in told)
    assert termios.tcgetattr(terminal[1])[3] & termios.ECHO


def test_keys_change_what_is_played_next_and_the_journal_knows(
    rig: Rig, jam: Callable[..., LiveJam], terminal: tuple[int, int], tmp_path: Path
) -> None:
    gig = jam("--journal", str(tmp_path / "gig.journal"))
    start = monotonic() + 0.3
    rig.perform([(start, b"\x90\x3c\x50"), (start + 0.1, b"\x80\x3c\x00")])
    os.write(terminal[0], b"\x1b[A++]o")
    call(rig, start, 0)
    wait_until(start + 15 * BEAT)
    os.write(terminal[0], b"l")
    wait_until(start + 24 * BEAT)
    assert rig.struck(start)[0] - start == pytest.approx(4 * BEAT, abs=0.015)
    assert max(rig.struck()) < start + 15.2 * BEAT
    os.write(terminal[0], b"q")
    assert gig.wait() == 0
    told = [line for line in gig.told[3:] if not line.startswith("bar ")]
    assert told == ["outside 0.55", "density 2.5 notes a beat", "taking over on the next bar line", "laying out"]
    assert rig.sounding() == set()
    command = [sys.executable, "-m", "sideslip.cli", "replay", str(tmp_path / "gig.journal")]
    replayed = subprocess.run(command, capture_output=True, text=True, check=True)
    assert replayed.stdout.splitlines() == gig.played != []


def test_a_controller_that_is_learnt_is_known_the_next_time(
    rig: Rig, jam: Callable[..., LiveJam], terminal: tuple[int, int]
) -> None:
    os.write(terminal[0], b"\n")  # the first stays as it is, before it is asked for
    gig = jam("--learn", "outside", "density", "panic")
    assert [re.sub(" of '.*'", "", line) for line in gig.words] == [
        "learning the controllers; Enter leaves a control as it is, q ends",
        "outside: turn its knob (now 21)",
        "density: turn its knob (now 22)",
    ]
    for reading in range(20, 60, 3):
        rig.send(bytes((0xB2, 74, reading)))
    gig.until(lambda told: "panic: press" in told[-1])
    rig.send(b"\xb2\x50\x7f")
    gig.until(lambda told: told[-1].startswith("controllers: "))
    assert gig.end(signal.SIGINT) == 0
    again = jam()
    words = (
        "outside 21, density 74 on channel 3, register 23, trade 24, lay out 25, take over 26, panic 80 on channel 3"
    )
    assert again.words[2] == gig.told[-1] == f"controllers: {words}"
