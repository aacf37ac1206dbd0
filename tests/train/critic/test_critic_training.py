"""From solos to a critic: examples, a net, and one that tells what it was taught."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sideslip.outside.critic import load_critic
from sideslip.outside.tables import ListeningTables
from sideslip.outside.traits import known
from sideslip.propose.engine import Engine
from sideslip.testing.weights import TINY, random_weights
from sideslip.train.critic.examples import FEWEST, KINDS, Examples, Judges, of_solo
from sideslip.train.critic.fitting import Fit, alike, balanced, learn, pairs
from sideslip.train.critic.gather import phrases_of, read_examples, write_examples
from sideslip.train.folds import fold_of
from sideslip.train.solos import Solo

ENGINE = Engine(TINY, random_weights())


def quiet(_: str) -> None:
    pass


@pytest.fixture(scope="module")
def found(made: Callable[..., Solo]) -> Examples:
    judges = Judges(ENGINE, ListeningTables.unlearnt(), phrases_of([made(9)]))
    examples = of_solo(made(1), 7, judges, np.random.default_rng(0))
    assert examples is not None
    return examples


def test_every_phrase_has_its_negatives(found: Examples, made: Callable[..., Solo]) -> None:
    solo = made(1)
    _, lengths = np.unique(solo.phrase, return_counts=True)
    assert found.phrase.max() + 1 == (lengths[1:] >= FEWEST).sum()
    for phrase in range(found.phrase.max() + 1):
        kinds = found.kind[found.phrase == phrase]
        assert (kinds == 0).sum() == 1 and kinds[0] == 0
        named = {KINDS[kind] for kind in kinds}
        assert {"n-gram T=1.0", "model T=1.0", "1 wrong note", "4 wrong in a row", "transposed"} <= named
    assert set(found.names) == known() and found.traits.shape == (len(found.kind), len(found.names))
    assert (found.solo == 7).all() and np.isfinite(found.bits).all()


def test_transposed_phrases_move_as_the_real_ones_do(found: Examples) -> None:
    stride = found.traits[:, found.names.index("stride")]
    real, other = pairs(found)
    moved = found.kind[other] == KINDS.index("transposed")
    assert stride[real[moved]] == pytest.approx(stride[other[moved]])
    wrong = found.kind[other] == KINDS.index("4 wrong notes")
    assert (stride[real[wrong]] != stride[other[wrong]]).all()


def test_pairs_are_of_one_phrase(found: Examples) -> None:
    real, other = pairs(found)
    assert (found.kind[real] == 0).all() and (found.kind[other] > 0).all()
    assert (found.phrase[real] == found.phrase[other]).all()
    near = alike(found, real, other)
    assert (abs(found.bits[real] - found.bits[other])[near] <= 0.1).all()


def test_kinds_count_alike() -> None:
    weights = balanced(np.array([1, 1, 1, 2]))
    assert weights[:3].sum() == pytest.approx(weights[3]) and weights.mean() == pytest.approx(1.0)


def made_up(seed: int, count: int = 300) -> Examples:
    """Lines of which the real ones have a middling first trait; the second says nothing, the third is never known."""
    rng = np.random.default_rng(seed)
    kind = np.tile([0, 1, 2], count)
    first = np.where(kind == 0, rng.normal(0, 0.5, 3 * count), rng.choice([-2, 2], 3 * count))
    traits = np.stack((first, rng.normal(0, 1, 3 * count), np.full(3 * count, np.nan)), axis=1).astype(np.float32)
    phrase = np.repeat(np.arange(count), 3)
    return Examples(("melody", "leaps", "model"), traits, kind, phrase, phrase // 10, rng.normal(3, 1, 3 * count))


def test_a_critic_learns_that_the_middle_is_real(tmp_path: Path) -> None:
    how = Fit(nets=2, units=8, rounds=10, batch=64)
    critic = learn(made_up(0), 1, quiet, how)
    unseen = made_up(1)
    worth = critic.judge({name: unseen.traits[:, i].astype(float) for i, name in enumerate(unseen.names)}, 900)
    real, other = pairs(unseen)
    assert (worth[real] > worth[other]).mean() > 0.9
    assert learn(made_up(0), 1, quiet, how).packed() == critic.packed()
    path = tmp_path / "critic.safetensors"
    path.write_bytes(critic.packed())
    assert load_critic(path).names == critic.names


def test_examples_are_kept_as_they_are(found: Examples, tmp_path: Path) -> None:
    write_examples(tmp_path / "some.npz", found)
    again = read_examples(tmp_path / "some.npz")
    assert again.names == found.names
    np.testing.assert_array_equal(again.traits, found.traits)
    joined = Examples.joined([found, again])
    assert joined.phrase.max() + 1 == 2 * (found.phrase.max() + 1)


def test_tunes_are_not_split(made: Callable[..., Solo]) -> None:
    solos = [made(0, 40, group=tune) for tune in "abcabd"]
    folds = fold_of(solos, 3)
    assert folds[0] == folds[3] and folds[1] == folds[4] and set(folds) == {0, 1, 2}
