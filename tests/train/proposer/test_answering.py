"""Answers: bits after a call, and likeness to it."""

import math
from collections.abc import Callable

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from sideslip.propose import tokens  # noqa: E402
from sideslip.propose.checkpoint import ModelConfig  # noqa: E402
from sideslip.propose.transformer import LineModel  # noqa: E402
from sideslip.train.pieces import Piece  # noqa: E402
from sideslip.train.proposer import answering  # noqa: E402
from sideslip.train.proposer.answering import FEWEST_NOTES, bits, call_counts, pairs  # noqa: E402
from sideslip.train.solos import Solo  # noqa: E402

pytestmark = pytest.mark.torch

Made = Callable[..., Solo]
SHAPE = ModelConfig(width=16, layers=1, heads=2, context=192)


def even() -> LineModel:
    """A model to which everything is equally likely."""
    model = LineModel(SHAPE).eval()
    for weight in model.parameters():
        torch.nn.init.zeros_(weight)
    return model


@pytest.fixture(scope="module")
def solos(made: Made) -> list[Solo]:
    return [made(seed, notes=200) for seed in range(4)]


def test_a_pair_is_a_phrase_and_the_next(solos: list[Solo]) -> None:
    found = pairs(solos, np.random.default_rng(0))
    assert len({pair.solo.id for pair in found}) == 4
    for pair in found:
        phrase = pair.solo.phrase
        assert len(set(phrase[slice(*pair.call)])) == 1
        assert set(phrase[pair.call[1] : pair.end]) == {phrase[pair.call[1] - 1] + 1}
        assert min(pair.call[1] - pair.call[0], pair.end - pair.call[1]) >= FEWEST_NOTES


def test_to_whom_all_is_equally_likely_no_call_counts(solos: list[Solo]) -> None:
    found = pairs(solos, np.random.default_rng(0))
    pair = found[0]
    notes = pair.end - pair.call[1]
    shift, duration, pitch = bits(even(), pair, found[-1])
    assert shift == pytest.approx((notes - 1) * math.log2(len(tokens.SHIFTS)), rel=1e-5)
    assert duration == pytest.approx((notes - 1) * math.log2(len(tokens.DURATIONS)), rel=1e-5)
    assert pitch == pytest.approx(notes * math.log2(tokens.PITCHES), rel=1e-5)
    figures = call_counts(even(), found, np.random.default_rng(0))
    assert figures["more_after_another_solos"]["bits_a_note"] == pytest.approx(0, abs=1e-6)
    assert figures["answers"] == len(found) and figures["solos"] == 4


def test_strangers_are_moved_by_whole_beats_to_just_before_the_answer(solos: list[Solo]) -> None:
    found = pairs(solos, np.random.default_rng(0))
    for pair in found:
        onsets = pair.solo.onset_ticks
        for caller in found:
            moved = answering._moved(pair, caller)
            by = moved - caller.solo.onset_ticks[slice(*caller.call)]
            assert len(set(by.tolist())) == 1 and by[0] % 12 == 0
            assert moved[-1] < onsets[pair.call[1]] and abs(moved[-1] - onsets[pair.call[1] - 1]) <= 12
        assert np.array_equal(answering._moved(pair, pair), onsets[slice(*pair.call)])


def test_the_player_calls_and_the_partner_answers(solos: list[Solo]) -> None:
    names = list(tokens.INPUT)
    seen = []

    class Listener:
        def __call__(self, inputs, targets, answers, *views):
            seen.append(inputs[0].numpy())
            sizes = (len(tokens.SHIFTS), len(tokens.DURATIONS), tokens.PITCHES, len(tokens.VELOCITIES))
            return tuple(torch.zeros(1, inputs.shape[1], size) for size in sizes)

    answering._foretold(Listener(), Piece.of(solos[0]), 5)
    (rows,) = seen
    speaker, turn = rows[:, names.index("speaker")], rows[:, names.index("turn")]
    assert not speaker[:6].any() and speaker[6:].all()  # of the note before, the first row's being silence
    assert not turn[:5].any() and turn[5:].all()
    assert (rows[:, names.index("left")] == tokens.LEFT - 1).all()


def test_a_call_from_elsewhere_shares_nothing_with_the_pair(solos: list[Solo]) -> None:
    found = [pair for pair in pairs(solos, np.random.default_rng(0)) if pair.solo.id == solos[0].id]
    for pair in found:
        for other in found:
            notes, taken = set(range(*other.call)), set(range(pair.call[0], pair.end))
            assert answering._apart(other, pair) == (not notes & taken)
