"""Which notes are wrong, what was expected there, and whether they came home."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.listen.mistakes import wrong_notes
from sideslip.music.changes import Changes
from sideslip.music.chord import NO_CHORD, Chord, parse_chord
from sideslip.music.devices.pull import expected
from sideslip.music.dialogue import WrongNote
from sideslip.music.phrase import Note, Phrase

CMAJ = Changes((0,), (parse_chord("Cmaj7"),), 192)
D7 = Changes((0,), (parse_chord("D7"),), 192)
LATER = 1000


def line(*notes: tuple[float, int, float]) -> Phrase:
    """Notes as (beat, pitch, beats long)."""
    return Phrase.of(Note(round(12 * beat), pitch, round(12 * length)) for beat, pitch, length in notes)


def found(phrase: Phrase, changes: Changes = CMAJ, now: int = LATER) -> list[tuple[int, bool]]:
    """Pitch of every wrong note and whether it was resolved."""
    return [(mistake.note.pitch, mistake.resolved) for mistake in wrong_notes(phrase, changes, now)]


def test_a_sharp_ninth_is_just_foreign_enough() -> None:
    assert found(line((1, 65, 1)), D7) == [(65, False)]


def test_a_flat_ninth_held_over_major_is_wrong_and_leans_on_the_root() -> None:
    phrase = line((0, 64, 0.5), (1, 61, 2), (3, 67, 1))
    note = phrase.notes[1]
    assert wrong_notes(phrase, CMAJ, LATER) == (WrongNote(note, parse_chord("Cmaj7"), 1.0, (60,), False),)


def test_parkers_passing_note_is_an_ornament_and_the_same_place_gone_wrong_is_not() -> None:
    assert found(line((0, 66, 0.5), (0.5, 62, 0.5), (1, 61, 0.5), (1.5, 60, 0.5)), D7) == []
    assert found(line((0, 66, 0.5), (0.5, 62, 0.5), (1, 63, 0.5), (1.5, 60, 0.5)), D7) == [(63, False)]


@pytest.mark.parametrize(
    ("after", "wrong"),
    [
        ([(1.5, 60, 1)], False),  # a step into the root
        ([(1.5, 60, 0.5), (2, 65, 1)], False),  # wherever the line goes from there
        ([(2, 60, 1)], False),  # the same on the next beat
        ([(1.5, 58, 0.25), (1.75, 60, 1)], False),  # an enclosure of the root
        ([(1.5, 63, 0.25), (1.75, 65, 0.25), (2, 64, 1)], True),  # one of the third, where this note is no part of it
        ([(1.5, 62, 0.25), (1.75, 63, 0.25), (2, 64, 1)], False),  # a run up to the third
        ([(1.5, 62, 0.25), (1.75, 64, 1)], True),  # uneven steps
        ([(1.5, 65, 0.5), (2, 64, 1)], True),  # a leap
        ([(1.5, 62, 1)], True),  # a step, but to the ninth
        ([], True),
    ],
)
def test_what_leads_into_a_chord_tone_within_a_beat_is_an_ornament(
    after: list[tuple[float, int, float]], wrong: bool
) -> None:
    assert found(line((1, 61, 0.5), *after)) == ([(61, False)] if wrong else [])


@pytest.mark.parametrize(
    ("note", "after", "wrong"),
    [
        ((1, 61, 0.5), 2, True),  # on the beat and half a beat long
        ((1, 61, 0.25), 1.5, False),  # short
        ((1, 61, 0.25), 1.75, True),  # short, then nothing
        ((1.5, 61, 2), 4, False),  # off the beat
        ((1, 65, 2), 4, False),  # the fourth is not that foreign
    ],
)
def test_only_what_stands_out_is_wrong(note: tuple[float, int, float], after: float, wrong: bool) -> None:
    assert found(line(note, (after, 67, 0.5))) == ([(61, False)] if wrong else [])


@pytest.mark.parametrize(
    ("home", "resolved"),
    [((4, 60, 1), True), ((4.5, 60, 1), False), ((4, 64, 1), False), ((4, 62, 1), False)],
)
def test_a_wrong_note_is_resolved_by_step_within_a_beat_after_its_end(
    home: tuple[float, int, float], resolved: bool
) -> None:
    assert found(line((1, 61, 2), home)) == [(61, resolved)]


def test_neither_whole_tones_nor_four_semitones_are_a_run() -> None:
    assert found(line((1, 70, 0.5), (1.5, 68, 0.25), (1.75, 66, 1)), D7) == [(70, False)]
    power = Changes((0,), (parse_chord("C5"),), 192)  # no third
    assert found(Phrase(tuple(Note(12 + 3 * i, 63 + i, 3 + 3 * (i == 0)) for i in range(5))), power) == [(63, False)]


def test_a_note_held_under_others_ends_for_the_line_where_the_next_begins() -> None:
    assert found(line((1, 61, 4), (2.25, 58, 1), (3.25, 60, 1))) == [(61, True)]
    assert found(line((1, 61, 4), (2.25, 58, 1), (3.5, 60, 1))) == [(61, False)]


def test_the_last_note_is_wrong_once_it_has_lasted_or_silence_has() -> None:
    sounding, let_go = line((0, 64, 0.5), (1, 61, 0.5)), line((0, 64, 0.5), (1, 61, 0.25))
    for phrase in (sounding, let_go):
        assert found(phrase, now=20) == []
        assert found(phrase, now=21) == [(61, False)]


def test_what_anticipates_the_next_chord_or_hangs_over_from_the_last_is_forgiven() -> None:
    changes = Changes((0, 48), (parse_chord("Cmaj7"), parse_chord("Ebm7")), 96)
    assert found(line((2, 61, 1)), changes) == [(61, False)]
    assert found(line((3, 61, 1)), changes) == []  # Db, the seventh of Ebm7, a beat before it
    assert found(line((4, 64, 1)), changes) == []  # E of Cmaj7, where Ebm7 has just begun
    assert found(line((5, 64, 1)), changes) == [(64, False)]


def test_a_chord_that_changes_under_a_held_note_may_resolve_it_and_makes_none_wrong() -> None:
    changes = Changes((0, 48), (parse_chord("Cmaj7"), parse_chord("Ebm7")), 96)
    assert found(line((2, 61, 1.5)), changes) == [(61, False)]
    assert found(line((2, 61, 2)), changes) == [(61, False)]  # over just before Ebm7
    assert found(line((2, 61, 3)), changes) == [(61, True)]
    assert found(line((2, 64, 4)), changes) == []


def test_over_no_chord_nothing_is_wrong_and_nothing_resolves() -> None:
    changes = Changes((0, 24), (parse_chord("Cmaj7"), NO_CHORD), 48)
    assert found(line((2, 61, 1), (3, 66, 1)), changes) == []
    assert found(line((0, 61, 1.5), (2, 60, 1)), changes) == [(61, False)]


def test_of_a_chord_the_highest_note_is_heard() -> None:
    assert found(line((1, 61, 1), (1, 67, 1))) == []
    assert found(line((1, 60, 1), (1, 61, 1))) == [(61, False)]


@pytest.mark.parametrize(
    ("symbol", "degree", "leans"),
    [
        ("C7", 1, [0]),
        ("C7", 3, [4]),
        ("C7", 6, [7]),
        ("C7", 11, [10, 12]),  # both alike: the guide tone first
        ("Cmaj7", 3, [4]),
        ("C6", 8, [7]),
        ("Cmaj7", 6, [7]),  # nearest
        ("Cm7", 4, [3]),
        ("Cm7", 8, [7]),
        ("Cm7", 11, [12]),
        ("C5", 3, [0]),  # no third to go up to, and nothing within a step
        ("N.C.", 1, []),
    ],
)
def test_what_was_expected(symbol: str, degree: int, leans: list[int]) -> None:
    assert expected(60 + degree, parse_chord(symbol)) == tuple(60 + tone for tone in leans)


def test_what_was_expected_is_a_pitch_that_there_is() -> None:
    assert expected(127, parse_chord("Ab7")) == (126,)  # and not 128 beside it
    assert expected(127, parse_chord("Abm7")) == (126,)


notes = st.builds(Note, st.integers(-200, 400), st.integers(0, 127), st.integers(1, 100), st.integers(1, 127))
chords = st.sampled_from(["C", "G7", "F#m7b5", "Bb7alt", "N.C.", "Asus2", "D5", "Ebmaj7#11", "Caug"]).map(parse_chord)


@given(st.lists(notes, max_size=20), st.lists(chords, min_size=1, max_size=4), st.integers(-300, 600))
def test_every_wrong_note_is_one_of_the_phrase_in_order(played: list[Note], over: list[Chord], now: int) -> None:
    changes = Changes(tuple(range(0, 18 * len(over), 18)), tuple(over), 18 * len(over))
    phrase = Phrase.of(played)
    mistakes = wrong_notes(phrase, changes, now)
    assert [mistake.note for mistake in mistakes] == sorted({mistake.note for mistake in mistakes})
    for mistake in mistakes:
        assert mistake.note in phrase.notes and mistake.over == changes.at(mistake.note.onset)
        assert 0.4 <= mistake.foreign <= 1 and mistake.note.pitch not in mistake.expected
        assert mistake.expected and all(0 <= pitch <= 127 for pitch in mistake.expected)
