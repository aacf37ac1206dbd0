"""Reading fields of plain JSON values that are not trusted. Raises ValueError with a phrase that says what was wanted
and found."""

from collections.abc import Mapping
from typing import Any

MAX_ITEMS = 10_000
"""The longest list: notes of a phrase, ideas of an answer, chords of a chorus."""
MAX_TICK = 10**9


def field(data: Mapping[str, Any], name: str) -> Any:
    """What is under a name."""
    if name not in data:
        raise ValueError(f"{name!r} is missing")
    return data[name]


def number(data: Mapping[str, Any], name: str, low: float = -1e9, high: float = 1e9) -> float:
    """A number within bounds, which NaN and infinity are not."""
    value = field(data, name)
    if type(value) not in (int, float) or not low <= value <= high:
        raise ValueError(f"{name!r} must be a number {low:g}..{high:g}, found {short(value)}")
    return float(value)


def integer(data: Mapping[str, Any], name: str, low: int = -MAX_TICK, high: int = MAX_TICK) -> int:
    """A whole number within bounds."""
    value = field(data, name)
    if type(value) is not int or not low <= value <= high:
        raise ValueError(f"{name!r} must be a whole number {low}..{high}, found {short(value)}")
    return value


def text(data: Mapping[str, Any], name: str, limit: int = 200) -> str:
    """A text of at most so many characters."""
    value = field(data, name)
    if not isinstance(value, str) or len(value) > limit:
        raise ValueError(f"{name!r} must be a text of at most {limit} characters, found {short(value)}")
    return value


def listed(data: Mapping[str, Any], name: str) -> list[Any]:
    """A list that is not absurdly long."""
    value = field(data, name)
    if not isinstance(value, list) or len(value) > MAX_ITEMS:
        raise ValueError(f"{name!r} must be a list of at most {MAX_ITEMS}, found {short(value)}")
    return value


def short(value: object) -> str:
    """A value as an error shows it."""
    shown = repr(value) if isinstance(value, str | int | float) else type(value).__name__
    return shown if len(shown) <= 40 else shown[:37] + "..."
