"""Lead sheets: a tune's form and changes as written, and the chart text that says them.

    title: Blues in F          headers: title, composer, source, key, time, tempo, feel, form; others are remarks
    key: F
    time: 4/4
    tempo: 140                 beats a minute, 20 to 400

    [A]                        sections are optional; `form: A A B A` says in which order they are played
    | F7 | Bb7 | F7 | Cm7 F7 |

The chords of a bar share it evenly; `/` holds the chord for one more share, `%` repeats the bar, `N.C.` is no chord.
`|: ... :|` repeats, with endings as `|1 ... :|2 ... |`. A line that begins with # is a comment.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import groupby
from typing import Any, Literal

from sideslip.errors import ChartError
from sideslip.music.bars import MOST_BARS, Bar, BarReader, bar_text
from sideslip.music.changes import Changes
from sideslip.music.chord import NO_CHORD
from sideslip.music.meter import Meter
from sideslip.music.pitch import parse_pitch_class

Feel = Literal["swing", "straight"]

SLOWEST, FASTEST = 20.0, 400.0
"""Tempi of a chart, in beats a minute."""

MOST_CHARACTERS = 100_000
"""Length of a chart text."""

MOST_WORDS = 200
"""Length of a title, of a name, and of a section's label."""

_ROW = 4  # bars a line in written charts


@dataclass(frozen=True, slots=True)
class Section:
    """Bars under a label such as "A"; the label is empty where the chart names no section."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class LeadSheet:
    """A tune. `tempo` is in beats a minute; `key` is written like "Bb" or "Cm"; `form` names sections as played."""

    title: str
    key: str
    meter: Meter
    tempo: float
    sections: tuple[Section, ...]
    form: tuple[str, ...]
    feel: Feel = "swing"
    composer: str = ""
    source: str = ""

    def played(self) -> tuple[Section, ...]:
        """The sections of one chorus in the order of the form."""
        by_label = {section.label: section for section in self.sections}
        return tuple(by_label[label] for label in self.form)

    def bars(self) -> tuple[Bar, ...]:
        """The bars of one chorus."""
        return tuple(bar for section in self.played() for bar in section.bars)

    def changes(self) -> Changes:
        """The chords of one chorus along the ticks; a chord struck again right after itself is no change."""
        bars = self.bars()
        struck = [(index * self.meter.bar + tick, chord) for index, bar in enumerate(bars) for tick, chord in bar]
        firsts = [next(group) for _, group in groupby(struck, key=lambda place: place[1].symbol)]
        starts, chords = zip(*firsts, strict=True)
        return Changes(starts, chords, len(bars) * self.meter.bar, self.meter)

    def text(self) -> str:
        """The chart text; reading it gives the same lead sheet."""
        headers = {
            "title": self.title,
            "composer": self.composer,
            "source": self.source,
            "key": self.key,
            "time": str(self.meter),
            "tempo": repr(self.tempo).removesuffix(".0"),
            "feel": self.feel,
            "form": "" if self.form == tuple(s.label for s in self.sections) else " ".join(self.form),
        }
        lines = [f"{name}: {value}" for name, value in headers.items() if value]
        for section in self.sections:
            lines += ["", *([f"[{section.label}]"] if section.label else [])]
            bars = [bar_text(bar, self.meter) for bar in section.bars]
            lines += ["| " + " | ".join(bars[row : row + _ROW]) + " |" for row in range(0, len(bars), _ROW)]
        return "\n".join(lines) + "\n"


def no_chart(meter: Meter | None = None) -> LeadSheet:
    """The sheet of a band that goes by ear: no chord, in 4/4 if nothing else is said."""
    return LeadSheet("No chart", "C", meter or Meter(), 120.0, (Section("", (((0, NO_CHORD),),)),), ("",))


def parse_chart(text: str) -> LeadSheet:
    """Read a chart text. Raises ChartError, one line that names the line and the bar."""
    if len(text) > MOST_CHARACTERS:
        raise ChartError(f"a chart has at most {MOST_CHARACTERS} characters, this text has {len(text)}")
    reader = _ChartReader()
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        reader.read(number, line.strip())
    return reader.finish()


# ---------------------------------------------------------------- headers

_KEY = re.compile(r"([A-G][b#♭♯]?) ?(?:(m|-|mi|min|minor|Minor)|(?:M|maj|major|Major)?)")
_KEYS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_MINOR_KEYS = ("Cm", "C#m", "Dm", "Ebm", "Em", "Fm", "F#m", "Gm", "G#m", "Am", "Bbm", "Bm")
_OTHER_KEYS = frozenset({"C#", "Gb", "Cb", "D#m", "Abm", "A#m"})
"""Twelve keys by pitch class, and the other spellings that a signature of up to seven sharps or flats can have."""


def _key(text: str) -> str:
    match = _KEY.fullmatch(text)
    if match is None:
        raise ChartError(f"a key is written like Bb, F#m or C minor; found {text[:40]!r}")
    name = match[1].replace("♭", "b").replace("♯", "#") + ("m" if match[2] else "")
    return name if name in _OTHER_KEYS else (_MINOR_KEYS if match[2] else _KEYS)[parse_pitch_class(match[1])]


def _tempo(text: str) -> float:
    try:
        tempo = float(text)
    except ValueError:
        tempo = 0.0
    if not SLOWEST <= tempo <= FASTEST:
        raise ChartError(f"a tempo is {SLOWEST:g} to {FASTEST:g} beats a minute; found {text[:40]!r}")
    return tempo


_FEELS: dict[str, Feel] = {
    **dict.fromkeys(("swing", "shuffle", "ballad", "waltz", "jazz"), "swing"),
    **dict.fromkeys(("straight", "even", "latin", "bossa", "samba", "funk", "rock"), "straight"),
}
"""What players call a feel, and how its eighths fall."""


def _feel(text: str) -> Feel:
    try:
        return _FEELS[text.lower()]
    except KeyError:
        raise ChartError(f"a feel is one of {', '.join(_FEELS)}; found {text[:40]!r}") from None


def _form(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


def words(text: str) -> str:
    """A text as it can be shown anywhere: one line, of bearable length, without what would steer a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text[:MOST_WORDS]).split())


