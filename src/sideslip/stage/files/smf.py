"""Standard MIDI files as lists of events, read in bounded time whatever the bytes are.

mido reads more leniently than is safe with strangers' files: an endless delta time keeps it busy without end. Here a
number of variable length has at most four bytes, as the standard says, and there is a limit to everything.
Source of the format: Standard MIDI Files 1.0, MIDI Manufacturers Association.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sideslip.errors import MidiFileError
from sideslip.stage.messages import DATA_BYTES

MAX_EVENTS = 250_000
"""Events and tracks of a whole file: five hours of lively playing."""

META, SYSEX, ESCAPE = 0xFF, 0xF0, 0xF7
TRACK_NAME, END_OF_TRACK, SET_TEMPO, TIME_SIGNATURE = 0x03, 0x2F, 0x51, 0x58


@dataclass(frozen=True, slots=True)
class Meta:
    """A meta event: tick, kind, and what it carries."""

    tick: int
    kind: int
    data: bytes


@dataclass(frozen=True, slots=True)
class FileTrack:
    """A track: channel messages as (tick, bytes), and meta events."""

    messages: tuple[tuple[int, bytes], ...]
    metas: tuple[Meta, ...]

    @property
    def name(self) -> str:
        """The track's name, "" without one."""
        return next((m.data.decode("utf-8", "replace").strip() for m in self.metas if m.kind == TRACK_NAME), "")


@dataclass(frozen=True, slots=True)
class MidiFile:
    """A file of type 0 or 1; `division` is ticks per quarter note."""

    division: int
    tracks: tuple[FileTrack, ...]


def parse(data: bytes) -> MidiFile:
    """Read a file. Raises MidiFileError with what is wrong, without the file's name."""
    if len(data) < 14 or data[:4] != b"MThd":
        raise MidiFileError("it is not a MIDI file: it does not begin with MThd")
    kind, division = int.from_bytes(data[8:10]), int.from_bytes(data[12:14])
    if kind not in (0, 1):
        raise MidiFileError(f"it is of type {kind}; types 0 and 1 can be played")
    if division & 0x8000 or division == 0:
        raise MidiFileError("it counts time in SMPTE frames; ticks per quarter note are needed")
    budget = _Budget()
    tracks = [_track(data, start, end, budget) for start, end in _chunks(data, 8 + int.from_bytes(data[4:8]))]
    wanted = int.from_bytes(data[10:12])
    if len(tracks) < wanted:
        raise MidiFileError(f"it is truncated: it should have {wanted} tracks, {len(tracks)} are there")
    return MidiFile(division, tuple(tracks))


class _Budget:
    """How many events may still come."""

    def __init__(self) -> None:
        self.left = MAX_EVENTS

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise MidiFileError(f"it has more than {MAX_EVENTS} events and tracks")


def _chunks(data: bytes, position: int) -> Iterator[tuple[int, int]]:
    """Where each track's events begin and end; other chunks are passed over, as the standard asks."""
    while position + 8 <= len(data):
        start = position + 8
        end = start + int.from_bytes(data[position + 4 : start])
        if end > len(data):
            raise MidiFileError(f"it is truncated: a track is to end at byte {end}, the file ends at {len(data)}")
        if data[position : position + 4] == b"MTrk":
            yield start, end
        position = end


def _track(data: bytes, start: int, end: int, budget: _Budget) -> FileTrack:
    budget.spend()  # files of nothing but empty tracks end, too
    messages: list[tuple[int, bytes]] = []
    metas: list[Meta] = []
    position, tick, running = start, 0, 0
    while position < end:
        budget.spend()
        delta, position = _variable(data, position, end)
        tick += delta
        status = data[position] if position < end else 0
        if status in (META, SYSEX, ESCAPE):
            kind = data[position + 1] if status == META and position + 1 < end else 0
            size, position = _variable(data, position + (2 if status == META else 1), end)
            payload, position = _take(data, position, size, end)
            if status == META:
                metas.append(Meta(tick, kind, payload))
            if status == META and kind == END_OF_TRACK:
                break
            continue
        if status & 0x80:
            running, position = status, position + 1
        size = DATA_BYTES.get(running & 0xF0, 0)
        payload, position = _take(data, position, size, end)
        if size == 0 or max(payload) > 127:
            raise MidiFileError(f"it is damaged at byte {position}: no MIDI message")
        messages.append((tick, bytes((running,)) + payload))
    return FileTrack(tuple(messages), tuple(metas))


def _variable(data: bytes, position: int, end: int) -> tuple[int, int]:
    """A number of variable length, and where it ends."""
    value = 0
    for place in range(position, min(position + 4, end)):
        value = value << 7 | data[place] & 0x7F
        if data[place] < 0x80:
            return value, place + 1
    raise MidiFileError(f"it is damaged at byte {position}: a number that does not end")


def _take(data: bytes, position: int, size: int, end: int) -> tuple[bytes, int]:
    if position + size > end:
        raise MidiFileError(f"it is damaged at byte {position}: an event runs past the end of its track")
    return data[position : position + size], position + size
