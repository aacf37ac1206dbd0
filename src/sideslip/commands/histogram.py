"""Milliseconds as figures and as a picture in text. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

EDGES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
"""Where bars begin, in ms; the last has no end."""

_WIDTH = 40  # characters of the longest bar
BLOCKS = "▏▎▍▌▋▊▉█"
"""Eighths of a character."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Milliseconds: the median, what 99 in 100 stay under, and the most."""

    p50: float
    p99: float
    max: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Spread":
        """Of seconds, at least one."""
        ordered = sorted(seconds)

        def at(share: float) -> float:
            return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3)

        return cls(at(0.5), at(0.99), at(1.0))

    def __str__(self) -> str:
        return f"half within {self.p50:.2f} ms, 99 in 100 within {self.p99:.2f}, all within {self.max:.2f}"


def histogram(seconds: Sequence[float], blocks: bool = True) -> list[str]:
    """A bar for each stretch of milliseconds that has any, and those between; `blocks` draws them with Unicode's."""
    counts = [0] * len(EDGES)
    for value in seconds:
        counts[max(index for index, edge in enumerate(EDGES) if index == 0 or 1000 * value >= edge)] += 1
    found = [index for index, count in enumerate(counts) if count]
    shown = range(min(found), max(found) + 1) if found else range(0)
    most = max(counts)
    return [f"{EDGES[index]:6.2f} ms {_bar(counts[index] / most, blocks)} {counts[index]}" for index in shown]


def _bar(share: float, blocks: bool) -> str:
    """A bar of that share of the width; the smallest still shows."""
    if not blocks:
        return "#" * (max(1, round(share * _WIDTH)) if share else 0)
    eighths = max(1, round(8 * share * _WIDTH)) if share else 0
    return BLOCKS[-1] * (eighths // 8) + "".join(BLOCKS[eighths % 8 - 1 : eighths % 8])
