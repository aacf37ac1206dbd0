"""A file of lines that grows while a gig goes on. A disk that fills only warns: the music goes on."""

import logging
from io import FileIO
from pathlib import Path

from sideslip.errors import SettingError
from sideslip.stage.files.replace import is_special, replace_file

_log = logging.getLogger(__name__)


class GrowingFile:
    """Takes the place of the file that was there, which stays whole until the first lines are written; every later line
    is in the file as soon as it is written. `what` is its name in the warning, of which there is one.

    Raises SettingError if the file cannot be begun.
    """

    def __init__(self, path: Path, what: str, first: str = "") -> None:
        self._what = what
        special = is_special(path)
        try:
            if not special:
                replace_file(path, first.encode())
            self._file: FileIO | None = path.open("ab", buffering=0)
        except OSError as error:
            raise SettingError(f"cannot write {path}: {error.strerror}") from None
        if special and first:
            self.write(first)

    def write(self, lines: str) -> None:
        """Append whole lines."""
        if self._file is None:
            return
        data = lines.encode()
        try:
            whole = self._file.write(data) == len(data)
        except OSError:
            whole = False
        if not whole:
            self.close()
            _log.warning("%s cannot be written any further (is the disk full?); the music goes on", self._what)

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None
