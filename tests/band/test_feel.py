"""The feel bends beats, keeps order, and leaves triplets and the beat itself where they are."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.band.feel import STRAIGHT, SWING, perform
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Note, Phrase


def line(*onsets: int, pitch: int = 60, length: int = 3) -> Phrase:
    return Phrase(tuple(Note(onset, pitch, length) for onset in onsets))


@pytest.mark.parametrize(("bpm", "fraction"), [(60, 0.57), (219.9, 0.57), (220, 0.55), (259.9, 0.55), (260, 0.53)])
def test_eighths_swing_less_the_faster_the_tempo(bpm: float, fraction: float) -> None:
    assert SWING.swing_fraction(bpm) == fraction
    assert SWING.performed_beat(TICKS * 4 + TICKS // 2, bpm) == pytest.approx(4 + fraction)
    assert STRAIGHT.swing_fraction(bpm) == 0.5


@given(st.integers(-500, 5000), st.floats(40, 320), st.booleans())
def test_time_never_runs_backwards(tick: int, bpm: float, ternary: bool) -> None:
    now, later = (SWING.performed_beat(t, bpm, ternary=ternary) for t in (tick, tick + 1))
    assert now < later
    assert abs(now - tick / TICKS) <= 0.0701


@given(st.integers(-40, 400), st.floats(40, 320))
def test_beats_stay_where_they_are(beat: int, bpm: float) -> None:
    assert SWING.performed_beat(beat * TICKS, bpm) == beat


def test_a_beat_of_triplets_is_left_alone_and_its_neighbour_still_swings() -> None:
    ons = [on for on, *_ in perform(line(0, 4, 8, 12, 18), SWING, 120)]
    assert ons == pytest.approx([0, 1 / 3, 2 / 3, 1, 1.57])


def test_sixteenths_bend_with_the_half_beat() -> None:
    ons = [on for on, *_ in perform(line(0, 3, 6, 9), SWING, 120)]
    assert ons == pytest.approx([0, 0.285, 0.57, 0.785])


def test_straight_is_as_written() -> None:
    ons = [on for on, *_ in perform(line(0, 3, 6, 9, 12, 18), STRAIGHT, 120)]
    assert ons == pytest.approx([0, 0.25, 0.5, 0.75, 1, 1.5])


NOTES = st.lists(
    st.builds(Note, st.integers(0, 200), st.integers(36, 96), st.integers(1, 60), st.integers(1, 127)), max_size=40
)


@given(NOTES, st.floats(40, 320))
def test_a_line_stays_a_line(notes: list[Note], bpm: float) -> None:
    phrase = Phrase.of(notes).monophonic()
    played = perform(phrase, SWING, bpm)
    assert [pitch for _, _, pitch, _ in played] == list(phrase.pitches)
    assert all(on < off for on, off, _, _ in played)
    assert all(off <= on for (_, off, _, _), (on, *_) in pairwise(played))
    assert all(
        1 <= velocity <= 127 and abs(velocity - note.velocity) <= 8
        for (*_, velocity), note in zip(played, phrase, strict=True)
    )


def test_the_top_of_a_line_is_leant_on_and_its_dip_ghosted() -> None:
    up_and_down = Phrase(tuple(Note(6 * index, pitch, 6, 80) for index, pitch in enumerate((60, 67, 62, 55, 60))))
    assert [velocity for *_, velocity in perform(up_and_down, SWING, 120)] == [80, 88, 80, 74, 80]


def test_silence_is_silence() -> None:
    assert perform(Phrase(), SWING, 120) == []
