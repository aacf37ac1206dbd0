"""Weights on disk: safetensors, with the model's shape in the metadata. No torch, no pickle."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from sideslip.errors import WeightsError
from sideslip.propose import tokens, views
from sideslip.weights import read_learnt

Weights = Mapping[str, NDArray[np.float32]]

SHORTEST = 8
"""Notes of a context at least: half of them what was played, half of them an answer."""


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """Shape of the model: `width` of a vector, `layers`, `heads` (width / heads is even), longest `context` in notes.

    `dropout` and `masking` count in training only: shares of values and of input columns that are hidden.
    """

    width: int = 128
    layers: int = 4
    heads: int = 4
    context: int = 256
    dropout: float = 0.3
    masking: float = 0.1

    def __post_init__(self) -> None:
        sizes = (self.width, self.layers, self.heads, self.context)
        if not all(isinstance(n, int) and 0 < n <= 8192 for n in sizes) or self.width % (2 * self.heads):
            raise WeightsError(f"a model's width divides by twice its heads, all sizes are 1 to 8192; found {sizes}")
        if self.context < SHORTEST:
            raise WeightsError(f"a model's context is at least {SHORTEST} notes; found {self.context}")


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
        "shift.tables": sum(views.SHIFT.values()),
        "duration.tables": sum(views.DURATION.values()),
        "pitch.tables": sum(views.PITCH.values()),
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


def write_weights(path: Path, config: ModelConfig, weights: Weights) -> None:
    """Write beside, then rename: a file that was there stays whole."""
    arrays = {name: np.ascontiguousarray(array) for name, array in sorted(weights.items())}
    data = save(arrays, metadata={"sideslip": json.dumps(asdict(config))})
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".writing")
    beside.write_bytes(data)
    beside.replace(path)


def read_weights(path: Path) -> tuple[ModelConfig, dict[str, NDArray[np.float32]]]:
    """Shape and arrays of a model. Raises WeightsError when the file is missing, damaged or no model of sideslip."""
    found = read_learnt(path, "the weights of a model (scripts/train.py makes them)")
    try:
        config = ModelConfig(**json.loads(found.about["sideslip"]))
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise WeightsError(f"{path.name} does not say what model it is: {error}") from error
    _check(path.name, config, found.arrays)
    return config, found.arrays


def _check(name: str, config: ModelConfig, arrays: Mapping[str, NDArray[np.float32]]) -> None:
    """Raises WeightsError unless exactly the arrays of the shape are there, all of them numbers."""
    wanted = shapes(config)
    found = {key: array.shape for key, array in arrays.items()}
    if odd := sorted(key for key in wanted.keys() | found.keys() if wanted.get(key) != found.get(key)):
        sizes = f"{odd[0]} {found.get(odd[0], 'missing')}, wanted {wanted.get(odd[0], 'none')}"
        raise WeightsError(f"{name} was made by another version of sideslip, or is damaged: {sizes}")
    if not all(array.dtype == np.float32 for array in arrays.values()):
        raise WeightsError(f"{name} is damaged: it holds numbers of another kind than float32")
