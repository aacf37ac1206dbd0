"""Answers to a wrong note: four moves worked by hand, and what holds of all of them."""

import json
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sideslip.listen.mistakes import wrong_notes
from sideslip.music.changes import Changes
from sideslip.music.chord import NO_CHORD, parse_chord
from sideslip.music.devices.stand_in import fits
from sideslip.music.dialogue import Idea, Move, Turn, WrongNote
from sideslip.music.meter import Meter
from sideslip.music.phrase import Note, Phrase
from sideslip.music.pitch import HIGHEST, LOWEST
from sideslip.music.tension import CHROMATIC, foreign_at, is_tone
from sideslip.propose.ideas import LicksAlone
from sideslip.propose.licks import LickProposer
from sideslip.propose.mending import mend
from sideslip.propose.moves import Opening, openings

F7 = Changes((0,), (parse_chord("F7"),), 48)
BLUES = Changes((0, 48, 96, 144), tuple(map(parse_chord, ("F7", "Bb7", "F7", "C7"))), 192)
HELD = ((0, 65, 6), (6, 69, 6), (12, 72, 6), (18, 69, 6), (24, 66, 12))
"""F A C A in eighths, and an F# that is held over F7: in ticks from the bar line."""


def turn_after(*played: tuple[int, int, int], changes: Changes = F7, bars: int = 4, dial: float = 0.5) -> Turn:
    """A turn that answers notes (tick, pitch, ticks long) of the bar before it."""
    bar = changes.meter.bar
    call = Phrase(tuple(Note(3 * bar + tick, pitch, long) for tick, pitch, long in played))
    start = 4 * bar
    return Turn(start, start + bars * bar, changes, call, call, dial=dial, mistakes=wrong_notes(call, changes, start))


def opened(turn: Turn, move: Move, middle: float = 68.0) -> list[Opening]:
    assert turn.unresolved is not None
    return [opening for opening in openings(turn, turn.unresolved, middle) if opening.mending.move == move]


def told(opening: Opening, turn: Turn) -> list[tuple[int, int]]:
    """(ticks from the turn's start, pitch) of an opening."""
    return [(note.onset - turn.start, note.pitch) for note in opening.notes]


# ---------------------------------------------------------------- worked by hand


def test_it_is_resolved_for_them_on_the_next_beat_where_soloists_go() -> None:
    turn = turn_after(*HELD)
    (opening,) = opened(turn, "resolve")
    assert told(opening, turn) == [(0, 66), (12, 65)]  # the b9 falls to the root
    assert (opening.mending.note.pitch, opening.mending.over.symbol) == (66, "F7")


@pytest.mark.parametrize(("wrong", "home"), [(68, 69), (61, 60), (64, 63), (71, 72)])
def test_each_degree_goes_its_own_way(wrong: int, home: int) -> None:
    turn = turn_after((0, 65, 6), (12, wrong, 12), (24, 77 if wrong < 70 else 60, 20))
    (opening,) = opened(turn, "resolve", middle=66)
    assert told(opening, turn) == [(0, wrong), (12, home)]


def test_it_begins_in_the_octave_of_the_answer() -> None:
    turn = turn_after(*HELD)
    assert [told(opening, turn)[0][1] for middle in (50, 61, 80) for opening in opened(turn, "resolve", middle)] == [
        54,
        66,
        78,
    ]


def test_a_figure_comes_in_the_register_of_the_answer() -> None:
    turn = turn_after(*HELD)
    for middle, octave in ((56, -12), (68, 0), (80, 12)):
        (opening,) = opened(turn, "echo", middle)
        assert told(opening, turn)[:5] == [(tick, pitch + octave) for tick, pitch, _ in HELD]


