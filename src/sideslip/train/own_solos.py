"""Solos of your own: a folder of MIDI files, each NAME.mid with its chart NAME.txt beside it.

They are read as `sideslip analyze` reads them: bar 1 begins at tick 0 of the file, the line is the highest of the notes
that begin together, the project's quantiser puts it on the grid, a rest of one beat ends a phrase.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import ceil
from operator import itemgetter
from pathlib import Path

from sideslip.errors import DataError, MidiFileError
from sideslip.listen.phrasing import split
from sideslip.listen.quantise import PUSH_SECONDS, Played, quantise, struck
from sideslip.listen.tempo import TempoMap
from sideslip.music.changes import Changes
from sideslip.music.leadsheet import LeadSheet
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Note, Phrase
from sideslip.stage.files.call import Call, melody, read_call
from sideslip.stage.files.charts import load_chart
from sideslip.train.solo_records import NO_CHORD, Record, sounding, tune_key

MIDI = frozenset({".mid", ".midi"})
CHART = ".txt"

STYLE = "OTHER"
"""The style of a solo that nobody has sorted."""

DECIMALS = 4
"""Of places and durations in beats."""


@dataclass(frozen=True, slots=True)
class Line:
    """One note at a time: `ticks` on the grid, strictly increasing, and what was `played` there."""

    ticks: tuple[int, ...]
    played: tuple[Played, ...]

    @classmethod
    def of(cls, played: Sequence[Played], push: float) -> "Line":
        """The highest of the notes that begin together, or that the grid puts on one tick; each ends by the next.

        `push` is how many beats a note may come before its beat.
        """
        strokes = list(struck(played))
        ticks = quantise([stroke[0].on for stroke in strokes], push)
        top: dict[int, Played] = {}
        for tick, placed in groupby(zip(ticks, strokes, strict=True), key=itemgetter(0)):
            top[tick] = max((note for _, stroke in placed for note in stroke), key=lambda note: (note.pitch, note.on))
        line = list(top.values())
        ends = [after.on for after in line[1:]] + [note.off for note in line[-1:]]
        cut = (replace(note, off=min(note.off, end)) for note, end in zip(line, ends, strict=True))
        return cls(tuple(top), tuple(cut))

    def phrases(self) -> list[int]:
        """The number, from 1, of the phrase of each note."""
        notes = [
            Note(tick, note.pitch, max(1, round((note.off - note.on) * TICKS)), note.velocity)
            for tick, note in zip(self.ticks, self.played, strict=True)
        ]
        phrases = split(Phrase(tuple(notes)).monophonic())
        return [number for number, phrase in enumerate(phrases, 1) for _ in phrase]


def read_own_solos(folder: Path) -> Iterator[Record]:
    """The solos of a folder by name.

    Raises DataError where there is none or one lacks its chart, MidiFileError or ChartError that names a bad file.
    """
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix.lower() in MIDI and path.name[0] != ".")
    except OSError as error:
        raise DataError(f"the folder {str(folder)!r} cannot be read: {error.strerror}") from error
    if not files:
        raise DataError(f"wanted MIDI solos NAME.mid, each with its chart NAME.txt, found none in {str(folder)!r}")
    for path in files:
        chart = path.with_suffix(CHART)
        if not os.path.isfile(chart):
            raise DataError(f"{str(path)!r} has no chart: wanted its changes as chart text in {str(chart)!r}")
        sheet = load_chart(str(chart))
        yield _record(path, sheet, read_call(path, sheet.meter))


def _record(path: Path, sheet: LeadSheet, call: Call) -> Record:
    tempo = _tempo(call, sheet)
    line = Line.of(melody(call.messages, call.end), TempoMap(tempo).beats_in(PUSH_SECONDS))
    if not line.ticks:
        raise MidiFileError(f"{path} holds no melody: a solo needs notes on another channel than 10")
    tonic = sheet.key.removesuffix("m")
    return {
        "id": path.stem,
        "group": tune_key(sheet.title),
        "performer": path.resolve().parent.name,
        "title": sheet.title,
        "style": STYLE,
        "rhythm_feel": sheet.feel.upper(),
        "key": f"{tonic}-{'maj' if tonic == sheet.key else 'min'}",
        "signature": str(sheet.meter),
        "avg_tempo": tempo,
        "beats": _beats(sheet.changes(), max(line.played[-1].off, (line.ticks[-1] + 1) / TICKS)),
        "notes": {
            "b": [tick // TICKS for tick in line.ticks],
            "tat": [tick % TICKS + 1 for tick in line.ticks],
            "div": [TICKS] * len(line.ticks),
            "pos": [round(note.on, DECIMALS) for note in line.played],
            "p": [note.pitch for note in line.played],
            "v": [note.velocity for note in line.played],
            "db": [round(note.off - note.on, DECIMALS) for note in line.played],
            "ph": line.phrases(),
        },
    }


def _tempo(call: Call, sheet: LeadSheet) -> float:
    """Beats a minute: the mean of the file where it says any, else that of the chart."""
    if call.tempo is None and not call.tempi:
        return sheet.tempo
    seconds = call.clock.seconds(call.end)
    return round(60 * call.end / seconds, 1) if seconds > 0 else call.clock.bpm


def _beats(changes: Changes, end: float) -> Record:
    """Whole bars up to the beat `end`, the form played over and over; of each beat the chord with which it begins."""
    meter = changes.meter
    count = ceil(end / meter.beats) * meter.beats
    here = [changes.at(beat * TICKS) for beat in range(count)]
    chords = [NO_CHORD if chord.quality == "NC" else chord.symbol for chord in here]
    return {
        "bar": [beat // meter.beats + 1 for beat in range(count)],
        "beat": [beat % meter.beats + 1 for beat in range(count)],
        "num": [meter.beats] * count,
        "chorus": [beat * TICKS // changes.length + 1 for beat in range(count)],
        "chord": chords,
        "harm": sounding(chords),
        "bass": [None] * count,
    }
