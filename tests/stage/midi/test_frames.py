"""Which frame a message stands on, and that what is handed over ahead never leaves a note hanging."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.band.events import Hush, Panic, Play, Sound
from sideslip.stage.midi.frames import Cycle, Waiting
from sideslip.stage.midi.midi_out import Leave, Order, Sender
from sideslip.stage.midi.ports import Sent

RATE, FRAMES = 48_000, 64
PERIOD = FRAMES / RATE
ON, OFF, UP = b"\x90\x3c\x50", b"\x80\x3c\x40", b"\xb0\x40\x00"


def test_cycles_follow_one_another_however_late_each_call_comes() -> None:
    cycle, rng = Cycle(RATE, FRAMES), random.Random(1)
    for n in range(2000):
        cycle.begin(5.0 + n * PERIOD + rng.random() * PERIOD / 4, (n * FRAMES + 4_294_960_000) % 2**32, FRAMES)
    assert cycle.start == pytest.approx(5.0 + 1999 * PERIOD, abs=2 / RATE)


def test_a_call_that_comes_very_late_moves_nothing() -> None:
    cycle = Cycle(RATE, FRAMES)
    for n in range(100):
        cycle.begin(5.0 + n * PERIOD + (0.004 if n > 95 else 0.0), n * FRAMES, FRAMES)
    assert cycle.start == pytest.approx(5.0 + 99 * PERIOD)


def test_frames_that_a_server_lost_are_noticed() -> None:
    cycle = Cycle(RATE, FRAMES)
    for n in range(100):
        cycle.begin(5.0 + n * PERIOD + (0.010 if n > 80 else 0.0), n * FRAMES, FRAMES)
    assert cycle.start == pytest.approx(5.010 + 99 * PERIOD, abs=1 / RATE)


def test_a_moment_has_one_frame_in_one_cycle() -> None:
    cycle = Cycle(RATE, FRAMES)
    cycle.begin(5.0, 0, FRAMES)
    assert [cycle.frame(moment) for moment in (4.0, 5.0, 5.0 + 10.4 / RATE, 5.0 + 63.4 / RATE)] == [0, 0, 10, 63]
    assert 5.0 + 63.4 / RATE < cycle.last < 5.0 + 63.6 / RATE
    assert cycle.moment(48) == pytest.approx(5.001)


def taken(waiting: Waiting, until: float) -> list[bytes]:
    return [message.data for message in waiting.take(until)]


def test_messages_go_when_they_are_due_whatever_order_they_came_in() -> None:
    waiting = Waiting()
    for data, due in ((ON, 2.0), (b"\x90\x3e\x50", 1.0), (OFF, 2.0 + PERIOD)):
        waiting.put(data, due)
    assert taken(waiting, 1.5) == [b"\x90\x3e\x50"]
    assert taken(waiting, 9.0) == [ON, OFF]
    assert not waiting


def test_a_note_that_is_ended_before_it_went_never_was() -> None:
    waiting = Waiting()
    for data in (ON, OFF, UP):
        waiting.put(data, 2.0)
    assert taken(waiting, 9.0) == [UP]


def test_a_note_that_went_is_ended() -> None:
    waiting = Waiting()
    waiting.put(ON, 2.0)
    assert taken(waiting, 2.5) == [ON]
    waiting.put(OFF, 2.0)
    assert taken(waiting, 2.5) == [OFF]


def test_a_controller_comes_after_all_that_was_handed_over_before() -> None:
    waiting = Waiting()
    for data, due in ((ON, 1.0), (OFF, 1.5), (UP, 1.2)):
        waiting.put(data, due)
    assert taken(waiting, 1.4) == [ON]
    assert taken(waiting, 9.0) == [OFF, UP]


def test_what_could_not_be_written_is_the_next_again() -> None:
    waiting = Waiting()
    waiting.put(ON, 1.0)
    waiting.put(OFF, 1.5)
    next(waiting.take(9.0))
    assert waiting
    assert taken(waiting, 9.0) == [ON, OFF]


class Server:
    """A clock and a port in one: cycles go by as time does, in which what waits is written.

    Every look at the time takes a microsecond, every wait as long as it is given.
    """

    ahead = PERIOD + 0.015

    def __init__(self, orders: list[tuple[float, Order]]) -> None:
        self.time, self.orders = 0.0, sorted(orders, key=lambda timed: timed[0])
        self.cycle, self.waiting, self.first = Cycle(RATE, FRAMES), Waiting(), 0
        self.written: list[Sent] = []
        self.cycle.begin(0.0, 0, FRAMES)

    def now(self) -> float:
        self.pass_to(self.time + 1e-6)
        return self.time

    def take(self, timeout: float) -> Order | None:
        until = self.time + max(timeout, 0.0)
        if not self.orders or self.orders[0][0] > until:
            self.pass_to(until)
            return None
        at, order = self.orders.pop(0)
        self.pass_to(at)
        return order

    def pass_to(self, moment: float) -> None:
        while self.cycle.end <= moment:
            self.first += FRAMES
            self.cycle.begin(self.cycle.end, self.first, FRAMES)
            for message in self.waiting.take(self.cycle.last):
                at = self.cycle.moment(self.cycle.frame(message.at))
                self.written.append(Sent(message.due, at, message.data))
        self.time = max(self.time, moment)

    def send(self, message: bytes, due: float) -> None:
        self.waiting.put(message, due)

    def sent(self) -> list[Sent]:
        return self.written

    def close(self) -> None:
        self.pass_to(self.time + 0.2)


def perform(orders: list[tuple[float, Order]]) -> list[Sent]:
    server = Server([*orders, (3.0, Leave())])
    Sender(server, server, server.now).run()
    server.close()
    assert not server.waiting
    return server.written


def note(on: float, off: float, pitch: int = 60) -> Sound:
    return Sound(on, off, "partner", 0, pitch, 80)


def test_notes_known_ahead_stand_on_their_own_frame_however_short() -> None:
    planned = [note(0.5 + n * 0.01, 0.5 + n * 0.01 + 0.001, 30 + n) for n in range(60)]
    sent = perform([(0.1, Play(tuple(planned)))])[:-2]
    assert len(sent) == 120
    assert all(abs(one.at - one.due) <= 0.51 / RATE for one in sent)


def test_a_hush_takes_back_what_was_handed_over_and_not_written() -> None:
    sent = perform([(0.1, Play((note(0.2, 0.9), note(0.5, 0.9, 62)))), (0.49, Hush("partner", 0.49))])
    assert [one.message for one in sent] == [ON, OFF, UP, b"\xb0\x7b\x00"]


def test_a_note_that_comes_late_waits_for_the_end_of_the_one_before_it() -> None:
    late = 0.49, Play((Sound(0.3, 0.9, "partner", 0, 60, 99),))  # the end of the first is handed over, not written
    sent = perform([(0.1, Play((note(0.2, 0.5),))), late])
    assert [one.message for one in sent[:4]] == [ON, OFF, b"\x90\x3c\x63", OFF]


def test_panic_is_silent_within_a_blink() -> None:
    sent = perform([(0.1, Play((note(0.2, 0.9), note(0.5, 0.9, 62), note(0.6, 0.61, 64)))), (0.49, Panic())])
    assert [one.message for one in sent][:2] == [ON, OFF]
    assert [one.message[0] for one in sent[2:]] == [0xB0] * 6
    assert sent[5].at < 0.49 + 0.02


moments = st.integers(0, 400).map(lambda n: n / 200)
sounds = st.builds(
    lambda on, length, part, pitch: Sound(on, on + length, part, 0, pitch, 80),
    *(moments, st.sampled_from([0.001, 0.005, 0.02, 0.3]), st.sampled_from(["partner", "bass"]), st.integers(60, 62)),
)
orders = st.lists(
    st.tuples(
        moments,
        st.one_of(
            st.lists(sounds, max_size=5).map(lambda planned: Play(tuple(planned))),
            st.builds(Hush, st.just("partner"), moments),
            st.just(Panic()),
        ),
    ),
    max_size=12,
)


@given(orders)
def test_whatever_is_ordered_every_note_is_struck_once_and_ended_once(script: list[tuple[float, Order]]) -> None:
    sounding: set[int] = set()
    for _, _, message in perform(script):
        if message[0] & 0xF0 == 0x90:
            assert message[1] not in sounding
            sounding.add(message[1])
        elif message[0] & 0xF0 == 0x80:
            assert message[1] in sounding
            sounding.discard(message[1])
        elif message[1] == 123:
            assert not sounding
    assert not sounding
