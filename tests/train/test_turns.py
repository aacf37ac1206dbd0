"""A solo shared out between two players: every note has its turn, ends lie in rests, wishes say what was played."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sideslip.propose import tokens
from sideslip.propose.ground import FAR
from sideslip.propose.wishes import FREE, WISHES, wish_row
from sideslip.train.pieces import Piece
from sideslip.train.solos import Solo
from sideslip.train.turns import likeness, take_turns, taken_turns

Made = Callable[..., Solo]
COLUMN = {name: index for index, name in enumerate(tokens.INPUT)}


@pytest.fixture(scope="module")
def piece(made: Made) -> Piece:
    return Piece.of(made(3), outside=np.linspace(0, 1, 120))


@settings(max_examples=60, deadline=None)
@given(start=st.integers(0, 118), length=st.integers(1, 60), seed=st.integers(0, 10**6))
def test_turns_are_whole_phrases_that_end_in_a_rest(piece: Piece, start: int, length: int, seed: int) -> None:
    end = min(start + length, len(piece))
    turns = take_turns(piece, start, end, 0, 0.5, np.random.default_rng(seed))
    assert turns[0].first <= start and turns[-1].last >= end
    onset, duration = piece.line.onset, piece.line.duration
    for turn, following in zip(turns, [*turns[1:], None], strict=True):
        assert turn.first == 0 or piece.phrase[turn.first] != piece.phrase[turn.first - 1]
        if turn.ends != FAR:
            assert turn.ends >= onset[turn.last - 1] + min(duration[turn.last - 1], 1)
        if following is not None:
            assert (following.first, following.who) == (turn.last, 1 - turn.who)
            assert turn.ends in (FAR, *range(int(onset[turn.last]) + 1))


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
