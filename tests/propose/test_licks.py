"""Licks: inside lines that keep the proposer's promises over any changes."""

from collections import Counter
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sideslip.music import chord as grammar
from sideslip.music.changes import Changes
from sideslip.music.chord import Chord, parse_chord
from sideslip.music.dialogue import Turn
from sideslip.music.meter import Meter
from sideslip.music.phrase import Note, Phrase
from sideslip.music.pitch import HIGHEST, LOWEST
from sideslip.propose.cells import CELLS, LONGEST, SPAN, place
from sideslip.propose.licks import LickProposer
from sideslip.propose.proposer import Proposer

BLUES = "Bb7 Eb7 Bb7 Bb7 Eb7 Eb7 Bb7 G7b9 Cm7 F7 Bb7 F7"
SYMBOLS = (
    "C6",
    "Dbmaj7",
    "Dm7",
    "Eb7",
    "E7alt",
    "F#m7b5",
    "G13b9",
    "Abdim7",
    "A7b9",
    "Bb",
    "Bm",
    "C7sus4",
    "Faug",
    "C5",
)
CALL = Phrase(
    tuple(Note(48 + at, pitch, 5, 96) for at, pitch in ((6, 74), (12, 77), (18, 74), (36, 72), (42, 70), (60, 65)))
)


def bars(symbols: str, meter: Meter = Meter()) -> Changes:
    """One chord a bar; one that stays is not struck again."""
    names = symbols.split()
    starts = [i for i, name in enumerate(names) if i == 0 or names[i - 1] != name]
    chords = tuple(parse_chord(names[i]) for i in starts)
    return Changes(tuple(i * meter.bar for i in starts), chords, len(names) * meter.bar, meter)


def spellings(table: dict[str, tuple[tuple[int, int | None], ...]]) -> list[str]:
    """Nothing, or one spelling for everything that tokens of a kind can mean."""
    return ["", *{meaning: token for token, meaning in reversed(table.items())}.values()]


TRIADS, NUMBERS = spellings(grammar._TRIADS), spellings(grammar._NUMBERS)
SUSPENSIONS, ALTERATIONS = spellings(grammar._SUSPENSIONS), spellings(grammar._ALTERATIONS)
MAJORS = ("", "maj", "Δ")


def suffix(triad: str, major: str, suspension: str, number: str, *alterations: str) -> str:
    return "".join((triad, major, suspension, number, *(f"({alteration})" for alteration in alterations if alteration)))


suffixes = st.builds(
    suffix,
    *(st.sampled_from(tokens) for tokens in (TRIADS, MAJORS, SUSPENSIONS, NUMBERS, ALTERATIONS, ALTERATIONS)),
)
symbols = st.builds("{}{}".format, st.sampled_from(("C", "F#", "Bb")), suffixes)


def every_chord() -> list[Chord]:
    """All that the grammar can say of C with one alteration, each once."""
    said = product(TRIADS, MAJORS, SUSPENSIONS, NUMBERS, ALTERATIONS)
    chords = [parse_chord("C" + suffix(*tokens)) for tokens in said]
    return list({(chord.quality, chord.tones, chord.scale): chord for chord in chords}.values())


@st.composite
def calls(draw: st.DrawFn) -> Phrase:
    """Anything that may have been heard, or a run of triplets or faster."""
    pitches, velocities = st.integers(21, 108), st.integers(1, 127)
    if draw(st.booleans()):
        each = draw(st.sampled_from((2, 3, 4)))
        return Phrase(tuple(Note(-96 + each * i, 60 + i % 7, each) for i in range(draw(st.integers(12, 48)))))
    heard = draw(st.lists(st.tuples(st.integers(-96, 96), pitches, velocities), max_size=12))
    return Phrase.of(Note(tick, pitch, 6, velocity) for tick, pitch, velocity in heard)


@st.composite
def turns(draw: st.DrawFn) -> Turn:
    """A turn of a few ticks to sixteen bars anywhere in a tune of any chords and metre, after any call."""
    meter = Meter(*draw(st.sampled_from(((4, 4), (1, 4), (3, 4), (5, 4), (7, 8), (12, 8), (2, 2)))))
    names = draw(st.lists(st.sampled_from((*SYMBOLS, "N.C.")) | symbols, min_size=1, max_size=8))
    start, call = draw(st.integers(-2, 8)) * meter.bar, draw(calls())
    ticks = draw(st.integers(1, 16).map(meter.bar.__mul__) | st.integers(1, 2 * meter.bar))
    return Turn(start, start + ticks, bars(" ".join(names), meter), call, call, call)


