"""The partner: follows the conversation, asks for ideas in time, chooses at the line.

Ideas for a turn are asked for a bar ahead and once more shortly before it, so that they know almost all that the player
says. At the line, just before the turn begins, the newest ideas are judged against the player's very last notes and
one is played. Ideas that are not there by then come too late; licks that need no model answer instead.
"""

from collections.abc import Callable, Iterator
from math import ceil

from sideslip.band.events import (
    Command,
    Decided,
    Dialled,
    Event,
    Finished,
    Heard,
    Hush,
    Ideas,
    Play,
    Stopped,
    Woken,
)
from sideslip.band.invention import Invention
from sideslip.band.memory import Memory
from sideslip.band.rhythm_section import bass, drums
from sideslip.band.settings import GigSettings
from sideslip.band.sounding import sounds
from sideslip.band.trading import LONGEST_ANSWER, Signal, State, Trading
from sideslip.listen.harmony.tables import HarmonyTables
from sideslip.listen.harmony.tracker import HarmonyTracker
from sideslip.listen.mistakes import wrong_notes
from sideslip.listen.notes import NoteEnded, NoteStarted
from sideslip.listen.phrasing import PhraseEar
from sideslip.listen.tempo import TempoMap
from sideslip.music.dialogue import Turn
from sideslip.music.meter import TICKS
from sideslip.outside.arc import check_dial
from sideslip.outside.controller import Controller
from sideslip.propose.proposer import Proposer

DECIDE_AHEAD = 0.05
"""Seconds before its turn at which the partner decides: room for judging 32 ideas, or for making licks, and sending."""

LAST_ASK = 0.12
"""Seconds before deciding at which ideas are asked for once more at the latest."""

LATE = 0.5
"""Beats by which the grid may move the note with which the player comes in: it belongs to the call all the same."""


