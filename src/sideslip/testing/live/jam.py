"""`sideslip jam` as a program of its own, between a rig's keyboard and its synth."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import IO

from sideslip.stage.clock import monotonic
from sideslip.testing.live.tree import Tree

_LONG = 20.0  # s; only a broken build waits this long
_GREETING = 2  # lines with which it says that it listens


class LiveJam:
    """The program, from its start. `words` are the lines with which it says that it listens; `began` its start.

    What it writes is read all the time, so that it never waits for us.
    """

    def __init__(self, *options: str, environment: Mapping[str, str] | None = None) -> None:
        command = [sys.executable, "-m", "sideslip.cli", "jam", "--in", "rig keys", "--out", "rig synth"]
        command += ["--backend", "jack", *options]
        path = os.pathsep.join(os.path.abspath(entry) for entry in sys.path if entry)
        told = {**os.environ, "PYTHONPATH": path, **(environment or {})}
        self.began = monotonic()
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=told, restore_signals=True
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
        with self._said:
            self._said.wait_for(lambda: len(self.told) >= _GREETING or not self._open, _LONG)
            self.words = self.told[:_GREETING]

    def leave(self, number: int = signal.SIGINT) -> tuple[list[str], list[str]]:
        """Press Ctrl-C; the lines with which it told what it played, and what it heard. It has not complained."""
        self.process.send_signal(number)
        self._wait()
        assert self.process.returncode == 0, (self.process.returncode, self.told)
        heard = self.told[_GREETING:]
        assert all(line.startswith("bar ") for line in self.played + heard), heard
        return self.played, heard

    def kill(self) -> None:
        """End it, whatever it does."""
        self.process.kill()
        self._wait()

    def _wait(self) -> None:
        self.process.wait(_LONG)
        for reader in self._readers:
            reader.join(_LONG)  # ends when nobody holds the pipe any more: its children have ended, too

    def _read(self, pipe: IO[str], lines: list[str]) -> None:
        with pipe:
            for line in pipe:
                with self._said:
                    lines.append(line.rstrip("\n"))
                    self._said.notify_all()
        with self._said:
            self._open -= 1
            self._said.notify_all()
