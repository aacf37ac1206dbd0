"""A private JACK server for the whole test session, with a dummy driver: MIDI ports without a sound card."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

_TRIES = 4  # a few starts in a hundred wedge: the server runs and serves nobody
_PROBE = """
import threading
from sideslip.stage.port_names import Choice, match
from sideslip.stage.ports import Backend, open_system
system, heard = open_system(Backend("rtmidi", "jack")), threading.Event()
out = system.open_output(Choice("probe", virtual=True))
into = system.open_input(Choice(match("probe", system.inputs(), "input")), lambda at, message: heard.set())
while not heard.wait(0.05):
    out.send(bytes((0x90, 60, 80)))
into.close()
out.close()
"""


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