@settings(deadline=None)
@given(turns(), st.integers(0, 2**32 - 1))
def test_every_lick_begins_on_time_ends_in_time_and_is_one_line(turn: Turn, seed: int) -> None:
    proposer: Proposer = LickProposer(count=4)
    ideas = proposer.propose(turn, seed)
    assert len(ideas) == 4
    for idea in ideas:
        assert idea.source == "lick" and not idea.label
        assert idea.phrase.start == turn.start and idea.phrase.end <= turn.end
        assert all(a.onset < b.onset and a.end <= b.onset for a, b in pairwise(idea.phrase))
        assert all(note.duration > 0 and 1 <= note.velocity <= 127 for note in idea.phrase)
        assert all(LOWEST <= pitch <= HIGHEST for pitch in idea.phrase.pitches)


def test_the_same_seed_gives_the_same_ideas_whatever_came_before() -> None:
    proposer, turn = LickProposer(), Turn(96, 288, bars(BLUES), CALL)
    first = proposer.propose(turn, 5)
    assert proposer.propose(turn, 6) != first
    assert proposer.propose(turn, 5) == first == LickProposer().propose(turn, 5)


def test_an_empty_turn_has_no_ideas() -> None:
    assert LickProposer().propose(Turn(96, 96, bars(BLUES)), 1) == ()


@pytest.fixture(scope="module")
def choruses() -> list[tuple[Turn, Phrase]]:
    """Answers of four bars all over a blues, many of them."""
    turns_ = [Turn(48 * bar, 48 * bar + 192, bars(BLUES), CALL) for bar in range(12)]
    return [(turn, idea.phrase) for seed, turn in enumerate(turns_) for idea in LickProposer().propose(turn, seed)]


def test_over_a_blues_nine_notes_in_ten_are_in_the_chord_scale(choruses: list[tuple[Turn, Phrase]]) -> None:
    inside = [note.pitch % 12 in turn.changes.at(note.onset).scale for turn, phrase in choruses for note in phrase]
    assert sum(inside) / len(inside) >= 0.9


def test_a_note_outside_the_scale_is_an_approach(choruses: list[tuple[Turn, Phrase]]) -> None:
    for turn, phrase in choruses:
        for a, b in pairwise(phrase):
            if a.pitch % 12 not in turn.changes.at(a.onset).scale:
                assert abs(b.pitch - a.pitch) <= 2


def test_new_chords_are_met_on_guide_tones_more_often_than_not(choruses: list[tuple[Turn, Phrase]]) -> None:
    met = Counter(
        (note.pitch - turn.changes.at(note.onset).root) % 12 in (3, 4, 10)
        for turn, phrase in choruses
        for a, note in pairwise(phrase)
        if turn.changes.at(a.onset) != turn.changes.at(note.onset)
    )
    assert met[True] > 2 * met[False]


