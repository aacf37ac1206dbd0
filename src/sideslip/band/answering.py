"""The partner's coming turn: ideas asked for in time, judged at the last moment, the best one played.

Ideas are asked for a bar ahead and once more shortly before the line, so that they know almost all that the player
says. At the line, just before the turn begins, the newest ideas are judged against the player's very last notes and
one is played. Ideas that are not there by then come too late; licks that need no model answer instead. A player who
comes in before the line, and leaves room for it, is answered likewise where a phrase with a pick-up is the best.
"""

from collections.abc import Iterator
from math import inf

from sideslip.band.agenda import Agenda
from sideslip.band.desk import Desk
from sideslip.band.events import Command, Decided, Ideas
from sideslip.band.invention import Invention
from sideslip.band.listening import Listening
from sideslip.band.performing import Performing
from sideslip.band.pickups import Pickups
from sideslip.band.settings import GigSettings
from sideslip.band.trading import answer_by_ear
from sideslip.listen.hands import TOGETHER
from sideslip.listen.tempo import TempoMap
from sideslip.music.dialogue import Turn
from sideslip.music.meter import TICKS
from sideslip.outside.controller import Choice, Controller
from sideslip.propose.proposer import Proposer

PACE = 0.1
"""Seconds from one ask to the next while a knob is turned after the last that was planned: about what one takes."""


