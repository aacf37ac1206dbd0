"""What the program and its MIDI process say to each other, as JSON lines. Both are ours: what is read is trusted."""

from dataclasses import dataclass
from typing import Any

from sideslip.band.events import Beat, Hush, Panic, Play, Sound
from sideslip.listen.tempo import Piece, TempoMap
from sideslip.stage.jsonlines import Json
from sideslip.stage.midi.clock_out import ClockWish
from sideslip.stage.midi.midi_in import Binding
from sideslip.stage.midi.midi_out import Leave, Order
from sideslip.stage.midi.names import Choice
from sideslip.stage.midi.ports import Backend

_LATELY = 1.0  # s of a beat's history that still matter to who is told of it

Wanted = str | Choice | None
"""A port as a player types it, or exactly the one opened before, or whatever there is."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What to open. `origin` is the `monotonic` moment at which the session's clock began.

    `sounding` are notes, (channel, pitch), that a process before left sounding on this output, and `used` the channels
    it played: they are silenced first. `clock` wants MIDI clock and transport handed on beside what is played.
    `offset` is how much later than ordered everything is sent, in s.
    `panics` are controllers, (channel or None for any, number), that end all sound when they go to 64 or above.
    `clock_out` wants a MIDI clock sent beside the notes.
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
    clock_out: ClockWish | None = None

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
            "clock_out": self.clock_out and [self.clock_out.unit, self.clock_out.bpm],
        }
        return {**ports, "backend": [library, api], "origin": self.origin, **rest}

    @classmethod
    def decode(cls, data: Json) -> "Wish":
        """From one line."""
        heard, played = (_wanted_in(data[way]) for way in ("input", "output"))
        sounding = tuple((channel, pitch) for channel, pitch in data["sounding"])
        panics = tuple((channel, number) for channel, number in data["panics"])
        backend, used = Backend(*data["backend"]), tuple(data["used"])
        clock_out = data["clock_out"] and ClockWish(*data["clock_out"])
        before = heard, played, backend, data["origin"], sounding, used, data["clock"], panics
        return cls(*before, data["offset"], clock_out)


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
        case Beat(tempo, at):
            return {"beat": tempo and tempo.since(at - _LATELY).pieces, "at": at}
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
        case {"beat": None, "at": at}:
            return Beat(None, at)
        case {"beat": list(pieces), "at": at}:
            return Beat(TempoMap.of([Piece(*piece) for piece in pieces]), at)
        case _:
            return Leave()
