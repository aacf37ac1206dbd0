"""Statistics of turns, by hand where a hand can."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.phrase import Note, Phrase
from sideslip.outside.tables import ListeningTables
from sideslip.train.proposer.contexts import Place
from sideslip.train.proposer.likeness import STATISTICS, kolmogorov_smirnov, sample, side_by_side
from sideslip.train.proposer.traits import breaths, entropy, groove, repeated, traits

C7 = Changes((0,), (parse_chord("C7"),), 48)
values = st.lists(st.integers(-5, 5), min_size=1, max_size=30).map(lambda each: np.array(each, dtype=float))


@given(values, values)
def test_ks_is_a_distance(one: np.ndarray, other: np.ndarray) -> None:
    assert kolmogorov_smirnov(one, one) == 0.0
    assert kolmogorov_smirnov(one, other) == kolmogorov_smirnov(other, one)
    assert kolmogorov_smirnov(one, one + 100) == 1.0
    assert kolmogorov_smirnov(np.repeat(one, 3), other) == pytest.approx(kolmogorov_smirnov(one, other))


def test_ks_by_hand() -> None:
    assert kolmogorov_smirnov(np.array([1.0, 2, 3, 4]), np.array([3.0, 4, 5, 6])) == 0.5
    assert kolmogorov_smirnov(np.array([]), np.array([1.0])) is None


def test_entropy_and_repeats_by_hand() -> None:
    assert entropy(np.array([0, 4, 7, 10])) == 2.0 and entropy(np.array([5, 5, 5])) == 0.0
    assert entropy(np.array([0, 0, 7, 7])) == 1.0 and np.isnan(entropy(np.array([], dtype=int)))
    assert repeated(np.array([1, 2, 3, 1, 2, 3])) == pytest.approx(1 / 4)  # 123 231 312 123
    assert np.isnan(repeated(np.array([1, 2])))


def test_groove_by_hand() -> None:
    same = Phrase(tuple(Note(48 * bar + 12 * beat, 60, 6) for bar in range(4) for beat in range(4)))
    assert groove(same, 0, 48) == 1.0
    assert groove(Phrase(same.notes[:4]), 0, 48) == pytest.approx(1 - 3 / 6 * 4 / 48)  # one bar of four has onsets
    assert groove(same.moved(ticks=96), 96, 48) == 1.0


def test_breaths_by_hand() -> None:
    phrase = Phrase((Note(0, 60, 6), Note(6, 60, 6), Note(24, 60, 12), Note(47, 60, 1)))
    counts, rests = breaths(phrase, 192)
    assert counts == [2, 2] and rests == [1.0, 12.0]
    assert breaths(Phrase((Note(0, 60, 190),)), 192) == ([1], [])


def test_traits_by_hand(tables: ListeningTables) -> None:
    line = Phrase(
        (Note(0, 60, 6), Note(6, 61, 6), Note(12, 64, 6), Note(18, 67, 6), Note(24, 66, 12), Note(36, 66, 12))
    )
    found = {name: float(value[0]) for name, value in traits([line], C7, [0], tables).items()}
    assert found["chord_tones_on"] == pytest.approx(2 / 4) and found["chord_tones_off"] == pytest.approx(1 / 2)
    assert found["density"] == pytest.approx(6 / 4) and found["register"] == pytest.approx(64.0)
    assert found["repeated_pitch"] == pytest.approx(1 / 5) and found["semitones"] == pytest.approx(2 / 5)
    assert found["eighths"] == pytest.approx(4 / 5) and found["legato"] == pytest.approx(1.0)
    assert found["rest"] == pytest.approx(3 / 4)  # one bar of four is played
    assert found["turned"] == pytest.approx(1 / 4)


def test_what_a_turn_does_not_tell_is_nan(tables: ListeningTables) -> None:
    found = traits([Phrase((Note(0, 60, 6),))], C7, [0], tables)
    assert np.isnan(found["chord_tones_off"][0]) and np.isnan(found["legato"][0])


def test_turns_are_like_themselves_and_unlike_others(found: list[Place], tables: ListeningTables) -> None:
    real = sample((((place.real,), place.turn) for place in found), tables)
    higher = sample((((place.real.moved(semitones=40),), place.turn) for place in found), tables)
    assert set(real) == {statistic.name for statistic in STATISTICS}
    assert len(real["density"]) == len(found)
    assert len(real["interval"]) == sum(len(place.real) - 1 for place in found)
    same, moved = side_by_side(real, real, real), side_by_side(higher, real, real)
    assert all(figures["ks"] == 0.0 for figures in same.values())
    assert moved["register"]["ks"] == 1.0 and moved["interval"]["ks"] == 0.0
    assert moved["register"]["ks_of_other_real_turns"] == 0.0
