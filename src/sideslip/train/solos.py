"""Solos with their beats and chords, from JSON Lines (plain or gzip), one annotated improvisation a line.

Conventions: the timeline counts the annotated beats of the recording, beat index 0 = the first of them, and
tick = 12 * beat index + place in the beat. Bars are given per beat (`bar`, `beat`, `num`): beat index 0 may lie inside
a bar, so ticks of a solo do not line up with bars as the ticks of a chart do.
"""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from sideslip.errors import ChartError, ChordError, DataError
from sideslip.music.changes import Changes
from sideslip.music.chord import Chord, parse_chord
from sideslip.music.meter import TICKS, Meter
from sideslip.music.phrase import Note, Phrase
from sideslip.reading import check_file

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

LONGEST_LINE = 4 << 20
"""Bytes of one solo at most; the longest of the Weimar Jazz Database (4,954 notes) takes 0.5 MB."""

LARGEST = 1 << 30
"""Bytes of a file of solos at most."""

MOST_UNPACKED = 25
"""By what factor a packed file may grow: solos grow eightfold."""

NO_BASS = -1
"""Stands in `Solo.bass` where the pitch of the bass is not known."""


@dataclass(frozen=True, slots=True, eq=False)
class Solo:
    """One improvised line: n notes over m beats. All arrays are read-only.

    Per note, shape (n,): `onset_ticks` where the annotation puts it (12 a beat, strictly increasing), `performed` where
    it was played (beats, non-decreasing; swing and lag kept), `pitch` (MIDI), `velocity` (1..127),
    `duration_beats` as played, `phrase` the number of its phrase.
    Per beat, shape (m,): `bar` (1 = first bar of the form, 0 and below = pickup), `beat` in the bar from 1, `num` beats
    in this bar, `bass` (MIDI pitch or NO_BASS), `chord` (symbol, "NC" for none), `harm` (the same with "NC" replaced by
    the chord that still holds; None for a solo without any changes).
    """

    id: str
    group: str
    performer: str
    title: str
    style: str
    feel: str
    key: str | None
    tempo: float
    meter: Meter
    onset_ticks: Ints
    performed: Floats
    pitch: Ints
    velocity: Ints
    duration_beats: Floats
    phrase: Ints
    bar: Ints
    beat: Ints
    num: Ints
    chorus: Ints
    bass: Ints
    chord: tuple[str, ...]
    harm: tuple[str, ...] | None

    def __len__(self) -> int:
        """The number of notes."""
        return len(self.onset_ticks)

    @property
    def chord_at_beat(self) -> tuple[Chord, ...]:
        """The chord that holds at each beat, breaks filled where the changes are known, no chord elsewhere."""
        return tuple(parse_chord(symbol) for symbol in self.harm or self.chord)

    def line(self) -> Phrase:
        """The whole solo on the grid, one note at a time; durations as played, in ticks, at least 1."""
        lengths = np.maximum(1, np.rint(self.duration_beats * TICKS)).astype(np.int64)
        lengths[:-1] = np.minimum(lengths[:-1], np.diff(self.onset_ticks))
        columns = (self.onset_ticks, self.pitch, lengths, self.velocity)
        return Phrase(tuple(Note(*row) for row in zip(*(column.tolist() for column in columns), strict=True)))

    def changes(self) -> Changes:
        """The chords under the whole solo as one long chorus; tick 0 is beat index 0, bars as said above."""
        chords = self.chord_at_beat
        starts = [i for i, chord in enumerate(chords) if i == 0 or chord != chords[i - 1]]
        ticks = tuple(TICKS * i for i in starts)
        return Changes(ticks, tuple(chords[i] for i in starts), TICKS * len(chords), self.meter)


def read_solos(path: str | Path) -> Iterator[Solo]:
    """The solos of a file in order, read as they are asked for.

    Of notes that the grid of 12 a beat puts on one tick, the first is kept (0.13 % of notes are dropped).
    Raises DataError, with the line, for a file that is missing, cannot be read, or holds anything else.
    """
    name, number = str(path), 0
    for number, line in enumerate(read_lines(Path(path)), 1):
        try:
            solo = _solo(json.loads(line))
        except KeyError as error:
            raise DataError(f"{name!r} line {number}: a solo needs the field {error}, found none") from error
        except (TypeError, ValueError, OverflowError, RecursionError, ChordError, ChartError) as error:
            raise DataError(f"{name!r} line {number}: wanted one solo as a JSON object; {_one_line(error)}") from error
        yield solo
    if number == 0:
        raise DataError(f"{name!r}: wanted at least one solo, found an empty file")


def read_lines(path: Path) -> Iterator[bytes]:
    """The lines of a file of JSON Lines, plain or gzip, as they are asked for.

    Raises DataError for one that is missing, cannot be read, unpacks to more than any solos do, or has a line that is
    longer than any solo.
    """
    try:
        check_file(path, LARGEST)
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            yield from _bounded(gzip.GzipFile(fileobj=raw) if packed else raw, raw, str(path))
    except OSError as error:
        raise DataError(
            f"wanted solos (JSON Lines, plain or .gz), but {str(path)!r} cannot be read: {_why(error)}"
        ) from error
    except (EOFError, zlib.error) as error:
        raise DataError(f"{str(path)!r} is damaged: {error}") from error


def _why(error: OSError) -> str:
    return error.strerror or str(error)


