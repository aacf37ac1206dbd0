"""Does the proposer know which foreign notes come home? Look-ahead resolvability R on real chromatic notes."""

from collections.abc import Callable, Sequence

import numpy as np

from sideslip.outside.lines import Floats, Ints
from sideslip.propose.engine import Engine
from sideslip.propose.sampling import Sampler
from sideslip.train.controller.by_solo import Figures, auc_by_solo, by_solo
from sideslip.train.critic.look_ahead import WAYS, foretold
from sideslip.train.solos import Solo

BINS = 10
"""Classes of likelihood in which what was foretold is held against what came (expected calibration error)."""

DRAWS = 300


def figures(
    solos: Sequence[Solo], engine: Engine, every: int, generator: np.random.Generator, told: Callable[[str], None]
) -> Figures:
    """AUC and calibration error of R by one note ahead, by two, and by rollouts within two beats, on every so many
    chromatic notes."""
    sampler, found = Sampler(engine), []
    for number, solo in enumerate(solos):
        found.append(foretold(solo, sampler, generator, every))
        if number % 10 == 9 or number + 1 == len(solos):
            told(f"looked ahead in {number + 1} of {len(solos)} solos")
    each = [one for one in found if one is not None]
    report: Figures = {}
    for way in WAYS:
        name = f"resolvability_{way.replace('=', '')}"
        sides = [(one.likely[way][one.came[way]], one.likely[way][~one.came[way]]) for one in each]
        likely, came = (np.concatenate([getattr(one, part)[way] for one in each]) for part in ("likely", "came"))
        whose = np.repeat(np.arange(len(each)), [len(one.likely[way]) for one in each])
        report |= {
            f"{name}_auc": auc_by_solo(sides, generator),
            f"{name}_calibration_error": by_solo(whose, _error_of(likely, came), generator, DRAWS),
            f"{name}_base_rate": float(came.mean()),
        }
    return report | {"resolvability_notes": int(sum(len(one.likely[WAYS[0]]) for one in each))}


def _error_of(likely: Floats, came: Ints) -> Callable[[Ints], float]:
    """The calibration error of some rows."""

    def error(rows: Ints) -> float:
        bins = np.minimum((likely[rows] * BINS).astype(np.int64), BINS - 1)
        counts = np.bincount(bins, minlength=BINS)
        apart = np.bincount(bins, likely[rows], BINS) - np.bincount(bins, came[rows].astype(np.float64), BINS)
        return float(abs(apart).sum() / max(1, counts.sum()))

    return error
