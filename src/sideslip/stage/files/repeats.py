"""How many bars a MusicXML score comes to, repeats played out, told from its elements before anything is built."""

import re

from sideslip.errors import ChartError
from sideslip.music.bars import MOST_BARS

MOST_TIMES = 16
"""How often a repeat may be taken."""


class BarCount:
    """Counts one part after another, element by element, in the order of the document.

    Repeats within repeats multiply. A section that is closed without having been opened begins where the last one
    closed. Da capo and dal segno, which come once, are not counted.
    """

    _ending: tuple[int, ...]
    _endings: tuple[int, ...]

    def __init__(self) -> None:
        self._begin_part()

    def element(self, name: str, attributes: dict[str, str]) -> None:
        """Take the next start tag. Raises ChartError once there are too many bars, or a repeat is taken too often."""
        if name == "part":
            self._begin_part()
        elif name == "measure":
            self._open[-1] += 1
            self._ending = ()
            self._check()
        elif name == "ending" and attributes.get("type") == "start":
            self._endings = self._ending = _numbers(attributes.get("number", ""))
        elif name == "ending":
            self._ending, self._endings = self._endings, ()
        elif name == "repeat" and attributes.get("direction") == "forward":
            self._forward()
        elif name == "repeat":
            self._backward(_times(attributes.get("times", "2")))
            self._check()

    def _begin_part(self) -> None:
        self._open = [0]  # bars of the sections that are open, the innermost last
        self._closed = 0  # bars of what no repeat can take again
        self._section = 0  # bars of the last section, taken once, to which later endings go back
        self._ending = ()  # the numbers of the ending in force
        self._endings = ()  # and of one that has not yet stopped

    def _forward(self) -> None:
        self._open[-1] -= 1  # the bar it stands in
        if len(self._open) == 1:
            self._closed, self._open = self._closed + self._open[0], [0]
        self._open.append(1)

    def _backward(self, times: int) -> None:
        bars = self._open.pop()
        numbers = self._ending or self._endings
        if numbers and min(numbers) > 1:
            played = bars + (self._section + bars) * max(times - 1, len(numbers))
        else:
            played, self._section = bars * max(times, len(numbers) + 1), bars
        if self._open:
            self._open[-1] += played
        else:
            self._closed, self._open = self._closed + played, [0]

    def _check(self) -> None:
        bars = self._closed + sum(self._open)
        if bars > MOST_BARS:
            raise ChartError(
                f"a chart has at most {MOST_BARS} bars, repeats played out; this score has at least {bars}"
            )


def _times(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 4 and int(text) <= MOST_TIMES):
        raise ChartError(f"a repeat is taken at most {MOST_TIMES} times; found times={text[:20]!r}")
    return int(text)


def _numbers(text: str) -> tuple[int, ...]:
    """The numbers of an ending such as "1, 2" or "1-3"."""
    found = [int(number) for number in re.findall(r"[0-9]{1,9}", text[:200])]
    if found and max(found) > MOST_TIMES:
        raise ChartError(f"a repeat is taken at most {MOST_TIMES} times; found an ending {text[:20]!r}")
    return tuple(range(min(found), max(found) + 1)) if "-" in text and found else tuple(found)
