"""A solo as one picture (SVG): systems of four bars, chord symbols over a piano roll, what goes outside bracketed.

The rows of the chord tones are tinted, so that the eye sees what fits; a note is the redder the further outside the
line is there. A bracket says what the place sounds like, a ring marks the chord tone on which it comes home.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sideslip.music.changes import Changes
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Note
from sideslip.music.tension import is_tone
from sideslip.outside.wording import meant
from sideslip.stage.page.markup import element, number, text

BARS = 4
"""Bars a system."""

FEWEST_ROWS = 14
"""Semitones that a system shows at least."""

# All lengths are units of the drawing, about a pixel.
_WIDTH, _LEFT, _RIGHT = 1040.0, 40.0, 12.0
_HEAD, _BETWEEN = 62.0, 26.0
_CHORDS, _LANE, _ROW = 30.0, 17.0, 7.0
_NOTE_HEIGHT, _LETTER = 9.0, 0.56  # width of a letter, of its height
_INSIDE, _OUTSIDE, _NO_CHORD = (44, 104, 130), (214, 0, 88), "#8b867c"

_STYLE = """
.paper { fill: #fffdf8; }
text { font-family: Helvetica, Arial, "Liberation Sans", sans-serif; fill: #1e1b16; font-size: 11px; }
.title { font-family: Palatino, "URW Palladio L", Georgia, serif; font-size: 22px; font-weight: 700; }
.chord { font-family: Palatino, "URW Palladio L", Georgia, serif; font-size: 17px; font-weight: 700; }
.held { fill: #8b867c; font-weight: 400; }
.small { fill: #6b655a; font-size: 10px; }
.name { fill: #fff; font-size: 8px; text-anchor: middle; }
.above { fill: #4a453c; }
.tone { fill: #efe8d6; }
.bar { stroke: #a79f8f; stroke-width: 1; }
.beat { stroke: #e6dfd0; stroke-width: 1; }
.bracket { fill: none; stroke: #a30044; stroke-width: 1.4; }
.guess { fill: #a30044; }
.ring { fill: none; stroke: #14803c; stroke-width: 1.8; }
.home { fill: #14803c; font-size: 10px; font-weight: 700; text-anchor: middle; }
"""


@dataclass(frozen=True, slots=True)
class Bracket:
    """A place outside: from tick, to tick, what it sounds like, and where it comes home (onset tick, MIDI pitch)."""

    start: int
    end: int
    words: str
    home: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class SoloPicture:
    """What is drawn. `notes` are (note, its name, how far outside 0..1, None over no chord) in order; `bars` the first
    and the last bar, None for all that have notes, in the groups of four that the form has."""

    title: str
    changes: Changes
    notes: Sequence[tuple[Note, str, float | None]]
    brackets: Sequence[Bracket] = ()
    bars: tuple[int, int] | None = None


def draw_solo(picture: SoloPicture) -> str:
    """The picture as an SVG file's text; systems in which nothing is played are left out."""
    drawn, top = [], _HEAD
    for system in _systems(picture):
        drawn.append(system.drawing(top))
        top += system.height + _BETWEEN
    return element(
        "svg",
        element("title", text(picture.title)),
        element("style", _STYLE),
        element("rect", class_="paper", width=_WIDTH, height=top),
        element("text", text(picture.title), class_="title", x=_LEFT, y=30.0),
        *_legend(),
        *drawn,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(_WIDTH)} {number(top)}",
        width=number(_WIDTH),
        height=number(top),
        role="img",
    )


def colour(outside: float | None) -> str:
    """The colour of a note, from blue, inside, to red."""
    if outside is None:
        return _NO_CHORD
    return "#" + "".join(f"{round(a + (b - a) * outside):02x}" for a, b in zip(_INSIDE, _OUTSIDE, strict=True))


def _legend() -> Iterator[str]:
    x = _LEFT
    for value, words in ((0.0, "inside"), (0.5, "halfway"), (1.0, "outside"), (None, "no chord")):
        yield element("rect", x=x, y=41.0, width=20.0, height=_NOTE_HEIGHT, rx=2, fill=colour(value))
        yield element("text", words, class_="small", x=x + 25, y=49.0)
        x += 85.0
    yield element("rect", x=x, y=41.0, width=20.0, height=_NOTE_HEIGHT, class_="tone")
    yield element("text", "tones of the chord", class_="small", x=x + 25, y=49.0)
    yield element("rect", x=x + 130, y=39.5, width=20.0, height=12.0, rx=4, class_="ring")
    yield element("text", "comes home, on which degree", class_="small", x=x + 156, y=49.0)


def _systems(picture: SoloPicture) -> "Iterator[_System]":
    bar = picture.changes.meter.bar
    if picture.bars:
        first, end = (picture.bars[0] - 1) * bar, picture.bars[1] * bar
    elif picture.notes:
        group = BARS * bar
        first, end = picture.notes[0][0].onset // group * group, -(-picture.notes[-1][0].end // bar) * bar
    else:
        first, end = 0, bar
    count = (end - first) // bar
    step = bar * (-(-count // -(-count // BARS)) if picture.bars else BARS)  # some bars alone are shared out evenly
    for start in range(first, end, step):
        system = _System(picture, start, min(start + step, end), step)
        if system.notes or not picture.notes:
            yield system


class _System:
    """Draws the ticks from start to end; as many as `width` take all of the paper's."""

    def __init__(self, picture: SoloPicture, start: int, end: int, width: int) -> None:
        self.changes, self.start, self.end = picture.changes, start, end
        self.tick = (_WIDTH - _LEFT - _RIGHT) / width
        self.notes = [pair for pair in picture.notes if pair[0].end > start and pair[0].onset < end]
        self.brackets = [each for each in picture.brackets if each.end > start and each.start < end]
        self.homes = [each.home for each in picture.brackets if each.home and start <= each.home[0] < end]
        self.lanes = list(self._in_lanes())
        pitches = [note.pitch for note, *_ in self.notes] or [66]
        spare = max(0, FEWEST_ROWS - 3 - (max(pitches) - min(pitches)))
        self.low, self.high = min(pitches) - 1 - spare // 2, max(pitches) + 2 + spare - spare // 2
        self.roll = _CHORDS + _LANE * max((lane + 1 for lane, _ in self.lanes), default=0) + 4
        self.height = self.roll + _ROW * (self.high - self.low + 1)

    def drawing(self, top: float) -> str:
        """The system as a group whose upper edge lies at `top`."""
        parts = [*self._tones(), *self._lines(), *self._notes(), *self._landings(), *self._brackets()]
        return element("g", *parts, *self._symbols(), transform=f"translate(0 {number(top)})")

    def x(self, tick: int) -> float:
        return _LEFT + (min(max(tick, self.start), self.end) - self.start) * self.tick

    def y(self, pitch: int) -> float:
        """The upper edge of a pitch's row."""
        return self.roll + _ROW * (self.high - pitch)

    def _chords(self) -> "Iterator[tuple[int, int]]":
        starts = [tick for tick, _ in self.changes.between(self.start, self.end)]
        return pairwise((*starts, self.end))

    def _tones(self) -> Iterator[str]:
        for start, end in self._chords():
            chord = self.changes.at(start)
            for pitch in range(self.low, self.high + 1):
                if is_tone(pitch, chord):
                    left = self.x(start)
                    width = self.x(end) - left
                    yield element("rect", class_="tone", x=left, y=self.y(pitch), width=width, height=_ROW)

    def _lines(self) -> Iterator[str]:
        bar, bottom = self.changes.meter.bar, self.height
        for tick in range(self.start, self.end + 1, TICKS):
            x, strong = self.x(tick), tick % bar == 0
            top = _CHORDS - 14 if strong else self.roll
            yield element("line", class_="bar" if strong else "beat", x1=x, x2=x, y1=top, y2=bottom)
            if strong and tick < self.end:
                yield element("text", str(self.changes.meter.bar_of(tick)), class_="small", x=x + 3, y=8.0)
            if strong and tick % self.changes.length == 0:
                yield element("line", class_="bar", x1=x - 3, x2=x - 3, y1=top, y2=bottom)
        for pitch in (pitch for pitch in range(self.low, self.high + 1) if pitch % 12 == 0):
            y = self.y(pitch) + _ROW - 0.5
            yield element("text", f"C{pitch // 12 - 1}", class_="small", x=_LEFT - 22, y=y)

    def _symbols(self) -> Iterator[str]:
        for start, end in self._chords():
            symbol = self.changes.at(start).symbol
            held = " held" if self.changes.began(start) != start else ""
            room = (self.x(end) - self.x(start) - 4) / (_LETTER * max(1, len(symbol)))
            size = None if room >= 17 else f"font-size: {number(max(room, 6.0))}px"
            words = text(symbol)
            yield element("text", words, class_="chord" + held, x=self.x(start) + 4, y=_CHORDS - 6, style=size)

    def _notes(self) -> Iterator[str]:
        for note, name, outside in self.notes:
            left, y = self.x(note.onset), self.y(note.pitch) + (_ROW - _NOTE_HEIGHT) / 2
            width = max(self.x(note.end) - left - 1, 2.5)
            yield element("rect", x=left, y=y, width=width, height=_NOTE_HEIGHT, rx=2, fill=colour(outside))
            fits = width >= 8 * _LETTER * len(name) + 1
            if note.onset >= self.start:
                ring = 3 if (note.onset, note.pitch) in self.homes else 0
                kind, base = ("name", y + _NOTE_HEIGHT - 1.7) if fits else ("name above", y - 1.5 - ring)
                yield element("text", name, class_=kind, x=left + width / 2, y=base)

    def _landings(self) -> Iterator[str]:
        ends = {note.onset: note for note, *_ in self.notes}
        for onset, pitch in self.homes:
            note = ends[onset]
            left, y = self.x(onset), self.y(pitch) + (_ROW - _NOTE_HEIGHT) / 2
            width = max(self.x(note.end) - left - 1, 2.5)
            yield element("rect", class_="ring", x=left - 2, y=y - 2, width=width + 4, height=_NOTE_HEIGHT + 4, rx=4)
            degree = meant(note, self.changes).degree(pitch)
            fits = width >= 20
            yield element("text", text(degree), class_="home", x=left + width / 2, y=y - (5 if fits else 13))

    def _in_lanes(self) -> Iterator[tuple[int, Bracket]]:
        """Each bracket with the lane in which neither it nor its words meet another, the lowest there is."""
        taken: list[float] = []
        for each in sorted(self.brackets, key=lambda bracket: bracket.start):
            left = self.x(each.start)
            lane = next((i for i, right in enumerate(taken) if right <= left), len(taken))
            right = max(self.x(each.end), left + 11 * _LETTER * len(each.words)) + 8
            taken[lane:] = [right, *taken[lane + 1 :]]
            yield lane, each

    def _brackets(self) -> Iterator[str]:
        for lane, each in self.lanes:
            y = self.roll - 3 - _LANE * lane
            left, right = self.x(each.start), self.x(each.end)
            begins, ends = each.start >= self.start, each.end <= self.end
            path = (f"M{number(left)} {number(y + 4)}V" if begins else f"M{number(left)} ") + number(y)
            path += f"H{number(right)}" + (f"V{number(y + 4)}" if ends else "")
            yield element("path", class_="bracket", d=path)
            words = each.words if begins else f"({each.words})"
            room = _WIDTH - _RIGHT - 11 * _LETTER * len(words)
            yield element("text", text(words), class_="guess", x=max(_LEFT, min(left, room)), y=y - 3)