def _bounded(lines: BinaryIO | gzip.GzipFile, raw: BinaryIO, name: str) -> Iterator[bytes]:
    number = taken = 0
    while line := lines.readline(LONGEST_LINE + 1):
        number, taken = number + 1, taken + len(line)
        if len(line) > LONGEST_LINE:
            raise DataError(f"{name!r} line {number}: a solo takes at most {LONGEST_LINE} bytes, found more")
        if taken > LONGEST_LINE + MOST_UNPACKED * raw.tell():
            raise DataError(f"{name!r} line {number}: unpacks to more than {MOST_UNPACKED} times its size")
        yield line


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _solo(record: Any) -> Solo:
    if not isinstance(record, dict):
        raise ValueError(f"found {type(record).__name__}")
    notes, beats = _arrays(record["notes"], _NOTE_FIELDS), _arrays(_with_choruses(record["beats"]), _BEAT_FIELDS)
    kept, onset_ticks = _on_grid(notes, len(beats["bar"]))
    solo = Solo(
        id=str(record["id"]),
        group=str(record["group"]),
        performer=str(record["performer"]),
        title=str(record["title"]),
        style=str(record["style"]),
        feel=str(record["rhythm_feel"]),
        key=None if record["key"] is None else str(record["key"]),
        tempo=_tempo(record["avg_tempo"]),
        meter=Meter.parse(str(record["signature"])),
        onset_ticks=_frozen(onset_ticks[kept]),
        performed=_frozen(np.maximum.accumulate(notes["pos"])[kept]),
        pitch=_frozen(notes["p"][kept]),
        velocity=_frozen(notes["v"][kept]),
        duration_beats=_frozen(notes["db"][kept]),
        phrase=_frozen(notes["ph"][kept]),
        bar=_frozen(beats["bar"]),
        beat=_frozen(beats["beat"]),
        num=_frozen(beats["num"]),
        chorus=_frozen(beats["chorus"]),
        bass=_frozen(beats["bass"]),
        chord=_symbols(record["beats"]["chord"], len(beats["bar"])),
        harm=None if record["beats"]["harm"] is None else _symbols(record["beats"]["harm"], len(beats["bar"])),
    )
    for symbol in {*solo.chord, *(solo.harm or ())}:
        parse_chord(symbol)  # a symbol that nobody can read is found here, not when the chords are wanted
    return solo


def _tempo(value: Any) -> float:
    if isinstance(value, int | float) and 20 <= value <= 400:
        return float(value)
    raise ValueError(f"a tempo is a number from 20 to 400 bpm, found {value!r}")


_NOTE_FIELDS: Mapping[str, tuple[float, float]] = {
    "b": (0, 1e6),
    "tat": (1, 96),
    "div": (1, 96),
    "pos": (-16, 1e6),
    "p": (0, 127),
    "v": (1, 127),
    "db": (0, 1e4),
    "ph": (0, 1e6),
}
_BEAT_FIELDS: Mapping[str, tuple[float, float]] = {
    "bar": (-1e4, 1e6),
    "beat": (1, 64),
    "num": (1, 64),
    "chorus": (-1e4, 1e4),
    "bass": (-1, 127),
}
"""What is read of the parallel arrays of notes and beats, with the smallest and largest value that makes sense."""

_FRACTIONAL = ("pos", "db")


def _arrays(record: Any, fields: Mapping[str, tuple[float, float]]) -> dict[str, NDArray[Any]]:
    """The named lists as arrays of one length, every value within its range (a missing bass pitch is NO_BASS)."""
    arrays = {}
    for name, (low, high) in fields.items():
        values = [NO_BASS if value is None and name == "bass" else value for value in record[name] or [None]]
        array = np.array(values, dtype=np.float64)
        if array.ndim != 1 or not ((array >= low) & (array <= high)).all():
            raise ValueError(f"{name!r} is a list of numbers from {low:g} to {high:g}, found another value")
        arrays[name] = array if name in _FRACTIONAL else array.astype(np.int64)
    if len({len(array) for array in arrays.values()}) != 1:
        raise ValueError(f"the lists {', '.join(fields)} are of one length, found several")
    return arrays


def _with_choruses(beats: Any) -> Any:
    """The lists of the beats; choruses are 0 where the record does not count them."""
    return beats if "chorus" in beats else {**beats, "chorus": [0] * len(beats["bar"])}


def _on_grid(notes: Mapping[str, NDArray[Any]], beats: int) -> tuple[NDArray[np.bool_], Ints]:
    """Which notes are kept, and the tick of every note: 12 times (beat index + (tatum - 1) / division), rounded."""
    place = (notes["tat"] - 1) / notes["div"]
    if (notes["b"] >= beats).any() or (place >= 1).any() or (np.diff(notes["b"] + place) <= 0).any():
        raise ValueError("notes lie at increasing places within the beats, found another order or place")
    ticks = np.rint((notes["b"] + place) * TICKS).astype(np.int64)
    return np.diff(ticks, prepend=ticks[0] - 1) > 0, ticks


def _symbols(values: Any, length: int) -> tuple[str, ...]:
    if not isinstance(values, list) or len(values) != length or not all(isinstance(value, str) for value in values):
        raise ValueError("chords are a list of symbols, one a beat, found something else")
    return tuple(values)


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    array.flags.writeable = False
    return array
