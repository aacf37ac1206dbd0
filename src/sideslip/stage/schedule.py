"""What is to sound and what sounds: a heap by due time and a ledger of notes. Pure: no port, no clock.

The ledger's promises, whatever is pushed and whenever it is asked:

- every note that was struck is ended, exactly once;
- no note is struck while its pitch sounds on its channel: striking it again ends it first;
- an end belongs to its own note: the end of an earlier one never cuts a later one short;
- no note ends before it began, even if the wish to end it comes late.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from sideslip.band.events import Sound

_END, _STRIKE = 0, 1  # of one moment, ends come first
_RELEASE = 64  # release velocity of a note-off, the value of keyboards that do not measure it


@dataclass(frozen=True, slots=True)
class Cue:
    """A MIDI message of a part and the moment (s) at which it is due."""

    due: float
    part: str
    message: bytes


@dataclass(slots=True, eq=False)
class _Note:
    sound: Sound
    off: float
    key: tuple[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self.key = self.sound.channel, self.sound.pitch


def check(sound: Sound) -> None:
    """Raises ValueError unless the sound is a note that MIDI can play at a finite moment."""
    in_range = 0 <= sound.channel <= 15 and 0 <= sound.pitch <= 127 and 1 <= sound.velocity <= 127
    if not (in_range and math.isfinite(sound.on) and math.isfinite(sound.off)):
        raise ValueError(f"a sound needs channel 0..15, pitch 0..127, velocity 1..127, finite moments; found {sound}")


class Schedule:
    """Sounds to come and notes that sound. Moments are seconds on the session's clock."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, int, _Note]] = []
        self._sounding: dict[tuple[int, int], _Note] = {}
        self._count = 0

    @property
    def next_due(self) -> float | None:
        """The moment of the next thing to look at; None if nothing is to come."""
        return self._heap[0][0] if self._heap else None

    @property
    def to_come(self) -> int:
        """How many notes are planned and have not begun."""
        return sum(kind == _STRIKE for _, kind, _, _ in self._heap)

    def push(self, sounds: Iterable[Sound]) -> None:
        """Plan sounds. Raises ValueError if one is not playable; the others of the call are then not planned either."""
        planned = list(sounds)
        for sound in planned:
            check(sound)
        for sound in planned:
            self._plan(sound.on, _STRIKE, _Note(sound, sound.off))

    def due(self, now: float, until: float | None = None) -> list[Cue]:
        """The messages due up to `until` (now, unless given), in order; a note whose end has passed before it could
        begin is left out."""
        until, cues = now if until is None else until, list[Cue]()
        while self._heap and self._heap[0][0] <= until:
            at, kind, _, note = heappop(self._heap)
            if kind == _END:
                if self._sounding.get(note.key) is note:
                    cues.append(self._end(note, at))
            elif note.off > now:
                if note.key in self._sounding:
                    cues.append(self._end(self._sounding[note.key], at))
                cues.append(self._strike(note))
        return cues

    def hush(self, part: str, at: float) -> None:
        """End what the part has planned so far at the moment `at`, and drop what would begin then or later."""
        self._heap = [entry for entry in self._heap if entry[1] == _END or entry[3].sound.part != part or entry[0] < at]
        heapify(self._heap)
        for _, kind, _, note in self._heap:
            if kind == _STRIKE and note.sound.part == part:
                note.off = min(note.off, at)
        for note in self._sounding.values():
            if note.sound.part == part and at < note.off:
                note.off = at
                self._plan(at, _END, note)

    def inherit(self, sounding: Iterable[tuple[int, int]], now: float) -> None:
        """Take over notes, (channel, pitch), that sound already: whatever releases ours releases them."""
        for channel, pitch in sounding:
            self._sounding[channel, pitch] = _Note(Sound(now, math.inf, "", channel, pitch, 1), math.inf)

    def release(self, now: float) -> list[Cue]:
        """End every sounding note; what is to come stays."""
        return [self._end(note, now) for note in list(self._sounding.values())]

    def silence(self, now: float) -> list[Cue]:
        """End every sounding note and forget everything to come."""
        self._heap.clear()
        return self.release(now)

    def _plan(self, at: float, kind: int, note: _Note) -> None:
        self._count += 1
        heappush(self._heap, (at, kind, self._count, note))

    def _strike(self, note: _Note) -> Cue:
        self._sounding[note.key] = note
        self._plan(note.off, _END, note)
        sound = note.sound
        return Cue(sound.on, sound.part, bytes((0x90 | sound.channel, sound.pitch, sound.velocity)))

    def _end(self, note: _Note, at: float) -> Cue:
        del self._sounding[note.key]
        due = max(at, note.sound.on)
        return Cue(due, note.sound.part, bytes((0x80 | note.sound.channel, note.sound.pitch, _RELEASE)))
