"""Groups of figures by name. Each is measured from the same material with a generator of its own, so that a group gives
the same figures whatever else is measured."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sideslip.listen.harmony.tables import HarmonyTables
from sideslip.outside.controller import Controller
from sideslip.propose.engine import Engine
from sideslip.train.controller import cost, critic, dial, ear, foretold, rankings, resolvability, surprise, tracked
from sideslip.train.controller.by_solo import Figures
from sideslip.train.controller.judged import Judged
from sideslip.train.controller.played import Filling, play
from sideslip.train.controller.rankings import Tiers
from sideslip.train.critic.examples import Examples, Judges
from sideslip.train.critic.gather import gather, phrases_of
from sideslip.train.solos import Solo


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What is measured, and on what: all `solos`, and those that are `judged`; the `controller`, the proposer's
    `engine` and the `tracker`'s tables. `contexts` are the turns that are filled at most, on so many `jobs`
    (processes). `clock` tells seconds, `told` takes a line of progress."""

    solos: Sequence[Solo]
    judged: Sequence[Judged]
    controller: Controller
    engine: Engine
    tracker: HarmonyTables
    tiers: Tiers | None
    seed: int
    contexts: int
    jobs: int
    clock: Callable[[], float]
    told: Callable[[str], None]


QUICK = 40
"""Turns filled at most where figures are to be had quickly: then less is drawn elsewhere, too."""

ROUNDS = 2
"""Times that every phrase gets its almost real lines."""

Group = Callable[[Material, np.random.Generator], Figures]


def _ear(given: Material, generator: np.random.Generator) -> Figures:
    return ear.figures(given.judged, generator)


def _surprise(given: Material, generator: np.random.Generator) -> Figures:
    return surprise.figures(given.judged, generator)


def _rankings(given: Material, generator: np.random.Generator) -> Figures:
    return rankings.figures(given.judged, given.tiers, generator) if given.tiers else {}


def _proposer(given: Material, generator: np.random.Generator) -> Figures:
    return foretold.figures(given.engine, [solo.heard.solo for solo in given.judged], generator)


def _resolvability(given: Material, generator: np.random.Generator) -> Figures:
    solos = [solo.heard.solo for solo in given.judged]
    return resolvability.figures(solos, given.engine, 1 if given.contexts > QUICK else 8, generator, given.told)


def _critic(given: Material, generator: np.random.Generator) -> Figures:
    solos = [solo.heard.solo for solo in given.judged]
    judges = Judges(given.engine, given.controller.tables, phrases_of(solos))
    rounds = ROUNDS if given.contexts > QUICK else 1
    examples = [gather(solos, judges, given.seed + each, given.told) for each in range(rounds)]
    return critic.figures(Examples.joined(examples), given.controller.critic, generator)


def _dial(given: Material, generator: np.random.Generator) -> Figures:
    filling = Filling(given.engine, given.controller, given.seed)
    return dial.figures(play(given.judged, filling, given.contexts, given.told, given.jobs), generator)


def _tracker(given: Material, generator: np.random.Generator) -> Figures:
    return tracked.figures(given.solos, given.tracker, given.seed, generator)


def _cost(given: Material, generator: np.random.Generator) -> Figures:
    return cost.figures(given.controller, given.clock, generator)


GROUPS: Mapping[str, Group] = {
    "ear": _ear,
    "surprise": _surprise,
    "rankings": _rankings,
    "proposer": _proposer,
    "resolvability": _resolvability,
    "critic": _critic,
    "dial": _dial,
    "tracker": _tracker,
    "cost": _cost,
}
"""In the order in which they are measured and told."""


def measured(given: Material, names: Sequence[str]) -> Figures:
    """The figures of some groups."""
    found: Figures = {}
    for name in (name for name in GROUPS if name in names):
        given.told(f"measuring: {name}")
        found |= GROUPS[name](given, np.random.default_rng(given.seed))
    return found
