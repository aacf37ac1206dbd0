"""Who knows where the beat is: what every timekeeper does, and the one that keeps a steady tempo."""

from typing import Protocol

from sideslip.listen.notes import PERCUSSION, Key
from sideslip.listen.tempo import TempoMap


class Timekeeper(Protocol):
    """Hears what the player does and says where the beats lie. Moments are seconds and never go back.

    `hear` may make `tempo` appear with bar 1 in the past: what was played before turned out to be music.
    """

    @property
    def tempo(self) -> TempoMap | None:
        """Where the beats lie; None while there is no beat: not begun yet, or the transport stands."""
        ...

    @property
    def epoch(self) -> int:
        """How often the beat has begun anew, by a first beat, a start or a jump: positions before it are void."""
        ...

    @property
    def since(self) -> float | None:
        """The moment from which notes are music: those before were taps of a count-in, or are void because a transport
        has gone on since; None where all are."""
        ...

    @property
    def wake_at(self) -> float | None:
        """The moment (s) at which it wants to be woken if nothing is heard until then: silence tells it something."""
        ...

    def hear(self, at: float, message: bytes) -> None:
        """Take in one raw message of the player: a note, a pedal, a clock, anything."""
        ...

    def woken(self, at: float) -> None:
        """It is `at` now, and nothing more is to come of what was played until then."""
        ...


def struck(message: bytes) -> Key | None:
    """The channel and pitch of a note that begins; None for any other message."""
    if len(message) == 3 and message[0] & 0xF0 == 0x90 and 0 < message[2] < 128 and message[1] < 128:
        return message[0] & 0x0F, message[1]
    return None


class Steady:
    """A tempo given beforehand: bar 1 is at `origin` (s) or, without one, at the first note that is no drum."""

    since: float | None = None
    wake_at: float | None = None

    def __init__(self, bpm: float, origin: float | None = None) -> None:
        self._bpm = bpm
        self.tempo: TempoMap | None = None if origin is None else TempoMap(bpm, origin)

    @property
    def epoch(self) -> int:
        """1 once the beat has begun."""
        return int(self.tempo is not None)

    def hear(self, at: float, message: bytes) -> None:
        """The first note begins bar 1."""
        key = struck(message)
        if self.tempo is None and key is not None and key[0] != PERCUSSION:
            self.tempo = TempoMap(self._bpm, at)

    def woken(self, at: float) -> None:
        """Silence says nothing here."""
