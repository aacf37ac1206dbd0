"""A solo shared out between two players: every note has its turn, ends lie in rests, wishes say what was played."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sideslip.propose import tokens
from sideslip.propose.ground import FAR
from sideslip.propose.tokens import Ints, Turns
from sideslip.propose.wishes import FREE, WISHES, wish_row
from sideslip.train.pieces import Piece
from sideslip.train.solos import Solo
from sideslip.train.turns import ENDS_TOLD, OPEN_END, UNASKED, WISHES_TOLD, likeness, take_turns, taken_turns

Made = Callable[..., Solo]
COLUMN = {name: index for index, name in enumerate(tokens.INPUT)}


@pytest.fixture(scope="module")
def piece(made: Made) -> Piece:
    return Piece.of(made(3), outside=np.linspace(0, 1, 120))


@pytest.fixture(scope="module")
def held(made: Made) -> Piece:
    """A piece whose notes are held on into the next."""
    return Piece.of(made(3, duration_beats=np.full(120, 4.0)))


def rest_after(piece: Piece, last: int) -> tuple[int, int]:
    """The ticks at which the note before a note is over, and at which that note begins."""
    onset, duration = piece.line.onset, piece.line.duration
    over = int(onset[last - 1] + duration[last - 1])
    resumed = int(onset[last]) if last < len(onset) else over + OPEN_END
    return min(over, resumed), resumed


def bar_lines(piece: Piece, over: int, resumed: int) -> list[int]:
    """The bar lines of a rest."""
    return [tick for tick in range(over, resumed + 1) if tick % 12 == 0 and piece.ground.beat(np.array([tick]))[0] == 0]


@settings(max_examples=60, deadline=None)
@given(start=st.integers(0, 118), length=st.integers(1, 60), seed=st.integers(0, 10**6))
def test_turns_are_whole_phrases_that_end_in_a_rest(piece: Piece, start: int, length: int, seed: int) -> None:
    end = min(start + length, len(piece))
    turns = take_turns(piece, start, end, 0, 0.5, np.random.default_rng(seed))
    assert turns[0].first <= start and turns[-1].last >= end
    onset = piece.line.onset
    for turn, following in zip(turns, [*turns[1:], None], strict=True):
        assert turn.first == 0 or piece.phrase[turn.first] != piece.phrase[turn.first - 1]
        if turn.ends != FAR:
            over, resumed = rest_after(piece, turn.last)
            assert over <= turn.ends <= resumed
            bars = bar_lines(piece, over, resumed)
            assert not bars or turn.ends in bars
        if following is not None:
            assert (following.first, following.who) == (turn.last, 1 - turn.who)
            assert turn.ends in (FAR, *range(int(onset[turn.last]) + 1))


def test_no_turn_ends_in_its_last_note_or_in_the_next_turn(held: Piece, piece: Piece) -> None:
    for seed in range(20):
        turns = take_turns(held, 0, 120, 0, 0.5, np.random.default_rng(seed))
        assert all(turn.ends in (FAR, rest_after(held, turn.last)[1]) for turn in turns[:-1])
    rests = [rest_after(piece, turn.last) for turn in take_turns(piece, 0, 120, 0, 0.5, np.random.default_rng(0))[:-1]]
    with_bar = [bool(bar_lines(piece, *rest)) for rest in rests]
    assert any(with_bar) and not all(with_bar)  # so that both kinds of rest are tried above


def test_of_so_many_turns_the_end_and_the_wishes_are_told(piece: Piece) -> None:
    turns = [t for seed in range(30) for t in take_turns(piece, 0, 120, 2, WISHES_TOLD, np.random.default_rng(seed))]
    ends = np.mean([turn.ends != FAR for turn in turns])
    assert 0 < ends < 1 and ends == pytest.approx(ENDS_TOLD, abs=0.08)
    told = np.array([turn.wish != FREE for turn in turns]).mean(0)
    assert (np.abs(told - WISHES_TOLD) < 0.1).all()
    for turn in turns:
        played = wish_row(likeness(piece, turn.first, turn.last, 2))
        assert ((turn.wish == FREE) | (turn.wish == played)).all()


def shared(piece: Piece, seeds: int, imagined: bool = False) -> list[tuple[Ints, Turns]]:
    """The same notes shared out many times."""
    return [taken_turns(piece, 20, 90, 0, np.random.default_rng(seed), imagined) for seed in range(seeds)]


def test_an_answer_is_awaited_as_often_in_its_own_turn_as_in_the_turn_before(piece: Piece) -> None:
    own = []
    for before, turns in shared(piece, 40):
        (begins,) = np.nonzero(before[1:] != before[:-1])  # the first notes of turns but of one at the very end
        rows = np.column_stack((turns.who, turns.ends, turns.wishes))
        for note in begins[(begins > 0) & ~np.isin(begins - 1, begins) & ~np.isin(begins + 1, begins)]:
            own.append(turns.who[note] != before[note])
            assert (rows[note] == rows[note + 1 if own[-1] else note - 1]).all()
    assert len(own) > 100 and np.mean(own) == pytest.approx(0.5, abs=0.12)


def test_in_so_many_crops_nothing_is_wished_for_unless_it_is_imagined(piece: Piece) -> None:
    unasked = np.mean([(turns.wishes == FREE).all() for _, turns in shared(piece, 300)])
    assert 0 < unasked < 1 and unasked == pytest.approx(UNASKED, abs=0.09)
    assert not any((turns.wishes == FREE).all() for _, turns in shared(piece, 100, imagined=True))


def test_imagined_wishes_may_be_for_anything_but_for_nothing_more_often(piece: Piece) -> None:
    wishes = np.concatenate([turns.wishes for _, turns in shared(piece, 300, imagined=True)])
    for column, size in zip(wishes.T, WISHES.values(), strict=True):
        assert set(column) == set(range(size))  # of one solo; what was played has one style
        asked = column[column != size - 1]
        assert np.bincount(asked).min() > 0.5 * len(asked) / (size - 1)
        assert len(asked) / len(column) == pytest.approx(WISHES_TOLD, abs=0.05)


@settings(max_examples=40, deadline=None)
@given(start=st.integers(0, 100), seed=st.integers(0, 10**6), semitones=st.integers(-6, 6))
def test_rows_tell_who_played_and_who_is_awaited(piece: Piece, start: int, seed: int, semitones: int) -> None:
    end = min(start + 40, len(piece))
    rows, free = piece.cut(start, end, semitones), piece.cut(start, end, semitones)
    piece.share(rows, start, *taken_turns(piece, start, end, semitones, np.random.default_rng(seed)))
    speaker, turn = (rows.inputs[:, COLUMN[name]] for name in ("speaker", "turn"))
    fresh = piece.phrase[start:end] != np.concatenate(
        (piece.phrase[[max(0, start - 1)]], piece.phrase[start : end - 1])
    )
    assert (turn[~fresh] == speaker[~fresh]).all()  # within a phrase, who has played goes on
    for name in ("pitch", "shift", "root", "degree", "interval"):
        assert np.array_equal(rows.inputs[:, COLUMN[name]], free.inputs[:, COLUMN[name]])
    for name, size in WISHES.items():
        column = rows.inputs[:, COLUMN[f"wish_{name}"]]
        assert ((column >= 0) & (column < size)).all()


def test_a_wish_says_what_the_turn_is_like(piece: Piece) -> None:
    wish = likeness(piece, 10, 20, semitones=2)
    line = piece.line
    beats = (line.onset[19] + line.duration[19] - line.onset[10]) / 12
    assert wish.density == pytest.approx(10 / beats)
    assert wish.register == pytest.approx(line.pitch[10:20].mean() + 2)
    assert wish.outside == pytest.approx(np.linspace(0, 1, 120)[10:20].mean())
    assert wish.style == "COOL"


def test_nothing_is_wished_where_nobody_can_say(made: Made) -> None:
    unknown = likeness(Piece.of(made(1, style="OTHER")), 0, 10)
    assert unknown.outside is None and unknown.style is None
    assert wish_row(unknown)[[0, 3]].tolist() == FREE[[0, 3]].tolist()
