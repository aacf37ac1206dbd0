"""What this solo does how often: log shares of each outcome among those that came in a like place before.

Where a player's timing or register is a matter of shares rather than of motifs, views cannot tell: these are numbers,
weighed by the trunk and added to the logits.
"""

import numpy as np
from numpy.typing import NDArray

from sideslip.train.bebopnet.events import BEAT, LONGEST, REST, TYPES, Ints, Solo
from sideslip.train.bebopnet.views import CANDIDATES, REACH, notes_back

Halves = NDArray[np.float16]

PRIOR = 2.0
"""Events' worth of even shares that every place begins with."""

PITCH_HABITS, DURATION_HABITS = 5, 6


def shares(place: Ints, outcome: Ints, classes: int, memory: float = np.inf) -> NDArray[np.float32]:
    """Log share of each outcome among those that came before in the same place, PRIOR even ones mixed in.

    `place` and `outcome` (n,), an outcome below 0 is none; what came `memory` outcomes of its place ago counts 1/e.
    Returns (n, classes).
    """
    keep = np.exp(-1 / memory) if np.isfinite(memory) else 1.0
    counts = np.full((int(place.max()) + 1, classes), PRIOR / classes)
    table = np.empty((len(place), classes))
    for i, (where, what) in enumerate(zip(place.tolist(), outcome.tolist(), strict=True)):
        table[i] = counts[where]
        if what >= 0:
            counts[where] = (counts[where] - PRIOR / classes) * keep + PRIOR / classes
            counts[where, what] += 1
    logs: NDArray[np.float32] = np.log(table / table.sum(-1, keepdims=True)).astype(np.float32)
    return logs


def pitch_habits(solo: Solo) -> Halves:
    """(n, len(CANDIDATES) + 1, PITCH_HABITS), in the key as written; 0 for the rest."""
    n = len(solo)
    habits = np.zeros((n, len(CANDIDATES) + 1, PITCH_HABITS), dtype=np.float16)
    sounding = solo.pitch != REST
    one_place = np.zeros(n, dtype=np.int64)
    heights = np.where(sounding, solo.pitch - CANDIDATES[0], -1)
    classes = np.where(sounding, solo.pitch % 12, -1)
    degrees = np.where(sounding, (solo.pitch - solo.root) % 12, -1)
    habits[:, :-1, 0] = shares(one_place, heights, len(CANDIDATES), 64)
    habits[:, :-1, 1] = shares(one_place, classes, 12, 64)[:, CANDIDATES % 12]
    habits[:, :-1, 2] = shares(solo.root * len(TYPES) + solo.type, classes, 12)[:, CANDIDATES % 12]
    above = (CANDIDATES - solo.root[:, None]) % 12
    habits[:, :-1, 3] = np.take_along_axis(shares(solo.type, degrees, 12), above, axis=1)
    last = notes_back(solo, 1)
    leaps = np.where(sounding & (last != REST), np.clip(solo.pitch - last, -REACH, REACH) + REACH, -1)
    index = np.clip(CANDIDATES - last[:, None], -REACH, REACH) + REACH
    habits[:, :-1, 4] = np.take_along_axis(shares(one_place, leaps, 2 * REACH + 1), index, axis=1)
    return habits


def duration_habits(solo: Solo) -> Halves:
    """(n, LONGEST, DURATION_HABITS)."""
    rest = (solo.pitch == REST).astype(np.int64)
    tick = solo.offset % BEAT
    came = solo.duration - 1
    ticks = np.arange(1, LONGEST + 1)
    landing = (solo.offset + solo.duration) % BEAT
    tick_before = np.append(0, tick[:-1])
    landings = shares(rest, landing, BEAT, 200)
    later = shares(np.where(np.append(0, rest[:-1]) == 1, 2, 0) + rest, landing, BEAT, 32)
    index = (solo.offset[:, None] + ticks) % BEAT
    columns = (
        shares(rest, came, LONGEST),
        shares(rest, came, LONGEST, 24),
        shares(rest * BEAT + tick, came, LONGEST),
        shares((rest * BEAT + tick) * BEAT + tick_before, came, LONGEST),
        np.take_along_axis(landings, index, axis=1),
        np.take_along_axis(later, index, axis=1),
    )
    return np.stack(columns, axis=-1).astype(np.float16)
