"""A user's file, read in bounds: nothing is waited for, and nothing grows without end."""

import stat
from pathlib import Path

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
)


def check_file(path: Path, most: int) -> None:
    """Find out that a file is there, and holds at most so many bytes.

    Raises OSError, with the reason in words as its `strerror`, where nothing is there or may be looked at, where it is
    larger, and where it is no file but a folder, a pipe or a device.
    """
    try:
        facts = path.stat()
    except ValueError:  # a NUL within: the name of nothing
        raise FileNotFoundError(None, "no file can be called that") from None
    if not stat.S_ISREG(facts.st_mode):
        found = next((name for is_kind, name in _KINDS if is_kind(facts.st_mode)), "a device")
        raise OSError(None, f"it is {found}, not a file")
    if facts.st_size > most:
        raise OSError(None, f"it has {facts.st_size} bytes, at most {most} are read")


def read_bytes(path: Path, most: int) -> bytes:
    """All that a file holds. Raises OSError as `check_file` does."""
    check_file(path, most)
    with path.open("rb") as file:
        data = file.read(most + 1)  # some files do not know how large they are
    if len(data) > most:
        raise OSError(None, f"it has more than {most} bytes")
    return data


def read_text(path: Path, most: int) -> str:
    """The same as text in UTF-8, with or without a mark at its beginning."""
    try:
        return read_bytes(path, most).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise OSError(None, "it is not text in UTF-8") from None
