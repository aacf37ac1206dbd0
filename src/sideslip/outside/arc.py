"""How far out to go, now: the dial, shaped by the place in the chorus and in the conversation.

Real solos go a little further out towards the last third of a chorus and start the next one closer to home; and they
begin inside (G .145 in the first tenth, .17 and more from then on). The effects in the record are small, so both arcs
are gentle.
"""

import math

import numpy as np

from sideslip.errors import SettingError
from sideslip.music.changes import Changes

_DIALS = (0.0, 0.25, 0.5, 0.75, 0.9, 1.0)
_OUTSIDENESS = (0.02, 0.06, 0.12, 0.28, 0.46, 0.74)
"""Phrase G by dial: its quantiles among phrases of the Weimar Jazz Database."""

_PLACES = (0.0, 0.5, 0.85, 1.0)
_TENSION = (0.0, 1.0, 1.0, 0.7)
"""The arc of a chorus: builds to the middle, holds to 85 %, eases, and drops at the top of the next."""

BASE, RISE = 0.75, 0.4

OPENING, OPENING_BARS = 0.85, 24
"""Share of the dial that a conversation begins with, and bars from bar 1 in which it warms up to all of it."""

_SAMPLES = 8


def check_dial(dial: float) -> float:
    """The dial itself. Raises SettingError unless it is 0..1."""
    if not 0.0 <= dial <= 1.0:
        raise SettingError(f"the outside dial goes from 0 (inside) to 1 (as far out as it can resolve); found {dial}")
    return dial


def shaped_dial(dial: float, changes: Changes, start: int, end: int) -> float:
    """The dial for a turn of ticks start..end: dial * (.75 + .4 tension) * warmth, the turn's mean, at most 1."""
    ticks = start + (end - start) * np.arange(_SAMPLES) / _SAMPLES
    tension = np.interp(ticks % changes.length / changes.length, _PLACES, _TENSION).mean()
    warmth = np.interp(start, (0, OPENING_BARS * changes.meter.bar), (OPENING, 1.0))
    return min(1.0, dial * (BASE + RISE * float(tension)) * float(warmth))


def wanted_outsideness(dial: float) -> float:
    """The phrase G that a dial asks for, log-linear between the quantiles."""
    return math.exp(float(np.interp(dial, _DIALS, np.log(_OUTSIDENESS))))
