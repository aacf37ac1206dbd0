"""Single keys of the terminal that the program runs in, as they are pressed and without being shown.

The terminal is left as it was: on every way out, and while the program is halted (Ctrl-Z). In the background nothing is
read and nothing changed: there the terminal is somebody else's. Where there is no terminal, characters are read as they
come.
"""

import errno
import os
import re
import signal
import sys
import threading
from contextlib import suppress
from types import FrameType
from typing import Any, Self

_LOOK = 0.25  # s between two looks at whether the terminal is ours again

_NAMED = {b"\x1b[A": "up", b"\x1bOA": "up", b"\x1b[B": "down", b"\x1bOB": "down", b"\n": "enter", b"\r": "enter"}
_KEY = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1bO.|\x1b[^\[O]|[^\x1b]", re.DOTALL)  # as ECMA-48 builds them


def keys_in(typed: bytes) -> tuple[list[str], bytes]:
    """The keys in what a terminal sends ("up", "down" and "enter" by name, others that print nothing left out), and the
    beginning of one that has not come whole."""
    found, at = [], 0
    while (key := _KEY.match(typed, at)) is not None:
        at = key.end()
        if key[0] in _NAMED:
            found.append(_NAMED[key[0]])
        elif len(key[0]) == 1 and b" " <= key[0] <= b"~":
            found.append(key[0].decode("ascii"))
    return found, typed[at:]


def is_terminal() -> bool:
    """Whether somebody sits at standard input."""
    return sys.stdin is not None and sys.stdin.isatty()


if sys.platform == "win32":
    import msvcrt

    class Keys:
        """The console's keys, while inside. One thread reads; any may tell it to leave."""

        _ARROWS = ("\x00H", "\xe0H", "up"), ("\x00P", "\xe0P", "down")

        def __init__(self) -> None:
            self._leaving = threading.Event()

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def leave(self) -> None:
            """Have whoever reads return."""
            self._leaving.set()

        def read(self) -> list[str] | None:
            """The keys that were pressed within a while; None when told to leave."""
            found: list[str] = []
            while msvcrt.kbhit():
                key = msvcrt.getwch()
                key += msvcrt.getwch() if key in "\x00\xe0" else ""
                found += [name for *codes, name in self._ARROWS if key in codes] or keys_in(key.encode())[0]
            return None if not found and self._leaving.wait(_LOOK / 5) else found

else:
    import select
    import termios

    class Keys:
        """The keys of standard input, while inside. One thread reads; any may tell it to leave."""

        def __init__(self) -> None:
            self._input, self._is_terminal = -1, is_terminal()
            with suppress(OSError, AttributeError):  # there may be none, or one that is no file
                self._input = sys.stdin.fileno()
            self._before: Any = None  # how the terminal was, while it is not so
            self._halted = False
            self._lock = threading.RLock()
            self._begun = b""

        def __enter__(self) -> Self:
            self._leaving, self._leave = os.pipe()
            self._former = signal.getsignal(signal.SIGTSTP)
            if self._is_terminal:
                if self._former is not signal.SIG_IGN:
                    signal.signal(signal.SIGTSTP, self._halt)
                with suppress(termios.error):
                    self._take()
            return self

        def __exit__(self, *_: object) -> None:
            self._halted = True
            self._give_back()
            if self._is_terminal and self._former is not signal.SIG_IGN:
                signal.signal(signal.SIGTSTP, self._former)
            for end in (self._leaving, self._leave):
                os.close(end)

        def leave(self) -> None:
            """Have whoever reads return."""
            os.write(self._leave, b".")

        def read(self) -> list[str] | None:
            """The keys that were pressed within a while; None when told to leave, or where no more can come."""
            try:
                ours = not self._is_terminal or self._take()
                ready, _, _ = select.select([self._leaving, *([self._input] if ours else [])], [], [], _LOOK)
                if self._leaving in ready:
                    return None
                if not ready:
                    self._begun = b""  # Escape alone was pressed
                    return []
                with self._lock:  # nobody halts us in between
                    if self._is_terminal and not self._take():
                        return []
                    typed = os.read(self._input, 256)
            except (OSError, ValueError, termios.error):  # the terminal has gone, or there never was any input
                return None
            keys, self._begun = keys_in(self._begun + typed)
            return keys if typed else None

        def _take(self) -> bool:
            """Have keys come one by one; whether the terminal is ours."""
            with self._lock:
                if self._halted or not self._in_front():
                    return False
                now = termios.tcgetattr(self._input)
                if now[3] & termios.ICANON:
                    self._before = now.copy()
                    now[0] &= ~termios.IXON  # Ctrl-S would halt whoever prints, and with them the music
                    now[3] &= ~(termios.ICANON | termios.ECHO)
                    termios.tcsetattr(self._input, termios.TCSANOW, now)
                return True

        def _give_back(self) -> None:
            with self._lock, suppress(termios.error):
                if self._before is not None and self._in_front():
                    termios.tcsetattr(self._input, termios.TCSANOW, self._before)
                self._before = None

        def _in_front(self) -> bool:
            """Whether the terminal heeds us: as whose is read or set in the background, it halts the program."""
            try:
                return os.tcgetpgrp(self._input) == os.getpgrp()
            except OSError as error:
                return error.errno == errno.ENOTTY  # of no session's control: nobody else's either

        def _halt(self, number: int, frame: FrameType | None) -> None:
            self._halted = True
            self._give_back()
            signal.signal(signal.SIGTSTP, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGTSTP)  # here we stand, until we are to go on
            signal.signal(signal.SIGTSTP, self._halt)
            self._halted = False