class Partner:
    """The one owner of musical state. Handed events in order, it answers with commands; `wake_at` is when to call it
    next."""

    def __init__(self, settings: GigSettings, controller: Controller, fallback: Proposer) -> None:
        self._settings = settings
        self._controller, self._invention = controller, Invention(fallback, settings.seed)
        self._feel = settings.feel
        self._dial = settings.dial
        self._trading = Trading(settings.trade)
        self._memory, self._ear = Memory(), PhraseEar()
        self._tracker = HarmonyTracker(HarmonyTables.unlearnt(), settings.changes.meter, settings.changes)
        self._tempo: TempoMap | None = None
        self._agenda: dict[Callable[[float], Iterator[Command]], float] = {}
        self._turn = (0, 0)  # ticks of the partner's coming or present turn
        self._laid = 0  # tick up to which bass and drums are laid down
        self._call_from = 0  # tick since which the player's notes make up the call

    @property
    def wake_at(self) -> float | None:
        """The moment (s) of the next thing on the agenda."""
        return min(self._agenda.values(), default=None)

    @property
    def tempo(self) -> TempoMap | None:
        """Where the beats lie in time; None before bar 1 has begun."""
        return self._tempo

    @property
    def state(self) -> State:
        """Where the conversation is."""
        return self._trading.state

    def handle(self, event: Event) -> list[Command]:
        """Take in an event; what is to be done now."""
        if self.state is State.DONE:
            return []
        match event:
            case Woken(at):
                return list(self._woken(at))
            case Heard(at, message):
                return list(self._heard(at, message))
            case Ideas():
                self._invention.take(event)
            case Dialled(_, value):
                self._dial = check_dial(value)
            case Stopped(at):
                return list(self._stop(at))
        return []

    # ------------------------------------------------------------ what happens

    def _woken(self, at: float) -> Iterator[Command]:
        if self._tempo is None and self._settings.starts_at is not None:
            yield from self._begin(self._settings.starts_at)
        while due := [act for act, moment in self._agenda.items() if moment <= at]:
            act = min(due, key=lambda act: self._agenda[act])
            moment = self._agenda.pop(act)
            yield from act(moment)

    def _heard(self, at: float, message: bytes) -> Iterator[Command]:
        changes = self._memory.hear(at, message)
        for change in changes:
            if isinstance(change, NoteStarted):
                if self._tempo is None:
                    yield from self._begin(at)
                yield from self._note_started(change)
            elif isinstance(change, NoteEnded) and self._tempo is not None:
                self._ear.stopped(self._tempo.beat(change.at))
        if changes and not isinstance(self._settings.trade, int) and self.state is State.LISTENING:
            self._await_rest(at)

    def _begin(self, origin: float) -> Iterator[Command]:
        """Bar 1 begins."""
        self._tempo = TempoMap(self._settings.tempo, origin)
        self._trading.signal(Signal.FIRST_NOTE)
        if isinstance(self._settings.trade, int):
            self._plan_turn(self._settings.trade * self._settings.changes.meter.bar)
        if self._settings.rhythm:
            yield from self._accompany(origin)
        if self._settings.ends is not None:
            self._agenda[self._stop] = self._tempo.seconds_at_tick(self._settings.ends)

    def _note_started(self, note: NoteStarted) -> Iterator[Command]:
        tempo = self._clocked()
        beat = tempo.beat(note.at)
        self._ear.started(beat)
        self._tracker.hear(beat, note.pitch)
        self._invention.knows_all = False
        if self._trading.signal(Signal.NOTE):  # the player comes in on the partner's answer
            yield Hush("partner", note.at)
            self._memory.broke_off(round(beat * TICKS))
            self._call_from = round((beat - LATE) * TICKS)
            self._agenda.pop(self._answered, None)

    def _stop(self, at: float) -> Iterator[Command]:
        self._trading.signal(Signal.END)
        self._agenda.clear()
        for part in ("partner", "bass", "drums"):
            yield Hush(part, at)
        yield Finished(at)

    # ------------------------------------------------------------ turns counted in bars

    def _plan_turn(self, start: int) -> None:
        """The partner's next turn begins at tick `start` and is as long as the player's."""
        assert isinstance(self._settings.trade, int)
        length = self._settings.trade * self._settings.changes.meter.bar
        end = start + length if self._settings.ends is None else min(start + length, self._settings.ends)
        if start >= end:
            return
        self._turn, self._invention.knows_all = (start, end), False
        line = self._clocked().seconds_at_tick(start)
        self._agenda[self._ask] = line - DECIDE_AHEAD - max(self._bar(), 3 * self._invention.thinking)
        self._agenda[self._ask_again] = self._last_ask(line)
        self._agenda[self._decide] = line - DECIDE_AHEAD
        self._agenda[self._line] = line

    def _line(self, at: float) -> Iterator[Command]:
        """A bar line that ends a turn."""
        self._trading.signal(Signal.LINE)
        if self.state is State.ANSWERING:
            self._agenda[self._line] = self._clocked().seconds_at_tick(self._turn[1])
        else:
            self._call_from = self._turn[1]
            self._plan_turn(2 * self._turn[1] - self._turn[0])
        yield from ()

    # ------------------------------------------------------------ turns by ear

    def _await_rest(self, at: float) -> None:
        """The player's phrase may be over: ask for an answer that would begin on the beat after the rest.

        Whatever the player does before that beat comes here again and plans anew.
        """
        tempo = self._clocked()
        self._agenda.pop(self._rest, None)
        self._agenda.pop(self._ask, None)
        ends = self._ear.ends_at()
        if ends is None:
            return
        ahead = tempo.beats_in(DECIDE_AHEAD)
        start = ceil(max(ends - ahead, tempo.beat(at) + ahead)) * TICKS
        call, bar = self._memory.player(tempo, at).between(self._call_from, start), self._settings.changes.meter.bar
        spoken = ceil((call.end - call.start) / TICKS) * TICKS
        end = start + min(max(spoken, bar), LONGEST_ANSWER * bar)  # as long as the call in beats, at least a bar
        if self._settings.ends is not None:
            end = min(end, self._settings.ends)
        if start >= end:
            return
        self._turn = (start, end)
        line = tempo.seconds_at_tick(start)
        self._agenda[self._ask] = max(
            at, self._last_ask(line)
        )  # not at every note: only when the rest has all but come
        self._agenda[self._rest] = line - DECIDE_AHEAD

    def _rest(self, at: float) -> Iterator[Command]:
        self._trading.signal(Signal.REST)
        yield from self._decide(at)
        self._agenda[self._answered] = self._clocked().seconds_at_tick(self._turn[1])

    def _answered(self, at: float) -> Iterator[Command]:
        self._trading.signal(Signal.ANSWERED)
        self._call_from = self._turn[0]
        now = round(self._clocked().beat(at) * TICKS)
        if self._memory.player(self._clocked(), at).between(self._call_from, now + 1).notes:  # the player went on
            self._await_rest(at)
        yield from ()

    # ------------------------------------------------------------ ideas

    def _ask(self, at: float) -> Iterator[Command]:
        yield self._invention.ask(self._situation(at))

    def _ask_again(self, at: float) -> Iterator[Command]:
        """Once more if the player said something since: the answer should know it."""
        if not self._invention.knows_all:
            yield from self._ask(at)

    def _last_ask(self, line: float) -> float:
        """The moment (s) at which ideas for a turn that begins at `line` are asked for to know as much as can be."""
        return line - DECIDE_AHEAD - max(LAST_ASK, min(2.5 * self._invention.thinking, self._bar() / 2))

    def _decide(self, at: float) -> Iterator[Command]:
        turn = self._situation(at)
        ideas, thinking = self._invention.for_turn(turn)
        choice = self._controller.choose(turn, ideas)
        phrase = ideas[choice.index].phrase
        self._memory.answered(phrase)
        yield Play(sounds("partner", phrase, self._feel, self._clocked()))
        yield Decided(turn, choice, thinking)

    def _situation(self, at: float) -> Turn:
        """All that is known at a moment about the coming turn."""
        start, end = self._turn
        player = self._memory.player(self._clocked(), at)
        call, now = player.between(self._call_from, start), round(self._clocked().beat(at) * TICKS)
        return Turn(
            start=start,
            end=end,
            changes=self._tracker.changes,
            call=call,
            player=player,
            partner=self._memory.partner,
            dial=self._dial,
            tempo=self._settings.tempo,
            mistakes=wrong_notes(call, self._tracker.changes, now),
        )

    # ------------------------------------------------------------ sound

    def _accompany(self, at: float) -> Iterator[Command]:
        """Lay down bass and drums of the next bar, and come back a beat before the one after."""
        tempo, changes, start = self._clocked(), self._settings.changes, self._laid
        self._laid = end = start + changes.meter.bar
        if self._settings.ends is not None:
            end = min(end, self._settings.ends)
        parts = {"bass": bass(changes, start, end), "drums": drums(changes.meter, start, end)}
        for part, phrase in parts.items():
            yield Play(sounds(part, phrase, self._feel, tempo))
        self._agenda[self._accompany] = tempo.seconds_at_tick(self._laid - TICKS)

    def _bar(self) -> float:
        """Seconds in a bar."""
        tempo = self._clocked()
        return tempo.seconds_at_tick(self._settings.changes.meter.bar) - tempo.origin

    def _clocked(self) -> TempoMap:
        assert self._tempo is not None, "bar 1 has begun"
        return self._tempo
