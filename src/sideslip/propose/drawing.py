"""Drawing classes by chance from logits."""

from collections.abc import Callable

import numpy as np

from sideslip.propose.memory import Floats
from sideslip.propose.tokens import Ints

NEVER = np.float32(-1e9)
"""The logit of what may not be drawn."""

Draw = Callable[[Floats, Floats, float, np.random.Generator], Ints]
"""A way to draw classes, as `draw`."""


def draw(logits: Floats, temperature: Floats, floor: float, rng: np.random.Generator) -> Ints:
    """One class a row, (K,), from logits (K, classes) at temperatures (K,)."""
    odds = np.exp((logits - np.maximum.reduce(logits, axis=-1, keepdims=True)) / temperature[:, None])
    odds[odds < floor] = 0.0
    up_to = np.cumsum(odds, axis=-1)
    at = rng.random(len(odds))[:, None] * up_to[:, -1:]
    drawn: Ints = np.minimum((up_to <= at).sum(axis=-1), odds.shape[-1] - 1)
    return drawn
