"""The partner: follows the conversation, asks for ideas in time, chooses at the line.

Ideas for a turn are asked for a bar ahead and once more shortly before it, so that they know almost all that the player
says. At the line, just before the turn begins, the newest ideas are judged against the player's very last notes and
one is played. Ideas that are not there by then come too late; licks that need no model answer instead. A player who
comes in before the line, and leaves room for it, is answered likewise where a phrase with a pick-up is the best.
Everything is planned in beats, so that it moves with the tempo.
"""

from collections.abc import Iterator
from math import ceil, floor

from sideslip.band.accompanying import Accompanying
from sideslip.band.agenda import Agenda
from sideslip.band.answering import Answering
from sideslip.band.events import (
    Believed,
    Command,
    Dialled,
    Event,
    Finished,
    Heard,
    Ideas,
    Stopped,
    Woken,
)
from sideslip.band.invention import DECIDE_AHEAD
from sideslip.band.listening import Listening
from sideslip.band.performing import Performing
from sideslip.band.pickups import Pickups
from sideslip.band.settings import GigSettings
from sideslip.band.trading import Signal, State, Trading, answer_by_ear, coming_call
from sideslip.listen.hands import TOGETHER, Strike
from sideslip.listen.tables import TrackerTables
from sideslip.listen.tempo import TempoMap
from sideslip.music.dialogue import Turn
from sideslip.music.meter import TICKS
from sideslip.outside.arc import check_dial
from sideslip.outside.controller import Controller
from sideslip.propose.proposer import Proposer

LATE = 0.5
"""Beats by which the grid may move the note with which the player comes in: it belongs to the call all the same."""

BELIEVED = 0.02
"""Seconds before the end of a beat at which it is said what it was over."""


