"""Beats and seconds."""

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.errors import SettingError
from sideslip.listen.tempo import TempoMap


def test_a_beat_at_120_is_half_a_second() -> None:
    tempo = TempoMap(120, origin=2.0)
    assert (tempo.beat(2.0), tempo.beat(3.0), tempo.beat(0.0)) == (0, 2, -4)
    assert (tempo.seconds(3), tempo.seconds_at_tick(6), tempo.seconds_at_tick(-12)) == (3.5, 2.25, 1.5)
    assert tempo.beats_in(0.25) == 0.5


@given(st.floats(20, 400), st.floats(-1e5, 1e5), st.floats(-1e5, 1e5))
def test_there_and_back(bpm: float, origin: float, beat: float) -> None:
    tempo = TempoMap(bpm, origin)
    assert tempo.beat(tempo.seconds(beat)) == pytest.approx(beat, abs=1e-6)


@pytest.mark.parametrize("bpm", [0, 19.99, 400.01, -120, float("nan"), float("inf")])
def test_a_tempo_nobody_plays_is_refused(bpm: float) -> None:
    with pytest.raises(SettingError, match=r"^a tempo is 20 to 400 bpm, found .+$"):
        TempoMap(bpm)


@pytest.mark.parametrize("origin", [float("nan"), float("inf")])
def test_the_origin_is_a_moment(origin: float) -> None:
    with pytest.raises(SettingError, match="moment in seconds"):
        TempoMap(120, origin)


def test_a_bend_keeps_what_was_and_goes_on_from_there() -> None:
    tempo = TempoMap(120, origin=1.0).bent(3.0, 60).bent(5.0, 240)
    assert [tempo.beat(at) for at in (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0)] == [-2, 0, 2, 4, 5, 6, 10]
    assert [tempo.seconds(beat) for beat in (-2, 0, 2, 4, 5, 6, 10)] == [0, 1, 2, 3, 4, 5, 6]
    assert (tempo.bpm, tempo.origin, tempo.beats_in(1.0)) == (240, 1.0, 4)
    assert tempo.pieces == ((1.0, 0.0, 120), (3.0, 4.0, 60), (5.0, 6.0, 240))


def test_a_bend_forgets_what_was_planned_for_later() -> None:
    tempo = TempoMap(120).bent(1.0, 60).bent(2.0, 90)
    assert tempo.bent(1.0, 240) == TempoMap(120).bent(1.0, 240)
    assert tempo.bent(1.5, 60) == TempoMap(120).bent(1.0, 60)  # the same tempo is no bend


def test_a_bend_before_the_first_beat_moves_it() -> None:
    tempo = TempoMap(120, origin=2.0).bent(1.0, 60)
    assert (tempo.beat(0.0), tempo.beat(1.0), tempo.beat(3.0)) == (-4, -2, 0)
    assert (tempo.origin, tempo.seconds(0)) == (3.0, 3.0)


def test_a_bent_map_survives_copying_and_compares() -> None:
    tempo = TempoMap(120).bent(1.0, 60)
    assert pickle.loads(pickle.dumps(tempo)) == tempo == copy.deepcopy(tempo)
    assert tempo != TempoMap(60) and hash(tempo) == hash(TempoMap(120).bent(1.0, 60))


@pytest.mark.parametrize("beat", [3.8, 4.0, 4.1])
def test_a_map_is_steered_to_a_player_without_a_jump(beat: float) -> None:
    tempo = TempoMap(120)
    steered = tempo.steered(2.0, beat, 130, over=1.0)
    assert tempo.astray(2.0, beat, 130) == pytest.approx((4 - beat) * 60 / 130)
    assert steered.beat(2.0) == 4 and steered.bpm == 130
    assert steered.astray(2.0, beat, 130) == pytest.approx(0)
    assert steered.seconds(6) == pytest.approx(2 + (6 - beat) * 60 / 130)


@pytest.mark.parametrize(("beat", "bpm", "pace"), [(8.0, 130, 169), (0.0, 130, 100), (4.5, 900, 400), (3.0, 1, 20)])
def test_a_map_neither_rushes_nor_drags_beyond_measure(beat: float, bpm: float, pace: float) -> None:
    _, hurried, *_ = TempoMap(120).steered(2.0, beat, bpm, over=1.0).pieces
    assert (hurried.seconds, hurried.bpm) == (2.0, pytest.approx(pace))


def test_a_bend_needs_a_moment_and_a_tempo() -> None:
    with pytest.raises(SettingError, match="a tempo is 20 to 400 bpm, found 500"):
        TempoMap(120).bent(1.0, 500)
    with pytest.raises(SettingError, match="moment in seconds, found nan"):
        TempoMap(120).bent(float("nan"), 100)


@given(
    st.floats(20, 400),
    st.floats(-1e3, 1e3),
    st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(20, 400)), max_size=8),
    st.floats(-2e3, 2e3),
    st.floats(1e-3, 1e3),
)
def test_any_bends_leave_a_map_that_rises(
    bpm: float, origin: float, bends: list[tuple[float, float]], at: float, span: float
) -> None:
    tempo = TempoMap(bpm, origin)
    for moment, newest in bends:
        before, tempo = tempo, tempo.bent(moment, newest)
        assert tempo.beat(moment - span) == pytest.approx(before.beat(moment - span), abs=1e-6)
        assert tempo.beat(moment) == pytest.approx(before.beat(moment), abs=1e-6)
        assert tempo.bpm == newest
    assert tempo.beat(at) < tempo.beat(at + span)
    assert tempo.seconds(tempo.beat(at)) == pytest.approx(at, abs=1e-6)
    assert tempo.beat(tempo.origin) == pytest.approx(0, abs=1e-6)


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from((60.0, 90.0, 120.0, 400.0))), max_size=12))
def test_many_changes_at_once_are_the_same_as_one_by_one(changes: list[tuple[int, float]]) -> None:
    said = [(beat / 2, bpm) for beat, bpm in sorted(changes, key=lambda change: change[0])]
    bent = TempoMap(100.0, 1.25)
    for beat, bpm in said:
        bent = bent.bent(bent.seconds(beat), bpm)
    through = TempoMap(100.0, 1.25).through(said)
    beats = [beat / 4 for beat in range(-4, 100)]
    assert [through.seconds(beat) for beat in beats] == pytest.approx([bent.seconds(beat) for beat in beats])
