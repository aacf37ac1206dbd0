"""What was sent, as JSON Lines: `{"t": due, "at": sent, "b": [bytes]}`, moments in seconds of the system's own clock.

That clock is Python's time.monotonic on Linux and macOS, time.perf_counter on Windows, so that any program on the
machine can compare what it hears.
"""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from sideslip.stage.files.growing import GrowingFile
from sideslip.stage.jsonlines import dump
from sideslip.stage.midi.ports import Sent


class SentLog:
    """Writes down what is told as sent on a session's clock that began at the moment `origin`.

    Raises SettingError if the file cannot be begun; a disk that fills later only warns.
    """

    def __init__(self, path: Path, origin: float) -> None:
        self._file, self._origin = GrowingFile(path, "the log of what is sent"), origin

    def write(self, sent: Sequence[Sent]) -> None:
        """Keep messages."""
        rows = ({"t": due + self._origin, "at": at + self._origin, "b": list(message)} for due, at, message in sent)
        if sent:
            self._file.write("".join(dump(row) + "\n" for row in rows))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()
