"""How lines end: with air for the other player, or cut off by the end of the turn."""

import numpy as np

from sideslip.music.meter import TICKS
from sideslip.outside.lines import Bools, Floats, Lines

LAST_MOMENT = TICKS // 2
"""Ticks before the end of the turn: a note that begins in them sounds cut off, a line over before them ended."""

AIR_TICKS, AIR = (0, LAST_MOMENT, TICKS), (0.0, 0.75, 1.0)
"""What the rest between a line and the end of its turn is worth: half a beat most of it, a beat all."""

REST, SCRAP = TICKS, 2
"""Notes at most, after a rest of so many ticks, that are the scrap of a new thought where the turn ends on them."""


def air(lines: Lines, end: int) -> Floats:
    """What the rest between each line and tick `end` is worth, (K,) 0..1; 0 for silence."""
    at = lines.last
    worth: Floats = np.interp(end - lines.onset[at] - lines.duration[at], AIR_TICKS, AIR) * lines.valid[at]
    return worth


def cut_off(lines: Lines, end: int) -> Bools:
    """Whether each line is still under way at tick `end`, or has just begun a new thought, (K,)."""
    at = lines.last
    onset, over = lines.onset[at], lines.onset[at] + lines.duration[at]
    scrap = (over > end - LAST_MOMENT) & _new_thought(lines, end)
    cut: Bools = lines.valid[at] & ((over > end) | (onset >= end - LAST_MOMENT) | scrap)
    return cut


def _new_thought(lines: Lines, end: int) -> Bools:
    """Whether only a SCRAP begins after a REST, in the last two beats, (K,)."""
    rests = lines.onset[:, 1:] - (lines.onset + lines.duration)[:, :-1] >= REST
    late = lines.onset[:, 1:] >= end - 2 * TICKS
    left = lines.valid.sum(axis=1, keepdims=True) - np.arange(1, lines.valid.shape[1])
    begun: Bools = (lines.valid[:, 1:] & rests & late & (left <= SCRAP)).any(axis=1)
    return begun
