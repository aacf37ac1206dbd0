"""Weights that know nothing: a small model for tests that need one but not what it says."""

import numpy as np
from numpy.typing import NDArray

from sideslip.propose.checkpoint import ModelConfig, shapes

TINY = ModelConfig(width=16, layers=1, heads=2, context=192)


def random_weights(config: ModelConfig = TINY, seed: int = 0, scale: float = 0.1) -> dict[str, NDArray[np.float32]]:
    """A model drawn from a seed."""
    rng = np.random.default_rng(seed)
    return {name: rng.normal(0, scale, shape).astype(np.float32) for name, shape in shapes(config).items()}
