"""Fitting the critic: nets that tell the real line of a pair from the other (Bradley and Terry 1952; RankNet, Burges et
al. 2005)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from sideslip.outside.critic import Critic
from sideslip.outside.lines import Bools, Floats, Ints
from sideslip.outside.means import mean_at, spread_at
from sideslip.train.critic.examples import Examples

NEAR = 0.1
"""Bits a note within which two lines surprise the proposer alike."""


LEAST = 1e-6
"""The spread of a trait at least."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How to fit: `nets` of `units` each, their mean is the critic; so many `rounds` over all pairs, `batch` at a time;
    pairs that surprise the proposer alike count 1 + `alike` times as much, for they are the ones that it leaves open.
    Chosen on folds of training tunes."""

    nets: int = 4
    units: int = 24
    rounds: int = 8
    batch: int = 512
    rate: float = 3e-3
    decay: float = 1e-2
    dropout: float = 0.2
    alike: float = 3.0


def pairs(examples: Examples) -> tuple[Ints, Ints]:
    """Rows of the real and of the other line of every pair."""
    real = np.full(int(examples.phrase.max()) + 1, -1)
    is_real = np.flatnonzero(examples.kind == 0)
    real[examples.phrase[is_real]] = is_real
    other = np.flatnonzero(examples.kind > 0)
    return real[examples.phrase[other]], other


def alike(examples: Examples, real: Ints, other: Ints) -> Bools:
    """Which pairs surprise the proposer alike."""
    near: Bools = abs(examples.bits[real] - examples.bits[other]) <= NEAR
    return near


def balanced(kind: Ints) -> Floats:
    """Weights (n,) by which each kind counts alike, whatever the number of its pairs; 1 on average."""
    _, index, counts = np.unique(kind, return_inverse=True, return_counts=True)
    weights: Floats = len(kind) / len(counts) / counts[index]
    return weights


def learn(examples: Examples, seed: int, told: Callable[[str], None], how: Fit = Fit()) -> Critic:
    """A critic from examples; the same seed gives the same one."""
    values = examples.traits.astype(np.float64)
    real_ones, everything = (rows.T for rows in (values[examples.kind == 0], values))
    usual = np.nan_to_num(mean_at(np.nan_to_num(real_ones), np.isfinite(real_ones)))
    spread = np.maximum(np.nan_to_num(spread_at(np.nan_to_num(everything), np.isfinite(everything))), LEAST)
    blank = Critic(examples.names, usual, spread, np.zeros((len(usual), 0)), np.zeros(0), np.zeros(0))
    z = torch.tensor(blank.standard(values), dtype=torch.float32)
    real, other = pairs(examples)
    weights = balanced(examples.kind[other]) * (1.0 + how.alike * alike(examples, real, other))
    given = z, torch.from_numpy(real), torch.from_numpy(other), torch.tensor(weights, dtype=torch.float32)
    nets = []
    for number in range(how.nets):
        net, loss = _net(given, seed * 1000 + number, how)
        told(f"net {number + 1} of {how.nets}: loss {loss:.3f}")
        nets.append(net)
    into, bias, out = (torch.cat(parts, dim=-1).double().numpy() for parts in zip(*nets, strict=True))
    return Critic(examples.names, usual, spread, into, bias, out / how.nets)


def _net(given: tuple[Tensor, Tensor, Tensor, Tensor], seed: int, how: Fit) -> tuple[tuple[Tensor, ...], float]:
    """What is into the units of one net, their bias, and what they say; and its last loss."""
    z, real, other, weights = given
    torch.manual_seed(seed)
    into, out = nn.Linear(z.shape[1], how.units), nn.Linear(how.units, 1, bias=False)
    net = nn.Sequential(into, nn.ReLU(), nn.Dropout(how.dropout), out)
    optimiser = torch.optim.AdamW(net.parameters(), lr=how.rate, weight_decay=how.decay)
    steps = how.rounds * -(-len(real) // how.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, how.rate, total_steps=steps, pct_start=0.1)
    total = 0.0
    for _ in range(how.rounds):
        total = 0.0
        for chosen in torch.split(torch.randperm(len(real)), how.batch):
            apart = net(z[real[chosen]]) - net(z[other[chosen]])
            loss = (weights[chosen] * F.softplus(-apart[:, 0])).sum() / weights[chosen].sum()
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
            total += float(loss.detach()) * len(chosen) / len(real)
    return (into.weight.detach().T, into.bias.detach(), out.weight.detach()[0]), total
