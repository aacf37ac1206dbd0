"""The tape that runs while a gig goes on, for a take of it when it is over."""

from sideslip.band.events import Believed, Command, Decided, Event, Heard, Hush, Mended, Panic, Play
from sideslip.band.partner import Partner
from sideslip.band.settings import GigSettings
from sideslip.listen.tempo import TempoMap
from sideslip.music.leadsheet import LeadSheet
from sideslip.stage.clock import RealClock
from sideslip.stage.recorder import Recorder
from sideslip.stage.take import Take


class Tape:
    """Keeps what was heard and played, for a file when the gig is over."""

    def __init__(self, clock: RealClock) -> None:
        self._clock = clock
        self._recorder = Recorder(clock.now)
        self._heard: list[Heard] = []
        self._decided: list[Decided] = []
        self._believed: list[Believed] = []
        self._mended: list[Mended] = []

    def __call__(self, what: Event | Command) -> None:
        match what:
            case Heard():
                self._heard.append(what)
            case Decided():
                self._decided.append(what)
            case Believed():
                self._believed.append(what)
            case Mended():
                self._mended.append(what)
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
        heard, decided, believed = tuple(self._heard), tuple(self._decided), tuple(self._believed)
        told = decided, end, believed, partner.since, tuple(self._mended)
        return Take(sheet, settings, tempo, heard, self._recorder.sounds, *told)
