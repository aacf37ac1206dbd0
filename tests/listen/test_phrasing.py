"""Phrase ends at a rest of one beat."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sideslip.listen.phrasing import PhraseEar, split
from sideslip.music.phrase import Note, Phrase


def line(*notes: tuple[int, int]) -> Phrase:
    """Notes from (onset, duration) in ticks."""
    return Phrase(tuple(Note(onset, 60, duration) for onset, duration in notes))


def test_a_rest_of_a_beat_parts_two_phrases() -> None:
    first, second = split(line((0, 6), (6, 6), (24, 6), (30, 6)))
    assert (first, second) == (line((0, 6), (6, 6)), line((24, 6), (30, 6)))


def test_a_shorter_rest_does_not() -> None:
    assert len(split(line((0, 6), (17, 6)))) == 1
    assert len(split(line((0, 6), (17, 6)), rest=11)) == 2


def test_a_long_note_under_short_ones_bridges_the_rest() -> None:
    assert len(split(line((0, 48), (2, 4), (50, 4)))) == 1


def test_silence_has_no_phrases() -> None:
    assert split(Phrase()) == []


def test_a_line_may_begin_anywhere() -> None:
    assert [part.start for part in split(line((-100, 6), (500, 6)))] == [-100, 500]


@given(st.lists(st.tuples(st.integers(-50, 200), st.integers(1, 30)), max_size=30), st.integers(1, 24))
def test_splitting_loses_nothing_and_leaves_only_short_rests(notes: list[tuple[int, int]], rest: int) -> None:
    whole = Phrase.of(Note(onset, 60 + i, duration) for i, (onset, duration) in enumerate(notes))
    parts = split(whole, rest)
    assert tuple(note for part in parts for note in part) == whole.notes
    assert all(after.start - before.end >= rest for before, after in pairwise(parts))
    assert all(split(part, rest) == [part] for part in parts)


def test_the_ear_waits_one_beat_after_the_last_note() -> None:
    ear = PhraseEar()
    ear.started(4.0)
    ear.stopped(4.5)
    assert ear.ends_at() == 5.5
    assert [ear.ended(beat) for beat in (4.5, 5.49, 5.5, 9.0)] == [False, False, True, True]


def test_nothing_ends_before_it_began_or_soon_while_it_sounds() -> None:
    ear = PhraseEar()
    assert (ear.ends_at(), ear.ended(100.0)) == (None, False)
    ear.started(0.0)
    ear.started(0.5)
    ear.stopped(1.0)
    assert (ear.ends_at(), ear.ended(4.4)) == (4.5, False)
    ear.stopped(2.0)
    assert ear.ends_at() == 3.0


def test_a_note_that_never_ends_does_not_keep_the_phrase_open_for_ever() -> None:
    ear = PhraseEar()
    ear.started(0.0)
    ear.started(2.0)
    ear.stopped(2.5)
    assert [ear.ended(beat) for beat in (5.9, 6.0)] == [False, True]


def test_a_new_note_takes_the_end_back() -> None:
    ear = PhraseEar()
    ear.started(0.0)
    ear.stopped(1.0)
    ear.started(1.5)
    assert ear.ends_at() == 5.5
    ear.stopped(1.75)
    assert ear.ends_at() == 2.75


def test_an_end_without_a_start_does_not_deafen_the_ear() -> None:
    ear = PhraseEar()
    ear.stopped(0.0)
    ear.started(1.0)
    assert not ear.ended(4.9)
