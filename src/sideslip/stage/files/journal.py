"""A gig written down: JSON Lines, the settings first, then every event the band was handed.

A band with the same settings that is handed these events again plays the same performance.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sideslip import __version__
from sideslip.band.events import Event
from sideslip.errors import JournalError, SettingError
from sideslip.reading import check_file
from sideslip.stage.codec import decode_event, encode_event
from sideslip.stage.files.growing import GrowingFile
from sideslip.stage.jsonlines import dump, load_object

FORMAT = 1
"""The version of this form, in the first line under "sideslip_journal"."""

MAX_BYTES = 1 << 30
"""The largest journal read: four lively hours take a fifth of it."""

MAX_LINE = 2_000_000
"""The longest line read, in characters."""

LONGEST = 24 * 3600.0
"""Seconds: no gig lasts longer. A moment beyond, in a journal that was changed, would be played out to the end."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a band is made from: settings by name, the chart as text ("" without one), the seed, and the name of the ear
    that judged ("" where it is not known)."""

    settings: dict[str, Any] = field(default_factory=dict)
    chart: str = ""
    seed: int = 0
    ear: str = ""


class JournalWriter:
    """Writes a gig as it goes, in the place of the journal that was there, which stays whole until the first line is
    written. Raises JournalError if the file cannot be begun; a disk that fills later only warns."""

    def __init__(self, path: Path, header: Header) -> None:
        first = dump({"sideslip_journal": FORMAT, "version": __version__} | asdict(header))
        try:
            self._file = GrowingFile(path, "the journal", first + "\n")
        except SettingError as mistake:
            raise JournalError(f"the journal cannot be begun: {mistake}") from None

    def write(self, event: Event) -> None:
        """Keep an event; on the disk before the band has acted on it, unless the machine itself dies."""
        self._file.write(dump(encode_event(event)) + "\n")

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


class JournalReader:
    """Reads a journal line by line: `header` at once, the events by iterating, once.

    A last line that was torn off is left out. Raises JournalError with the number of the line that is wrong.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            check_file(path, MAX_BYTES)
            self._lines = self._read()
            _, first = next(self._lines, (1, ""))
        except OSError as error:
            raise JournalError(f"cannot read the journal {path}: {error.strerror}") from None
        self.header = self._parse_header(first)

    def __iter__(self) -> Iterator[Event]:
        for number, line in self._lines:
            try:
                event = decode_event(load_object(line))
            except ValueError as error:
                if not line.endswith("\n"):
                    return
                raise JournalError(f"{self._path}, line {number}: {error}") from None
            if abs(event.at) > LONGEST:
                raise JournalError(
                    f"{self._path}, line {number}: a gig lasts at most {LONGEST / 3600:g} hours; "
                    f"found the moment {event.at:g} s"
                )
            yield event

    def _read(self) -> Iterator[tuple[int, str]]:
        with self._path.open(encoding="utf-8", errors="replace", newline="\n") as file:
            number = 0
            while line := file.readline(MAX_LINE + 1):
                number += 1
                if len(line) > MAX_LINE:
                    raise JournalError(f"{self._path}, line {number}: longer than {MAX_LINE} characters")
                yield number, line

    def _parse_header(self, line: str) -> Header:
        try:
            data = load_object(line)
        except ValueError:
            data = {}
        if data.get("sideslip_journal") != FORMAT:
            raise JournalError(f"{self._path} is no journal of form {FORMAT}: its first line does not say so")
        settings, chart, seed, ear = (data.get(name) for name in ("settings", "chart", "seed", "ear"))
        if not isinstance(settings, dict) or not isinstance(chart, str) or type(seed) is not int:
            raise JournalError(f"{self._path}, line 1: settings, chart and seed were expected")
        return Header(settings, chart, seed, ear if isinstance(ear, str) else "")
