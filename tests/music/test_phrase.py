"""Phrases: notes in order on the grid."""

from hypothesis import given
from hypothesis import strategies as st

from sideslip.music.phrase import Note, Phrase

NOTES = st.builds(Note, st.integers(-100, 500), st.integers(21, 108), st.integers(1, 60), st.integers(1, 127))
PHRASES = st.lists(NOTES, max_size=20).map(Phrase.of)

LINE = Phrase((Note(12, 60, 6), Note(18, 64, 6), Note(24, 67, 30)))


def test_a_phrase_begins_with_its_first_note_and_ends_with_its_longest() -> None:
    assert (LINE.start, LINE.end, LINE.pitches, len(LINE)) == (12, 54, (60, 64, 67), 3)
    assert Phrase((Note(0, 60, 90), Note(12, 62, 6))).end == 90
    assert (Phrase().start, Phrase().end, Phrase().pitches) == (0, 0, ())


def test_moving_in_time_and_pitch_keeps_everything_else() -> None:
    moved = LINE.moved(ticks=36, semitones=-2)
    assert moved == Phrase((Note(48, 58, 6), Note(54, 62, 6), Note(60, 65, 30)))
    assert moved.moved(-36, 2) == LINE


def test_between_goes_by_where_notes_begin() -> None:
    assert LINE.between(18, 24).pitches == (64,)
    assert LINE.between(13, 100).pitches == (64, 67)
    assert LINE.between(54, 12).pitches == ()


def test_the_last_notes() -> None:
    assert LINE.last(2).pitches == (64, 67)
    assert LINE.last(9) == LINE
    assert LINE.last(0) == Phrase()


def test_of_notes_that_begin_together_the_highest_stays_and_each_ends_by_the_next() -> None:
    chords = Phrase.of([Note(0, 60, 48), Note(0, 67, 48), Note(12, 65, 6), Note(24, 62, 6)])
    assert chords.monophonic() == Phrase((Note(0, 67, 12), Note(12, 65, 6), Note(24, 62, 6)))


@given(PHRASES, PHRASES)
def test_joined_phrases_are_in_order_and_lose_nothing(one: Phrase, two: Phrase) -> None:
    both = one + two
    assert sorted([*one, *two]) == list(both)


@given(PHRASES)
def test_one_note_at_a_time_overlaps_nowhere(phrase: Phrase) -> None:
    line = phrase.monophonic()
    assert {note.onset for note in line} == {note.onset for note in phrase}
    assert all(a.end <= b.onset for a, b in zip(line.notes, line.notes[1:], strict=False))
    assert all(note.duration >= 1 for note in line)
    assert line.monophonic() == line
