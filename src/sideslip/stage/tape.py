"""The tape that runs while a gig goes on, for a take of it when it is over."""

from array import array
from collections.abc import Iterator

from sideslip.band.events import Believed, Command, Event, Heard, Hush, Panic, Play
from sideslip.band.partner import Partner
from sideslip.band.settings import GigSettings
from sideslip.listen.tempo import TempoMap
from sideslip.music.leadsheet import LeadSheet
from sideslip.stage.clock import Clock
from sideslip.stage.recorder import Recorder
from sideslip.stage.take import Take

_LONGEST = 255  # bytes of a message; what is played has three


class Tape:
    """Keeps what was heard and played, for a MIDI file when the gig is over; no ideas, which would fill the memory."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._recorder = Recorder(clock.now)
        self._moments = array("d")  # of what was heard: in hours of playing that is much
        self._messages = bytearray()  # each after its length
        self._believed: list[Believed] = []

    def __call__(self, what: Event | Command) -> None:
        match what:
            case Heard(at, message) if len(message) <= _LONGEST:
                self._moments.append(at)
                self._messages += bytes((len(message),)) + message
            case Believed():
                self._believed.append(what)
            case Play(sounds):
                self._recorder.play(sounds)
            case Hush(part, at):
                self._recorder.hush(part, at)
            case Panic():
                self._recorder.panic()

    def take(self, sheet: LeadSheet, settings: GigSettings, partner: Partner) -> Take:
        """The gig as it was up to now."""
        end = self._clock.now()
        self._recorder.close()
        tempo = partner.tempo or TempoMap(settings.tempo)
        heard, believed = tuple(map(Heard, self._moments, self._said())), tuple(self._believed)
        return Take(sheet, settings, tempo, heard, self._recorder.sounds, (), end, believed, partner.since)

    def _said(self) -> Iterator[bytes]:
        """The messages that were heard, one by one."""
        place = 0
        while place < len(self._messages):
            start, place = place + 1, place + 1 + self._messages[place]
            yield bytes(self._messages[start:place])
