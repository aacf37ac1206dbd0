"""What the critic is worth: real phrases against almost real ones, in all and where both surprise alike."""

import numpy as np

from sideslip.outside.critic import Critic
from sideslip.outside.lines import Bools, Floats, Ints
from sideslip.train.controller.by_solo import Figures, Interval, by_solo, mean_by_solo
from sideslip.train.critic.examples import KINDS, MODEL, Examples
from sideslip.train.critic.fitting import alike, pairs

OWN = np.array([KINDS.index(name) for name in MODEL])
"""The kinds that the proposer draws."""

DRAWS = 300
"""Times that solos are drawn again."""

FEWEST = 20
"""Pairs of a kind that surprise alike at least, for a figure of that kind."""


def figures(examples: Examples, critic: Critic, generator: np.random.Generator) -> Figures:
    """How often the critic, and the proposer's own likelihood, prefer the real line of a pair: means over all kinds, in
    all pairs and in those that surprise the proposer `alike`; and those of them that it drew itself (`own`)."""
    real, other = pairs(examples)
    traits = {name: examples.traits[:, i].astype(np.float64) for i, name in enumerate(examples.names)}
    worth = critic.judge(traits, len(examples.kind))
    wins = {"critic": _wins(worth, real, other), "likelihood": _wins(-examples.bits, real, other)}
    kind, solo, near = examples.kind[other], examples.solo[other], alike(examples, real, other)

    def by_kind(better: Floats, where: Bools) -> Interval | None:
        rows = np.flatnonzero(where)
        return by_solo(solo[rows], lambda chosen: _by_kind(better[rows[chosen]], kind[rows[chosen]]), generator, DRAWS)

    own, everything = near & np.isin(kind, OWN), np.ones_like(near)
    gain = wins["critic"] - wins["likelihood"]
    matched = near & np.isin(kind, [k for k in np.unique(kind) if (near & (kind == k)).sum() >= FEWEST])
    found: Figures = {"critic_pairs": len(kind), "critic_pairs_alike": int(near.sum())}
    found |= {
        "critic_win": by_kind(wins["critic"], everything),
        "likelihood_win": by_kind(wins["likelihood"], everything),
        "critic_gain": by_kind(gain, everything),
        "critic_win_alike": by_kind(wins["critic"], matched),
        "likelihood_win_alike": by_kind(wins["likelihood"], matched),
        "critic_gain_alike": by_kind(gain, matched),
        "critic_win_own_alike": mean_by_solo(wins["critic"][own], solo[own], generator),
        "critic_pairs_own_alike": int(own.sum()),
    }
    return found | {"critic_by_kind": {KINDS[k]: _of_kind(wins, kind == k, near) for k in np.unique(kind).tolist()}}


def _of_kind(wins: dict[str, Floats], of: Bools, near: Bools) -> dict[str, float | int | None]:
    """Wins of one kind, in all and where both surprise alike."""
    found: dict[str, float | int | None] = {"pairs": int(of.sum()), "alike": int((of & near).sum())}
    for name, won in wins.items():
        found |= {
            name: float(won[of].mean()),
            f"{name}_alike": float(won[of & near].mean()) if (of & near).any() else None,
        }
    return found


def _wins(worth: Floats, real: Ints, other: Ints) -> Floats:
    """1 where the real line is worth more, .5 where both are worth the same."""
    wins: Floats = (worth[real] > worth[other]) + 0.5 * (worth[real] == worth[other])
    return wins


def _by_kind(values: Floats, kind: Ints) -> float:
    """The mean of the means of all kinds."""
    _, index, counts = np.unique(kind, return_inverse=True, return_counts=True)
    return float((np.bincount(index, values) / counts).mean())
