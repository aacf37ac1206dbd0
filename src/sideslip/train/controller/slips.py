"""Planted side-slips: a segment of a real phrase transposed. Is just that heard as outside?"""

from collections.abc import Sequence

import numpy as np

from sideslip.outside.lines import Bools, Ints
from sideslip.outside.spans import OUTSIDE
from sideslip.train.controller.by_solo import Figures, Sides, auc_by_solo, joined, mean_by_solo, whose
from sideslip.train.controller.judged import Judged
from sideslip.train.listening import INSIDE_STYLES

SLIPS = (1, -1, 2, -2, 3, -3, 4, -4, 6, -6)
SLIP_LENGTHS = (3, 4, 6, 8, 12)
PLANTINGS = 5
"""Times that every phrase gets another side-slip."""

INSIDE_ENOUGH, ANYTHING = 0.10, 1.0
"""O at most of a real phrase into which a side-slip is planted. The figures lean on this bound: what is foreign in the
phrase as it was played counts as a false alarm, so they are given for all phrases of the inside styles too."""


def figures(judged: Sequence[Judged], generator: np.random.Generator) -> Figures:
    """For phrases that are inside, and for all, of the inside styles: AUC of slipped notes against the others of the
    same phrases, by G and by F; and the share of those others that are taken for outside."""
    inside = [solo for solo in judged if solo.style in INSIDE_STYLES]
    found: Figures = {}
    alarms = {}
    for name, bound in (("planted_slip", INSIDE_ENOUGH), ("planted_slip_anywhere", ANYTHING)):
        heard = [_heard_slips(solo, bound, generator) for solo in inside]
        alarms[f"{name}_false_alarms"] = [straight > OUTSIDE for (_, straight), _ in heard]
        found[f"{name}_g_auc"] = auc_by_solo([smoothed for smoothed, _ in heard], generator)
        found[f"{name}_f_auc"] = auc_by_solo([online for _, online in heard], generator)
    for name, each in alarms.items():
        values, solo = np.concatenate([np.zeros(0), *each]), whose([len(one) for one in each])
        found[name] = mean_by_solo(values, solo, generator)
    return found


def _heard_slips(solo: Judged, bound: float, generator: np.random.Generator) -> tuple[Sides, Sides]:
    """G and F of the notes that were slipped, and of the others of the same phrases, in all plantings."""
    smoothed, online = [], []
    for _ in range(PLANTINGS):
        pitch, slipped = plant(solo, bound, generator)
        hearing = solo.with_pitches(pitch)
        straight = hearing.lines.valid & ~slipped & slipped.any(axis=1, keepdims=True)
        smoothed.append((hearing.shift.smoothed[slipped], hearing.shift.smoothed[straight]))
        online.append((hearing.shift.online[slipped], hearing.shift.online[straight]))
    return joined(smoothed), joined(online)


def plant(solo: Judged, bound: float, generator: np.random.Generator) -> tuple[Ints, Bools]:
    """Pitches with a side-slip in every phrase that is inside and long enough, and which notes were slipped, (K, N)."""
    lines = solo.hearing.lines
    pitch, slipped = lines.pitch.copy(), np.zeros_like(lines.valid)
    inside = (solo.hearing.static <= bound) & (lines.heard == lines.valid).all(axis=1)
    for row in np.flatnonzero(inside):
        length, shift = int(generator.choice(SLIP_LENGTHS)), int(generator.choice(SLIPS))
        room = int(lines.valid[row].sum()) - length
        if room >= 4:
            first = int(generator.integers(2, room - 1))
            pitch[row, first : first + length] += shift
            slipped[row, first : first + length] = True
    return pitch, slipped