def test_the_figure_is_echoed_and_resolved_and_then_played_where_the_wrong_note_is_right() -> None:
    turn = turn_after(*HELD)
    (opening,) = opened(turn, "echo")
    said, copy = told(opening, turn)[:6], told(opening, turn)[6:]
    assert said == [(0, 65), (6, 69), (12, 72), (18, 69), (24, 66), (36, 65)]
    assert [tick for tick, _ in copy] == [48 + tick for tick, _ in said]
    shift = copy[0][1] - 65
    assert shift and [pitch - shift for _, pitch in copy][:5] == [65, 69, 72, 69, 66]
    assert is_tone(copy[4][1], parse_chord("F7")) and is_tone(copy[5][1], parse_chord("F7"))


def test_a_figure_keeps_its_place_in_the_beat() -> None:
    turn = turn_after((6, 69, 6), (12, 72, 6), (18, 69, 6), (24, 66, 12))
    (opening,) = opened(turn, "echo")
    assert told(opening, turn)[:3] == [(0, 72), (6, 69), (12, 66)]  # what began off the beat is left out


def test_a_figure_is_no_longer_than_it_hangs_together() -> None:
    turn = turn_after((0, 60, 6), (24, 69, 6), (30, 72, 6), (36, 66, 11))
    (opening,) = opened(turn, "echo", middle=69)
    assert told(opening, turn)[:3] == [(0, 69), (6, 72), (12, 66)]


def test_it_is_heard_in_the_tritone_substitution_and_falls_into_the_written_chord() -> None:
    turn = turn_after(*HELD, changes=Changes((0, 240), tuple(map(parse_chord, ("F7", "Bb7"))), 480))
    (opening,) = opened(turn, "reharmonise")
    notes, b7 = told(opening, turn), parse_chord("B7")
    assert opening.mending.over == b7
    assert [tick for tick, _ in notes] == [0, 12, 18, 24] and notes[0][1] == 66
    assert all(pitch % 12 in b7.tones for _, pitch in notes[:3])
    assert notes[3][1] % 12 in (9, 3) and abs(notes[3][1] - notes[2][1]) in (1, 2)  # A or Eb


def test_over_a_chord_that_has_it_it_is_no_more_wrong_and_nothing_stands_in() -> None:
    changes = Changes((0, 192), tuple(map(parse_chord, ("F7", "Abm7"))), 384)
    turn = turn_after(*HELD, changes=changes)
    assert opened(turn, "resolve") == []
    (opening,) = opened(turn, "reharmonise")
    assert opening.mending.over.symbol == "Abm7" and opening.notes[0].pitch == 66


def test_it_is_taken_up_in_sequence_and_slipped_back() -> None:
    turn = turn_after(*HELD)
    for shift, opening in zip((1, -1), opened(turn, "commit"), strict=True):
        notes = told(opening, turn)
        assert opening.mending.shift == shift
        assert notes[:5] == [(tick, pitch + shift) for tick, pitch, _ in HELD]
        assert notes[5:10] == [(36 + tick, pitch) for tick, pitch, _ in HELD]
        assert notes[10:] == [(72, 65)]


def test_one_note_alone_is_no_figure() -> None:
    turn = turn_after((24, 66, 12))
    assert [opening.mending.move for opening in openings(turn, turn.unresolved, 68)] == ["resolve", "reharmonise"]  # type: ignore[arg-type]


def test_the_last_wrong_note_is_the_one_that_is_answered() -> None:
    turn = turn_after((0, 66, 12), (12, 72, 6), (24, 68, 12), (36, 65, 8))
    assert [mistake.note.pitch for mistake in turn.mistakes] == [66, 68]
    assert {idea.mending.note.pitch for idea in mend((), turn, 1) if idea.mending} == {68}


def test_nothing_is_mended_where_nothing_is_wrong_or_all_came_home() -> None:
    ideas = LickProposer(4).propose(turn_after((0, 65, 12)), 1)
    assert mend(ideas, turn_after((0, 65, 12)), 1) == ()
    home = turn_after((0, 65, 6), (12, 66, 14), (28, 65, 8))
    assert [mistake.resolved for mistake in home.mistakes] == [True]
    assert mend(ideas, home, 1) == ()


