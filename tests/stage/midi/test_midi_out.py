"""The sender on a clock moved by hand: on time, and silent on every way out."""

from collections.abc import Sequence
from contextlib import suppress

import pytest

from sideslip.band.events import Beat, Hush, Panic, Play, Sound
from sideslip.listen.tempo import TempoMap
from sideslip.stage.midi.clock_out import ClockOut, ClockWish
from sideslip.stage.midi.midi_out import Leave, Order, Sender, shifted
from sideslip.stage.midi.names import Choice
from sideslip.stage.midi.ports import Sent
from sideslip.testing import FakeMidi

ON, OFF = b"\x90\x3c\x50", b"\x80\x3c\x40"
CLEAN = [b"\xb0\x40\x00", b"\xb0\x7b\x00"]


class Hand:
    """Time and orders: every look at the time takes a microsecond, every wait as long as it is given."""

    def __init__(self, orders: Sequence[tuple[float, Order | Exception]]) -> None:
        self.time, self.orders = 0.0, list(orders)

    def now(self) -> float:
        self.time += 1e-6
        return self.time

    def take(self, timeout: float) -> Order | None:
        until = self.time + max(timeout, 0.0)
        if not self.orders or self.orders[0][0] > until:
            self.time = until
            return None
        at, order = self.orders.pop(0)
        self.time = max(self.time, at)
        if isinstance(order, Exception):
            raise order
        return order


def perform(*orders: tuple[float, Order | Exception]) -> list[Sent]:
    """What reaches the port."""
    hand = Hand(orders)
    midi = FakeMidi(outputs=["synth"], now=hand.now)
    port, announced = midi.open_output(Choice("synth")), list[tuple[float, bytes]]()
    with suppress(OSError):
        Sender(port, hand, hand.now, lambda due, message: announced.append((due, message))).run()
    sent = port.sent()
    assert [message for _, message in announced] == messages(sent)
    assert all(due <= when < at for (when, _), (due, at, _) in zip(announced, sent, strict=True))
    return sent


def messages(sent: list[Sent]) -> list[bytes]:
    return [message for _, _, message in sent]


def note(on: float, off: float, pitch: int = 60) -> Sound:
    return Sound(on, off, "partner", 0, pitch, 80)


def test_notes_are_sent_when_they_are_due() -> None:
    sent = perform((0.1, Play((note(1.0, 1.5),))), (3.0, Leave()))
    assert messages(sent) == [ON, OFF, *CLEAN]
    assert [due for due, _, _ in sent[:2]] == [1.0, 1.5]
    assert all(due <= at < due + 1e-5 for due, at, _ in sent)


def test_an_order_in_between_is_taken_at_once() -> None:
    sent = perform((0.0, Play((note(0.0, 9.0), note(2.0, 3.0, 62)))), (1.0, Hush("partner", 1.0)), (4.0, Leave()))
    assert messages(sent) == [ON, OFF, *CLEAN]
    assert sent[1].at == pytest.approx(1.0, abs=1e-4)


def test_leaving_ends_what_sounds_and_drops_the_rest() -> None:
    sent = perform((0.0, Play((note(0.5, 9.0), note(5.0, 6.0, 62)))), (1.0, Leave()))
    assert messages(sent) == [ON, OFF, *CLEAN]


def test_panic_ends_every_part_forgets_what_was_to_come_and_plays_what_comes_after() -> None:
    midi, told = FakeMidi(outputs=["synth"]), list[tuple[int, int]]()
    bass, later = Sound(0.5, 9.0, "bass", 1, 40, 80), Play((note(2.0, 3.0),))
    hand = Hand([(0.0, Play((note(0.5, 9.0), bass, note(5.0, 6.0, 62)))), (1.0, Panic()), (1.5, later), (4.0, Leave())])
    port = midi.open_output(Choice("synth"))
    Sender(port, hand, hand.now, on_panic=lambda ended, forgotten: told.append((ended, forgotten))).run()
    controls = [bytes((0xB0 | channel, number, 0)) for channel in (0, 1) for number in (64, 66, 123, 120)]
    assert midi.sent["synth"][:2] == [ON, b"\x91\x28\x50"]
    assert midi.sent["synth"][2:-4] == [OFF, b"\x81\x28\x40", *controls, ON, OFF]
    assert told == [(2, 1)]


def test_a_failure_ends_in_silence_too() -> None:
    sent = perform((0.0, Play((note(0.5, 9.0),))), (1.0, OSError("the pipe is broken")))
    assert messages(sent) == [ON, OFF, *CLEAN]
    assert sent[1].at == pytest.approx(1.0, abs=1e-4)


def test_what_another_left_sounding_is_released() -> None:
    midi, hand = FakeMidi(outputs=["synth"]), Hand([(1.0, Leave())])
    sender = Sender(midi.open_output(Choice("synth")), hand, hand.now)
    sender.inherit([(0, 60)], [0, 1])
    assert midi.sent["synth"] == [OFF, *CLEAN, b"\xb1\x40\x00", b"\xb1\x7b\x00"]


def test_a_port_that_is_lost_and_found_is_cleaned_first() -> None:
    midi = FakeMidi(outputs=["synth"])
    hand = Hand([(0.0, Play((note(0.5, 9.0), note(1.5, 9.0, 62), note(3.0, 4.0, 64)))), (5.0, Leave())])

    def chores(sender: Sender) -> None:
        if 1.0 < hand.time < 2.0 and "synth" in midi.outputs():
            midi.unplug("synth")
        elif hand.time > 2.0 and sender.port is None:
            midi.sent.clear()
            midi.plug(outputs=["synth"])
            sender.find_port(midi.open_output(Choice("synth")))

    Sender(midi.open_output(Choice("synth")), hand, hand.now, chores=chores).run()
    assert midi.sent["synth"] == [OFF, b"\x80\x3e\x40", *CLEAN, b"\x90\x40\x50", b"\x80\x40\x40", *CLEAN]


