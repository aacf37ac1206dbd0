"""The conversation: when the partner answers what.

Ideas for a turn are asked for a bar ahead and once more shortly before it, so that they know almost all that the player
says. At the line, just before the turn begins, the newest ideas are judged against the player's very last notes and
one is played. Ideas that are not there by then come too late; licks that need no model answer instead. A player who
comes in before the line, and leaves room for it, is answered likewise where a phrase with a pick-up is the best.
Everything is planned in beats, so that it moves with the tempo.
"""

from collections.abc import Iterator
from math import ceil

from sideslip.band.agenda import Agenda
from sideslip.band.answering import Answering
from sideslip.band.events import Command, Ideas
from sideslip.band.invention import DECIDE_AHEAD
from sideslip.band.listening import Listening
from sideslip.band.performing import Performing
from sideslip.band.pickups import Pickups
from sideslip.band.settings import GigSettings
from sideslip.band.trading import Signal, State, Trading, answer_by_ear, coming_call
from sideslip.listen.hands import TOGETHER
from sideslip.listen.tempo import TempoMap
from sideslip.music.dialogue import Turn
from sideslip.music.meter import TICKS
from sideslip.outside.arc import check_dial
from sideslip.outside.controller import Controller
from sideslip.propose.proposer import Proposer

LATE = 0.5
"""Beats by which the grid may move the note with which the player comes in: it belongs to the call all the same."""


class Conversation:
    """Whose turn it is and what is asked for the next one. Told what happens, it plans its own acts on the agenda."""

    def __init__(
        self,
        settings: GigSettings,
        controller: Controller,
        fallback: Proposer,
        listening: Listening,
        performing: Performing,
        agenda: Agenda,
    ) -> None:
        self._settings, self._dial = settings, settings.dial
        self._listening, self._performing, self._agenda = listening, performing, agenda
        self._answering = Answering(settings, controller, fallback, listening, performing)
        self._invention, self._pickups = self._answering.invention, Pickups()
        self._trading = Trading(settings.trade)
        self._turn = (0, 0)  # ticks of the partner's coming or present turn
        self._call_from = 0  # tick since which the player's notes make up the call

    @property
    def state(self) -> State:
        """Where it is."""
        return self._trading.state

    def begin(self, beat: float) -> None:
        """Bar 1 begins, or a later bar where a transport goes on from there, at a beat."""
        self._invention.forget()
        self._pickups = Pickups()
        self._trading = Trading(self._settings.trade)
        self._trading.signal(Signal.FIRST_NOTE)
        if isinstance(self._settings.trade, int):
            length = self._settings.trade * self._settings.changes.meter.bar
            self._call_from = coming_call(round(beat * TICKS), length)
            self._plan_turn(self._call_from + length, self._call_from + 2 * length)

    def stand(self) -> None:
        """There is no beat any more."""
        self._trading = Trading(self._settings.trade)

    def end(self) -> None:
        """The gig is over."""
        self._trading.signal(Signal.END)

    def take(self, ideas: Ideas) -> None:
        """Ideas have arrived."""
        self._invention.take(ideas)

    def dial(self, value: float) -> None:
        """The outside dial was turned to a value (0..1)."""
        self._dial = check_dial(value)
        self._invention.outdated()

    def struck(self, at: float, tick: float) -> Iterator[Command]:
        """The player began a note of the line at a tick."""
        self._invention.outdated()
        if self._trading.signal(Signal.NOTE):  # the player comes in on the partner's answer
            yield self._performing.break_off(at, round(tick))
            self._call_from = round(tick - LATE * TICKS)
            self._agenda.drop(self._answered)

    def heard(self, at: float, said: bool) -> None:
        """The player has been heard up to a moment (s); whether anything was said, which ends put off."""
        if said and not isinstance(self._settings.trade, int) and self.state is State.LISTENING:
            self._await_rest(at)
        if (settles := self._listening.memory.settles_at) is not None:  # something has just begun: is it the line?
            self._agenda.postpone(settles, self._rest, self._ask)

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
        tempo = self._tempo
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
        player = self._listening.memory.player(self._tempo, at)
        if player.between(self._call_from, self._turn[1] + TICKS).notes:  # the player went on
            self._await_rest(at)
        yield from ()

    def _ask_first(self, at: float) -> Iterator[Command]:
        """A bar ahead; by now it is known how the player came in."""
        yield from self._ask(at)
        player = self._listening.memory.player(self._tempo, at)
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
            call = self._listening.memory.player(self._tempo, at).between(self._call_from, self._turn[0])
            self._turn = answer_by_ear(call, self._turn[0], self._settings.changes.meter.bar, self._settings.ends)
        return self._listening.turn(self._tempo, at, self._turn, self._call_from, self._dial)

    def _early(self, at: float) -> Turn:
        """The same of the coming turn if it began before its line."""
        start, end = self._turn
        span = start - self._pickups.room, end
        return self._listening.turn(self._tempo, at, span, self._call_from, self._dial)

    def _bar(self) -> float:
        """Seconds in a bar."""
        return self._settings.changes.meter.beats * 60 / self._tempo.bpm

    @property
    def _tempo(self) -> TempoMap:
        tempo = self._listening.tempo
        assert tempo is not None, "bar 1 has begun"
        return tempo
