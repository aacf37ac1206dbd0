"""A line from under which the harmony moves: it stands by the note that turned out wrong, and comes home from there."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sideslip.music.changes import Changes
from sideslip.music.chord import NO_CHORD, parse_chord
from sideslip.music.devices.amends import WITHIN, amended
from sideslip.music.devices.leading import guide_tones
from sideslip.music.meter import Meter
from sideslip.music.phrase import Note, Phrase
from sideslip.music.tension import CHROMATIC, foreign_at, is_tone

F7, B7 = parse_chord("F7"), parse_chord("B7")
OVER_F = Changes((0,), (F7,), 192)


def moved(start: int, end: int, chord: str = "B7", over: Changes = OVER_F) -> Changes:
    return over.replaced(start, end, parse_chord(chord))


def quarters(*pitches: int, first: int = 0, long: int = 12) -> Phrase:
    return Phrase(tuple(Note(first + 12 * k, pitch, long) for k, pitch in enumerate(pitches)))


def test_the_note_that_turned_out_wrong_stays_and_the_line_is_led_from_it_to_a_guide_tone() -> None:
    line = quarters(69, 65, 72, 72, 69)
    after, (amend,) = amended(line, OVER_F, moved(12, 48), 13, 192)
    assert after.pitches == (69, 65, 73, 75, 69)  # A, and F which is no part of B7; C# and D# instead of C and C
    assert (amend.note, amend.over, amend.landing) == (line.notes[1], B7, after.notes[3])


def test_a_line_is_bent_as_little_as_can_be() -> None:
    line = quarters(69, 65, 64, 67, 69)
    after, _ = amended(line, OVER_F, moved(12, 48), 13, 192)
    assert after.pitches == (69, 65, 63, 67, 69)


def test_a_line_that_comes_home_by_itself_is_left_alone() -> None:
    line = quarters(69, 65, 63, 66, 69)  # F goes to D#, the third of B7
    assert amended(line, OVER_F, moved(12, 48), 13, 192) == (line, ())


def test_where_the_chords_are_the_same_nothing_is_wrong_however_far_out_it_is() -> None:
    line = quarters(66, 68, 64, 66, 68)
    assert amended(line, OVER_F, OVER_F, 0, 192) == (line, ())
    assert amended(line, OVER_F, moved(96, 144), 0, 192) == (line, ())


def test_a_note_that_is_held_while_the_harmony_moves_is_led_on_the_next_beat() -> None:
    line = Phrase((Note(0, 74, 48),))  # D, held; B7 comes in bar 1 on beat 2
    after, (amend,) = amended(line, OVER_F, moved(12, 48), 20, 192)
    assert [(n.onset, n.pitch, n.end) for n in after] == [(0, 74, 24), (24, 75, 36)]
    assert amend.note == line.notes[0] and amend.landing == after.notes[1]


def test_a_guide_tone_that_is_no_step_away_is_led_to_by_a_note_between() -> None:
    line = Phrase((Note(0, 72, 48),))  # C, with B and A of B7 below it
    after, (amend,) = amended(line, OVER_F, moved(12, 48), 20, 192)
    assert [(n.onset, n.pitch, n.end) for n in after] == [(0, 72, 30), (30, 71, 36), (36, 69, 48)]
    assert amend.landing == after.notes[2]


def test_a_last_note_without_room_to_go_anywhere_is_a_chord_tone_instead() -> None:
    line = quarters(69, 69, 65, long=3)
    after, (amend,) = amended(line, OVER_F, moved(12, 48), 13, 27)
    assert after.pitches[:2] == (69, 69) and is_tone(after.pitches[2], B7) and amend.landing == after.notes[2]


def test_a_note_that_has_begun_stays_where_nothing_can_be_done() -> None:
    line = quarters(69, 65)
    assert amended(line, OVER_F, moved(12, 48), 23, 24) == (line, ())


def test_what_was_played_long_ago_is_not_answered_for() -> None:
    line = Phrase((Note(0, 65, 10), Note(84, 63, 6)))
    assert amended(line, OVER_F, moved(0, 96), 48, 192) == (line, ())
    assert amended(line, OVER_F, moved(0, 96), 13, 192)[1]


def test_over_no_chord_nothing_is_wrong() -> None:
    line = quarters(69, 65, 72, 72, 69)
    assert amended(line, OVER_F, OVER_F.replaced(0, 192, NO_CHORD), 0, 192) == (line, ())


SYMBOLS = ("F7", "B7", "Bbmaj7", "Em7", "C7alt", "Dm7b5", "Abdim7", "G", "N.C.", "C5", "Ebsus4")
tables = st.sampled_from(SYMBOLS).map(parse_chord)
lines = st.lists(
    st.tuples(st.integers(1, 12), st.sampled_from([3, 4, 6, 6, 6, 12, 24]), st.integers(-7, 7)), min_size=1, max_size=24
)


@st.composite
def scenes(draw: st.DrawFn) -> tuple[Phrase, Changes, Changes, int, int]:
    """A line, the changes that it was made over, those that came, when that was known, and when it must be over."""
    meter = draw(st.sampled_from([Meter(4, 4), Meter(3, 4), Meter(5, 4)]))
    cuts = sorted({0, *draw(st.lists(st.integers(1, 47), max_size=4))})
    old = Changes(tuple(5 * cut for cut in cuts), tuple(draw(tables) for _ in cuts), 240, meter)
    start = 12 * draw(st.integers(0, 16))
    new = old.replaced(start, start + draw(st.integers(1, 60)), draw(tables))
    notes, tick, pitch = [], 0, 66
    for wait, duration, interval in draw(lines):
        pitch = min(max(pitch + interval, 50), 86)
        notes.append(Note(tick, pitch, min(duration, wait)))
        tick += wait
    line = Phrase(tuple(notes))
    return line, old, new, draw(st.integers(0, line.end)), line.end + draw(st.sampled_from([0, 1, 6, 40]))


@given(scenes())
def test_the_past_stays_the_rhythm_stays_and_it_is_one_line_in_its_time(scene) -> None:
    line, old, new, now, end = scene
    after, amends = amended(line, old, new, now, end)
    assert (after == line) == (not amends)
    assert all(a.onset < b.onset and a.end <= b.onset for a, b in pairwise(after)) and after.end <= end
    assert all(note.duration > 0 and 48 <= note.pitch <= 88 for note in after)
    begun = len(line.between(0, now))
    assert [(n.onset, n.pitch) for n in after.notes[:begun]] == [(n.onset, n.pitch) for n in line.notes[:begun]]
    assert {note.onset for note in line} <= {note.onset for note in after}
    assert [n.end for n in after.notes[: max(0, begun - 1)]] == [n.end for n in line.notes[: max(0, begun - 1)]]


def wrong_for_long(line: Phrase, old: Changes, new: Changes, now: int, end: int) -> list[Note]:
    """Notes still to come over chords that moved which are left by anything but a step home within two beats."""
    found = []
    for index, note in enumerate(line.notes):
        if note.onset < now or old.at(note.onset) == new.at(note.onset):
            continue
        if foreign_at(note.pitch, note.onset, new) < CHROMATIC:
            continue
        ahead = [n for n in line.notes[index + 1 :] if n.onset <= note.onset + WITHIN]
        steps = zip(line.notes[index:], ahead, strict=False)
        if not any(abs(a.pitch - b.pitch) in (1, 2) and is_tone(b.pitch, new.at(b.onset)) for a, b in steps):
            found.append(note)
    return found


@given(scenes())
def test_no_note_over_the_new_chord_stays_open_for_more_than_two_beats(scene) -> None:
    line, old, new, now, end = scene
    assume(all(chord.quality != "NC" and len(chord.tones) > 3 for chord in (*old.chords, *new.chords)))
    after, _ = amended(line, old, new, now, end)
    assert wrong_for_long(after, old, new, now, end) == []


@given(scenes())
def test_what_was_mended_needs_no_more_mending(scene) -> None:
    line, old, new, now, end = scene
    after, amends = amended(line, old, new, now, end)
    for amend in amends:
        ticks = range(amend.note.onset, amend.note.end)
        assert max(foreign_at(amend.note.pitch, tick, new) for tick in ticks) >= CHROMATIC
        assert is_tone(amend.landing.pitch, new.at(amend.landing.onset))
    again, _ = amended(after, old, new, now, end)
    assert again == after


@pytest.mark.parametrize("chord", ["B7", "Em7", "Emaj7", "F#m7b5", "Dbdim7"])
def test_home_is_a_guide_tone_where_the_line_has_notes_enough(chord: str) -> None:
    eighths = Phrase(tuple(Note(6 * k, p, 6) for k, p in enumerate((65, 69, 72, 75, 74, 72, 70, 69, 67, 65, 63, 65))))
    after, amends = amended(eighths, OVER_F, moved(0, 96, chord), 1, 192)
    assert amends
    for amend in amends:
        assert amend.landing.pitch % 12 in guide_tones(parse_chord(chord))
        assert amend.landing.onset - amend.note.onset <= WITHIN
    assert replace(after.notes[0], pitch=0) == replace(eighths.notes[0], pitch=0)
