"""What the program and its MIDI process say to each other, as JSON lines. Both are ours: what is read is trusted."""

from dataclasses import dataclass
from typing import Any

from sideslip.band.events import Hush, Panic, Play, Sound
from sideslip.stage.jsonlines import Json
from sideslip.stage.midi.midi_in import Binding
from sideslip.stage.midi.midi_out import Leave, Order
from sideslip.stage.midi.names import Choice
from sideslip.stage.midi.ports import Backend

Wanted = str | Choice | None
"""A port as a player types it, or exactly the one opened before, or whatever there is."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What to open. `origin` is the `monotonic` moment at which the session's clock began.

    `sounding` are notes, (channel, pitch), that a process before left sounding on this output, and `used` the channels
    it played: they are silenced first. `clock` wants MIDI clock and transport handed on beside what is played.
    `offset` is how much later than ordered everything is sent, in s.
    `panics` are controllers, (channel or None for any, number), that end all sound when they go to 64 or above.
    """

    input: Wanted
    output: Wanted
    backend: Backend
    origin: float
    sounding: tuple[tuple[int, int], ...] = ()
    used: tuple[int, ...] = ()
    clock: bool = False
    panics: tuple[tuple[int | None, int], ...] = ()
    offset: float = 0.0

    def encode(self) -> Json:
        """As one line."""
        ports = {way: _wanted_out(getattr(self, way)) for way in ("input", "output")}
        library, api = self.backend.library, self.backend.api
        rest = {
            "sounding": self.sounding,
            "used": self.used,
            "clock": self.clock,
            "panics": self.panics,
            "offset": self.offset,
        }
        return {**ports, "backend": [library, api], "origin": self.origin, **rest}

    @classmethod
    def decode(cls, data: Json) -> "Wish":
        """From one line."""
        heard, played = (_wanted_in(data[way]) for way in ("input", "output"))
        sounding = tuple((channel, pitch) for channel, pitch in data["sounding"])
        panics = tuple((channel, number) for channel, number in data["panics"])
        backend, used = Backend(*data["backend"]), tuple(data["used"])
        return cls(heard, played, backend, data["origin"], sounding, used, data["clock"], panics, data["offset"])


def _wanted_out(wanted: Wanted) -> Any:
    return [wanted.name, wanted.virtual] if isinstance(wanted, Choice) else wanted


def _wanted_in(value: Any) -> Wanted:
    return Choice(*value) if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class Heed:
    """End all sound when one of these controllers is pressed, from now on."""

    panics: tuple[Binding, ...]


def encode_order(order: Order | Heed) -> Json:
    """An order as one line."""
    match order:
        case Heed(panics):
            return {"heed": panics}
        case Play(sounds):
            return {"play": [[s.on, s.off, s.part, s.channel, s.pitch, s.velocity] for s in sounds]}
        case Hush(part, at):
            return {"hush": [part, at]}
        case Panic():
            return {"panic": True}
        case Leave():
            return {"leave": True}


def decode_order(line: Json) -> Order | Heed:
    """An order from one line; what is none means to leave."""
    match line:
        case {"heed": list(rows)}:
            return Heed(tuple((channel, number) for channel, number in rows))
        case {"play": list(rows)}:
            return Play(tuple(Sound(*row) for row in rows))
        case {"hush": [str(part), at]}:
            return Hush(part, at)
        case {"panic": _}:
            return Panic()
        case _:
            return Leave()