def test_over_no_chord_no_move_is_made() -> None:
    changes = Changes((0, 192), (parse_chord("F7"), NO_CHORD), 384)
    turn = turn_after(*HELD, changes=changes)
    assert turn.unresolved is not None and mend(LickProposer(4).propose(turn, 1), turn, 1) == ()


def test_where_there_is_hardly_a_turn_there_is_no_move() -> None:
    turn = turn_after(*HELD)
    assert mend((), replace(turn, end=turn.start + 12), 1) == ()
    assert {idea.mending.move for idea in mend((), replace(turn, end=turn.start + 24), 1) if idea.mending} == {
        "resolve",
        "reharmonise",
    }


def test_an_answer_goes_on_as_an_idea_does_and_as_loud() -> None:
    turn = turn_after(*HELD)
    line = Phrase(tuple(Note(turn.start + 6 * k, 60 + k % 12, 6, 101) for k in range(20)))
    (answer,) = [
        idea
        for idea in mend((Idea(line, "model"),), turn, 1, varied=False)
        if idea.mending and idea.mending.move == "resolve"
    ]
    assert answer.source == "model" and answer.label == ""
    assert answer.phrase.notes[2:] == line.notes[3:]
    assert {note.velocity for note in answer.phrase} == {101}


def test_an_answer_without_ideas_is_the_move_alone() -> None:
    turn = turn_after(*HELD)
    assert [(idea.mending.move, len(idea.phrase)) for idea in mend((), turn, 1) if idea.mending][:2] == [
        ("resolve", 2),
        ("echo", 12),
    ]


def test_devices_go_out_only_in_what_follows_the_move() -> None:
    turn = turn_after(*HELD)
    ideas = LickProposer().propose(turn, 5)
    plain = {i.mending.move: i.phrase for i in mend(ideas, turn, 5, varied=False) if i.mending}
    made = [idea for idea in mend(ideas, turn, 5) if idea.source == "device"]
    assert {idea.mending.move for idea in made if idea.mending} == {"resolve", "echo", "reharmonise"}
    for idea in made:
        assert idea.label and idea.mending is not None
        opening = opened(turn, idea.mending.move, _middle(ideas))[0]
        assert [n.pitch for n in idea.phrase.notes[: len(opening.notes)]] == [n.pitch for n in opening.notes]
        assert idea.phrase != plain[idea.mending.move]


def _middle(ideas: tuple[Idea, ...]) -> float:
    pitches = [note.pitch for idea in ideas for note in idea.phrase]
    return sum(pitches) / len(pitches)


def test_proposers_make_them_of_their_own_ideas() -> None:
    turn = turn_after(*HELD, changes=BLUES)
    ideas = LicksAlone().propose(turn, 3)
    moves = {idea.mending.move for idea in ideas if idea.mending}
    assert moves == {"resolve", "echo", "reharmonise", "commit"}
    assert LicksAlone().propose(turn, 3) == ideas
    assert not any(idea.mending for idea in LicksAlone().propose(replace(turn, mistakes=()), 3))


# ---------------------------------------------------------------- whatever was played

SYMBOLS = ("F7", "Bb7", "Cmaj7", "Dm7", "G7alt", "Bm7b5", "Ebdim7", "C5", "N.C.", "Caug", "G7sus4")
calls = st.lists(
    st.tuples(st.sampled_from([3, 4, 6, 6, 12, 12, 24, 36]), st.integers(40, 96), st.floats(0.2, 1.0)),
    min_size=1,
    max_size=16,
)


