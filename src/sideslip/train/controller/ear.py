"""The ear for outside playing: what it tells apart, and the rule for ornaments."""

from collections.abc import Sequence

import numpy as np

from sideslip.music.tension import RESOLVES_WITHIN
from sideslip.outside.lines import Floats
from sideslip.train.controller import chance, slips
from sideslip.train.controller.by_solo import Figures
from sideslip.train.controller.judged import Judged

PERCENTILES = (5, 25, 50, 75, 90, 95, 99)


def figures(judged: Sequence[Judged], generator: np.random.Generator) -> Figures:
    """O and G against chance, planted side-slips, ornaments, and how phrases spread over G."""
    found: Figures = {"solos": len(judged), "phrases": int(sum(solo.long.sum() for solo in judged))}
    found |= chance.figures(judged, generator)
    found |= slips.figures(judged, generator)
    return found | {"ornament_rule_kept": ornament_rule(judged)} | _spread(judged)


def ornament_rule(judged: Sequence[Judged]) -> float | None:
    """Share of chromatic notes at most a beat before a chord tone a step away that have o < .4; must be 1."""
    kept, met = 0, 0
    for solo in judged:
        lines, out = solo.hearing.lines, solo.hearing.outsideness
        step = np.isin(abs(np.diff(lines.pitch, axis=1)), (1, 2))
        soon = np.diff(lines.onset, axis=1) <= RESOLVES_WITHIN
        met_here = out.chromatic[:, :-1] & out.chord_tone[:, 1:] & step & soon
        met += int(met_here.sum())
        kept += int((met_here & (out.o[:, :-1] < 0.4)).sum())
    return kept / met if met else None


def _spread(judged: Sequence[Judged]) -> Figures:
    """Mean and percentiles of phrase G, and its mean by style."""
    by_style: dict[str, list[Floats]] = {}
    for solo in judged:
        by_style.setdefault(solo.style, []).append(solo.hearing.outside[solo.long])
    every = np.concatenate([g for phrases in by_style.values() for g in phrases])
    percentiles = zip(PERCENTILES, np.percentile(every, PERCENTILES).tolist(), strict=True)
    return {
        "g_mean": float(every.mean()),
        "g_percentiles": {str(percentile): value for percentile, value in percentiles},
        "g_by_style": {style: float(np.concatenate(by_style[style]).mean()) for style in sorted(by_style)},
    }
