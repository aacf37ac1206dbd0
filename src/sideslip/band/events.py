"""Everything that can happen to the band (events) and everything it can ask for (commands).

Moments `at`, `on` and `off` are seconds on the session's clock, which starts at 0. All are frozen values: a list of
events is a gig, and the journal is that list written down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the process that owns the ports reads these values too, and must start without numpy and at once
    from sideslip.band.bindings import Control
    from sideslip.band.controls import Value
    from sideslip.listen.harmony.tracker import Belief
    from sideslip.listen.tempo import TempoMap
    from sideslip.music.devices.amends import Amend
    from sideslip.music.dialogue import Idea, Turn
    from sideslip.music.phrase import Phrase
    from sideslip.outside.controller import Choice

# ---------------------------------------------------------------- in


@dataclass(frozen=True, slots=True)
class Heard:
    """A MIDI message from the player, as its raw bytes."""

    at: float
    message: bytes


@dataclass(frozen=True, slots=True)
class Ideas:
    """The proposer's answer to `Ask` number `ask`."""

    at: float
    ask: int
    ideas: tuple[Idea, ...]
    thinking: float
    """Seconds from the ask to the answer."""


@dataclass(frozen=True, slots=True)
class Woken:
    """A moment that the band asked to be woken at has come."""

    at: float


@dataclass(frozen=True, slots=True)
class Turned:
    """A control was turned to a value, or pressed."""

    at: float
    control: Control
    value: Value


@dataclass(frozen=True, slots=True)
class Nudged:
    """A control was moved by so many of its positions, up or, less than 0, down."""

    at: float
    control: Control
    by: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """The player leaves (key, signal, end of file): finish now."""

    at: float


Gesture = Heard | Turned | Nudged
"""What a player does."""

Event = Heard | Ideas | Woken | Turned | Nudged | Stopped

# ---------------------------------------------------------------- out


@dataclass(frozen=True, slots=True)
class Sound:
    """One note to send: on and off in seconds, MIDI channel 0..15, pitch and velocity; `part` names the track."""

    on: float
    off: float
    part: str
    channel: int
    pitch: int
    velocity: int


@dataclass(frozen=True, slots=True)
class Ask:
    """Ideas are wanted for a turn; they count only if they arrive as `Ideas` with the same number."""

    ask: int
    turn: Turn
    seed: int


@dataclass(frozen=True, slots=True)
class Play:
    """Notes to be sent at their moments."""

    sounds: tuple[Sound, ...]


@dataclass(frozen=True, slots=True)
class Hush:
    """End what a part sounds at the moment `at`, and forget what it still had to play from then on.

    A moment ahead lets it play until then; what it is handed after this command is not forgotten.
    """

    part: str
    at: float


@dataclass(frozen=True, slots=True)
class Panic:
    """End all that sounds and forget all that was to come, of every part, now: something hangs."""


@dataclass(frozen=True, slots=True)
class Beat:
    """The beat began, bent or stands (None) at the moment `at`: the map by which all plays from here on.

    One that begins anew elsewhere stands first.
    """

    tempo: TempoMap | None
    at: float


@dataclass(frozen=True, slots=True)
class Decided:
    """An answer was chosen: everything that the trace tells."""

    turn: Turn
    choice: Choice
    thinking: float
    belief: Belief | None = None
    """What the player was taken to be playing over."""
    at: float = 0.0
    late: bool = False
    """Whether the ideas that were asked for were not there in time, so that licks had to do."""

    @property
    def why(self) -> str:
        """Why the answer was chosen, in words."""
        return f"{self.choice.why} (its own ideas came too late)" if self.late else self.choice.why


@dataclass(frozen=True, slots=True)
class Mended:
    """The harmony moved from under the partner's line: which notes turned out wrong and where they were led, the line
    from its first changed note on, and all that in words."""

    amends: tuple[Amend, ...]
    line: Phrase
    why: str
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Believed:
    """What the player was taken to be playing over in the beat that has just gone by (0 = beat 1 of bar 1)."""

    beat: int
    belief: Belief
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Changed:
    """A control has come to rest elsewhere, by a key or by a controller of the player's."""

    control: Control
    value: Value
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Finished:
    """The gig is over; nothing more will be asked for."""

    at: float


Command = Ask | Play | Hush | Panic | Beat | Decided | Mended | Believed | Changed | Finished
