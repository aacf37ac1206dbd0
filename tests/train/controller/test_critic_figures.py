"""The critic's figures and those of look-ahead, where they can be told by hand."""

from collections.abc import Callable

import numpy as np
import pytest

from sideslip.outside.critic import Critic
from sideslip.propose.engine import Engine
from sideslip.propose.sampling import Sampler
from sideslip.testing.weights import TINY, random_weights
from sideslip.train.controller import critic, resolvability
from sideslip.train.critic.examples import KINDS, Examples
from sideslip.train.critic.look_ahead import WAYS, foretold
from sideslip.train.solos import Solo

GRAM, OWN = KINDS.index("n-gram T=1.0"), KINDS.index("model T=1.0")
LIKES_LEAPS = Critic(("leaps",), np.zeros(1), np.ones(1), np.ones((1, 1)), np.zeros(1), np.ones(1))


def generator() -> np.random.Generator:
    return np.random.default_rng(0)


def examples(repeated: int) -> Examples:
    """Of every phrase a real line with one leap, one of the tables with none and one of the proposer with two; the
    last surprises the proposer as the real one does, the first more."""
    kind = np.tile([0, GRAM, OWN], repeated)
    leaps = np.tile([1.0, 0.0, 2.0], repeated).astype(np.float32)[:, None]
    phrase = np.repeat(np.arange(repeated), 3)
    return Examples(("leaps",), leaps, kind, phrase, phrase // 5, np.tile([2.0, 3.0, 2.05], repeated))


def test_kinds_count_alike_and_pairs_that_surprise_alike_by_themselves() -> None:
    found = critic.figures(examples(critic.FEWEST), LIKES_LEAPS, generator())

    def value(name: str) -> float:
        figure = found[name]
        assert isinstance(figure, dict)
        return float(figure["value"])

    assert value("critic_win") == 0.5  # all of the tables' lines are told, none of the proposer's
    assert value("likelihood_win") == 1.0
    assert value("critic_gain") == -0.5
    assert value("critic_win_alike") == value("critic_win_own_alike") == 0.0
    assert value("likelihood_win_alike") == 1.0
    assert found["critic_pairs"] == 2 * critic.FEWEST
    assert found["critic_pairs_alike"] == found["critic_pairs_own_alike"] == critic.FEWEST


def test_a_kind_of_which_few_pairs_surprise_alike_has_no_say_there() -> None:
    found = critic.figures(examples(critic.FEWEST - 1), LIKES_LEAPS, generator())
    assert found["critic_win_alike"] is None and found["critic_win"] is not None


def test_without_an_opinion_half_of_all_pairs_are_won() -> None:
    figure = critic.figures(examples(10), Critic.unlearnt(), generator())["critic_win"]
    assert figure == {"value": 0.5, "ci_low": 0.5, "ci_high": 0.5}


def test_looking_ahead_tells_chances_and_what_came(made: Callable[..., Solo]) -> None:
    solo = made(3, notes=80, pitch=60 + np.arange(80) % 12)  # up by semitones: every foreign note steps on
    found = foretold(solo, Sampler(Engine(TINY, random_weights())), generator(), 3)
    assert found is not None
    for way in WAYS:
        assert ((found.likely[way] >= 0) & (found.likely[way] <= 1)).all()
        assert len(found.likely[way]) == len(found.came[way]) > 3
    assert (found.likely["k=2"] >= found.likely["k=1"]).all()
    assert (found.came["k=2"] | ~found.came["k=1"]).all()
    assert found.came["k=1"].any()


def test_a_solo_without_foreign_notes_tells_nothing(made: Callable[..., Solo]) -> None:
    solo = made(3, notes=30, chord=("C",) * 200, harm=("C",) * 200, pitch=np.full(30, 60))
    assert foretold(solo, Sampler(Engine(TINY, random_weights())), generator()) is None


def test_figures_of_looking_ahead_are_of_all_solos(made: Callable[..., Solo]) -> None:
    solos = [made(seed, notes=60) for seed in range(2)]
    said: list[str] = []
    found = resolvability.figures(solos, Engine(TINY, random_weights()), 5, generator(), said.append)
    assert said == ["looked ahead in 2 of 2 solos"]
    for way in ("k1", "k2", "rollouts"):
        error = found[f"resolvability_{way}_calibration_error"]
        assert isinstance(error, dict) and 0 <= error["value"] <= 1


@pytest.mark.parametrize(("likely", "came", "error"), [([0.2, 0.2], [0, 0], 0.2), ([0.25, 0.75], [0, 1], 0.25)])
def test_calibration_is_by_bins(likely: list[float], came: list[int], error: float) -> None:
    told = resolvability._error_of(np.array(likely), np.array(came))
    assert told(np.arange(2)) == pytest.approx(error)
