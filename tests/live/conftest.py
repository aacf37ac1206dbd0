"""A private JACK server for the whole test session, with a dummy driver: MIDI ports without a sound card."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from sideslip.stage.clock import monotonic

LONG = 20.0  # s; only a broken build waits this long
_TRIES = 4  # a few starts in a hundred wedge: the server runs and serves nobody
_PROBE = """
import threading
from sideslip.stage.midi.names import Choice, match
from sideslip.stage.midi.ports import Backend
from sideslip.stage.midi.system import open_system
system, heard = open_system(Backend("rtmidi", "jack")), threading.Event()
out = system.open_output(Choice("probe", virtual=True))
into = system.open_input(Choice(match("probe", system.inputs(), "input")), lambda at, message: heard.set())
while not heard.wait(0.05):
    out.send(bytes((0x90, 60, 80)))
into.close()
out.close()
"""


@pytest.fixture(autouse=True)
def _heeding() -> Iterator[None]:
    """Programs that are started here heed Ctrl-C and hanging up, even where the tests run in the background."""
    former = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGHUP)}
    ignored = [number for number, handler in former.items() if handler is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, signal.SIG_DFL)
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)


def _may_hurry() -> bool:
    """Whether real-time scheduling is permitted here."""
    code = "import os; os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))"
    return subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0


def _serves() -> bool:
    try:
        return subprocess.run([sys.executable, "-c", _PROBE], capture_output=True, timeout=5).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(5)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


@pytest.fixture(scope="session")
def jack() -> Iterator[str]:
    """The name of a server that this process's MIDI clients reach; skips where there is none to start."""
    if shutil.which("jackd") is None:
        pytest.skip("jackd (Debian's jackd2) is not installed")
    pytest.importorskip("rtmidi", reason="python-rtmidi is not installed")
    name = f"sideslip{os.getpid()}"
    real_time = ["-R", "-P", "20"] if _may_hurry() else ["-r"]
    # -S: asynchronous mode loses and doubles messages
    command = ["jackd", *real_time, "-S", "-n", name, "-d", "dummy", "-r", "48000", "-p", "64"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JACK_DEFAULT_SERVER", name)
        patch.setenv("JACK_NO_START_SERVER", "1")
        for _ in range(_TRIES):
            server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                if _started(server) and _serves():
                    yield name
                    return
            finally:
                _end(server)
    pytest.skip(f"jackd did not serve in {_TRIES} starts (more than eight servers are too many)")


def _started(server: subprocess.Popen[bytes]) -> bool:
    """Wait for the first sign of life; a client that comes too early waits for a server that may never answer."""
    try:
        server.wait(0.5)
    except subprocess.TimeoutExpired:
        return True
    return False


def wait_until(moment: float) -> None:
    """Sleep, then spin: the player must be steadier than what is measured."""
    while (left := moment - monotonic()) > 0:
        time.sleep(left - 0.0005 if left > 0.001 else 0)


class Rig:
    """A keyboard and a synth for a partner to open as "rig keys" and "rig synth", by the library itself.

    `heard` is what the synth was sent, with its `monotonic` moments.
    """

    def __init__(self) -> None:
        self.rtmidi: Any = pytest.importorskip("rtmidi")
        self.heard: list[tuple[float, bytes]] = []
        self.more = threading.Condition()
        self.keys: Any = None
        self.open_keys()
        self.synth = self.rtmidi.MidiIn(rtapi=self.rtmidi.API_UNIX_JACK, name="rig synth")
        self.synth.set_callback(self._on_message)
        self.synth.open_virtual_port("synth")

    def open_keys(self) -> None:
        self.keys = self.rtmidi.MidiOut(rtapi=self.rtmidi.API_UNIX_JACK, name="rig keys")
        self.keys.open_virtual_port("keys")

    def close_keys(self) -> None:
        self.keys.close_port()
        self.keys.delete()

    def close(self) -> None:
        self.synth.cancel_callback()
        self.synth.close_port()
        self.synth.delete()
        self.close_keys()

    def perform(self, messages: Iterable[tuple[float, bytes]]) -> None:
        """Play each message at its `monotonic` moment; what is given first of two at one moment goes first."""
        for moment, message in sorted(messages, key=lambda timed: timed[0]):
            wait_until(moment)
            self.keys.send_message(message)

    def struck(self, since: float = 0.0, until: float = float("inf")) -> list[float]:
        """The moments at which notes that the synth heard began."""
        return [at for at, m in self.heard if since <= at < until and m[0] & 0xF0 == 0x90 and m[2]]

    def sounding(self, until: float = float("inf")) -> set[tuple[int, int]]:
        """(channel, pitch) of what a strict synth would still sound at a moment."""
        held: set[tuple[int, int]] = set()
        for at, message in self.heard:
            key = message[0] & 0x0F, message[1]
            if at >= until:
                break
            if message[0] & 0xF0 == 0x90 and message[2]:
                assert key not in held, "struck while it sounds"
                held.add(key)
            elif message[0] & 0xF0 in (0x80, 0x90):
                assert key in held, "ended without having begun"
                held.discard(key)
        return held

    def wait(self, fits: Callable[[list[bytes]], bool]) -> list[bytes]:
        """What the synth has heard, once it fits."""
        with self.more:
            assert self.more.wait_for(lambda: fits([m for _, m in self.heard]), LONG), self.heard
            return [m for _, m in self.heard]

    def _on_message(self, event: Any, data: object) -> None:
        with self.more:
            self.heard.append((monotonic(), bytes(event[0])))
            self.more.notify_all()


class Jam:
    """`sideslip jam` on the rig's ports, listening. `words` are the lines with which it says so."""

    def __init__(self, *options: str) -> None:
        command = [sys.executable, "-m", "sideslip.cli", "jam", "--in", "rig keys", "--out", "rig synth"]
        command += ["--backend", "jack", *options]
        self._program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self._program.stderr is not None
        self.words = [self._program.stderr.readline() for _ in range(2)]

    def leave(self) -> tuple[list[str], list[str]]:
        """Press Ctrl-C; the lines with which it told what it played, and what it heard. It has not complained."""
        self._program.send_signal(signal.SIGINT)
        played, heard = (text.splitlines() for text in self._program.communicate(timeout=10))
        assert self._program.returncode == 0
        assert all(line.startswith("bar ") for line in played + heard), heard
        return played, heard

    def kill(self) -> None:
        """End it, whatever it does."""
        self._program.kill()
        self._program.communicate()


@pytest.fixture
def jam(rig: "Rig") -> Iterator[Callable[..., Jam]]:
    """Starts `sideslip jam` with options."""
    started: list[Jam] = []

    def start(*options: str) -> Jam:
        started.append(Jam(*options))
        return started[-1]

    yield start
    for one in started:
        one.kill()


@pytest.fixture
def rig(jack: str) -> Iterator[Rig]:
    """A keyboard and a synth."""
    rig = Rig()
    yield rig
    rig.close()
