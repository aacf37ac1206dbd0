"""Settings in a file: TOML, one flat table of the long option names; an unknown key is an error."""

import tomllib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sideslip.errors import SettingError, SideslipError
from sideslip.reading import read_text

MOST_BYTES = 100_000

MOST_DOTS = 100
"""Dots in a line: each may be a table within a table, and the time to read those grows with the square of them."""


def read_toml(path: Path) -> dict[str, Any]:
    """A small TOML file as a table. Raises SettingError, one line that names the file."""
    try:
        text = read_text(path, MOST_BYTES)
        if max(line.count(".") for line in text.split("\n")) > MOST_DOTS:
            raise ValueError(f"a line has more than {MOST_DOTS} dots")
        return tomllib.loads(text)
    except OSError as error:
        raise SettingError(f"{path} is no settings file: {error.strerror}; a small TOML file is wanted") from None
    except (ValueError, RecursionError) as error:  # not TOML, numbers or tables without end
        raise SettingError(f"{path} is no settings file: {error}") from None


def read_settings(path: Path, keys: Collection[str]) -> dict[str, str]:
    """Values as if they had been typed, by key. Raises SettingError, one line that names the file.

    >>> # in a file:  in = "KeyLab"      tempo = 140      outside = 0.6
    """
    return {key: _typed(path, key, value, keys) for key, value in read_toml(path).items()}


@contextmanager
def named_with(path: str | None) -> Iterator[None]:
    """What is found wrong inside is told with the settings file that it may have come from, if there is one."""
    try:
        yield
    except SideslipError as mistake:
        if path is None:
            raise
        raise SettingError(f"{mistake} (settings come from {path}, too)") from None


def _typed(path: Path, key: str, value: Any, keys: Collection[str]) -> str:
    if key not in keys:
        raise SettingError(f"{path}: there is no setting {key[:40]!r}; possible: {', '.join(keys)}")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, str | int | float):
        raise SettingError(f"{path}: {key} takes a text or a number, found {type(value).__name__}")
    try:
        return str(value)
    except ValueError:  # more digits than Python writes out
        raise SettingError(f"{path}: {key} takes a number that can be written down, found a larger one") from None
