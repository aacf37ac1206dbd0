"""The loop: order of events, commands done, silence on every way out."""

import logging
import signal
from collections.abc import Sequence

import pytest

from sideslip.band.events import (
    Ask,
    Beat,
    Command,
    Event,
    Finished,
    Heard,
    Hush,
    Panic,
    Play,
    Sound,
    Stopped,
    Woken,
)
from sideslip.listen.tempo import TempoMap
from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.dialogue import Turn
from sideslip.stage.clock import VirtualClock
from sideslip.stage.inbox import Inbox
from sideslip.stage.session import Session, guarded, stop_on_signals

NOTE = Sound(1.0, 1.5, "partner", 0, 60, 80)
ASK = Ask(1, Turn(0, 48, Changes((0,), (parse_chord("F7"),), 48)), 7)


class Stagehand:
    """Brain, output, journal and listener in one: writes down everything that it is told to do."""

    def __init__(self) -> None:
        self.log: list[object] = []

    def ask(self, ask: Ask) -> None:
        self.log.append(ask)

    def play(self, sounds: Sequence[Sound]) -> None:
        self.log.append(Play(tuple(sounds)))

    def hush(self, part: str, at: float) -> None:
        self.log.append(Hush(part, at))

    def panic(self) -> None:
        self.log.append(Panic())

    def keep(self, beat: Beat) -> None:
        self.log.append(beat)

    def write(self, event: Event) -> None:
        self.log.append(("written", event))

    def close(self) -> None:
        self.log.append("closed")


class Band:
    """Plays what a table says: commands by event, and a fixed list of wake-ups."""

    def __init__(self, table: dict[Event, list[Command]], wake_ups: Sequence[float] = ()) -> None:
        self.table, self.wake_ups, self.seen = table, list(wake_ups), list[Event]()

    @property
    def wake_at(self) -> float | None:
        return self.wake_ups[0] if self.wake_ups else None

    def handle(self, event: Event) -> Sequence[Command]:
        self.seen.append(event)
        if isinstance(event, Woken) and event.at > 0:
            self.wake_ups.pop(0)
        return self.table.get(event, [])


def play(band: Band, events: Sequence[Event] = ()) -> Stagehand:
    hand, inbox = Stagehand(), Inbox()
    for event in events:
        inbox.put(event)
    Session(band, VirtualClock(), inbox, hand, hand).run()
    return hand


def test_events_and_wake_ups_reach_the_band_in_order() -> None:
    heard = Heard(1.5, b"\x90\x3c\x50")
    band = Band({Woken(2.0): [Finished(2.0)]}, [1.0, 2.0])
    play(band, [heard])
    assert band.seen == [Woken(0.0), Woken(1.0), heard, Woken(2.0)]


def test_commands_are_done_in_order_and_everything_is_closed() -> None:
    beat = Beat(TempoMap(120, 1.0), 0.0)
    commands: list[Command] = [ASK, Play((NOTE,)), Hush("partner", 1.2), Panic(), beat, Finished(0.0)]
    assert play(Band({Woken(0.0): commands})).log == [*commands[:-1], "closed", "closed"]


def test_every_event_is_written_before_the_band_hears_of_it() -> None:
    hand = Stagehand()

    def handle(event: Event) -> Sequence[Command]:
        assert hand.log[-1] == ("written", event)
        return [Finished(0.0)]

    band = Band({})
    band.handle = handle  # type: ignore[method-assign]
    Session(band, VirtualClock(), Inbox(), hand, hand, journal=hand).run()
    assert hand.log[0] == ("written", Woken(0.0))


def test_listeners_are_told_events_and_commands() -> None:
    told: list[Event | Command] = []
    hand, band = Stagehand(), Band({Woken(0.0): [Play((NOTE,)), Finished(0.0)]})
    Session(band, VirtualClock(), Inbox(), hand, hand, listeners=[told.append]).run()
    assert told == [Woken(0.0), Play((NOTE,)), Finished(0.0)]


@pytest.mark.parametrize("error", [RuntimeError("boom"), KeyboardInterrupt()])
def test_silence_whatever_happens(error: BaseException) -> None:
    hand, band = Stagehand(), Band({})

    def fail(event: Event) -> Sequence[Command]:
        raise error

    band.handle = fail  # type: ignore[method-assign]
    with pytest.raises(type(error)):
        Session(band, VirtualClock(), Inbox(), hand, hand).run()
    assert hand.log == ["closed", "closed"]


def test_the_brain_is_closed_even_if_the_output_fails_to() -> None:
    class Broken(Stagehand):
        def close(self) -> None:
            raise OSError("the synth is on fire")

    brain = Stagehand()
    with pytest.raises(OSError, match="on fire"):
        Session(Band({Woken(0.0): [Finished(0.0)]}), VirtualClock(), Inbox(), brain, Broken()).run()
    assert brain.log == ["closed"]


def test_a_guarded_listener_fails_once_and_aloud(caplog: pytest.LogCaptureFixture) -> None:
    calls: list[object] = []

    def full_disk(what: object) -> None:
        calls.append(what)
        raise OSError("no space left")

    listener = guarded(full_disk)
    with caplog.at_level(logging.WARNING):
        listener(Woken(0.0))
        listener(Woken(1.0))
    assert calls == [Woken(0.0)]
    assert [record.getMessage() for record in caplog.records] == [
        "a listener failed and is told nothing more: OSError: no space left"
    ]


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no SIGHUP on this system")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_stops_the_band_and_a_second_one_the_program(name: str) -> None:
    number = getattr(signal, name)
    inbox, before = Inbox(), signal.signal(getattr(signal, name), signal.SIG_DFL)
    try:
        with stop_on_signals(inbox, lambda: 3.0):
            signal.raise_signal(number)
            assert inbox.take() == Stopped(3.0)
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(number)
        assert signal.getsignal(number) is signal.SIG_DFL
    finally:
        signal.signal(number, before)


def test_a_program_in_the_background_heeds_an_interrupt_all_the_same() -> None:
    inbox, before = Inbox(), signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with stop_on_signals(inbox, lambda: 3.0):
            signal.raise_signal(signal.SIGINT)
            assert inbox.take() == Stopped(3.0)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no SIGHUP on this system")
def test_what_nohup_has_ignored_stays_ignored() -> None:
    inbox, before = Inbox(), signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stop_on_signals(inbox, lambda: 3.0):
            signal.raise_signal(signal.SIGHUP)
            assert inbox.take() is None
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
