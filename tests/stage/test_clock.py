"""Clocks and the inbox: one order of events, real or virtual."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.band.events import Heard, Turned, Woken
from sideslip.stage.clock import RealClock, StandstillError, VirtualClock, monotonic
from sideslip.stage.inbox import Inbox


def heard(at: float, pitch: int = 60) -> Heard:
    return Heard(at, bytes((0x90, pitch, 80)))


def test_inbox_keeps_the_order_of_arrival_and_takes_one_back() -> None:
    inbox = Inbox()
    inbox.put(heard(2.0))
    inbox.put(heard(1.0))
    first = inbox.take()
    assert first == heard(2.0)
    inbox.put_back(first)
    assert [inbox.take(), inbox.take(), inbox.take()] == [heard(2.0), heard(1.0), None]


def test_inbox_loses_nothing_from_several_threads() -> None:
    inbox = Inbox()

    def player(pitch: int) -> None:
        for n in range(500):
            inbox.put(heard(float(n), pitch))

    threads = [threading.Thread(target=player, args=(pitch,)) for pitch in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    events = [inbox.take() for _ in range(2000)]
    assert inbox.take() is None
    for pitch in range(4):
        assert [e.at for e in events if isinstance(e, Heard) and e.message[1] == pitch] == [
            float(n) for n in range(500)
        ]


def test_virtual_clock_jumps_to_events_and_wake_ups_in_order() -> None:
    clock, inbox = VirtualClock(), Inbox()
    inbox.put(heard(3.0))
    inbox.put(heard(1.0))
    assert clock.wait(inbox, 2.0) == heard(1.0)
    assert clock.now() == 1.0
    assert clock.wait(inbox, 2.0) is None
    assert clock.now() == 2.0
    assert clock.wait(inbox, None) == heard(3.0)
    assert clock.now() == 3.0


def test_an_event_at_the_moment_of_a_wake_up_comes_first() -> None:
    clock, inbox = VirtualClock(), Inbox()
    inbox.put(heard(2.0))
    assert clock.wait(inbox, 2.0) == heard(2.0)
    assert clock.wait(inbox, 2.0) is None


def test_virtual_events_of_one_moment_stay_in_order() -> None:
    clock, inbox = VirtualClock(), Inbox()
    for pitch in range(20):
        inbox.put(heard(1.0, pitch))
    inbox.put(Turned(1.0, "outside", 0.5))
    got = [clock.wait(inbox, None) for _ in range(21)]
    assert got == [*(heard(1.0, pitch) for pitch in range(20)), Turned(1.0, "outside", 0.5)]


def test_an_event_of_the_past_happens_now() -> None:
    clock, inbox = VirtualClock(), Inbox()
    assert clock.wait(inbox, 5.0) is None
    inbox.put(heard(1.0))
    assert clock.wait(inbox, 9.0) == heard(1.0)
    assert clock.now() == 5.0


def test_virtual_time_that_cannot_go_on_is_an_error() -> None:
    with pytest.raises(StandstillError, match="nothing can ever happen"):
        VirtualClock().wait(Inbox(), None)


def test_a_band_that_wakes_at_one_moment_for_ever_is_an_error() -> None:
    clock, inbox = VirtualClock(), Inbox()
    assert clock.wait(inbox, 1.0) is None
    with pytest.raises(StandstillError, match="woken at 1 s over and over"):
        for _ in range(100_000):
            clock.wait(inbox, 1.0)


@given(st.lists(st.floats(0, 100), max_size=30), st.floats(0, 100))
def test_virtual_time_never_runs_back(moments: list[float], until: float) -> None:
    clock, inbox = VirtualClock(), Inbox()
    for at in moments:
        inbox.put(heard(at))
    before = []
    while (event := clock.wait(inbox, until)) is not None:
        before.append(event.at)
        assert clock.now() == event.at
    assert before == sorted(at for at in moments if at <= until)
    assert clock.now() == until


def test_real_clock_counts_from_its_origin() -> None:
    assert 10.0 <= RealClock(monotonic() - 10.0).now() < 11.0


def test_real_clock_gives_what_has_arrived_without_waiting() -> None:
    clock, inbox = RealClock(monotonic() - 10.0), Inbox()
    inbox.put(heard(1.0))
    inbox.put(heard(2.0))
    assert clock.wait(inbox, 3.0) == heard(1.0)
    assert clock.wait(inbox, None) == heard(2.0)
    assert clock.wait(inbox, 3.0) is None


def test_real_clock_keeps_an_event_later_than_the_wake_up_for_the_next_time() -> None:
    clock, inbox = RealClock(monotonic() - 10.0), Inbox()
    inbox.put(heard(5.0))
    assert clock.wait(inbox, 4.0) is None
    assert clock.wait(inbox, 6.0) == heard(5.0)


def test_real_clock_is_woken_by_another_thread() -> None:
    clock, inbox = RealClock(), Inbox()
    threading.Timer(0.0, inbox.put, [Woken(0.0)]).start()
    assert clock.wait(inbox, None) == Woken(0.0)
