"""Appointments in beats: in order, one for each act, and moving with the tempo."""

from collections.abc import Iterator
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sideslip.band.agenda import Agenda
from sideslip.band.events import Command
from sideslip.listen.tempo import TempoMap

TEMPO = TempoMap(120, 10.0)


def first(at: float) -> Iterator[Command]:
    yield from ()


def second(at: float) -> Iterator[Command]:
    yield from ()


def test_an_appointment_is_so_many_seconds_before_a_beat() -> None:
    agenda = Agenda()
    assert agenda.next(TEMPO) is None and agenda.take(TEMPO, 1e9) is None
    agenda.plan(first, 4, lead=0.25)
    assert agenda.next(TEMPO) == 11.75
    assert agenda.take(TEMPO, 11.7) is None
    assert agenda.take(TEMPO, 11.75) == (first, 11.75)
    assert agenda.next(TEMPO) is None


def test_but_not_before_its_earliest_moment() -> None:
    agenda = Agenda()
    agenda.plan(first, 4, lead=5.0, earliest=11.0)
    assert agenda.next(TEMPO) == 11.0


def test_appointments_move_with_the_tempo() -> None:
    agenda = Agenda()
    agenda.plan(first, 4, lead=0.25)
    assert agenda.next(TEMPO.bent(11.0, 60)) == 12.75
    assert agenda.next(TEMPO.bent(11.0, 240)) == 11.25


def test_one_act_has_one_appointment_and_the_earliest_comes_first() -> None:
    agenda = Agenda()
    agenda.plan(first, 2)
    agenda.plan(second, 3)
    agenda.plan(first, 4)
    assert [agenda.take(TEMPO, 20.0), agenda.take(TEMPO, 20.0), agenda.take(TEMPO, 20.0)] == [
        (second, 11.5),
        (first, 12.0),
        None,
    ]


def test_what_is_postponed_is_done_later_and_what_was_not_planned_is_not() -> None:
    agenda = Agenda()
    agenda.plan(first, 2)
    agenda.postpone(11.5, first, second)
    agenda.postpone(11.25, first)
    assert agenda.take(TEMPO, 20.0) == (first, 11.5) and agenda.take(TEMPO, 20.0) is None


def test_what_is_dropped_is_not_done() -> None:
    agenda = Agenda()
    agenda.plan(first, 2)
    agenda.plan(second, 3)
    agenda.drop(first)
    agenda.drop(first)
    assert agenda.take(TEMPO, 20.0) == (second, 11.5)
    agenda.plan(first, 2)
    agenda.clear()
    assert agenda.next(TEMPO) is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from([first, second, print]),
            st.floats(0, 40),
            st.floats(0, 3),
            st.floats(20, 400),
            st.floats(0.01, 5),
        ),
        max_size=20,
    )
)
def test_whatever_is_planned_time_never_goes_back(planned: list) -> None:  # type: ignore[type-arg]
    agenda, tempo, now, taken = Agenda(), TEMPO, 0.0, []
    for act, beat, lead, bpm, step in planned:
        agenda.plan(act, beat, lead)
        now += step
        tempo = tempo.bent(now, bpm)
        while (due := agenda.take(tempo, now)) is not None:
            taken.append(due[1])
            assert due[1] <= now
        assert (after := agenda.next(tempo)) is None or after > now
    assert all(before <= after for before, after in pairwise(taken))
