"""Weights on disk: safetensors, with the model's shape in the metadata. No torch, no pickle."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from sideslip.errors import WeightsError

Weights = Mapping[str, NDArray[np.float32]]

LARGEST = 256 << 20
"""Bytes of a weights file at most; the shipped models take a few million."""


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
    if not path.is_file():
        raise WeightsError(f"wanted model weights at {path.name}, found none; train them with scripts/train.py")
    if path.stat().st_size > LARGEST:
        raise WeightsError(f"model weights take at most {LARGEST >> 20} MiB, found more in {path.name}")
    try:
        with safe_open(path, framework="numpy") as file:
            config = ModelConfig(**json.loads((file.metadata() or {})["sideslip"]))
            return config, {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise WeightsError(f"{path.name} holds no weights of a sideslip model, or is damaged: {error}") from error
