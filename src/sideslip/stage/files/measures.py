"""The measures of a MusicXML part as bars: which chord where, and what says in which order they are played."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sideslip.errors import ChartError, ChordError
from sideslip.music.chord import Chord
from sideslip.music.meter import TICKS, Meter
from sideslip.stage.files.elements import Element, number
from sideslip.stage.files.harmony import chord_of
from sideslip.stage.files.repeats import MOST_TIMES, BackTo, Marks

_BACK: dict[BackTo, re.Pattern[str]] = {
    "capo": re.compile(r"\b(da capo|d\. ?c\.)", re.IGNORECASE),
    "segno": re.compile(r"\b(dal segno|d\. ?s\.)", re.IGNORECASE),
}
"""Words that send the player back."""


@dataclass(slots=True)
class Written:
    """A bar as written: chords by tick, its marks, and whether it is but a pick-up, or the rest of a bar cut in two."""

    chords: dict[int, Chord] = field(default_factory=dict)
    marks: Marks = field(default_factory=Marks)
    partial: bool = False


def bars(measures: Sequence[Element], meter: Meter) -> Iterator[Written]:
    """The measures in order. Raises ChartError that names the measure."""
    divisions, cut = 1.0, True  # a measure that is not full is a pick-up at the beginning, or after one that was cut
    for place, measure in enumerate(measures, 1):
        try:
            reading = _Measure(meter, divisions)
            for element in measure.children:
                reading.take(element)
        except (ChartError, ChordError) as error:
            raise ChartError(f"measure {place}: {error}") from None
        short = 0 < reading.length < meter.beats * 4 / meter.unit
        reading.bar.partial = short and cut
        cut, divisions = short and not cut, reading.divisions
        yield reading.bar


class _Measure:
    """Reads one measure element by element, in quarter notes."""

    def __init__(self, meter: Meter, divisions: float) -> None:
        self.bar = Written()
        self.divisions = divisions  # of a quarter note
        self.length = 0.0
        self._at = 0.0
        self._meter = meter

    def take(self, element: Element) -> None:
        """Take the next element in."""
        match element.name:
            case "attributes":
                self.divisions = number(element, 1e-3, 1e6, "divisions", usual=self.divisions)
            case "note" if element.find("chord") or element.find("grace"):
                pass
            case "note" | "forward":
                self._move(number(element, 0, 1e6, "duration", usual=0.0))
            case "backup":
                self._move(-number(element, 0, 1e6, "duration"))
            case "harmony":
                self._strike(chord_of(element), number(element, -1e6, 1e6, "offset", usual=0.0))
            case "direction":
                self._direct(element)
            case "sound":
                self._sound(element)
            case "barline":
                self._bar_line(element)

    def _move(self, divisions: float) -> None:
        self._at += divisions / self.divisions
        self.length = max(self.length, self._at)

    def _strike(self, chord: Chord, offset: float) -> None:
        tick = round((self._at + offset / self.divisions) * TICKS * self._meter.unit / 4)
        self.bar.chords[min(max(tick, 0), self._meter.bar - 1)] = chord

    def _direct(self, direction: Element) -> None:
        marks = self.bar.marks
        for kind in direction.all("direction-type"):
            words = " ".join(one.text for one in kind.all("words")).strip()
            marks.segno |= kind.find("segno") is not None
            marks.coda |= kind.find("coda") is not None or words.lower() == "coda"
            marks.to_coda |= words.lower() == "to coda"
            marks.fine |= words.lower() == "fine"
            marks.back_to = next((to for to, pattern in _BACK.items() if pattern.search(words)), marks.back_to)
        for sound in direction.all("sound"):
            self._sound(sound)

    def _sound(self, sound: Element) -> None:
        marks, said = self.bar.marks, sound.attributes
        marks.segno |= "segno" in said
        marks.coda |= "coda" in said
        marks.fine |= "fine" in said
        marks.to_coda |= "tocoda" in said
        if said.get("dacapo") == "yes":
            marks.back_to = "capo"
        elif "dalsegno" in said:
            marks.back_to = "segno"

    def _bar_line(self, line: Element) -> None:
        marks = self.bar.marks
        for ending in line.all("ending"):
            if ending.attributes.get("type") == "start":
                marks.ending = _numbers(ending.attributes.get("number", ""))
            else:
                marks.ending_stops = True
        for repeat in line.all("repeat"):
            if repeat.attributes.get("direction") == "forward":
                marks.opens = True
            else:
                marks.times = _times(repeat.attributes.get("times", "2"))


def _times(text: str) -> int:
    if not (re.fullmatch("[0-9]{1,3}", text) and int(text) <= MOST_TIMES):
        raise ChartError(f"a repeat is taken at most {MOST_TIMES} times; found times={text[:20]!r}")
    return int(text)


def _numbers(text: str) -> tuple[int, ...]:
    """The numbers of an ending such as "1, 2" or "1-3"."""
    found = [int(number) for number in re.findall(r"[0-9]{1,9}", text[:200])]
    if found and max(found) > MOST_TIMES:
        raise ChartError(f"a repeat is taken at most {MOST_TIMES} times; found an ending {text[:20]!r}")
    return tuple(range(min(found), max(found) + 1)) if "-" in text and found else tuple(found)
