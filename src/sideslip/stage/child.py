"""Processes of our own, spoken to in JSON lines over their standard input and output.

A child never outlives its parent: its input ends when the parent does, however that came about. But it hears nothing of
what the terminal tells the parent (Ctrl-C, Ctrl-Z, hanging up): a program that is halted still has its notes ended.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from io import BufferedReader, RawIOBase
from typing import IO, BinaryIO, cast

from sideslip.stage.arithmetic import on_one_thread
from sideslip.stage.jsonlines import Json, dump, load_object

MAX_LINE = 8_000_000
"""The longest line read from the other side, in bytes."""

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


class Child:
    """A process `python -m module arguments` with this program's import path, arithmetic on one thread.

    Where the system has sessions (not on Windows) it is in one of its own, out of the terminal's reach. One thread
    reads its lines; any may send and kill. Raises OSError if it cannot be started.
    """

    def __init__(self, module: str, *arguments: str) -> None:
        path = os.pathsep.join(os.path.abspath(entry) for entry in sys.path if entry)
        environment = on_one_thread(os.environ) | {"PYTHONPATH": path}
        command = [sys.executable, "-P", "-m", module, *arguments]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, env=environment, bufsize=0, start_new_session=True
        )
        self._writing = threading.Lock()  # held while the pipe is in use, so that it is not closed then

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def send(self, data: Json) -> None:
        """Write a line; nothing happens if the child has ended, which its lines tell."""
        with self._writing, suppress(OSError, ValueError):
            send(cast(BinaryIO, self._process.stdin), data)

    def lines(self) -> Iterator[Json]:
        """Every line it writes until it ends, killed then if it does not make sense (ValueError)."""
        answers = BufferedReader(cast(RawIOBase, self._process.stdout))
        try:
            yield from receive(answers)
        finally:
            self.kill()
            answers.close()
            with self._writing:
                cast(BinaryIO, self._process.stdin).close()
            self._process.wait()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    @property
    def code(self) -> int | None:
        """How it ended (minus the number of a signal); None while it lives."""
        return self._process.returncode


def adopt(ignored: tuple[str, ...]) -> tuple[BinaryIO, BinaryIO]:
    """In the child: ignore these signals (names; the parent decides when to end) and take over input and output.

    Whatever a library prints goes to standard error from here on, so that it cannot break a line.
    """
    for name in ignored:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    return sys.stdin.buffer, answers


def hush_c_libraries() -> None:
    """In the child: nothing that C libraries print is seen any more; Python's standard error stays."""
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def die_with_parent() -> None:
    """In the child: be killed when the parent dies, even while busy. Where the system cannot, the end of input does."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def send(pipe: BinaryIO, data: Json) -> None:
    """Write one line whole into an unbuffered pipe. Raises OSError if the other side is gone."""
    line = memoryview(dump(data).encode() + b"\n")
    while line:
        line = line[pipe.write(line) :]


def receive(pipe: IO[bytes]) -> Iterator[Json]:
    """Every line until the other side ends. Raises ValueError for what is not an object in one line."""
    while line := pipe.readline(MAX_LINE):
        if not line.endswith(b"\n"):
            return
        yield load_object(line.decode("utf-8", "replace"))
