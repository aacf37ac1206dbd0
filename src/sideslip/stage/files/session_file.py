"""A session as a MIDI file: type 1, 480 ticks a quarter note, bar 1 at tick 0, the changes as markers.

The same session gives the same bytes.
"""

import io
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import mido

from sideslip.listen.tempo import Piece, TempoMap
from sideslip.music.changes import Changes
from sideslip.music.meter import TICKS, Meter
from sideslip.stage.files.replace import replace_file

DIVISION = 480
"""Ticks of the file per quarter note."""

_PEDAL = 64
_RELEASE = 64


@dataclass(frozen=True, slots=True)
class Track:
    """A named track: messages as (beats from bar 1, bytes) in order; `program` is a General MIDI sound 0..127."""

    name: str
    messages: tuple[tuple[float, bytes], ...]
    program: int | None = None
    channel: int = 0


def note_track(
    name: str, notes: Iterable[tuple[float, float, int, int]], channel: int = 0, program: int | None = None
) -> Track:
    """A track of notes (on, off in beats, MIDI pitch, velocity); a pitch struck while it sounds ends first.

    Of strikes of one pitch at one tick of the file the last is kept: the others would sound for no time at all.
    """
    struck = {(round(note[0] * DIVISION), note[2]): note for note in sorted(notes)}
    line = sorted(struck.values())
    timed: list[tuple[float, int, bytes]] = []
    next_on: dict[int, float] = {}
    for on, off, pitch, velocity in reversed(line):
        off = max(on, min(off, next_on.get(pitch, off)))
        next_on[pitch] = on
        timed.append((on, 1, bytes((0x90 | channel, pitch, velocity))))
        timed.append((off, 0 if off > on else 2, bytes((0x80 | channel, pitch, _RELEASE))))
    return Track(name, tuple((beat, message) for beat, _, message in sorted(timed)), program, channel)


def write_session(
    path: Path,
    tracks: Sequence[Track],
    changes: Changes,
    tempo: TempoMap,
    title: str = "",
    key: str = "",
    length: int = 0,
) -> None:
    """Write a session beside, then rename: what was there stays whole if anything fails.

    `tempo` is written with all its changes from bar 1 on. `length` are the ticks (12 a beat) over which the changes are
    marked, at least to the end of the last bar played. A key such as "Bb" or "F#m" that no key signature says is left
    out. What sounds before bar 1 begins at tick 0; what a track still holds at the end is released there. Raises
    SettingError if the file cannot be written.
    """
    per_beat = DIVISION * 4 // changes.meter.unit
    last = max((beat for track in tracks for beat, _ in track.messages), default=0.0)
    length = max(length, -(-round(last * TICKS) // changes.meter.bar) * changes.meter.bar, 1)
    end = length * per_beat // TICKS
    file = mido.MidiFile(type=1, ticks_per_beat=DIVISION, charset="utf-8")
    file.tracks.append(_conductor(changes, tempo, title, key, length, per_beat))
    file.tracks.extend(_part(track, per_beat, end) for track in tracks)
    buffer = io.BytesIO()
    file.save(file=buffer)
    replace_file(path, buffer.getvalue())


def _conductor(changes: Changes, tempo: TempoMap, title: str, key: str, length: int, per_beat: int) -> mido.MidiTrack:
    meter, timed = changes.meter, list[tuple[int, mido.MetaMessage]]()
    if title:
        timed.append((0, mido.MetaMessage("track_name", name=title)))
    first, *later = _tempi(tempo)
    timed.append((0, mido.MetaMessage("set_tempo", tempo=_microseconds(first.bpm, meter))))
    timed.append((0, mido.MetaMessage("time_signature", numerator=meter.beats, denominator=meter.unit)))
    with suppress(ValueError):  # not one of the thirty keys
        timed.append((0, mido.MetaMessage("key_signature", key=key)))
    for tick, chord in changes.between(0, length):
        timed.append((tick * per_beat // TICKS, mido.MetaMessage("marker", text=chord.symbol)))
    end = length / TICKS
    for piece in later:
        if piece.beat < end:
            changed = mido.MetaMessage("set_tempo", tempo=_microseconds(piece.bpm, meter))
            timed.append((round(piece.beat * per_beat), changed))
    timed.sort(key=lambda one: one[0])
    return _with_deltas(timed, length * per_beat // TICKS)


def _tempi(tempo: TempoMap) -> list[Piece]:
    """The tempo that holds at bar 1, and its changes after."""
    before = [piece for piece in tempo.pieces if piece.beat <= 0][-1:] or [tempo.pieces[0]]
    return before + [piece for piece in tempo.pieces if piece.beat > 0 and piece not in before]


def _microseconds(tempo: float, meter: Meter) -> int:
    return round(60e6 / (tempo * 4 / meter.unit))


def _part(track: Track, per_beat: int, end: int) -> mido.MidiTrack:
    timed: list[tuple[int, mido.Message | mido.MetaMessage]] = [(0, mido.MetaMessage("track_name", name=track.name))]
    if track.program is not None:
        timed.append((0, mido.Message("program_change", channel=track.channel, program=track.program)))
    held: dict[tuple[int, int], bytes] = {}  # (status, number) of what is down, and the message that lets go of it
    for beat, message in track.messages:
        timed.append((max(0, round(beat * per_beat)), mido.Message.from_bytes(message)))
        status, number, value = message[0], message[1], message[-1]
        if status & 0xF0 in (0x80, 0x90):
            held.pop((0x90 | status & 0x0F, number), None)
            if status & 0xF0 == 0x90 and value:
                held[status, number] = bytes((0x80 | status & 0x0F, number, _RELEASE))
        elif status & 0xF0 == 0xB0 and number == _PEDAL:
            held.pop((status, number), None)
            if value:
                held[status, number] = bytes((status, number, 0))
    timed += [(end, mido.Message.from_bytes(message)) for message in held.values()]
    return _with_deltas(timed, end)


def _with_deltas(timed: Sequence[tuple[int, mido.Message | mido.MetaMessage]], end: int) -> mido.MidiTrack:
    track, now = mido.MidiTrack(), 0
    for tick, message in timed:
        track.append(message.copy(time=max(0, tick - now)))
        now = max(now, tick)
    track.append(mido.MetaMessage("end_of_track", time=max(0, end - now)))
    return track