_HEADERS: dict[str, Callable[[str], Any]] = {
    "title": words,
    "composer": words,
    "source": words,
    "key": _key,
    "time": Meter.parse,
    "tempo": _tempo,
    "feel": _feel,
    "form": _form,
}

# ---------------------------------------------------------------- reading

_HEADER = re.compile(r"([A-Za-z]\w*)\s*:(.*)")
_LABEL = re.compile(r"\[([^\[\]]*)\](.*)")


class _ChartReader:
    """Takes a chart line by line: headers first, then sections of bars."""

    def __init__(self) -> None:
        self._headers: dict[str, Any] = {"title": "", "key": "C", "time": Meter(), "tempo": 120.0}
        self._lines: dict[str, int] = {}  # where each header stands
        self._sections: dict[str, tuple[Bar, ...]] = {}
        self._order: list[str] = []
        self._label, self._label_line = "", 0
        self._bars: BarReader | None = None
        self._bars_written = 0

    def read(self, number: int, line: str) -> None:
        """Read one stripped line. Raises ChartError that begins with the place."""
        if not line or line.startswith("#"):
            return
        if label := _LABEL.match(line):
            self._begin_section(number, "-".join(_form(words(label[1]))))
            line = label[2].strip()
        elif header := _HEADER.match(line):
            self._header(number, header[1].lower(), header[2].strip())
            return
        if "|" in line:
            self._bars = self._bars or BarReader(self._headers["time"], self._bars_written + 1)
            self._bars.read(number, line)
        elif line:
            wanted = "a header 'name: value', a [section] or bars between |"
            raise ChartError(f"line {number}: expected {wanted}; found {line[:40]!r}")

    def finish(self) -> LeadSheet:
        """The chart that was read. Raises ChartError if it is not whole."""
        self._end_section()
        if not self._order:
            raise ChartError("the chart has no bars; bars are written between |, as in | F7 | Bb7 |")
        headers = dict(self._headers)
        form = self._played(headers.pop("form", ()) or tuple(self._order))
        sections = tuple(Section(label, bars) for label, bars in self._sections.items())
        return LeadSheet(meter=headers.pop("time"), sections=sections, form=form, **headers)

    def _header(self, number: int, name: str, value: str) -> None:
        if name not in _HEADERS:
            if near := get_close_matches(name, _HEADERS, n=1, cutoff=0.7):
                raise ChartError(f"line {number}: unknown header {name[:40]!r}; is {near[0]!r} meant?")
            return  # a remark such as "year: 1920"
        if name in self._lines:
            raise ChartError(f"line {number}: {name} was given on line {self._lines[name]} already")
        if self._bars or self._order or self._label:
            raise ChartError(f"line {number}: the header {name!r} comes after bars; headers come first")
        try:
            self._headers[name] = _HEADERS[name](value)
        except ChartError as error:
            raise ChartError(f"line {number}: {error}") from None
        self._lines[name] = number

    def _begin_section(self, number: int, label: str) -> None:
        self._end_section()
        if not label:
            raise ChartError(f"line {number}: a section label is written like [A] or [bridge]")
        if self._order and not self._order[0]:
            raise ChartError(f"line {number}: bars come before the first section [{label}]; give them a label too")
        self._label, self._label_line = label, number

    def _end_section(self) -> None:
        """Keep the section read last. One that comes twice is kept once; another under the same label gets a prime."""
        bars, label = self._bars.finish() if self._bars else (), self._label
        if self._bars is None or not bars:
            if label:
                raise ChartError(f"line {self._label_line}: section [{label}] has no bars")
            return
        self._bars_written, self._bars = self._bars.number - 1, None
        while self._sections.get(label, bars) != bars:
            if "form" in self._lines:
                raise ChartError(f"line {self._label_line}: section [{label}] is written twice with different bars")
            label += "'"
        self._sections[label] = bars
        self._order.append(label)
        if sum(map(len, self._sections.values())) > MOST_BARS or len(self._order) > MOST_BARS:
            raise ChartError(f"line {self._label_line}: a chart has at most {MOST_BARS} bars, repeats played out")

    def _played(self, form: tuple[str, ...]) -> tuple[str, ...]:
        """The form in labels; "AABA" may stand for "A A B A"."""
        letters = "".join(form) if len(form) == 1 and form[0] not in self._sections else ""
        labels = tuple(letters) or form
        where = f"line {self._lines.get('form', self._label_line)}"
        for label in labels:
            if label not in self._sections:
                found = " ".join(filter(None, self._sections)) or "none"
                raise ChartError(f"{where}: the form asks for section {label[:40]!r}; sections of this chart: {found}")
        if sum(len(self._sections[label]) for label in labels) > MOST_BARS:
            raise ChartError(f"{where}: one chorus has at most {MOST_BARS} bars")
        return labels
