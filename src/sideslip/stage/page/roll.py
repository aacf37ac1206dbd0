"""The take as a lead sheet: systems of four bars, chord symbols over a piano roll, tension below."""

from collections.abc import Iterator
from itertools import pairwise

from sideslip.music.meter import TICKS
from sideslip.stage.page.data import OUTSIDE, PageData, spread
from sideslip.stage.page.markup import element, number, text

BARS = 4
"""Bars a system."""

# All lengths are units of the drawing, about a pixel.
_WIDTH, _LEFT, _RIGHT = 640.0, 34.0, 6.0
_NUMBERS, _CHORDS = 13.0, 34.0  # baselines
_ROLL, _ROLL_HEIGHT = 44.0, 124.0
_TENSION, _TENSION_HEIGHT = 182.0, 36.0
_HEIGHT = _TENSION + _TENSION_HEIGHT + 6


def systems(data: PageData) -> str:
    """Every system of the session, in order."""
    step = BARS * data.changes.meter.bar
    return "".join(_System(data, start, min(start + step, _end(data))).figure() for start in range(0, _end(data), step))


def _end(data: PageData) -> int:
    """The tick at which the last bar with anything in it is over; one bar at least."""
    bar = data.changes.meter.bar
    beats = [*(note[1] for note in data.player), *(note[1] for note in data.partner)]
    last = max([round(TICKS * max(beats, default=0.0)), *(end for _, end, _ in data.turns)])
    return max(bar, -(-last // bar) * bar)


class _System:
    """Draws the ticks from start to end."""

    def __init__(self, data: PageData, start: int, end: int) -> None:
        self.data, self.start, self.end = data, start, end
        self.meter = data.changes.meter
        self.first, self.last = start / TICKS, end / TICKS  # beats
        self.beat_width = (_WIDTH - _LEFT - _RIGHT) / (BARS * self.meter.beats)
        pitches = [*(note[2] for note in data.player), *(note[2] for note in data.partner)] or [60]
        self.low, self.high = min(pitches) - 2, max(pitches) + 2

    def figure(self) -> str:
        number_of = self.meter.bar_of
        name = f"Bars {number_of(self.start)} to {number_of(self.end - 1)}"
        drawing = element(
            "svg",
            element("title", name),
            element("desc", text(self._described())),
            *self._turns(), *self._guides(), *self._bars(), *self._chords(), *self._tension(), *self._notes(),
            element("line", class_="head", x1=0, x2=0, y1=_ROLL, y2=_TENSION + _TENSION_HEIGHT),
            viewBox=f"0 0 {number(_WIDTH)} {number(_HEIGHT)}",
            role="img",
        )  # fmt: skip
        return element(
            "figure", drawing, *self._captions(), class_="system", data_first=self.first, data_last=self.last,
            data_left=_LEFT, data_beat=str(self.beat_width),
        )  # fmt: skip

    def x(self, beat: float) -> float:
        return _LEFT + (min(max(beat, self.first), self.last) - self.first) * self.beat_width

    def y(self, pitch: float) -> float:
        return _ROLL + _ROLL_HEIGHT * (self.high + 0.5 - pitch) / (self.high - self.low + 1)

    def _described(self) -> str:
        """The system in words, for those who do not see it."""
        chords = " ".join(chord.symbol for _, chord in self.data.changes.between(self.start, self.end))
        mine = [out for on, _, _, out in self.data.partner if self.first <= on < self.last]
        heard = sum(self.first <= on < self.last for on, *_ in self.data.player)
        outside = sum(out > OUTSIDE for out in mine)
        return f"Changes: {chords}. Player: {heard} notes. Partner: {len(mine)} notes, {outside} of them outside."

    def _turns(self) -> Iterator[str]:
        for start, end, who in self.data.turns:
            if start < self.end and end > self.start:
                left, right = self.x(start / TICKS), self.x(end / TICKS)
                yield element(
                    "rect", class_=f"turn {text(who)}", x=left, y=_ROLL, width=right - left,
                    height=_TENSION + _TENSION_HEIGHT - _ROLL,
                )  # fmt: skip
                yield element("text", text(who), class_=f"who {text(who)}", x=max(left, _LEFT) + 24, y=_NUMBERS)

    def _guides(self) -> Iterator[str]:
        """A line at every C, named as players name it (MIDI 60 is C4)."""
        for pitch in (pitch for pitch in range(self.low, self.high + 1) if pitch % 12 == 0):
            y = self.y(pitch)
            yield element("line", class_="guide", x1=_LEFT, x2=self.x(self.last), y1=y, y2=y)
            yield element("text", f"C{pitch // 12 - 1}", class_="label", x=_LEFT - 5, y=y + 3, text_anchor="end")

    def _bars(self) -> Iterator[str]:
        for tick in range(self.start, self.end + 1, self.meter.bar):
            x = self.x(tick / TICKS)
            top = tick % self.data.changes.length == 0
            yield element("line", class_="bar", x1=x, x2=x, y1=_CHORDS - 10, y2=_TENSION + _TENSION_HEIGHT)
            if top:  # a double line where the form begins again
                yield element("line", class_="bar", x1=x - 3, x2=x - 3, y1=_CHORDS - 10, y2=_TENSION + _TENSION_HEIGHT)
            if tick < self.end:
                yield element("text", str(self.meter.bar_of(tick)), class_="number", x=x + 2, y=_NUMBERS)
            if top and tick < self.end:
                chorus = f"chorus {tick // self.data.changes.length + 1}"
                yield element("text", chorus, class_="chorus", x=x + 74, y=_NUMBERS)

    def _chords(self) -> Iterator[str]:
        for tick, chord in self.data.changes.between(self.start, self.end):
            held = self.data.changes.began(tick) != tick
            kind = "chord held" if held else "chord"
            yield element("text", text(chord.symbol), class_=kind, x=self.x(tick / TICKS) + 4, y=_CHORDS)

    def _notes(self) -> Iterator[str]:
        for on, off, pitch in self.data.player:
            yield from self._note(on, off, pitch, "player")
        for on, off, pitch, out in self.data.partner:
            yield from self._note(on, off, pitch, "outside" if out > OUTSIDE else "partner")

    def _note(self, on: float, off: float, pitch: int, kind: str) -> Iterator[str]:
        if on >= self.last or off <= self.first:
            return
        height = min(max(_ROLL_HEIGHT / (self.high - self.low + 1), 5.0), 9.0)
        left = self.x(on)
        yield element(
            "rect", class_=f"note {kind}", x=left + 0.5, y=self.y(pitch) - height / 2,
            width=max(self.x(off) - left - 1, 2.5), height=height, rx=0 if kind == "outside" else 1.5,
        )  # fmt: skip

    def _level(self, value: float) -> float:
        return _TENSION + _TENSION_HEIGHT * (1 - spread(value))

    def _tension(self) -> Iterator[str]:
        floor = self._level(0)
        for level in (floor, self._level(1)):
            yield element("line", class_="guide", x1=_LEFT, x2=self.x(self.last), y1=level, y2=level)
        yield element("text", "out", class_="label", x=_LEFT - 5, y=_TENSION + 7, text_anchor="end")
        yield element("text", "in", class_="label", x=_LEFT - 5, y=floor, text_anchor="end")
        for curve in self._curves():
            points = " ".join(f"{number(self.x(beat))},{number(self._level(value))}" for beat, value in curve)
            left, right = number(self.x(curve[0][0])), number(self.x(curve[-1][0]))
            yield element(
                "polygon", class_="tension", points=f"{left},{number(floor)} {points} {right},{number(floor)}"
            )
            yield element("polyline", class_="tension", points=points)
        yield from self._dial()

    def _curves(self) -> Iterator[list[tuple[float, float]]]:
        """The tension within the system, broken where nothing was heard for a bar, cut at the system's ends."""
        curve: list[tuple[float, float]] = []
        for (a, low), (b, high) in pairwise(self.data.tension):
            if b <= self.first or a >= self.last or not 0 < b - a <= self.meter.beats:
                if curve:
                    yield curve
                curve = []
                continue
            start, end = max(a, self.first), min(b, self.last)
            slope = (high - low) / (b - a)
            curve = curve or [(start, low + slope * (start - a))]
            curve.append((end, low + slope * (end - a)))
        if curve:
            yield curve

    def _dial(self) -> Iterator[str]:
        """What the dial asked for in each turn, as a dashed line."""
        for record in self.data.decisions:
            start, end = self.data.decided_at(record), self.data.decided_until(record)
            if start < self.last and end > self.first:
                y = self._level(self.data.asked(record))
                yield element("line", class_="dial", x1=self.x(start), x2=self.x(end), y1=y, y2=y)

    def _captions(self) -> Iterator[str]:
        """What was decided within the system, with the way to its card."""
        for index, record in enumerate(self.data.decisions, 1):
            if self.first <= self.data.decided_at(record) < self.last:
                words = f"Bar {record['bar']}: {record['why']}"
                yield element("figcaption", element("a", text(words), href=f"#decision-{index}"))
