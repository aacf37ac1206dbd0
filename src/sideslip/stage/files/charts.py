"""Charts by name or by path: the built-in ones, text files, and MusicXML scores.

The built-in ones are texts in a folder: a name is a file's stem, as blues-in-f for blues-in-f.txt.
"""

import os
import stat
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from sideslip.errors import ChartError, SideslipError
from sideslip.music.leadsheet import MOST_CHARACTERS, LeadSheet, parse_chart, words
from sideslip.resources import resource

_BUILT_IN = ".txt"
_SCORES = frozenset({".musicxml", ".xml", ".mxl"})
_MOST_TEXT = 4 * MOST_CHARACTERS  # bytes: UTF-8 takes up to four a character


def names() -> tuple[str, ...]:
    """The names of the built-in charts, sorted."""
    return tuple(sorted(path.stem for path in resource("configs", "charts").glob("*" + _BUILT_IN)))


def load_chart(name_or_path: str) -> LeadSheet:
    """A chart from a file (text, or MusicXML by its suffix) or by the name of a built-in one; a file comes first.

    One without a title is called as its file is. Raises ChartError, one line that begins with the file, if it
    cannot be read, and with near names if nothing is called so.
    """
    path = Path(name_or_path)
    if not _is_file(path):
        path = _built_in(name_or_path)
    try:
        sheet = _load(path)
    except SideslipError as error:
        raise ChartError(f"{str(path)!r}: {error}") from error
    return sheet if sheet.title else replace(sheet, title=_called(path))


def _load(path: Path) -> LeadSheet:
    if path.suffix.lower() in _SCORES:
        from sideslip.stage.files.musicxml import MOST_BYTES, read_musicxml

        return read_musicxml(_read(path, MOST_BYTES))
    return parse_chart(_decoded(_read(path, _MOST_TEXT)))


def _called(path: Path) -> str:
    """A file's name as one line of text, which not every file's name is."""
    return words(path.stem.encode("utf-8", "replace").decode())


def _built_in(name: str) -> Path:
    known = names()
    if name not in known:
        shown = name if len(name) <= 80 else name[:80] + "..."
        near = get_close_matches(shown.lower().replace(" ", "-"), known, n=4, cutoff=0.5)
        hint = f"near: {', '.join(near)}; " if near else ""
        raise ChartError(f"{shown!r} is no chart file and no built-in chart; {hint}'sideslip charts' lists them all")
    return resource("configs", "charts", name + _BUILT_IN)


def _is_file(path: Path) -> bool:
    """Whether a regular file is there. Folders, pipes and devices are refused unless a built-in chart has the name."""
    try:
        mode = os.stat(path).st_mode
    except PermissionError:
        raise ChartError(f"{str(path)!r}: no permission to look at it") from None
    except (OSError, ValueError):  # not there, too long, or with a NUL: no path at all
        return False
    if stat.S_ISREG(mode):
        return True
    if str(path) in names():
        return False
    found = "a folder" if stat.S_ISDIR(mode) else "a pipe or a device"
    raise ChartError(f"{str(path)!r}: expected a chart text, a MusicXML file or a built-in name; this is {found}")


def _read(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise ChartError(f"cannot be read: {error.strerror}") from None
    if len(data) > most:
        raise ChartError(f"too large for a chart: more than {most / 1e6:g} MB")
    return data


def _decoded(data: bytes) -> str:
    if b"\0" not in data:
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            pass
    raise ChartError("not UTF-8 text; a chart is a text such as 'sideslip charts blues-in-f' prints, or MusicXML")