def test_lines_move_like_lines(choruses: list[tuple[Turn, Phrase]]) -> None:
    intervals = sorted(abs(b.pitch - a.pitch) for _, phrase in choruses for a, b in pairwise(phrase))
    assert intervals[len(intervals) * 90 // 100] <= 5 and intervals[len(intervals) * 99 // 100] <= 10
    assert sum(interval == 0 for interval in intervals) < len(intervals) / 50


def test_a_line_ends_on_a_chord_tone_in_the_last_bar_and_leaves_a_breath(choruses: list[tuple[Turn, Phrase]]) -> None:
    for turn, phrase in choruses:
        last = phrase.notes[-1]
        assert last.onset >= turn.end - 48 and phrase.end <= turn.end - 12
        assert last.pitch % 12 in turn.changes.at(last.onset).tones


@pytest.mark.parametrize("meter", [Meter(4, 4), Meter(3, 4), Meter(5, 4)], ids=str)
def test_an_answer_of_one_bar_leaves_a_breath_too(meter: Meter) -> None:
    turn = Turn(meter.bar, 2 * meter.bar, bars(BLUES, meter), CALL)
    for idea in LickProposer().propose(turn, 1):
        assert len(idea.phrase) >= 2 and idea.phrase.end <= turn.end - 12
        assert idea.phrase.notes[-1].duration >= 6


def test_a_long_line_breathes() -> None:
    long = [idea.phrase for idea in LickProposer().propose(Turn(0, 384, bars(BLUES), CALL), 3)]
    assert all(any(b.onset - a.end >= 6 for a, b in pairwise(phrase)) for phrase in long)


def test_the_register_follows_the_partner_else_the_call_else_the_middle() -> None:
    def middle(turn: Turn) -> float:
        pitches = [note.pitch for idea in LickProposer().propose(turn, 2) for note in idea.phrase]
        assert max(pitches) - min(pitches) <= 2 * SPAN
        return sum(pitches) / len(pitches)

    low, high = CALL.moved(semitones=-11), CALL.moved(semitones=6)
    chart = bars(BLUES)
    assert middle(Turn(96, 288, chart, low)) < middle(Turn(96, 288, chart)) < middle(Turn(96, 288, chart, high))
    own = Phrase.of((*low.notes, *low.moved(96).notes))
    assert middle(Turn(96, 288, chart, high, partner=own)) < middle(Turn(96, 288, chart))


def test_a_busy_call_gets_a_busier_answer_and_its_dynamics() -> None:
    def answer(every: int, velocity: int) -> Counter[str]:
        call = Phrase(tuple(Note(tick, 70, every, velocity) for tick in range(0, 96, every)))
        notes = [note for idea in LickProposer().propose(Turn(96, 288, bars(BLUES), call), 4) for note in idea.phrase]
        return Counter(notes=len(notes), loudness=sum(note.velocity for note in notes) // len(notes))

    quiet, busy = answer(24, 60), answer(6, 100)
    assert busy["notes"] > 1.4 * quiet["notes"]
    assert abs(quiet["loudness"] - 60) < 5 and abs(busy["loudness"] - 100) < 5


def test_every_third_answer_takes_over_the_rhythm_of_the_call() -> None:
    turn = Turn(144, 336, bars(BLUES), CALL)
    answers = [[note.onset - 144 for note in idea.phrase] for idea in LickProposer(6).propose(turn, 1)]
    rhythm = [0, 12, 18, 36, 42, 60]  # the pick-up of the call begins on the beat in the answer
    assert [answer[:6] == rhythm for answer in answers] == [False, True, False, False, True, False]


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_every_chord_has_cells_of_every_length_that_end_on_a_chord_tone(symbol: str) -> None:
    chord = parse_chord(symbol)
    for notes in range(1, LONGEST + 1):
        placed = place(chord, notes, 70)
        assert placed.pitches.shape[1] == notes and len(set(placed.cell.tolist())) >= min(4, len(CELLS[notes - 1]))
        assert not placed.open_end.all()
        assert placed.pitches.min() >= 70 - SPAN and placed.pitches.max() <= 70 + SPAN


@pytest.mark.parametrize("symbol", ["C6sus2", "C6#9", "Cm6sus2", "C69#9", "Csus2#5"])
def test_a_chord_without_a_cell_of_six_takes_a_run_of_triplets_in_shorter_ones(symbol: str) -> None:
    assert not len(place(parse_chord(symbol), 6, 70).pitches)
    call = Phrase(tuple(Note(4 * i, 70, 4) for i in range(12)))
    answer = LickProposer(2).propose(Turn(48, 144, bars(f"{symbol} {symbol}"), call), 1)[1].phrase
    assert [note.onset for note in answer][:6] == [48, 52, 56, 60, 64, 68]
    assert answer.notes[-1].pitch % 12 in parse_chord(symbol).tones


def test_every_chord_of_the_grammar_can_be_answered_and_left_on_a_chord_tone() -> None:
    for chord in every_chord():
        fits = [place(chord, notes, middle) for notes in range(1, LONGEST + 1) for middle in (60, 78)]
        assert len(fits[0].pitches) and len(fits[1].pitches), chord.symbol
        for placed in fits:
            assert not len(placed.pitches) or not placed.open_end.all(), chord.symbol
            assert ((placed.pitches >= LOWEST) & (placed.pitches <= HIGHEST)).all()


def test_cells_are_what_they_say() -> None:
    placed = place(parse_chord("G7"), 4, 70)
    lines = {tuple(line) for line in placed.pitches.tolist()}
    assert (67, 69, 71, 74) in lines, "1 2 3 5"
    assert (71, 74, 77, 81) in lines, "3 5 7 9"
    assert (72, 70, 71, 74) in lines, "the third enclosed, then the fifth"
