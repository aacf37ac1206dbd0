"""The conversation: whose turn it is, and from when to when.

In bars the turns change on their lines; by ear the player's phrase is over when it sounds so. What is asked for at the
desk changes no turn that has begun, but for the partner's own: who is to lay out leaves off, who is to take over begins
on the next bar line. Everything is planned in beats, so that it moves with the tempo.
"""

from collections.abc import Iterator
from math import ceil

from sideslip.band.agenda import Agenda
from sideslip.band.answering import Answering
from sideslip.band.bindings import Control
from sideslip.band.desk import Desk
from sideslip.band.events import Command, Ideas, Panic
from sideslip.band.listening import Listening
from sideslip.band.performing import Performing
from sideslip.band.settings import GigSettings
from sideslip.band.trading import LONGEST_ANSWER, Signal, State, Trading, coming_call
from sideslip.listen.hands import TOGETHER
from sideslip.listen.tempo import TempoMap
from sideslip.music.meter import TICKS

LATE = 0.5
"""Beats by which the grid may move the note with which the player comes in: it belongs to the call all the same."""

SOON = 0.25
"""Seconds before a bar line up to which the partner takes over on it: ideas want to be made."""


class Conversation:
    """Told what happens, it plans what it will do on the agenda."""

    def __init__(
        self,
        settings: GigSettings,
        desk: Desk,
        answering: Answering,
        listening: Listening,
        performing: Performing,
        agenda: Agenda,
    ) -> None:
        self._desk, self._listening, self._performing, self._agenda = desk, listening, performing, agenda
        self._answering = answering
        self._trading = Trading(desk.trade)
        self._bar, self._ends = settings.changes.meter.bar, settings.ends
        self._counted_from = 0  # tick of the bar line from which turns in bars are counted

    @property
    def state(self) -> State:
        """Where it is."""
        return self._trading.state

    def begin(self, at: float) -> None:
        """Bar 1 begins, or a later bar where a transport goes on from there, at a moment (s)."""
        self._trading = Trading(self._desk.trade)
        self._trading.signal(Signal.FIRST_NOTE)
        self._counted_from = 0
        self._answering.begin()
        self._go_on(at)

    def stand(self) -> None:
        """There is no beat any more."""
        self._trading = Trading(self._desk.trade)

    def end(self) -> None:
        """The gig is over."""
        self._trading.signal(Signal.END)

    def take(self, ideas: Ideas) -> None:
        """Ideas have arrived."""
        self._answering.take(ideas)

    # ------------------------------------------------------------ what the player plays

    def struck(self, at: float, tick: float) -> Iterator[Command]:
        """The player began a note of the line at a tick."""
        self._answering.outdated()
        if self._trading.signal(Signal.NOTE):  # the player comes in on the partner's answer
            yield self._performing.break_off(at, round(tick))
            self._answering.call_from, self._answering.plays_to = round(tick - LATE * TICKS), 0
            self._agenda.drop(self._answered)
            self._listen(at)

    def heard(self, at: float, said: bool) -> None:
        """The player has been heard up to a moment (s); whether anything was said, which ends put off."""
        if said and self._by_ear and self.state is State.LISTENING:
            self._await_rest(at)
        if (settles := self._listening.memory.settles_at) is not None:  # something has just begun: is it the line?
            self._agenda.postpone(settles, self._rest)
            self._answering.postpone_ask(settles)

    # ------------------------------------------------------------ what the player asks for

    def moved(self, control: Control, at: float) -> Iterator[Command]:
        """A control of the desk has been moved at a moment (s)."""
        match control:
            case "outside" | "density" | "register":
                self._answering.outdated()
                yield from self.settled(at)
            case "trade" if self._is_open(at):
                self._go_on(at)  # else when the answer is over
            case "lay_out":
                yield from self._lay_out(at)
            case "take_over":
                self._take_over(at)
            case "panic":
                yield from self._panic(at)

    def settled(self, at: float) -> Iterator[Command]:
        """Controls stand elsewhere: ideas for the coming turn are wanted that know it."""
        if self._agenda.has(self._rest) or self._answering.is_planned:
            yield from self._answering.ask_anew(at)

    def _lay_out(self, at: float) -> Iterator[Command]:
        if self._desk.lay_out and self._trading.signal(Signal.LAY_OUT):
            self._forget()
            self._answering.plays_to = 0
            yield self._performing.leave_off(at)
        elif not self._desk.lay_out and self._trading.signal(Signal.COME_IN):
            self._answering.call_from = self._tick(at) - round(LATE * TICKS)
            self._go_on(at)

    def _take_over(self, at: float) -> None:
        """Or give the word back, once what is decided has been played."""
        if self._desk.take_over and self.state in (State.LISTENING, State.ANSWERING, State.SOLOING):
            self._go_on(at)
        elif not self._desk.take_over and self.state is State.SOLOING:
            decided, coming = self._answering.plays_to, self._answering.span[0]
            self._forget()
            self._agenda.plan(self._give_back, (decided if decided > self._tick(at) else coming) / TICKS)

    def _give_back(self, at: float) -> Iterator[Command]:
        self._trading.signal(Signal.GIVE_BACK)
        self._answering.call_from = self._counted_from = self._tick(at)
        self._listen(at)
        yield from ()

    def _panic(self, at: float) -> Iterator[Command]:
        """All fall silent and what was being played is forgotten; the beat goes on, and so do turns in bars."""
        yield from self._performing.hush(at)
        if self._listening.tempo is not None:
            self._listening.memory.broke_off(self._tick(at))
            self._answering.plays_to = 0
        if self._by_ear and self.state is State.ANSWERING:
            self._agenda.drop(self._answered)
            yield from self._answered(at)
        yield Panic()

    # ------------------------------------------------------------ turns

    def _go_on(self, at: float) -> None:
        """Do from a moment (s) on what is asked for at the desk: lay out, solo, or listen."""
        self._forget()
        if self._desk.lay_out:
            self._trading.signal(Signal.LAY_OUT)
        elif self._desk.take_over:
            self._trading.signal(Signal.TAKE_OVER)
            soon = self._tick(at + SOON)
            self._solo(max(self._answering.plays_to, -(-soon // self._bar) * self._bar))
        else:
            self._listen(at)

    def _forget(self) -> None:
        """What was planned will not come."""
        self._agenda.drop(self._line, self._rest, self._answered, self._give_back)
        self._answering.forget()

    def _solo(self, start: int) -> None:
        """The partner plays from a tick to a bar line, and will play on from there."""
        self._answering.as_called, self._answering.unasked = False, True
        self._plan_turn(start, (start // self._bar + LONGEST_ANSWER) * self._bar)

    def _listen(self, at: float) -> None:
        """It is the player's turn, by what is agreed about trading now."""
        tick = self._tick(at)
        if self._trading.trade != self._desk.trade:
            self._trading.agree(self._desk.trade)
            self._counted_from = round(tick / self._bar) * self._bar
        self._answering.as_called, self._answering.unasked = self._by_ear, False
        if isinstance(self._trading.trade, int):
            length, first = self._trading.trade * self._bar, self._counted_from
            call = first + coming_call(tick - first, length)
            self._answering.call_from = call
            self._plan_turn(call + length, call + 2 * length)
        elif self._is_called(at):
            self._await_rest(at)

    def _plan_turn(self, start: int, end: int) -> None:
        """The partner's next turn lasts from tick `start` to `end`, unless the gig is over before."""
        end = end if self._ends is None else min(end, self._ends)
        if start < end:
            self._answering.plan(start, end)
            self._agenda.plan(self._line, start / TICKS)

    def _line(self, at: float) -> Iterator[Command]:
        """A bar line that begins or ends a turn of the partner's."""
        if self.state is State.SOLOING:
            self._answering.call_from = self._answering.span[0]
            self._solo(self._answering.span[1])
            return
        self._trading.signal(Signal.LINE)
        if self.state is State.ANSWERING:
            self._agenda.plan(self._line, self._answering.span[1] / TICKS)
        else:
            self._answering.call_from = self._tick(at) - round(LATE * TICKS)
            self._listen(at)
        yield from ()

    def _await_rest(self, at: float) -> None:
        """The player's phrase may be over: ask for an answer that would begin on the beat after its end.

        Whatever the player does before that beat comes here again and plans anew.
        """
        self._agenda.drop(self._rest)
        self._answering.drop_ask()
        if (ends := self._listening.phrase_ends()) is None:
            return
        tempo, decide = self._tempo, self._answering.decide_ahead
        now, ahead = tempo.beat(at), tempo.beats_in(decide + TOGETHER)
        start = ceil(max(ends - tempo.beats_in(decide), now + ahead))
        if self._ends is None or start * TICKS < self._ends:
            self._answering.plan_by_ear(start * TICKS, at)
            self._agenda.plan(self._rest, start, decide + TOGETHER)  # a strike just begun may postpone it so far

    def _rest(self, at: float) -> Iterator[Command]:
        self._answering.drop_ask()  # a tempo that jumps may have made it late
        if self._answering.known(at).call.notes:
            self._trading.signal(Signal.REST)
            yield from self._answering.decide(at)
            self._agenda.plan(self._answered, self._answering.span[1] / TICKS)

    def _answered(self, at: float) -> Iterator[Command]:
        """The answer is over; the player may have gone on during it."""
        self._trading.signal(Signal.ANSWERED)
        self._answering.call_from = self._answering.span[0]
        self._listen(at)
        yield from ()

    def _is_open(self, at: float) -> bool:
        """Whether it is the player's turn, nothing has been said in it, and nothing is decided."""
        listening = self.state is State.LISTENING
        return listening and self._answering.plays_to <= self._tick(at) and not self._is_called(at)

    def _is_called(self, at: float) -> bool:
        """Whether the player has said anything in this round."""
        player = self._listening.memory.player(self._tempo, at)
        return bool(player.between(self._answering.call_from, self._tick(at) + TICKS).notes)

    @property
    def _by_ear(self) -> bool:
        return not isinstance(self._trading.trade, int)

    def _tick(self, at: float) -> int:
        return round(self._tempo.beat(at) * TICKS)

    @property
    def _tempo(self) -> TempoMap:
        tempo = self._listening.tempo
        assert tempo is not None, "bar 1 has begun"
        return tempo
