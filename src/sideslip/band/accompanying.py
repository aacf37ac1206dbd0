"""Bass and drums, a bar at a time, over the changes as they are known by then."""

from collections.abc import Iterator

from sideslip.band.agenda import Agenda
from sideslip.band.events import Command
from sideslip.band.listening import Listening
from sideslip.band.performing import Performing
from sideslip.band.rhythm_section import MISSED, RhythmSection
from sideslip.band.settings import GigSettings
from sideslip.listen.tempo import TempoMap


class Accompanying:
    """Has the rhythm section play, if there is one."""

    def __init__(self, settings: GigSettings, listening: Listening, performing: Performing, agenda: Agenda) -> None:
        self._asked = settings.rhythm
        self._rhythm = RhythmSection(settings.changes.meter, settings.ends)
        self._listening, self._performing, self._agenda = listening, performing, agenda

    def begin(self, tempo: TempoMap, at: float) -> None:
        """The beat begins at a moment (s)."""
        if self._asked:
            self._rhythm.begin(tempo.beat(at - MISSED))
            self._agenda.plan(self._next_bar, tempo.beat(at))  # once it is heard what has been played already

    def _next_bar(self, at: float) -> Iterator[Command]:
        """Invent the next bar, and come back a beat before the one after."""
        tempo = self._listening.tempo
        assert tempo is not None, "bars have their beat"
        for part, phrase in self._rhythm.next_bar(self._listening.changes(tempo.beat(at))).items():
            yield from self._performing.play(part, phrase, at)
        self._agenda.plan(self._next_bar, self._rhythm.invented_to - 1)
