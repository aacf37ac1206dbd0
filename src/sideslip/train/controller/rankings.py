"""Who plays further out, against what was expected of styles and performers before anything was measured."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sideslip.errors import DataError
from sideslip.outside.lines import Floats, Ints
from sideslip.reading import read_text
from sideslip.train.controller.by_solo import Figures, Statistic, by_solo
from sideslip.train.controller.judged import Judged
from sideslip.train.statistics import auc, spearman

OUTER_STYLES = frozenset({"POSTBOP", "FUSION"})
INNER_STYLES = frozenset({"TRADITIONAL", "SWING", "COOL"})

RANKED = ("style_rank", "performer_tier")
MOST_BYTES = 1_000_000

Tiers = Mapping[str, Mapping[str, float]]
"""style_rank and performer_tier: 0 inside, more further out."""


def read_tiers(path: Path) -> Tiers:
    """Expectations from a JSON file. Raises DataError."""
    try:
        found = json.loads(read_text(path, MOST_BYTES))
        return {name: {str(who): float(tier) for who, tier in found[name].items()} for name in RANKED}
    except OSError as error:
        raise DataError(f"the tiers in {str(path)!r} cannot be read: {error.strerror}") from error
    except (ValueError, ArithmeticError, RecursionError, LookupError, TypeError, AttributeError) as error:
        raise DataError(
            f"{str(path)!r} should hold {' and '.join(RANKED)} with numbers, found something else"
        ) from error


def figures(judged: Sequence[Judged], tiers: Tiers, generator: np.random.Generator) -> Figures:
    """Spearman's correlation of expected and mean measured G, by style and by performer; and the AUC of solos in outer
    styles over those in inner ones."""
    outside = np.array([solo.outside for solo in judged])
    styles = np.array([solo.style for solo in judged])
    performers = np.array([solo.heard.solo.performer for solo in judged])
    outer, inner = (np.isin(styles, sorted(which)) for which in (OUTER_STYLES, INNER_STYLES))
    each = np.arange(len(judged))

    def apart(rows: Ints) -> float:
        high, low = rows[outer[rows]], rows[inner[rows]]
        return auc(outside[high], outside[low]) if len(high) and len(low) else float("nan")

    return {
        "style_spearman": by_solo(each, _ranked(outside, styles, tiers["style_rank"]), generator),
        "performer_spearman": by_solo(each, _ranked(outside, performers, tiers["performer_tier"]), generator),
        "performers": len(set(performers.tolist()) & tiers["performer_tier"].keys()),
        "outer_styles_auc": by_solo(each, apart, generator),
    }


def _ranked(outside: Floats, names: NDArray[np.str_], expected: Mapping[str, float]) -> Statistic:
    """How far the mean G of solos by name agrees with what was expected of those names; NaN where fewer than two are
    known, or all are alike."""
    known = sorted(set(names.tolist()) & expected.keys())
    number = np.array([known.index(name) if name in expected else -1 for name in names.tolist()], dtype=np.int64)
    wanted = np.array([expected[name] for name in known])

    def agreement(rows: Ints) -> float:
        rows = rows[number[rows] >= 0]
        there = np.unique(number[rows])
        if len(there) < 2:
            return float("nan")
        means = np.bincount(number[rows], outside[rows])[there] / np.bincount(number[rows])[there]
        return spearman(means, wanted[there])

    return agreement
