"""The order in which the bars of a score are played: repeats, endings, da capo and dal segno."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sideslip.errors import ChartError
from sideslip.music.bars import MOST_BARS

MOST_TIMES = 16
"""How often a repeat may be taken."""


BackTo = Literal["", "capo", "segno"]
"""Where a bar's end leads back to."""


@dataclass(slots=True)
class Marks:
    """What stands at a bar: a repeat that opens, one that closes and how often it is played (0: none does), the numbers
    of an ending that begins, and whether one ends; the signs, and where to go from the bar's end."""

    opens: bool = False
    times: int = 0
    ending: tuple[int, ...] = ()
    ending_stops: bool = False
    segno: bool = False
    coda: bool = False
    to_coda: bool = False
    fine: bool = False
    back_to: BackTo = ""


@dataclass(slots=True)
class _Section:
    """A repeat that is being played: where it began, and for the how-manieth time."""

    start: int
    time: int = 1


def in_order(bars: Sequence[Marks]) -> list[int]:
    """The numbers of the bars, from 0, as they are played.

    Repeats within repeats multiply. One that was not opened begins where the last one closed. After a da capo or dal
    segno, which is taken once, repeats are not, and of endings the last: up to a fine, or by way of the coda to the
    end. Where nothing says "to coda", the first of several coda signs does. Raises ChartError for more bars than a
    chart may have.
    """
    return _Playing(bars).order


class _Playing:
    def __init__(self, bars: Sequence[Marks]) -> None:
        self._bars = bars
        self.order: list[int] = []
        self._open: list[_Section] = []
        self._closed = 0  # where a repeat that was not opened begins
        self._gone_back = self._in_coda = False
        self._says_to_coda = any(bar.to_coda for bar in bars)
        at = 0
        while at < len(bars):
            at = self._play(at)

    def _play(self, at: int) -> int:
        """Play a bar, or pass an ending over; the bar to go on with."""
        bar = self._bars[at]
        if bar.opens and not self._gone_back and (not self._open or self._open[-1].start != at):
            self._open.append(_Section(at))
        if bar.ending and not self._takes(at):
            return self._ending_stops(at) + 1
        if len(self.order) == MOST_BARS:
            raise ChartError(f"a chart has at most {MOST_BARS} bars, repeats played out; this score has more")
        self.order.append(at)
        if not self._gone_back and (start := self._repeated_from(at)) is not None:
            return start
        return self._led_to(at)

    def _takes(self, at: int) -> bool:
        """Whether the ending that begins at a bar is the one to play now: after a da capo the last of them."""
        if self._gone_back:
            return not self._next_ending(at)
        return (self._open[-1].time if self._open else 1) in self._bars[at].ending

    def _ending_stops(self, at: int) -> int:
        """The last bar of the ending that begins at a bar: before the next one at the latest."""
        while at + 1 < len(self._bars) and not self._bars[at].ending_stops and not self._bars[at + 1].ending:
            at += 1
        return at

    def _next_ending(self, at: int) -> tuple[int, ...]:
        """The numbers of the ending that follows the one which a bar is in."""
        after = self._ending_stops(at) + 1
        return self._bars[after].ending if after < len(self._bars) else ()

    def _repeated_from(self, at: int) -> int | None:
        """Where to go back to from the end of a bar, if a repeat closes there that is to be played again."""
        bar = self._bars[at]
        if bar.times:
            section = self._open.pop() if self._open else _Section(self._closed)
            if section.time < max(bar.times, *self._numbers(at)):
                section.time += 1
                self._open.append(section)
                return section.start
            self._closed = at + 1
        elif bar.ending_stops and self._open:
            self._open.pop()
            self._closed = at + 1
        return None

    def _numbers(self, at: int) -> tuple[int, ...]:
        """The times for which the ending that stops at a bar stands, and the one right after it; 0 where none does."""
        begun = at
        while begun > 0 and not self._bars[begun].ending and not self._bars[begun - 1].ending_stops:
            begun -= 1
        ending = self._bars[begun].ending
        return (0, *ending, *(self._next_ending(begun) if ending else ()))

    def _led_to(self, at: int) -> int:
        """The bar after a bar, by what its signs say."""
        bar = self._bars[at]
        if self._gone_back and not self._in_coda:
            if bar.fine:
                return len(self._bars)
            coda = next((place for place in range(at + 1, len(self._bars)) if self._bars[place].coda), None)
            if (bar.to_coda or (bar.coda and not self._says_to_coda)) and coda is not None:
                self._in_coda = True
                return coda
        elif bar.back_to and not self._gone_back:
            segno = next((place for place in range(at + 1) if self._bars[place].segno), 0)
            self._gone_back = True
            self._open.clear()
            return segno if bar.back_to == "segno" else 0
        return at + 1
