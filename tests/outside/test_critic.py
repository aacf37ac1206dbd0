"""The critic: a small net over traits, and what its file must be."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from sideslip.errors import WeightsError
from sideslip.outside.critic import FURTHEST, Critic, load_critic

CRITIC = Critic(
    ("melody", "leaps"),
    np.array([3.5, 0.1]),
    np.array([0.5, 0.1]),
    np.array([[1.0, -1.0], [0.0, -2.0]]),
    np.array([0.0, 0.5]),
    np.array([2.0, 1.0]),
)


def judged(melody: float, leaps: float) -> float:
    return float(CRITIC.judge({"melody": np.array([melody]), "leaps": np.array([leaps]), "other": np.zeros(1)}, 1)[0])


def test_it_is_a_net_over_traits_in_spreads_from_the_usual() -> None:
    assert judged(3.5, 0.1) == pytest.approx(0.5)  # all usual: only the second unit's bias
    assert judged(4.5, 0.1) == pytest.approx(2 * 2.0)  # z = 2: units 2 and max(0, .5 - 2)
    assert judged(3.0, 0.0) == pytest.approx(1.0 + 2.0 + 0.5)  # z = -1, -1: units 0 and 1 + 2 + .5


def test_beyond_the_furthest_nothing_more_is_said() -> None:
    assert judged(3.5 + 0.5 * FURTHEST, 0.1) == judged(99.0, 0.1)


def test_what_nobody_can_tell_counts_as_usual() -> None:
    assert judged(float("nan"), 0.1) == judged(3.5, 0.1)


def test_unlearnt_it_has_no_opinion() -> None:
    assert Critic.unlearnt().judge({}, 3).tolist() == [0.0, 0.0, 0.0]


def test_a_file_gives_back_what_was_packed(tmp_path: Path) -> None:
    path = tmp_path / "critic.safetensors"
    path.write_bytes(CRITIC.packed())
    read = load_critic(path)
    assert read.names == CRITIC.names and read.packed() == CRITIC.packed()


DAMAGED = {
    "of another size": replace(CRITIC, usual=np.zeros(3)).packed(),
    "no number": replace(CRITIC, out=np.array([np.nan, 1.0])).packed(),
    "no spread": replace(CRITIC, spread=np.array([0.0, 1.0])).packed(),
    "a trait nobody knows": replace(CRITIC, names=("melody", "perfume")).packed(),
    "another file": save({"x": np.zeros(2, dtype=np.float32)}),
    "no file at all": b"what?",
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_anything_else_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "critic.safetensors"
    path.write_bytes(content)
    with pytest.raises(WeightsError) as refused:
        load_critic(path)
    assert "\n" not in str(refused.value) and "critic" in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="cannot be read: No such file"):
        load_critic(tmp_path / "none.safetensors")
