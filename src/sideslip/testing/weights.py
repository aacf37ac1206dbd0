"""Weights that know nothing: a small model for tests that need one but not what it says."""

import numpy as np
from numpy.typing import NDArray

from sideslip.propose import tokens
from sideslip.propose.checkpoint import ModelConfig

TINY = ModelConfig(width=16, layers=1, heads=2, context=192)


def shapes(config: ModelConfig) -> dict[str, tuple[int, ...]]:
    """Name and shape of every array of a model."""
    width = config.width
    found: dict[str, tuple[int, ...]] = {
        "input.table.weight": (sum(tokens.INPUT.values()), width),
        "norm.weight": (width,),
        "heads.target.table.weight": (sum(tokens.TARGET.values()), width),
        "heads.duration_table.weight": (len(tokens.DURATIONS), width),
        "heads.pitch_table.weight": (tokens.PITCHES, width),
    }
    outputs = {
        "shift": len(tokens.SHIFTS),
        "duration": len(tokens.DURATIONS),
        "absolute": tokens.PITCHES,
        "relative": 12,
        "interval": 2 * tokens.REACH + 1,
        "velocity": len(tokens.VELOCITIES),
    }
    for name, classes in outputs.items():
        found |= {f"heads.{name}.weight": (classes, width), f"heads.{name}.bias": (classes,)}
    widened = {"heads.target_mlp": 2, "heads.pitch_mlp": 2}
    widened |= {f"blocks.{layer}.mlp": 4 for layer in range(config.layers)}
    for name, ratio in widened.items():
        found |= {f"{name}.norm.weight": (width,), f"{name}.up.weight": (ratio * width, width)}
        found[f"{name}.down.weight"] = (width, ratio * width)
    for layer in range(config.layers):
        name = f"blocks.{layer}.attention"
        found |= {f"{name}.norm.weight": (width,), f"{name}.qkv.weight": (3 * width, width)}
        found[f"{name}.out.weight"] = (width, width)
    return found


def random_weights(config: ModelConfig = TINY, seed: int = 0, scale: float = 0.1) -> dict[str, NDArray[np.float32]]:
    """A model drawn from a seed."""
    rng = np.random.default_rng(seed)
    return {name: rng.normal(0, scale, shape).astype(np.float32) for name, shape in shapes(config).items()}
