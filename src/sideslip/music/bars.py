"""The bars of a chart text: shares, repeats and endings.

row     = "|" bar "|" bar "|" ...          barlines: |  ||  |:  :|  |1  :|2
bar     = (chord | "/")+  or  "%"
"""

import re
from functools import reduce
from math import gcd

from sideslip.errors import ChartError, ChordError
from sideslip.music.chord import Chord, parse_chord
from sideslip.music.meter import Meter

Bar = tuple[tuple[int, Chord], ...]
"""The chords of one bar as (ticks from the bar line, chord); the first at 0."""

MOST_BARS = 1000
"""Bars in a chart, played out."""

_BARLINE = re.compile(r"(:?\|{1,2}:?)(?:\s*(\d)(?=[\s|]|$))?")


def bar_text(bar: Bar, meter: Meter) -> str:
    """A bar written in as few shares as its places allow."""
    places = dict(bar)
    share = reduce(gcd, places, meter.bar)
    return " ".join(places[tick].symbol if tick in places else "/" for tick in range(0, meter.bar, share))


class BarReader:
    """Reads the rows of one section; what is repeated is written out at once. `number` counts bars as written."""

    def __init__(self, meter: Meter, number: int) -> None:
        self.number = number
        self._meter = meter
        self._bars: list[Bar] = []
        self._opened: int | None = None  # where the repeat in force began
        self._opened_at = ""  # the same for the reader's eye
        self._body = 0  # where its first ending began
        self._ending = 0  # the ending being read; 0 where there is none

    def read(self, line: int, row: str) -> None:
        """Read one row of bars, which stands on a line. Raises ChartError that begins with line and bar."""
        before, *rest = _BARLINE.split(row)
        cells = [("|", None, before), *zip(rest[::3], rest[1::3], rest[2::3], strict=True)]
        for place, (barline, ending, content) in enumerate(cells):
            where = f"line {line}, bar {self.number}"
            try:
                self._pass(barline, int(ending or 0), where)
                if content.strip():
                    self._add(self._bar(content.split()))
                    self.number += 1
                elif 0 < place < len(cells) - 1 and ":" not in barline + cells[place + 1][0]:
                    raise ChartError("the bar is empty; write % to repeat the bar before or N.C. for no chord")
            except (ChartError, ChordError) as error:
                raise ChartError(f"{where}: {error}") from None

    def finish(self) -> tuple[Bar, ...]:
        """All bars as played. Raises ChartError where a repeat was left open."""
        if self._opened is not None and self._ending < 2:
            wanted = ":|2 and a second ending" if self._ending else ":|"
            raise ChartError(f"{self._opened_at}: the repeat |: that begins here is never closed; write {wanted}")
        return tuple(self._bars)

    def _pass(self, barline: str, ending: int, where: str) -> None:
        """Go through a barline."""
        if barline[0] == ":":
            self._close(ending)
        elif ending:
            if self._opened is None or self._ending or ending != 1:
                raise ChartError(f"ending {ending} is out of place; endings are written |: ... |1 ... :|2 ... |")
            self._body, self._ending = len(self._bars), 1
        if barline[-1] == ":":
            if self._opened is not None and self._ending < 2:
                raise ChartError("a repeat |: inside another; close the first with :|")
            self._opened, self._opened_at, self._ending = len(self._bars), where, 0

    def _close(self, ending: int) -> None:
        if self._opened is None:
            raise ChartError(":| closes a repeat that was not opened; write |: where it begins")
        if ending != (self._ending + 1 if self._ending else 0):
            raise ChartError("a repeat with endings is written |: ... |1 ... :|2 ... |")
        body = self._bars[self._opened : self._body if ending else None]
        self._ending = ending
        if not ending:
            self._opened = None
        for bar in body:
            self._add(bar)

    def _add(self, bar: Bar) -> None:
        if len(self._bars) == MOST_BARS:
            raise ChartError(f"a chart has at most {MOST_BARS} bars, repeats played out")
        self._bars.append(bar)

    def _bar(self, tokens: list[str]) -> Bar:
        """One bar from its shares."""
        if tokens == ["%"]:
            if not self._bars:
                raise ChartError("% repeats the bar before, but this is the first bar of its section")
            return self._bars[-1]
        struck = [(index, parse_chord(token)) for index, token in enumerate(tokens) if token != "/"]
        if len(struck) > self._meter.beats:
            raise ChartError(
                f"{len(struck)} chords in a bar of {self._meter.beats} beats; a bar has at most one a beat"
            )
        share, rest = divmod(self._meter.bar, len(tokens))
        if rest:
            raise ChartError(f"{len(tokens)} shares do not divide a bar of {self._meter} evenly")
        if not struck or struck[0][0] > 0:
            if not self._bars:
                raise ChartError("/ holds the chord before, but this is the first bar of its section")
            struck.insert(0, (0, self._bars[-1][-1][1]))
        return tuple((index * share, chord) for index, chord in struck)