class Partner:
    """The one owner of musical state. Handed events in order, it answers with commands; `wake_at` is when to call it
    next."""

    def __init__(
        self, settings: GigSettings, controller: Controller, fallback: Proposer, tables: TrackerTables | None = None
    ) -> None:
        self._settings = settings
        self._dial = settings.dial
        self._listening = Listening(settings, tables or TrackerTables.unlearnt())
        self._agenda = Agenda()
        self._performing = Performing(settings, self._listening, self._agenda)
        self._accompanying = Accompanying(settings, self._listening, self._performing, self._agenda)
        self._answering = Answering(settings, controller, fallback, self._listening, self._performing)
        self._invention, self._pickups = self._answering.invention, Pickups()
        self._trading = Trading(settings.trade)
        self._tempo: TempoMap | None = None  # the newest there was, also while the transport stands
        self._epoch = 0
        self._now = 0.0
        self._turn = (0, 0)  # ticks of the partner's coming or present turn
        self._call_from = 0  # tick since which the player's notes make up the call

    @property
    def wake_at(self) -> float | None:
        """The moment (s) of the next thing on the agenda, or of silence that says something."""
        if self.state is State.DONE:
            return None
        tempo = self._listening.tempo
        moments = self._listening.wake_at, None if tempo is None else self._agenda.next(tempo)
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
        return self._trading.state

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
                yield from self._do_what_is_due(at)
            case Heard(_, message):
                self._listening.hear(at, message)
                yield from self._keep_time(at)
                yield from self._hear(at)
            case Ideas():
                self._invention.take(event)
            case Dialled(_, value):
                self._dial = check_dial(value)
                self._invention.outdated()
            case Stopped():
                yield from self._stop(at)

    def _keep_time(self, at: float) -> Iterator[Command]:
        """Begin, stand and begin anew as the beat does."""
        tempo = self._listening.tempo
        self._tempo = tempo or self._tempo
        if tempo is not None and self._listening.epoch != self._epoch:
            yield from self._hush(at) if self._epoch else ()
            self._epoch = self._listening.epoch
            self._begin(tempo, at)
        elif tempo is None and self.state is not State.WAITING:
            yield from self._hush(at)
            self._trading = Trading(self._settings.trade)

    def _begin(self, tempo: TempoMap, at: float) -> None:
        """Bar 1 begins, or a later bar where a transport goes on from there."""
        self._listening.begin_anew()
        self._invention.forget()
        self._pickups = Pickups()
        self._trading = Trading(self._settings.trade)
        self._trading.signal(Signal.FIRST_NOTE)
        here = tempo.beat(at)
        if isinstance(self._settings.trade, int):
            length = self._settings.trade * self._settings.changes.meter.bar
            self._call_from = coming_call(round(here * TICKS), length)
            self._plan_turn(self._call_from + length, self._call_from + 2 * length)
        self._accompanying.begin(tempo, at)
        if self._settings.ends is not None:
            self._agenda.plan(self._stop, self._settings.ends / TICKS)
        self._agenda.plan(self._believe, max(0, floor(here)) + 1, BELIEVED)

    def _hush(self, at: float) -> Iterator[Command]:
        """All fall silent, and nothing is planned."""
        self._agenda.clear()
        yield from self._performing.hush(at)

    def _stop(self, at: float) -> Iterator[Command]:
        self._trading.signal(Signal.END)
        yield from self._hush(at)
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
                yield from self._struck(at, tempo.beat(change.line[0].at) * TICKS)
            said = True
        if said and not isinstance(self._settings.trade, int) and self.state is State.LISTENING:
            self._await_rest(at)
        if (settles := self._listening.memory.settles_at) is not None:  # something has just begun: is it the line?
            self._agenda.postpone(settles, self._rest, self._ask)

    def _struck(self, at: float, tick: float) -> Iterator[Command]:
        self._invention.outdated()
        if self._trading.signal(Signal.NOTE):  # the player comes in on the partner's answer
            yield self._performing.break_off(at, round(tick))
            self._call_from = round(tick - LATE * TICKS)
            self._agenda.drop(self._answered)

    def _plan_turn(self, start: int, end: int) -> None:
        """The partner's next turn lasts from tick `start` to `end`, unless the gig is over before."""
        end = end if self._settings.ends is None else min(end, self._settings.ends)
        if start >= end:
            return
        self._turn = (start, end)
        line, bar = start / TICKS, self._bar()
        self._agenda.plan(self._ask_first, line, self._invention.first_ask(bar))
        self._agenda.plan(self._ask_again, line, self._invention.last_ask(bar))
        self._agenda.plan(self._decide, line, DECIDE_AHEAD)
        self._agenda.plan(self._line, line)

    def _line(self, at: float) -> Iterator[Command]:
        """A bar line that ends a turn."""
        self._trading.signal(Signal.LINE)
        if self.state is State.ANSWERING:
            self._agenda.plan(self._line, self._turn[1] / TICKS)
        else:
            start, self._call_from = self._turn
            self._plan_turn(2 * self._call_from - start, 3 * self._call_from - 2 * start)
        yield from ()

    def _await_rest(self, at: float) -> None:
        """The player's phrase may be over: ask for an answer that would begin on the beat after its end.

        Whatever the player does before that beat comes here again and plans anew.
        """
        tempo = self._clocked()
        self._agenda.drop(self._rest, self._ask)
        if (ends := self._listening.phrase_ends()) is None:
            return
        now, ahead = tempo.beat(at), tempo.beats_in(DECIDE_AHEAD + TOGETHER)
        start = ceil(max(ends - tempo.beats_in(DECIDE_AHEAD), now + ahead))
        if self._settings.ends is not None and start * TICKS >= self._settings.ends:
            return
        self._turn = (start * TICKS, start * TICKS)
        # not at every note: only when the rest has all but come
        self._agenda.plan(self._ask, start, self._invention.last_ask(self._bar()), earliest=at)
        self._agenda.plan(self._rest, start, DECIDE_AHEAD + TOGETHER)  # a strike just begun may postpone it so far

    def _rest(self, at: float) -> Iterator[Command]:
        self._agenda.drop(self._ask)  # a tempo that jumps may have made it late
        if self._known(at).call.notes:
            self._trading.signal(Signal.REST)
            yield from self._decide(at)
            self._agenda.plan(self._answered, self._turn[1] / TICKS)

    def _answered(self, at: float) -> Iterator[Command]:
        self._trading.signal(Signal.ANSWERED)
        self._call_from = self._turn[0]
        player = self._listening.memory.player(self._clocked(), at)
        if player.between(self._call_from, self._turn[1] + TICKS).notes:  # the player went on
            self._await_rest(at)
        yield from ()

    def _ask_first(self, at: float) -> Iterator[Command]:
        """A bar ahead; by now it is known how the player came in."""
        yield from self._ask(at)
        player = self._listening.memory.player(self._clocked(), at)
        self._call_from -= self._pickups.hear(player, self._call_from)
        if self._pickups.room:
            early = (self._turn[0] - self._pickups.room) / TICKS
            self._agenda.plan(self._ask_early, early, self._invention.last_ask(self._bar()))
            self._agenda.plan(self._come_in, early, DECIDE_AHEAD)

    def _ask(self, at: float) -> Iterator[Command]:
        if not self._listening.is_left_alone(at):
            yield self._invention.ask(self._known(at))

    def _ask_again(self, at: float) -> Iterator[Command]:
        """Once more if the player said something since, or moved the harmony: the answer should know it."""
        just_begun = self._listening.memory.settles_at is not None
        if just_begun or not self._invention.is_known(self._known(at)):
            yield from self._ask(at)

    def _ask_early(self, at: float) -> Iterator[Command]:
        """For a turn that would begin before its line."""
        yield self._invention.ask(self._early(at))

    def _come_in(self, at: float) -> Iterator[Command]:
        """Begin before the line, if the player has left room for it and a phrase wants it."""
        if not self._listening.rests(at):
            return
        for command in self._answering.before_line(self._early(at), self._known(at), at):
            self._agenda.drop(self._ask_again, self._decide)
            yield command

    def _decide(self, at: float) -> Iterator[Command]:
        if not self._listening.is_left_alone(at):
            yield from self._answering.on_line(self._known(at), at)

    def _known(self, at: float) -> Turn:
        """All that is known at a moment about the coming turn; by ear, that is as long as the call is by now."""
        if not isinstance(self._settings.trade, int):
            call = self._listening.memory.player(self._clocked(), at).between(self._call_from, self._turn[0])
            self._turn = answer_by_ear(call, self._turn[0], self._settings.changes.meter.bar, self._settings.ends)
        return self._listening.turn(self._clocked(), at, self._turn, self._call_from, self._dial)

    def _early(self, at: float) -> Turn:
        """The same of the coming turn if it began before its line."""
        start, end = self._turn
        span = start - self._pickups.room, end
        return self._listening.turn(self._clocked(), at, span, self._call_from, self._dial)

    def _bar(self) -> float:
        """Seconds in a bar."""
        return self._settings.changes.meter.beats * 60 / self._clocked().bpm

    def _clocked(self) -> TempoMap:
        assert self._tempo is not None, "bar 1 has begun"
        return self._tempo
