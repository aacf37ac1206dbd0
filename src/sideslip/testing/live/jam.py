"""`sideslip jam` as a program of its own, between a rig's keyboard and its synth."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from typing import IO

from sideslip.stage.clock import monotonic
from sideslip.testing.live.tree import Tree

_LONG = 20.0  # s; only a broken build waits this long
_GREETING = 3  # lines with which it says that it listens


class LiveJam:
    """The program, from its start at the moment `began`. `words` are the lines with which it says that it listens.

    What it writes is read all the time, so that it never waits for us. `path` are folders in which it and its children
    look for modules first, `terminal` is what its keys are read from.
    """

    def __init__(self, *options: str, path: Sequence[str] = (), terminal: int = subprocess.DEVNULL) -> None:
        command = [sys.executable, "-m", "sideslip.cli", "jam", "--in", "rig keys", "--out", "rig synth"]
        command += ["--backend", "jack", *options]
        found = os.pathsep.join([*path, *(os.path.abspath(entry) for entry in sys.path if entry)])
        self.began = monotonic()
        self.process = subprocess.Popen(
            command,
            stdin=terminal,  # not ours: a test run from a terminal keeps its keys
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": found},
        )
        self.tree = Tree(self.process.pid)
        self.played: list[str] = []
        self.told: list[str] = []
        self._said = threading.Condition()
        self._open = 2  # pipes that may still say something
        self._readers = [
            threading.Thread(target=self._read, args=pair, daemon=True)
            for pair in ((self.process.stdout, self.played), (self.process.stderr, self.told))
        ]
        for reader in self._readers:
            reader.start()
        self.until(lambda told: len(told) >= _GREETING)
        self.words = self.told[:_GREETING]

    def until(self, fits: Callable[[list[str]], bool]) -> None:
        """Wait for what it tells to fit, or for it to end."""
        with self._said:
            self._said.wait_for(lambda: fits(self.told) or not self._open, _LONG)

    def leave(self, number: int = signal.SIGINT) -> tuple[list[str], list[str]]:
        """Press Ctrl-C; the lines with which it told what it played, and what it heard. It has not complained."""
        code = self.end(number)
        assert code == 0, (code, self.told)
        heard = self.told[_GREETING:]
        assert all(line.startswith("bar ") for line in self.played + heard), heard
        return self.played, heard

    def end(self, number: int) -> int:
        """Send it a signal; the code with which it ended."""
        self.process.send_signal(number)
        return self.wait()

    def kill(self) -> None:
        """End it, whatever it does."""
        self.end(signal.SIGKILL)

    def wait(self) -> int:
        """The code with which it ended, once it has and all that it said is known."""
        code = self.process.wait(_LONG)
        for reader in self._readers:
            reader.join(_LONG)  # ends when nobody holds the pipe any more: its children have ended, too
        return code

    def _read(self, pipe: IO[str], lines: list[str]) -> None:
        with pipe:
            for line in pipe:
                with self._said:
                    lines.append(line.rstrip("\n"))
                    self._said.notify_all()
        with self._said:
            self._open -= 1
            self._said.notify_all()
