"""The quantiser: what players mean, and what always holds."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.listen.quantise import Played, quantise, to_grid
from sideslip.music.phrase import Note


@pytest.mark.parametrize(
    ("onsets", "ticks"),
    [
        ([], []),
        ([0.03, 0.53, 1.02, 1.55], [0, 6, 12, 18]),
        ([0.02, 0.62, 1.03, 1.6], [0, 6, 12, 18]),  # swung eighths are eighths
        ([0.0, 0.667, 1.0, 1.667], [0, 8, 12, 20]),  # hard swing is a triplet
        ([0.12, 0.62, 1.12, 1.62], [0, 6, 12, 18]),  # laid back by an eighth of a beat
        ([0.03, 0.36, 0.7], [0, 4, 8]),
        ([0.03, 0.28, 0.5, 0.79], [0, 3, 6, 9]),
        ([0.95, 1.5], [12, 18]),  # pushed: just before the beat
        ([-0.05, 0.5], [0, 6]),
        ([-0.6], [-6]),
    ],
    ids=["silence", "eighths", "swing", "hard swing", "lag", "triplet", "sixteenths", "push", "early", "pickup"],
)
def test_what_the_player_means(onsets: list[float], ticks: list[int]) -> None:
    assert quantise(onsets) == ticks


def test_a_known_tempo_says_how_early_a_note_may_come() -> None:
    assert quantise([0.9], push=0.12) == [12]
    assert quantise([0.9], push=0.05) != [12]


@pytest.mark.parametrize("parts", [1, 2, 3, 4, 6, 12])
def test_even_notes_on_the_grid_stay(parts: int) -> None:
    ticks = list(range(-24, 48, 12 // parts))
    assert quantise([tick / 12 for tick in ticks], push=0.05) == ticks  # at 100 bpm; less than the twelfth of a beat


onset_lists = st.lists(st.floats(-8, 40, allow_subnormal=False), max_size=40).map(sorted)
pushes = st.floats(0.01, 0.2)


@given(onset_lists, pushes)
def test_order_is_kept_and_no_note_moves_half_a_beat(onsets: list[float], push: float) -> None:
    ticks = quantise(onsets, push)
    assert len(ticks) == len(onsets)
    assert all(before <= after for before, after in pairwise(ticks))
    assert all(abs(tick / 12 - onset) <= 0.5 for tick, onset in zip(ticks, onsets, strict=True))


@given(onset_lists, st.integers(-50, 50))
def test_the_bar_does_not_matter(onsets: list[float], beats: int) -> None:
    steps = [round(onset * 64) / 64 for onset in onsets]  # sums are exact
    assert quantise([step + beats for step in steps]) == [tick + 12 * beats for tick in quantise(steps)]


@given(st.lists(st.sampled_from([1, 2, 3, 4, 6]), min_size=1, max_size=12), st.floats(-0.02, 0.02))
def test_full_divisions_are_heard_through_a_small_lag(divisions: list[int], lag: float) -> None:
    ticks = [12 * beat + 12 * part // parts for beat, parts in enumerate(divisions) for part in range(parts)]
    assert quantise([tick / 12 + lag for tick in ticks]) == ticks


def test_a_chord_lands_on_one_tick() -> None:
    chord = [Played(1.02, 2.0, 60, 80), Played(1.0, 2.0, 64, 70), Played(1.035, 1.9, 67, 60)]
    assert to_grid(chord).notes == (Note(12, 60, 12, 80), Note(12, 64, 12, 70), Note(12, 67, 10, 60))


def test_a_line_stays_one_note_at_a_time() -> None:
    swing = [Played(0.02, 0.6, 60, 80), Played(0.62, 0.98, 62, 80), Played(1.03, 1.04, 64, 80)]
    assert to_grid(swing).notes == (Note(0, 60, 6), Note(6, 62, 4), Note(12, 64, 1))


def test_overlapping_notes_keep_their_length() -> None:
    assert to_grid([Played(0.0, 2.0, 48, 80), Played(1.0, 1.5, 60, 80)]).notes == (Note(0, 48, 24), Note(12, 60, 6))


def test_one_pitch_sounds_once_on_a_tick() -> None:
    assert to_grid([Played(0.0, 0.02, 60, 50), Played(0.03, 1.0, 60, 90)]).notes == (Note(0, 60, 12, 90),)


def test_silence_stays_silent() -> None:
    assert to_grid([]).notes == ()


performances = st.lists(
    st.builds(
        lambda on, length, pitch, velocity: Played(on, on + length, pitch, velocity),
        st.floats(-4, 16),
        st.floats(0, 4),
        st.integers(36, 96),
        st.integers(1, 127),
    ),
    max_size=20,
)


@given(performances, pushes)
def test_the_grid_holds_what_was_played(played: list[Played], push: float) -> None:
    notes = to_grid(played, push).notes
    assert notes == tuple(sorted(notes))
    assert {note.pitch for note in notes} == {note.pitch for note in played}
    assert len({(note.onset, note.pitch) for note in notes}) == len(notes)
    assert all(note.duration >= 1 for note in notes)
