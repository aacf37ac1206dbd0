"""A player's call from a MIDI file, in beats."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sideslip.errors import ChartError, MidiFileError
from sideslip.listen.notes import PERCUSSION, NoteEnded, NotePairer
from sideslip.listen.quantise import Played
from sideslip.listen.tempo import FASTEST, SLOWEST, TempoMap
from sideslip.music.meter import Meter
from sideslip.reading import read_bytes
from sideslip.stage.files.smf import SET_TEMPO, TIME_SIGNATURE, FileTrack, Meta, MidiFile, parse

MAX_BYTES = 10_000_000
"""The largest file read."""

MAX_BEATS = 100_000
"""The longest call: four hours at 400 beats a minute."""

USUAL = 120.0
"""Beats a minute of a file that does not say (Standard MIDI Files 1.0)."""

MAX_NOTES = 60_000
"""The most notes of a call: an hour of lively playing has some ten thousand."""


@dataclass(frozen=True, slots=True)
class Call:
    """What a player plays: channel messages as (beats from bar 1, bytes), in order.

    `tempo` (beats a minute) and `meter` are those of the file's beginning, None where it does not say; `end` is the
    beat of the last message. A beat is the lower number of the metre. `tempi` are the later tempi, (beat, beats a
    minute) in order.
    """

    messages: tuple[tuple[float, bytes], ...]
    tempo: float | None
    meter: Meter | None
    end: float
    tempi: tuple[tuple[float, float], ...] = ()

    @property
    def clock(self) -> TempoMap:
        """When each beat falls as the file says, 120 beats a minute where it says nothing."""
        return TempoMap(_playable(self.tempo or USUAL)).through((beat, _playable(bpm)) for beat, bpm in self.tempi)


def read_call(path: Path, meter: Meter | None = None) -> Call:
    """Read a file as the player; of a session's file, the track named `player` alone.

    `meter` is that of the chart, which the file must not contradict. Raises MidiFileError.
    """
    data = _bytes(path)
    try:
        return _call(parse(data), meter)
    except MidiFileError as error:
        raise MidiFileError(f"cannot use {path}: {error}") from None


def melody(messages: Iterable[tuple[float, bytes]], end: float) -> list[Played]:
    """What messages, (beat, bytes) in order, come to: notes by their beginning, pedals included, percussion left out.

    What still sounds is over at the beat `end`.
    """
    pairer = NotePairer()
    changes = [change for beat, message in messages for change in pairer.feed(beat, message)]
    ended = [note for note in (*changes, *pairer.end_all(end)) if isinstance(note, NoteEnded)]
    melodic = sorted((n.began, n.at, n.pitch, n.velocity) for n in ended if n.channel != PERCUSSION)
    return [Played(*note) for note in melodic]


def _bytes(path: Path) -> bytes:
    try:
        return read_bytes(path, MAX_BYTES)
    except OSError as error:
        raise MidiFileError(f"cannot read {path}: {error.strerror}") from None


def _call(file: MidiFile, wanted: Meter | None) -> Call:
    metas = sorted((meta for track in file.tracks for meta in track.metas), key=lambda meta: meta.tick)
    meter = _meter(metas, wanted)
    unit = (meter or wanted or Meter()).unit
    ticks_a_beat = file.division * 4 / unit
    said = [(m.tick, _tempo(m, unit)) for m in metas if m.kind == SET_TEMPO and len(m.data) == 3]
    tempo = said[0][1] if said else None
    tempi = tuple((tick / ticks_a_beat, bpm) for tick, bpm in said[1:] if bpm)
    messages = sorted((m for track in _heard(file.tracks) for m in track.messages), key=lambda message: message[0])
    notes = sum(message[0] & 0xF0 == 0x90 and message[2] > 0 for _, message in messages)
    if not notes:
        raise MidiFileError("it has no notes")
    if notes > MAX_NOTES:
        raise MidiFileError(f"it has {notes} notes, at most {MAX_NOTES} are played")
    end = messages[-1][0] / ticks_a_beat
    if end > MAX_BEATS:
        raise MidiFileError(f"it lasts {end:.0f} beats, at most {MAX_BEATS} are played")
    return Call(tuple((tick / ticks_a_beat, message) for tick, message in messages), tempo, meter, end, tempi)


def _heard(tracks: tuple[FileTrack, ...]) -> list[FileTrack]:
    return [track for track in tracks if track.name == "player"] or list(tracks)


def _meter(metas: list[Meta], wanted: Meter | None) -> Meter | None:
    found = None
    for meta in metas:
        if meta.kind != TIME_SIGNATURE or len(meta.data) < 2:
            continue
        text = f"{meta.data[0]}/{2 ** min(meta.data[1], 16)}"
        try:
            meter = Meter.parse(text)
        except ChartError:
            raise MidiFileError(f"it is in {text}, which is no metre of a chart") from None
        if found not in (None, meter):
            raise MidiFileError(f"its metre changes from {found} to {meter}; a tune has one")
        if wanted not in (None, meter):
            raise MidiFileError(f"it is in {meter}, the chart in {wanted}; choose a chart in {meter}")
        found = meter
    return found


def _tempo(meta: Meta, unit: int) -> float | None:
    microseconds = int.from_bytes(meta.data)  # of a quarter note
    return 60e6 / microseconds * unit / 4 if microseconds else None


def _playable(bpm: float) -> float:
    return min(max(bpm, SLOWEST), FASTEST)
