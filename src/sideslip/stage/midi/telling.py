"""What the MIDI process tells the program, on a thread of its own: the program may be halted, and notes must not be."""

import threading
from contextlib import suppress
from queue import SimpleQueue
from typing import BinaryIO

from sideslip.stage.child import send
from sideslip.stage.jsonlines import Json

_PATIENCE = 0.3  # s for the last words


class Teller:
    """Writes lines into a pipe, in order. Nothing happens once nobody reads there."""

    def __init__(self, pipe: BinaryIO) -> None:
        self._pipe = pipe
        self._lines: SimpleQueue[Json | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="teller", daemon=True)
        self._thread.start()

    def tell(self, line: Json) -> None:
        """Have a line written; returns at once, in any thread."""
        self._lines.put(line)

    def close(self) -> None:
        """Let what was told be written, if that is soon."""
        self._lines.put(None)
        self._thread.join(_PATIENCE)

    def _write(self) -> None:
        while (line := self._lines.get()) is not None:
            with suppress(OSError):  # on Windows EINVAL; the end of our input says it, too
                send(self._pipe, line)