def test_an_order_is_shifted_whole() -> None:
    assert shifted(Play((note(1.0, 1.5),)), 0.25) == Play((note(1.25, 1.75),))
    assert shifted(Hush("partner", 2.0), -0.25) == Hush("partner", 1.75)
    assert shifted(Panic(), 0.25) == Panic()
    bent = TempoMap(120, 1.0).bent(3.0, 140)
    assert shifted(Beat(bent, 3.0), 0.25) == Beat(TempoMap(120, 1.25).bent(3.25, 140), 3.25)
    assert shifted(Beat(None, 3.0), 0.25) == Beat(None, 3.25)


def test_chores_get_their_turn_even_when_notes_never_stop() -> None:
    dense = tuple(note(n / 100, n / 100 + 0.005) for n in range(500))
    hand, seen = Hand([(0.0, Play(dense)), (5.0, Leave())]), list[float]()
    port = FakeMidi(outputs=["synth"]).open_output(Choice("synth"))
    Sender(port, hand, hand.now, chores=lambda sender: seen.append(hand.time)).run()
    assert 4 <= len(seen) <= 8


# ---------------------------------------------------------------- the clock beside the notes

CLOCK, START, CONTINUE, STOP = b"\xf8", b"\xfa", b"\xfb", b"\xfc"


def with_clock(*orders: tuple[float, Order], ahead: float = 0.0) -> list[Sent]:
    """What reaches the port of a sender that is to send a clock of 120 bpm."""
    hand = Hand(orders)
    port = FakeMidi(outputs=["synth"], now=hand.now).open_output(Choice("synth"))
    port.ahead = ahead
    Sender(port, hand, hand.now, clock=ClockOut(ClockWish(4, 120.0), 0.0)).run()
    return port.sent()


def test_clocks_go_out_at_their_moments_between_the_notes() -> None:
    tempo = TempoMap(120, 1.0)
    dense = Play(tuple(note(1 + n / 16, 1 + n / 16 + 0.05) for n in range(32)))
    sent = with_clock((1.003, Beat(tempo, 1.003)), (1.003, dense), (4.0, Beat(None, 4.0)), (4.5, Leave()))
    assert [message for _, _, message in sent if message[0] >= 0xF0 and message != CLOCK] == [START, STOP]
    late = [at - due for due, at, message in sent if message == CLOCK]
    assert len(late) > 150 and max(late) < 1e-4
    after = [due for due, _, message in sent if message == CLOCK and due > 1.01]
    assert after == pytest.approx([tempo.seconds(clock / 24) for clock in range(1, len(after) + 1)])
    assert messages(sent)[-2:] == CLEAN  # of the one channel that was played


def test_a_port_that_queues_is_handed_clocks_ahead_each_with_its_moment() -> None:
    """But not those before the start, so that it need not wait for any."""
    tempo = TempoMap(120, 1.0)
    sent = with_clock((1.003, Beat(tempo, 1.003)), (4.0, Leave()), ahead=0.03)
    start = next(at for _, at, message in sent if message == START)
    after = [due for due, at, message in sent if message == CLOCK and at > start][1:]
    assert start == pytest.approx(1.003, abs=1e-4)
    assert after == pytest.approx([tempo.seconds(clock / 24) for clock in range(1, len(after) + 1)])
    assert all(due - 0.032 < at < due - 0.028 for due, at, message in sent if due > 1.05 and message == CLOCK)
    assert all(at > due - 0.0011 for due, at, message in sent if at < 1.003 and message == CLOCK)


def test_panic_does_not_stop_the_clock_and_leaving_does() -> None:
    sent = with_clock((1.0, Beat(TempoMap(120, 1.0), 1.0)), (2.0, Panic()), (3.0, Leave()))
    assert [message for _, _, message in sent if message != CLOCK] == [START, STOP]
    assert sum(message == CLOCK for _, _, message in sent) >= 3 * 48


def test_a_gig_that_is_over_stops_the_receivers_though_we_leave_at_once() -> None:
    sent = with_clock((1.0, Beat(TempoMap(120, 1.0), 1.0)), (2.0, Beat(None, 2.0)), (2.0, Leave()))
    assert messages(sent).count(STOP) == 1


def test_a_port_that_is_back_is_told_where_we_are() -> None:
    midi = FakeMidi(outputs=["synth"])
    hand = Hand([(1.0, Beat(TempoMap(120, 1.0), 1.0)), (7.0, Leave())])

    def chores(sender: Sender) -> None:
        if 2.0 < hand.time < 4.0 and "synth" in midi.outputs():
            midi.unplug("synth")
        elif hand.time > 4.0 and sender.port is None:
            midi.sent.clear()
            midi.plug(outputs=["synth"])
            sender.find_port(midi.open_output(Choice("synth")))

    Sender(
        midi.open_output(Choice("synth")), hand, hand.now, chores=chores, clock=ClockOut(ClockWish(4, 120.0), 0)
    ).run()
    told = [message for message in midi.sent["synth"] if message != CLOCK]
    assert [told[0], told[1][0], *told[2:]] == [STOP, 0xF2, CONTINUE, STOP]