@st.composite
def turns(draw: st.DrawFn) -> Turn:
    meter = draw(st.sampled_from([Meter(4, 4), Meter(3, 4), Meter(5, 4), Meter(6, 8)]))
    cuts = sorted({0, *draw(st.lists(st.integers(1, 60), max_size=6))})
    chords = tuple(parse_chord(draw(st.sampled_from(SYMBOLS))) for _ in cuts)
    changes = Changes(tuple(3 * cut for cut in cuts), chords, 192, meter)
    notes, tick = [], draw(st.integers(0, 24))
    for wait, pitch, share in draw(calls):
        notes.append(Note(tick, pitch, max(1, round(wait * share))))
        tick += wait
    call = Phrase(tuple(notes))
    start = -(-call.end // 12) * 12 + 12 * draw(st.integers(0, 2))
    end = start + draw(st.one_of(st.integers(1, 30), st.sampled_from([48, 96, 192])))
    mistakes = wrong_notes(call, changes, start)
    if not any(not mistake.resolved for mistake in mistakes):  # any note will do for a worst case
        note = draw(st.sampled_from(call.notes))
        mistakes = (*mistakes, WrongNote(note, changes.at(note.onset), 0.9, (), False))
    return Turn(start, end, changes, call, call, dial=draw(st.floats(0, 1)), mistakes=mistakes)


@settings(max_examples=150)
@given(turns(), st.integers(0, 12), st.integers(0, 2**31))
def test_answers_keep_the_promises_of_a_proposer_and_name_what_they_do(turn: Turn, count: int, seed: int) -> None:
    ideas = LickProposer(count).propose(turn, seed)
    made = mend(ideas, turn, seed)
    assert made == mend(ideas, turn, seed) and len(made) <= 8
    assert len({idea.phrase for idea in made}) == len(made)
    for idea in made:
        notes = idea.phrase.notes
        assert idea.phrase.start == turn.start and idea.phrase.end <= turn.end
        assert all(a.onset < b.onset and a.end <= b.onset for a, b in pairwise(notes))
        assert all(note.duration > 0 and LOWEST <= note.pitch <= HIGHEST for note in notes)
        assert idea.answers(turn.unresolved)


@settings(max_examples=150)
@given(turns(), st.floats(50, 86))
def test_every_move_does_what_its_name_says(turn: Turn, middle: float) -> None:
    wrong = turn.unresolved
    assert wrong is not None
    for opening in openings(turn, wrong, middle):
        notes, landing = opening.notes, opening.landing
        before = notes[-2]
        assert is_tone(landing.pitch, turn.changes.at(landing.onset))
        assert abs(landing.pitch - before.pitch) in (1, 2) or opening.mending.move == "echo"
        tone = wrong.note.pitch % 12
        match opening.mending.move:
            case "resolve":
                assert notes[0].pitch % 12 == tone and len(notes) == 2 and landing.onset % 12 == 0
                assert landing.onset - turn.start <= 12
            case "echo":
                assert tone in {note.pitch % 12 for note in notes}
            case "reharmonise":
                assert notes[0].pitch % 12 == tone and landing.onset - turn.start <= 24
                assert fits(notes[0].pitch, opening.mending.over)
                assert all(note.pitch % 12 in opening.mending.over.tones for note in notes[1:-1])
            case "commit":
                assert before.pitch % 12 == tone
                half = (len(notes) - 1) // 2
                moved = {b.pitch - a.pitch for a, b in zip(notes[half:-1], notes[:half], strict=True)}
                assert moved == {opening.mending.shift} and abs(opening.mending.shift) == 1


@settings(max_examples=60)
@given(turns())
def test_a_wrong_note_over_a_chord_is_left_alone_only_where_there_is_no_room(turn: Turn) -> None:
    turn = replace(turn, end=max(turn.end, turn.start + 48))
    over = turn.changes.at(turn.start)
    wrong = turn.unresolved
    assert wrong is not None
    if over.quality == "dom" and len(list(turn.changes.between(turn.start, turn.start + 36))) == 1:
        assert mend((), turn, 0)
        if foreign_at(wrong.note.pitch, turn.start, turn.changes) >= CHROMATIC:
            assert opened(turn, "resolve")


def test_the_script_that_measures_them_finds_every_wrong_note_answered() -> None:
    script = Path(__file__).resolve().parents[2] / "scripts" / "evaluate_mistakes.py"
    command = [sys.executable, str(script), "--seeds", "2", "--licks", "--json"]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout)
    assert found["calls"] == 4
    for told in found["dials"].values():
        assert told["answered_by_a_move"] == 1.0 == pytest.approx(sum(told[move] for move in get_args(Move)))