class Answering:
    """Asks and chooses for the turn that comes next.

    `span` are its ticks, `call_from` is the tick since which the player's notes make up the call, `plays_to` that up to
    which answers are decided. `as_called`: a turn is as long as the call is by then; `unasked`: it comes even if the
    player has gone silent.
    """

    def __init__(
        self,
        settings: GigSettings,
        desk: Desk,
        controller: Controller,
        fallback: Proposer,
        listening: Listening,
        performing: Performing,
        agenda: Agenda,
    ) -> None:
        self._settings, self._desk, self._controller = settings, desk, controller
        self._listening, self._performing, self._agenda = listening, performing, agenda
        self._invention, self._pickups = Invention(fallback, settings.seed, settings.early), Pickups()
        self.span = (0, 0)
        self.call_from = self.plays_to = 0
        self.as_called = self.unasked = False
        self._anew = -inf  # when it was last asked out of turn (s)

    def begin(self) -> None:
        """Nothing has been said."""
        self._pickups = Pickups()
        self.call_from = self.plays_to = 0
        self.forget()

    def forget(self) -> None:
        """No turn comes of those that were planned."""
        self._invention.forget()
        asks = self._ask, self._ask_again, self._ask_early
        self._agenda.drop(*asks, self._learn_habit, self._come_in, self.decide)

    def outdated(self) -> None:
        """The player said something, or asks for something else."""
        self._invention.outdated()

    def take(self, ideas: Ideas) -> None:
        """Ideas have arrived."""
        self._invention.take(ideas)

    @property
    def decide_ahead(self) -> float:
        """Seconds before its turn at which an answer is chosen."""
        return self._invention.decide_ahead

    @property
    def is_planned(self) -> bool:
        """Whether a turn is coming that has not been decided."""
        return self._agenda.has(self.decide)

    def plan(self, start: int, end: int) -> None:
        """The next turn begins on a line, at tick `start`, and is over by tick `end`."""
        self.span = (start, end)
        line, bar = start / TICKS, self._bar()
        self._agenda.plan(self._ask, line, self._invention.first_ask(bar))
        self._agenda.plan(self._ask_again, line, self._invention.last_ask(bar))
        self._agenda.plan(self.decide, line, self.decide_ahead)
        if not self.unasked:
            self._agenda.plan(self._learn_habit, self.call_from / TICKS + 1, -TOGETHER)

    def plan_by_ear(self, start: int, at: float) -> None:
        """The next turn begins at tick `start` unless the player goes on, and is asked for only when that is all but
        sure, not at every note."""
        self.span = (start, start)
        self._agenda.plan(self._ask, start / TICKS, self._invention.last_ask(self._bar()), earliest=at)

    def drop_ask(self) -> None:
        """It is too early, or too late, to ask."""
        self._agenda.drop(self._ask)

    def postpone_ask(self, earliest: float) -> None:
        """Ask not before a moment (s)."""
        self._agenda.postpone(earliest, self._ask)

    def ask_anew(self, at: float) -> Iterator[Command]:
        """Ask again at a moment (s) if all that was to be asked for the coming turn has been asked, but not at every
        step of a knob."""
        if at - self._anew >= PACE and not self._agenda.has(self._ask, self._ask_again):
            self._anew = at
            yield from self._ask_again(at)

    def decide(self, at: float) -> Iterator[Command]:
        """Answer on the line, whatever there is to answer with; it is `at` (s)."""
        if self._is_wanted(at):
            turn = self.known(at)
            ideas, thinking, late = self._invention.for_turn(turn)
            yield from self._answer(turn, self._controller.choose(turn, ideas), thinking, at, late)

    def known(self, at: float) -> Turn:
        """All that is known at a moment (s) about the coming turn."""
        if self.as_called:
            call = self._listening.memory.player(self._tempo, at).between(self.call_from, self.span[0])
            self.span = answer_by_ear(call, self.span[0], self._settings.changes.meter.bar, self._settings.ends)
        return self._turn(self.span, at)

    def _turn(self, span: tuple[int, int], at: float) -> Turn:
        return self._listening.turn(self._tempo, at, span, self.call_from, self._desk.outside, self._desk.wish)

    def _early(self, at: float) -> Turn:
        """The coming turn if it began before its line."""
        start, end = self.span
        return self._turn((start - self._pickups.room, end), at)

    def _learn_habit(self, at: float) -> Iterator[Command]:
        """A beat into the call it is known how the player came in; who leaves room may be answered likewise."""
        player = self._listening.memory.player(self._tempo, at)
        self.call_from -= self._pickups.hear(player, self.call_from)
        if self._pickups.room:
            early = (self.span[0] - self._pickups.room) / TICKS
            self._agenda.plan(self._ask_early, early, self._invention.last_ask(self._bar()))
            self._agenda.plan(self._come_in, early, self.decide_ahead)
        yield from ()

    def _ask(self, at: float) -> Iterator[Command]:
        if self._is_wanted(at):
            yield self._invention.ask(self.known(at))

    def _ask_again(self, at: float) -> Iterator[Command]:
        """Once more if the player said something since, or moved the harmony: the answer should know it."""
        just_begun = self._listening.memory.settles_at is not None
        if just_begun or not self._invention.is_known(self.known(at)):
            yield from self._ask(at)

    def _ask_early(self, at: float) -> Iterator[Command]:
        """For a turn that would begin before its line."""
        yield self._invention.ask(self._early(at))

    def _come_in(self, at: float) -> Iterator[Command]:
        """Begin before the line, if the player has left room for it and a phrase that leads to the line is better than
        all that begin there."""
        if not self._listening.rests(at):
            return
        early, turn = self._early(at), self.known(at)
        leading = self._invention.led_in(early, turn.start)
        if not leading.ideas:
            return
        choice = self._controller.choose(early, (*leading.ideas, *self._invention.for_turn(turn).ideas))
        if choice.index < len(leading.ideas):
            self._agenda.drop(self._ask_again, self.decide)
            yield from self._answer(early, choice, leading.thinking, at)

    def _answer(self, turn: Turn, choice: Choice, thinking: float, at: float, late: bool = False) -> Iterator[Command]:
        self.plays_to = turn.end
        yield from self._performing.answer(turn, choice.scored[choice.index].idea.phrase, at)
        yield Decided(turn, choice, thinking, self._listening.belief(self._tempo.beat(at)), at, late)

    def _is_wanted(self, at: float) -> bool:
        """Whether anyone is there to be answered."""
        return self.unasked or not self._listening.is_left_alone(at)

    def _bar(self) -> float:
        """Seconds in a bar."""
        return self._settings.changes.meter.beats * 60 / self._tempo.bpm

    @property
    def _tempo(self) -> TempoMap:
        tempo = self._listening.tempo
        assert tempo is not None, "an answer has its line"
        return tempo
