"""Settings of a training run, from a TOML file."""

from dataclasses import fields
from math import prod
from pathlib import Path
from typing import Any

from sideslip.config import read_toml
from sideslip.errors import SettingError
from sideslip.propose.checkpoint import SHORTEST, ModelConfig, shapes
from sideslip.train.loop import TrainConfig
from sideslip.weights import LARGEST

LIMITS: dict[str, tuple[float, float]] = {
    "width": (1, 8192),
    "layers": (1, 8192),
    "heads": (1, 8192),
    "context": (SHORTEST, 8192),
    "dropout": (0, 0.99),
    "masking": (0, 0.99),
    "steps": (1, 1e6),
    "batch": (1, 4096),
    "length": (SHORTEST, 8192),
    "rate": (1e-9, 1),
    "warmup": (0, 1e6),
    "decay": (0, 100),
    "average": (0, 1),
    "clip": (1e-6, 1e6),
    "every": (1, 1e6),
    "seed": (0, 2**32 - 1),
    "trust": (0, 1),
    "rivals": (0, 4096),
    "rivalry": (0, 1e3),
    "margin": (0, 1e3),
    "imagined": (0, 4096),
    "guidance": (0, 100),
    "half": (False, True),
}
"""The least and the most of every setting."""


def settings(path: Path | None) -> tuple[ModelConfig, TrainConfig]:
    """The tables [model] and [train] of a settings file; an unknown key is an error. Raises SettingError or
    WeightsError."""
    tables = read_toml(path) if path else {}
    for name, kind in (("model", ModelConfig), ("train", TrainConfig)):
        _check(path, name, kind, tables.get(name, {}))
    if strange := sorted(tables.keys() - {"model", "train"}):
        raise SettingError(f"{path}: wanted the tables [model] and [train], found {strange[0]!r}")
    shape = ModelConfig(**tables.get("model", {}))
    if (size := 4 * sum(prod(one) for one in shapes(shape).values())) > LARGEST:
        raise SettingError(f"{path}: a model takes at most {LARGEST >> 20} MiB, these settings ask for {size >> 20}")
    return shape, TrainConfig(**tables.get("train", {}))


def _check(path: Path | None, name: str, kind: type, table: Any) -> None:
    """Raises SettingError for what is no table of known keys, each with a value of its kind within its limits."""
    wanted = {field.name: type(field.default) for field in fields(kind)}
    if not isinstance(table, dict) or not table.keys() <= wanted.keys():
        found = sorted(table.keys() - wanted.keys())[0] if isinstance(table, dict) else table
        raise SettingError(f"{path}: [{name}] wants the keys {', '.join(wanted)}; found {found!r}")
    for key, value in table.items():
        low, high = LIMITS[key]
        fits = type(value) is wanted[key] or (wanted[key] is float and type(value) is int)
        if not fits or not low <= value <= high:
            raise SettingError(f"{path}: {key} takes {wanted[key].__name__}, {low:g} to {high:g}; found {value!r:.40}")
