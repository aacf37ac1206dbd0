"""The partner: keeps the beat, hears the player, holds the conversation."""

from collections.abc import Iterator
from math import floor

from sideslip.band.accompanying import Accompanying
from sideslip.band.agenda import Agenda
from sideslip.band.answering import Answering
from sideslip.band.bindings import Control
from sideslip.band.controls import Value, nudged
from sideslip.band.conversation import Conversation
from sideslip.band.desk import Desk
from sideslip.band.events import (
    Beat,
    Believed,
    Changed,
    Command,
    Event,
    Finished,
    Heard,
    Ideas,
    Nudged,
    Stopped,
    Turned,
    Woken,
)
from sideslip.band.listening import Listening
from sideslip.band.performing import Performing
from sideslip.band.settings import GigSettings
from sideslip.band.trading import State
from sideslip.listen.hands import Strike
from sideslip.listen.tables import TrackerTables
from sideslip.listen.tempo import TempoMap
from sideslip.music.meter import TICKS
from sideslip.outside.controller import Controller
from sideslip.propose.proposer import Proposer

BELIEVED = 0.02
"""Seconds before the end of a beat at which it is said what it was over."""


class Partner:
    """The one owner of musical state. Handed events in order, it answers with commands; `wake_at` is when to call it
    next."""

    def __init__(
        self, settings: GigSettings, controller: Controller, fallback: Proposer, tables: TrackerTables | None = None
    ) -> None:
        self._settings, self._desk = settings, Desk(settings)
        self._listening = Listening(settings, tables or TrackerTables.unlearnt())
        self._agenda = Agenda()
        self._performing = Performing(settings, self._listening, self._agenda)
        self._accompanying = Accompanying(settings, self._listening, self._performing, self._agenda)
        parts = self._listening, self._performing, self._agenda
        answering = Answering(settings, self._desk, controller, fallback, *parts)
        self._conversation = Conversation(settings, self._desk, answering, *parts)
        self._tempo: TempoMap | None = None  # the newest there was, also while the transport stands
        self._told: TempoMap | None = None  # the beat that was told last
        self._epoch = 0
        self._now = 0.0

    @property
    def wake_at(self) -> float | None:
        """The moment (s) of the next thing on the agenda, or of silence that says something."""
        if self.state is State.DONE:
            return None
        tempo = self._listening.tempo
        due = None if tempo is None else self._agenda.next(tempo)
        moments = self._listening.wake_at, self._desk.settles_at, due
        return min((moment for moment in moments if moment is not None), default=None)

    @property
    def tempo(self) -> TempoMap | None:
        """Where the beats lie in time, or lay last; None before bar 1 has begun."""
        return self._tempo

    @property
    def since(self) -> float:
        """The moment (s) before which nothing that was played belongs to what is played now."""
        return self._listening.since

    @property
    def state(self) -> State:
        """Where the conversation is."""
        return self._conversation.state

    def handle(self, event: Event) -> list[Command]:
        """Take in an event; what is to be done now."""
        return [] if self.state is State.DONE else list(self._handled(event))

    def _handled(self, event: Event) -> Iterator[Command]:
        at = self._now = max(self._now, event.at)
        match event:
            case Woken():
                self._listening.woken(at)
                yield from self._keep_time(at)
                yield from self._hear(at)
                yield from self._settle(at)
                yield from self._do_what_is_due(at)
            case Heard(_, message) if (moves := self._desk.hear(at, message)) is not None:
                for control, value in moves:
                    yield from self._move(control, value, at)
            case Heard(_, message):
                self._listening.hear(at, message)
                yield from self._keep_time(at)
                yield from self._hear(at)
            case Ideas():
                self._conversation.take(event)
            case Turned(_, control, value):
                yield from self._move(control, value, at)
            case Nudged(_, control, by):
                yield from self._move(control, nudged(control, self._desk.value(control), by), at)
            case Stopped():
                yield from self._stop(at)

    def _move(self, control: Control, value: Value, at: float) -> Iterator[Command]:
        if self._desk.move(at, control, value):
            yield from self._conversation.moved(control, at)

    def _settle(self, at: float) -> Iterator[Command]:
        """Tell which controls have come to rest elsewhere, and have it known."""
        if changed := self._desk.settled(at):
            yield from (Changed(control, self._desk.value(control), at) for control in changed)
            yield from self._conversation.settled(at)

    def _keep_time(self, at: float) -> Iterator[Command]:
        """Begin, stand and begin anew as the beat does."""
        tempo = self._listening.tempo
        self._tempo = tempo or self._tempo
        if tempo is not None and self._listening.epoch != self._epoch:
            yield from self._hush(at) if self._epoch else ()
            yield from self._tell_beat(None, at)
            self._epoch = self._listening.epoch
            self._begin(tempo, at)
        elif tempo is None and self.state is not State.WAITING:
            yield from self._hush(at)
            self._conversation.stand()
        yield from self._tell_beat(tempo, at)

    def _tell_beat(self, tempo: TempoMap | None, at: float) -> Iterator[Command]:
        if tempo is not self._told:
            self._told = tempo
            yield Beat(tempo, at)

    def _begin(self, tempo: TempoMap, at: float) -> None:
        """Bar 1 begins, or a later bar where a transport goes on from there."""
        self._listening.begin_anew()
        here = tempo.beat(at)
        self._conversation.begin(at)
        self._accompanying.begin(tempo, at)
        if self._settings.ends is not None:
            self._agenda.plan(self._stop, self._settings.ends / TICKS)
        self._agenda.plan(self._believe, max(0, floor(here)) + 1, BELIEVED)

    def _hush(self, at: float) -> Iterator[Command]:
        """All fall silent, and nothing is planned."""
        self._agenda.clear()
        yield from self._performing.hush(at)

    def _stop(self, at: float) -> Iterator[Command]:
        self._conversation.end()
        yield from self._hush(at)
        yield from self._tell_beat(None, at)
        yield Finished(at)

    def _do_what_is_due(self, at: float) -> Iterator[Command]:
        while (tempo := self._listening.tempo) is not None and (due := self._agenda.take(tempo, at)) is not None:
            act, moment = due
            yield from act(moment)

    def _believe(self, at: float) -> Iterator[Command]:
        """Say what the player was over in the beat that goes by."""
        beat = round(self._clocked().beat(at + BELIEVED))
        yield Believed(beat - 1, self._listening.belief(self._clocked().beat(at)), at)
        self._agenda.plan(self._believe, beat + 1, BELIEVED)

    def _hear(self, at: float) -> Iterator[Command]:
        if (tempo := self._listening.tempo) is None:
            return
        said = False
        for change in self._listening.music(tempo):
            if isinstance(change, Strike):
                yield from self._conversation.struck(at, tempo.beat(change.line[0].at) * TICKS)
            said = True
        self._conversation.heard(at, said)

    def _clocked(self) -> TempoMap:
        assert self._tempo is not None, "bar 1 has begun"
        return self._tempo
