"""MIDI bytes in, notes out: what began, what ended, and nothing else.

Conventions: moments are seconds, channels 0..15, pitches and velocities MIDI numbers; a key is one pitch on one
channel. What always holds, whatever bytes come: a key sounds at most once at a time, every NoteEnded matches exactly
one earlier NoteStarted of its key, and the state is bounded by the 2,048 keys there are.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

Key = tuple[int, int]

PEDAL = 64
"""The sustain pedal's controller number, and also the value from which it is down (MIDI 1.0)."""

ALL_SOUND_OFF, RESET_CONTROLLERS, ALL_NOTES_OFF, LAST_MODE = 120, 121, 123, 127
"""Channel mode messages of MIDI 1.0; 124 to 127 (omni, mono, poly) mean all notes off as well.

Hosts send them on every channel whenever they stop, start or jump, and know nothing of the keys that are down then. So
a note that was not let go sounds on; but should its end have been lost, the next note ends it.
"""

SYSTEM_RESET = b"\xff"

PERCUSSION = 9
"""Channel 10 of MIDI carries drums: no melody, and nothing that a chord explains."""


@dataclass(frozen=True, slots=True)
class NoteStarted:
    """A key went down."""

    at: float
    channel: int
    pitch: int
    velocity: int


@dataclass(frozen=True, slots=True)
class NoteEnded:
    """A note is over: its key was let go and no pedal holds it. `began` and `velocity` are those of its start."""

    at: float
    began: float
    channel: int
    pitch: int
    velocity: int


Heard = tuple[NoteStarted | NoteEnded, ...]


class NotePairer:
    """Pairs every start of a note with its end, through pedals, repeated keys and rubbish."""

    def __init__(self) -> None:
        self._sounding: dict[Key, NoteStarted] = {}
        self._held: set[Key] = set()  # let go, and sounding on because the pedal is down
        self._doubted: set[Key] = set()  # said to be off, and not let go
        self._pedals: set[int] = set()  # channels with the pedal down

    @property
    def sounding(self) -> tuple[NoteStarted, ...]:
        """The notes that have begun and not ended, in the order in which they began."""
        return tuple(self._sounding.values())

    def feed(self, at: float, message: bytes) -> Heard:
        """What one whole MIDI message, received at `at`, begins and ends.

        A message that is not a note, a pedal or a channel mode message, and one that is cut short, too long or has data
        bytes above 127, means nothing. A note that is struck while it sounds ends first.
        """
        if message == SYSTEM_RESET:
            return self.end_all(at)
        if len(message) != 3 or message[1] > 127 or message[2] > 127:
            return ()
        act = _BY_STATUS.get(message[0] >> 4)
        return act(self, at, message[0] & 15, message[1], message[2]) if act else ()

    def end_all(self, at: float) -> tuple[NoteEnded, ...]:
        """Ends every sounding note and lifts every pedal."""
        self._pedals.clear()
        return self._end(at, tuple(self._sounding))

    def _end(self, at: float, keys: Iterable[Key]) -> tuple[NoteEnded, ...]:
        ended = []
        for key in keys:
            note = self._sounding.pop(key, None)
            self._held.discard(key)
            self._doubted.discard(key)
            if note:
                ended.append(NoteEnded(max(at, note.at), note.at, note.channel, note.pitch, note.velocity))
        return tuple(ended)

    def _keys(self, channel: int) -> tuple[Key, ...]:
        return tuple(key for key in self._sounding if key[0] == channel)

    def _strike(self, at: float, channel: int, pitch: int, velocity: int) -> Heard:
        if velocity == 0:
            return self._let_go(at, channel, pitch, velocity)
        ended = self._end(at, [key for key in self._sounding if key in self._doubted or key == (channel, pitch)])
        started = NoteStarted(at, channel, pitch, velocity)
        self._sounding[channel, pitch] = started
        return (*ended, started)

    def _let_go(self, at: float, channel: int, pitch: int, _velocity: int) -> Heard:
        if channel not in self._pedals:
            return self._end(at, [(channel, pitch)])
        if (channel, pitch) in self._sounding:
            self._held.add((channel, pitch))
        return ()

    def _control(self, at: float, channel: int, controller: int, value: int) -> Heard:
        act = _BY_CONTROLLER.get(controller)
        return act(self, at, channel, value) if act else ()

    def _pedal(self, at: float, channel: int, value: int) -> Heard:
        if value >= PEDAL:
            self._pedals.add(channel)
            return ()
        self._pedals.discard(channel)
        return self._end(at, [key for key in self._keys(channel) if key in self._held])

    def _silence(self, at: float, channel: int, value: int) -> Heard:
        self._doubt(at, channel, value)
        return self._end(at, [key for key in self._keys(channel) if key in self._held])

    def _doubt(self, at: float, channel: int, value: int) -> Heard:
        self._doubted.update(self._keys(channel))
        return ()

    def _reset(self, at: float, channel: int, _value: int) -> Heard:
        return self._pedal(at, channel, 0)


_BY_STATUS: dict[int, Callable[[NotePairer, float, int, int, int], Heard]] = {
    0x8: NotePairer._let_go,
    0x9: NotePairer._strike,
    0xB: NotePairer._control,
}

_BY_CONTROLLER: dict[int, Callable[[NotePairer, float, int, int], Heard]] = {
    PEDAL: NotePairer._pedal,
    ALL_SOUND_OFF: NotePairer._silence,
    RESET_CONTROLLERS: NotePairer._reset,
    **dict.fromkeys(range(ALL_NOTES_OFF, LAST_MODE + 1), NotePairer._doubt),
}
