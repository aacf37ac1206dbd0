"""Copies: a pattern that was in the training set is found in any key and place; others are not."""

from collections.abc import Callable

import numpy as np
import pytest

from sideslip.music.phrase import Note, Phrase
from sideslip.train.proposer.copies import NOTES, Known, compared
from sideslip.train.solos import Solo

Made = Callable[..., Solo]
STRANGE = Phrase(tuple(Note(5 * i, 60 + 11 * (i % 2) - i % 3, 5) for i in range(12)))


@pytest.fixture(scope="module")
def train(made: Made) -> Solo:
    return made(3)


@pytest.fixture(scope="module")
def known(train: Solo) -> Known:
    return Known.of([train])


def test_a_copy_is_found_in_another_key_and_place(train: Solo, known: Known) -> None:
    copied = Phrase(train.line().notes[20:40]).moved(ticks=7, semitones=5)
    assert known.found([copied], rhythm=False) == known.found([copied], rhythm=True) == (20 - NOTES + 1,) * 2


def test_in_another_rhythm_only_the_intervals_are_found(train: Solo, known: Known) -> None:
    copied = Phrase(tuple(Note(5 * i, note.pitch, 5) for i, note in enumerate(train.line().notes[20:40])))
    assert known.found([copied], rhythm=False) == (13, 13)
    assert known.found([copied], rhythm=True) == (0, 13)


def test_others_are_not_found_and_scraps_have_no_pattern(train: Solo, known: Known) -> None:
    assert known.found([STRANGE], rhythm=False) == (0, 5)
    assert known.found([Phrase(train.line().notes[:7]), Phrase()], rhythm=False) == (0, 0)


def test_one_who_copies_is_told_from_those_held_out(train: Solo, known: Known) -> None:
    line = train.line()
    answers = [(Phrase(line.notes[:20]),) * 2, (Phrase(line.notes[10:30]), STRANGE)]
    found = compared(known, answers, [STRANGE, STRANGE], np.array([0, 1]), False, np.random.default_rng(0))
    assert found["patterns"] == [13 * 3 + 5, 10]
    assert found["model"] == pytest.approx(39 / 44) and found["real"] == 0.0
    assert found["difference"] == pytest.approx(39 / 44)
    low, high = found["interval"]
    assert low == pytest.approx(13 / 18) and high == 1.0
