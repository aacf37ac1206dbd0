"""Four hours of trading on the virtual clock: no note sticks, no turn goes unanswered, nothing grows."""

import gc
from collections.abc import Sequence
from random import Random

import pytest

from sideslip.band.events import Beat, Command, Decided, Event, Heard, Sound, Stopped
from sideslip.band.partner import Partner
from sideslip.band.settings import GigSettings
from sideslip.music.leadsheet import parse_chart
from sideslip.outside.controller import Controller
from sideslip.outside.tables import ListeningTables
from sideslip.propose.ideas import LicksAlone
from sideslip.propose.licks import LickProposer
from sideslip.stage.schedule import Schedule
from sideslip.stage.session import Session
from sideslip.testing import Inbox, InlineBrain, VirtualClock
from sideslip.testing.live import Hearing, phrase

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

BLUES = "time: 4/4\n| F7 | Bb7 | F7 | Cm7 F7 |\n| Bb7 | Bdim7 | F7 | D7alt |\n| Gm7 | C7 | F7 D7 | Gm7 C7 |\n"
BEAT = 60 / 200
BARS = 8
CALL = 4 * BARS * BEAT  # s
TURNS = round(4 * 3600 / (2 * CALL))
QUARTER = TURNS // 4


class StrictSynth:
    """An `Output` that sends nothing: it works through the schedule as a sender does, and listens as a synth does."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock, self._schedule = clock, Schedule()
        self.hearing = Hearing()

    def play(self, sounds: Sequence[Sound]) -> None:
        self.catch_up()
        self._schedule.push(sounds)

    def hush(self, part: str, at: float) -> None:
        self.catch_up()
        self._schedule.hush(part, at)

    def panic(self) -> None:
        raise AssertionError("nobody panicked")

    def keep(self, beat: Beat) -> None:
        pass

    def close(self) -> None:
        self.catch_up()

    def catch_up(self) -> None:
        """Send all that is due, each at its own moment."""
        now = self._clock.now()
        while (due := self._schedule.next_due) is not None and due <= now:
            for cue in self._schedule.due(due):
                self.hearing.feed(cue.due, cue.message)


class Player:
    """Plays eight bars and rests eight, turn after turn, laying out each call when the one before is over.

    `answers` is how many there were; `notes` how many notes each hour of them had, `objects` how many things Python
    kept at its end.
    """

    def __init__(self, inbox: Inbox, synth: StrictSynth) -> None:
        self._inbox, self._synth, self._rng, self._turn = inbox, synth, Random(1), 0
        self._last: Heard | None = None
        self.answers = 0
        self.notes: list[int] = []
        self.objects: list[int] = []
        self.call()

    def call(self) -> None:
        if self._turn == TURNS:
            self._inbox.put(Stopped(2 * TURNS * CALL))
            return
        messages = sorted(phrase(2 * self._turn * CALL, 4 * BARS, BEAT, self._rng))
        events = [Heard(at, message) for at, message in messages]
        for event in events:
            self._inbox.put(event)
        self._last = events[-1]
        self._turn += 1

    def __call__(self, what: Event | Command) -> None:
        self._synth.catch_up()
        if what is self._last:
            self.call()
        elif isinstance(what, Decided):
            self.answers += 1
            if self.answers % QUARTER == 0:
                gc.collect()
                self.objects.append(len(gc.get_objects()))
                self.notes.append(self._synth.hearing.struck - sum(self.notes))


def test_the_last_hour_is_as_the_first() -> None:
    clock, inbox = VirtualClock(), Inbox()
    synth = StrictSynth(clock)
    player = Player(inbox, synth)
    settings = GigSettings(parse_chart(BLUES).changes(), 60 / BEAT, starts_at=0.0, trade=BARS)
    partner = Partner(settings, Controller(ListeningTables.unlearnt()), LickProposer())
    Session(partner, clock, inbox, InlineBrain(LicksAlone(), inbox, clock), synth, listeners=[player]).run()
    assert clock.now() == pytest.approx(4 * 3600, rel=0.01)
    assert player.answers == TURNS
    assert synth.hearing.faults == dict.fromkeys(synth.hearing.faults, 0)
    assert synth.hearing.longest < CALL
    assert player.notes[-1] > 0.7 * player.notes[0] > 10 * QUARTER
    assert player.objects[-1] - player.objects[0] < 2000  # of some hundred thousand
