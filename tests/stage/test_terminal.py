"""The computer's keys: read one by one and unseen, and a terminal that is left as it was, whatever happens."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.stage.terminal import keys_in

# ---------------------------------------------------------------- what a terminal sends


@pytest.mark.parametrize(
    ("typed", "keys", "begun"),
    [
        (b"+-[]<>tlop q?", [*"+-[]<>tlop q?"], b""),
        (b"\x1b[A\x1b[B\x1bOA\x1bOB", ["up", "down", "up", "down"], b""),
        (b"a\x1b[1;5Cb\x1b[3~c", ["a", "b", "c"], b""),
        (b"\r\n", ["enter", "enter"], b""),
        (b"\x01\x04\x7f\xc3\xa4\x00t", ["t"], b""),
        (b"t\x1b", ["t"], b"\x1b"),
        (b"t\x1b[", ["t"], b"\x1b["),
        (b"\x1b[1;", [], b"\x1b[1;"),
        (b"\x1bO", [], b"\x1bO"),
        (b"\x1bl", [], b""),  # with Alt
    ],
)
def test_keys_are_told_from_what_they_send(typed: bytes, keys: list[str], begun: bytes) -> None:
    assert keys_in(typed) == (keys, begun)


@given(st.binary(max_size=40), st.integers(0, 40))
def test_however_it_is_cut_the_same_keys_come(typed: bytes, cut: int) -> None:
    first, begun = keys_in(typed[:cut])
    second, rest = keys_in(begun + typed[cut:])
    assert (first + second, rest) == keys_in(typed)


# ---------------------------------------------------------------- a terminal of our own

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed")

PROGRAM = """
import logging, os, signal, sys
from sideslip.stage.clock import RealClock
from sideslip.stage.inbox import Inbox
from sideslip.stage.keys import heed_keys
from sideslip.stage.session import stop_on_signals

inbox, clock = Inbox(), RealClock()
with stop_on_signals(inbox, clock.now), heed_keys(inbox, clock.now, lambda: print("panic!"), print):
    print("ready", flush=True)
    while (event := clock.wait(inbox, None)) is not None:
        print(type(event).__name__, *(getattr(event, name) for name in type(event).__slots__[1:]), flush=True)
        if type(event).__name__ == "Stopped":
            break
        if getattr(event, "control", "") == "take_over":
            raise RuntimeError("a mistake of ours")
print("left", flush=True)
"""

SHELL = """
import fcntl, os, signal, subprocess, sys, termios

def front(group):
    os.tcsetpgrp(0, group)

fcntl.ioctl(0, termios.TIOCSCTTY, 0)
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
job = subprocess.Popen([sys.executable, "-c", sys.argv[1]], process_group=0)
front(job.pid)
while True:
    _, status = os.waitpid(job.pid, os.WUNTRACED)
    front(os.getpgrp())
    echo = "seen" if termios.tcgetattr(0)[3] & termios.ECHO else "unseen"
    if not os.WIFSTOPPED(status):
        print("shell: over", os.waitstatus_to_exitcode(status), echo, flush=True)
        break
    print("shell: halted", echo, flush=True)
    if sys.stdin.readline().strip() == "bg":
        os.kill(job.pid, signal.SIGCONT)
        print("shell: background", sys.stdin.readline().strip(), flush=True)
    front(job.pid)
    os.kill(job.pid, signal.SIGCONT)
"""
"""Enough of a shell to halt a job, put it into the background, and bring it back."""


class Terminal:
    """A pseudo-terminal with a program in it; what it shows, and what is typed."""

    def __init__(self, *command: str) -> None:
        self._ours, theirs = os.openpty()
        path = os.pathsep.join(entry for entry in sys.path if entry)
        self._process = subprocess.Popen(
            [sys.executable, "-c", *command],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": path},
        )
        self._theirs, self._shown = theirs, ""

    def type(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def until(self, words: str) -> str:
        """What is shown from here up to some words."""
        patience = time.monotonic() + 20
        while words not in self._shown:
            ready, _, _ = select.select([self._ours], [], [], max(0.0, patience - time.monotonic()))
            assert ready, f"{words!r} was not shown, but {self._shown!r}"
            self._shown += os.read(self._ours, 4096).decode()
        before, _, self._shown = self._shown.partition(words)
        return before

    def signal(self, number: int) -> None:
        self._process.send_signal(number)

    def echoes(self) -> bool:
        """Whether the terminal shows what is typed."""
        import termios

        return bool(termios.tcgetattr(self._theirs)[3] & termios.ECHO)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._ours)
        os.close(self._theirs)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    terminal = Terminal(SHELL, PROGRAM)
    yield terminal
    terminal.close()


def test_keys_are_events_and_are_not_shown(terminal: Terminal) -> None:
    terminal.until("ready\r\n")
    for typed, words in (
        ("+", "Nudged outside 1"),
        ("\x1b[B", "Nudged outside -1"),
        ("]", "Nudged density 1"),
        ("<", "Nudged register -1"),
        ("t", "Nudged trade 1"),
        ("l", "Nudged lay_out 1"),
        ("?", "p or space panic"),
        (" ", "panic!"),
        ("q", "Stopped"),
    ):
        terminal.type("xyz" + typed)
        shown = terminal.until(words)
        assert "xyz" not in shown
    terminal.until("left")
    terminal.until("shell: over 0 seen")


@pytest.mark.parametrize(("key", "code"), [("\x03", 0), ("o", 1)])
def test_after_ctrl_c_and_after_a_traceback_the_terminal_is_as_it_was(terminal: Terminal, key: str, code: int) -> None:
    terminal.until("ready\r\n")
    terminal.type(key)
    assert ("a mistake of ours" in terminal.until(f"shell: over {code} seen")) == (code == 1)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGQUIT"])
def test_after_a_signal_the_terminal_is_as_it_was(name: str) -> None:
    terminal = Terminal(PROGRAM)
    terminal.until("ready\r\n")
    terminal.type("+")
    terminal.until("Nudged")
    assert not terminal.echoes()
    terminal.signal(getattr(signal, name))
    terminal.until("left")
    assert terminal.echoes()
    terminal.close()


def test_a_program_that_is_halted_gives_the_terminal_back_and_takes_it_again(terminal: Terminal) -> None:
    terminal.until("ready\r\n")
    for _ in range(2):
        terminal.type("+")
        terminal.until("Nudged")
        terminal.type("\x1a")
        terminal.until("shell: halted seen")
        terminal.type("fg\n")
    terminal.until("fg")
    terminal.type("q")
    terminal.until("shell: over 0 seen")


def test_in_the_background_nothing_is_read(terminal: Terminal) -> None:
    terminal.until("ready\r\n")
    terminal.type("\x1a")
    terminal.until("shell: halted seen")
    terminal.type("bg\n")
    terminal.until("bg\r\n")
    terminal.type("+q+\n")
    assert "Nudged" not in terminal.until("shell: background +q+")
    terminal.type("+")
    terminal.until("Nudged outside 1")
    terminal.type("q")
    terminal.until("shell: over 0 seen")


def test_where_input_is_a_pipe_it_is_read_to_its_end(tmp_path: Path) -> None:
    path = os.pathsep.join(entry for entry in sys.path if entry)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input="+lq",
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
        timeout=60,
    )
    assert done.stdout.split("\n") == ["ready", "Nudged outside 1", "Nudged lay_out 1", "Stopped", "left", ""]
