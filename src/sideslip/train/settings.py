"""Settings of a training run, from a TOML file."""

from pathlib import Path

from sideslip.config import read_toml
from sideslip.errors import SettingError
from sideslip.propose.checkpoint import ModelConfig
from sideslip.train.loop import TrainConfig


def settings(path: Path | None) -> tuple[ModelConfig, TrainConfig]:
    """The tables [model] and [train] of a settings file; an unknown key is an error. Raises SettingError."""
    tables = read_toml(path) if path else {}
    try:
        return ModelConfig(**tables.pop("model", {})), TrainConfig(**tables.pop("train", {}), **tables)
    except TypeError as error:
        raise SettingError(f"{path}: wanted the keys of [model] and [train]; {error}") from error
