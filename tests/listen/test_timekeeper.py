"""Who knows where the beat is: the steady tempo and the count-in; and what every timekeeper stands."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.listen.count_in import Count, Tapped
from sideslip.listen.following import Following
from sideslip.listen.tempo import TempoMap
from sideslip.listen.timekeeper import Steady, Timekeeper
from sideslip.listen.transport import Clocked
from sideslip.music.meter import Meter

FOUR = Count(4, 1)

C, D, DRUM = b"\x90\x3c\x50", b"\x90\x3e\x50", b"\x99\x26\x50"
OFF = b"\x80\x3c\x40"
PRESS, LIFT = b"\xb0\x40\x7f", b"\xb0\x40\x00"

MAKERS: dict[str, Callable[[], Timekeeper]] = {
    "steady": lambda: Steady(120),
    "tapped": lambda: Tapped(120, FOUR),
    "following": lambda: Following(120, FOUR),
    "clocked": lambda: Clocked(4),
}


def play(keeper: Timekeeper, message: bytes, moments: Sequence[float]) -> None:
    for at in moments:
        keeper.hear(at, message)


# ---------------------------------------------------------------- steady


def test_a_steady_tempo_begins_with_the_first_note_that_is_no_drum() -> None:
    keeper = Steady(90)
    for at, message in ((0.5, DRUM), (0.6, PRESS), (0.7, OFF), (0.8, b"\x90\x3c\x00")):
        keeper.hear(at, message)
    assert (keeper.tempo, keeper.epoch) == (None, 0)
    keeper.hear(1.0, C)
    keeper.hear(2.0, C)
    assert (keeper.tempo, keeper.epoch, keeper.since) == (TempoMap(90, 1.0), 1, None)


def test_a_steady_tempo_may_have_its_beginning_given() -> None:
    assert Steady(90, 0.0).tempo == TempoMap(90, 0.0)


# ---------------------------------------------------------------- the count-in


@pytest.mark.parametrize(("metre", "taps"), [("6/8", 4), ("9/8", 3), ("12/8", 4)])
def test_a_compound_metre_is_counted_in_by_its_pulses(metre: str, taps: int) -> None:
    keeper = Tapped(120, Count.of(Meter.parse(metre)))
    play(keeper, C, [1 + 0.8 * tap for tap in range(taps)])
    assert keeper.tempo is not None
    assert keeper.tempo.bpm == pytest.approx(225)
    assert keeper.tempo.origin == pytest.approx(1 + 0.8 * taps)


@pytest.mark.parametrize(("beats", "taps"), [(4, 4), (3, 3), (5, 5), (2, 4), (6, 4), (12, 4)])
@pytest.mark.parametrize("message", [C, DRUM])
def test_a_bar_of_even_taps_sets_the_tempo_and_bar_1(message: bytes, beats: int, taps: int) -> None:
    keeper = Tapped(120, Count.of(Meter(beats, 4)))
    play(keeper, message, [1 + 0.4 * tap for tap in range(taps - 1)])
    assert keeper.tempo is None
    keeper.hear(1 + 0.4 * (taps - 1), message)
    assert keeper.tempo is not None and keeper.epoch == 1
    assert keeper.tempo.bpm == pytest.approx(150)
    assert keeper.tempo.origin == pytest.approx(1 + 0.4 * taps)
    assert keeper.since == pytest.approx(1 + 0.4 * (taps - 0.75))
    play(keeper, D, [9.0, 9.1])
    assert keeper.tempo.bpm == pytest.approx(150)


def test_the_pedal_counts_in_too_and_only_its_presses_do() -> None:
    keeper = Tapped(120, FOUR)
    for tap in range(4):
        keeper.hear(0.5 * tap, PRESS)
        keeper.hear(0.5 * tap + 0.1, b"\xb0\x40\x50")  # deeper, no new press
        keeper.hear(0.5 * tap + 0.2, LIFT)
    assert keeper.tempo is not None
    assert (keeper.tempo.bpm, keeper.tempo.origin) == (pytest.approx(120), pytest.approx(2.0))


@pytest.mark.parametrize("message", [PRESS, DRUM])
def test_uneven_presses_and_drums_are_no_music_and_the_latest_even_ones_count(message: bytes) -> None:
    keeper = Tapped(120, FOUR)
    for at in (0.0, 0.9, 5.0, 5.5, 6.0, 6.5):
        keeper.hear(at, message)
        keeper.hear(at + 0.1, LIFT)
    assert keeper.tempo is not None
    assert (keeper.tempo.bpm, keeper.tempo.origin) == (pytest.approx(120), pytest.approx(7.0))


def test_taps_of_a_hand_are_averaged() -> None:
    keeper = Tapped(120, FOUR)
    play(keeper, C, [0.0, 0.52, 0.99, 1.5])
    assert keeper.tempo is not None
    assert keeper.tempo.bpm == pytest.approx(120, rel=0.01)
    assert keeper.tempo.origin == pytest.approx(2.0, abs=0.01)


@pytest.mark.parametrize(
    "played",
    [
        [(1.0, C), (1.5, D)],
        [(1.0, C), (1.5, C), (2.0, C), (2.5, D)],
        [(1.0, C), (1.5, C), (1.8, C)],
        [(1.0, C), (1.05, C)],  # faster than anyone counts
        [(1.0, C), (1.0, D)],
        [(1.0, C), (4.5, OFF)],  # nobody counts as slowly
        [(1.0, C), (1.5, C), (3.0, C)],
        [(0.0, PRESS), (0.5, LIFT), (1.0, C), (1.2, PRESS), (1.3, D)],
    ],
)
def test_what_is_no_count_in_was_music_from_its_first_note(played: list[tuple[float, bytes]]) -> None:
    keeper = Tapped(140, FOUR)
    for at, message in played[:-1]:
        keeper.hear(at, message)
        assert keeper.tempo is None
    keeper.hear(*played[-1])
    assert (keeper.tempo, keeper.epoch, keeper.since) == (TempoMap(140, 1.0), 1, None)


def test_a_first_note_that_is_held_is_music_once_no_tap_follows() -> None:
    keeper = Tapped(140, FOUR)
    keeper.hear(1.0, C)
    assert keeper.wake_at == 4.0
    keeper.woken(3.9)
    assert keeper.tempo is None
    keeper.woken(4.0)
    assert keeper.tempo == TempoMap(140, 1.0) and keeper.wake_at is None


# ---------------------------------------------------------------- every one of them

STATUS = st.sampled_from([0x80, 0x90, 0x91, 0x99, 0xB0, 0xC0, 0xE0, 0xF0, 0xF2, 0xF8, 0xFA, 0xFB, 0xFC, 0xFF])
MESSAGES = st.one_of(
    st.binary(max_size=4),
    st.builds(lambda status, data: bytes((status, *data)), STATUS, st.lists(st.integers(0, 127), max_size=2)),
    st.sampled_from([C, D, DRUM, PRESS, LIFT, b"\xf8", b"\xfa", b"\xfb", b"\xfc", b"\xf2\x08\x00"]),
)
WAITS = st.one_of(
    st.sampled_from([0.0, 1e-9, 0.001, 0.02, 0.0208, 0.25, 0.5, 1.0, 5.0]),
    st.floats(0, 4000, allow_subnormal=False),
)


@pytest.mark.parametrize("name", MAKERS)
@given(played=st.lists(st.tuples(WAITS, MESSAGES, st.integers(1, 40)), max_size=30))
def test_any_bytes_leave_a_tempo_that_can_be_played(name: str, played: list[tuple[float, bytes, int]]) -> None:
    keeper, at, epoch = MAKERS[name](), 0.0, 0
    for wait, message, times in played:
        for _ in range(times):
            at += wait
            if keeper.wake_at is not None and keeper.wake_at < at:
                keeper.woken(keeper.wake_at)
            keeper.hear(at, message)
            assert keeper.epoch >= epoch
            epoch = keeper.epoch
            if keeper.tempo is None:
                continue
            assert epoch > 0
            assert all(20 <= piece.bpm <= 400 for piece in keeper.tempo.pieces)
            beats = [keeper.tempo.beat(at + step) for step in (-1.0, -0.1, 0.0, 0.1, 1.0, 10.0)]
            assert all(before < after for before, after in pairwise(beats))
