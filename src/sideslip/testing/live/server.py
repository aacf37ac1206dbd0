"""A private JACK server with a dummy driver: MIDI ports without a sound card."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec

_TRIES = 4  # a few starts in a hundred wedge: the server runs and serves nobody
_FRAMES = 64  # a period; at 48 kHz 1.3 ms, which every message waits for once
_PROBE = """
import threading
from sideslip.errors import PortError
from sideslip.stage.midi.bind_rtmidi import PythonRtMidi
rtmidi, heard = PythonRtMidi("jack"), threading.Event()
while True:
    try:
        out, into = rtmidi.client("output", "probe out"), rtmidi.client("input", "probe in")
        break
    except PortError:  # on a busy machine it is still starting
        heard.wait(0.1)
rtmidi.open_virtual(out, "probe")
rtmidi.listen(into, lambda at, message: heard.set())
rtmidi.open(into, next(index for index, name in enumerate(rtmidi.names(into)) if "probe" in name))
while not heard.wait(0.05):
    rtmidi.send(out, bytes((0x90, 60, 80)))
rtmidi.close(into, "input")
rtmidi.close(out, "output")
"""


class NoServerError(RuntimeError):
    """There is no JACK server to start, or nothing to reach it by; the text says why."""


@contextmanager
def jack_server(name: str = "sideslip") -> Iterator[str]:
    """The name of a server that MIDI clients of this process and of its children reach while inside.

    Raises NoServerError. Ended by SIGTERM: one that is killed keeps one of the eight places that a machine has.
    """
    if shutil.which("jackd") is None:
        raise NoServerError("no jackd: on Debian `sudo apt install jackd2`")
    if find_spec("rtmidi") is None:
        raise NoServerError("no python-rtmidi, which plays the player's part: it has wheels for Python 3.11 and 3.12")
    name = f"{name}{os.getpid()}"
    real_time = ["-R", "-P", "20"] if _may_hurry() else ["-r"]
    # -S: asynchronous mode loses and doubles messages
    command = ["jackd", *real_time, "-S", "-n", name, "-d", "dummy", "-r", "48000", "-p", str(_FRAMES)]
    with _environment({"JACK_DEFAULT_SERVER": name, "JACK_NO_START_SERVER": "1"}):
        for _ in range(_TRIES):
            server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                if _started(server) and _serves():
                    yield name
                    return
            finally:
                _end(server)
    raise NoServerError(f"jackd did not serve in {_TRIES} starts (more than eight servers are too many)")


@contextmanager
def _environment(changed: Mapping[str, str]) -> Iterator[None]:
    former = {name: os.environ.get(name) for name in changed}
    os.environ.update(changed)
    try:
        yield
    finally:
        for name, value in former.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _may_hurry() -> bool:
    """Whether real-time scheduling is permitted here."""
    code = "import os; os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))"
    return subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0


def _started(server: subprocess.Popen[bytes]) -> bool:
    """Wait for the first sign of life; a client that comes too early waits for a server that may never answer."""
    try:
        server.wait(0.5)
    except subprocess.TimeoutExpired:
        return True
    return False


def _serves() -> bool:
    """Whether a note comes through; False where nothing ever does. Raises RuntimeError if the way itself is broken."""
    path = os.pathsep.join(os.path.abspath(entry) for entry in sys.path if entry)
    environment = {**os.environ, "PYTHONPATH": path}
    try:
        done = subprocess.run(
            [sys.executable, "-c", _PROBE], capture_output=True, text=True, timeout=5, env=environment
        )
    except subprocess.TimeoutExpired:
        return False
    if done.returncode:
        raise RuntimeError(f"the JACK server cannot be tried: {done.stderr}")
    return True


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(5)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
