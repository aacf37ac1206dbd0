"""A strict synth's book-keeping. Pure: moments are in seconds."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sideslip.stage.messages import DATA_BYTES
from sideslip.testing.live.player import Timed

_PEDALS = (64, 66)
_SILENCES = (120, 123)  # all sound off, all notes off
_RESET = 121


@dataclass(slots=True)
class Hearing:
    """What sounds, as (channel, pitch), and what was wrong on the way: each is 0 for a sender that owns its notes.

    `doubled` notes were struck while they sounded, `orphaned` ones ended without having begun, `malformed` messages
    are none; `longest` is the longest note that has ended, in seconds.
    """

    sounding: dict[tuple[int, int], float] = field(default_factory=dict)
    pedals: set[tuple[int, int]] = field(default_factory=set)
    struck: int = 0
    doubled: int = 0
    orphaned: int = 0
    malformed: int = 0
    longest: float = 0.0

    @property
    def faults(self) -> dict[str, int]:
        """What must be 0 when all is over, by name."""
        stuck = {"stuck": len(self.sounding), "pedals": len(self.pedals)}
        return stuck | {"doubled": self.doubled, "orphaned": self.orphaned, "malformed": self.malformed}

    def feed(self, at: float, message: bytes) -> None:
        """Take a message in."""
        kind, channel = message[0] & 0xF0, message[0] & 0x0F
        if message[0] >= 0xF0:
            return
        if len(message) - 1 != DATA_BYTES.get(kind) or max(message[1:]) > 0x7F:
            self.malformed += 1
        elif kind == 0x90 and message[2]:
            self._strike(at, (channel, message[1]))
        elif kind in (0x80, 0x90):
            self._end(at, (channel, message[1]))
        elif kind == 0xB0:
            self._control(at, channel, message[1], message[2])

    def _strike(self, at: float, key: tuple[int, int]) -> None:
        self.struck += 1
        self.doubled += key in self.sounding
        self.sounding[key] = at

    def _end(self, at: float, key: tuple[int, int]) -> None:
        if key in self.sounding:
            self.longest = max(self.longest, at - self.sounding.pop(key))
        else:
            self.orphaned += 1

    def _control(self, at: float, channel: int, number: int, value: int) -> None:
        if number in _PEDALS:
            (self.pedals.add if value >= 64 else self.pedals.discard)((channel, number))
        elif number == _RESET:
            self.pedals = {pedal for pedal in self.pedals if pedal[0] != channel}
        elif number in _SILENCES:
            for key in [key for key in self.sounding if key[0] == channel]:
                self._end(at, key)


def hearing(messages: Iterable[Timed], until: float = float("inf")) -> Hearing:
    """What a strict synth knows at a moment."""
    found = Hearing()
    for at, message in messages:
        if at >= until:
            break
        found.feed(at, message)
    return found
