"""What every training run has in common: the optimiser, its rate, the moving average, and a state that is written so
that a killed run goes on bit for bit."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from sideslip.errors import DataError
from sideslip.weights import LARGEST, read_learnt

LEAST_RATE = 0.02
"""Share of the peak rate at which a run ends."""

KEPT_AT_ONCE = 5
"""Times the weights that a state holds: the model, its average, the best of them, two moments of the optimiser."""


class Schedule(Protocol):
    """How fast to learn: the peak `rate`, after `warmup` of `steps`."""

    @property
    def rate(self) -> float: ...
    @property
    def warmup(self) -> int: ...
    @property
    def steps(self) -> int: ...


def rate_at(step: int, schedule: Schedule) -> float:
    """Learning rate of a step: linear warm-up, then half a cosine down to the least."""
    if step < schedule.warmup:
        return schedule.rate * (step + 1) / schedule.warmup
    done = (step - schedule.warmup) / max(1, schedule.steps - schedule.warmup)
    fall = 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
    return schedule.rate * (LEAST_RATE + (1 - LEAST_RATE) * fall)


def adamw(model: nn.Module, rate: float, decay: float) -> torch.optim.AdamW:
    """AdamW that lets matrices decay, vectors not."""
    matrices = [p for p in model.parameters() if p.ndim > 1]
    vectors = [p for p in model.parameters() if p.ndim == 1]
    groups = [{"params": matrices, "weight_decay": decay}, {"params": vectors, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98))


@torch.no_grad()
def follow(average: nn.Module, model: nn.Module, keep: float, step: int) -> None:
    """Move an average of weights towards a model after a step: it keeps the share `keep`, less in the first steps."""
    keep = min(keep, (1 + step) / (10 + step))
    for old, new in zip(average.parameters(), model.parameters(), strict=True):
        old.lerp_(new, 1 - keep)


def save_run(
    path: Path, models: Mapping[str, nn.Module], optimiser: torch.optim.Optimizer, about: Mapping[str, Any]
) -> None:
    """Write the weights of some models, the optimiser's moments and what is to be known `about` the run (plain values).
    Written beside, then renamed."""
    arrays = {f"{name}.{key}": value for name, model in models.items() for key, value in model.state_dict().items()}
    for index, moments in optimiser.state_dict()["state"].items():
        arrays |= {f"optimiser.{index}.{key}": value.clone() for key, value in moments.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".writing")
    save_file(arrays, beside, metadata={"run": json.dumps(about)})
    beside.replace(path)


def load_run(
    path: Path, models: Mapping[str, nn.Module], optimiser: torch.optim.Optimizer, settings: Mapping[str, Any]
) -> dict[str, Any]:
    """Take up a run where `save_run` left it; what was written about it, at least its "step".

    Raises DataError where what was written under "settings" is not what these are, and DataError or WeightsError for a
    file that is missing, damaged or something else.
    """
    found = read_learnt(path, "the state of a run to go on with", KEPT_AT_ONCE * LARGEST)
    try:
        about: dict[str, Any] = dict(json.loads(found.about.get("run", "{}")))
        if about.get("settings") != settings:
            raise DataError(
                f"{path} is the state of a run with other settings; name a new --out, or leave out --resume"
            )
        about["step"] = int(about["step"])
        _take_up({name: torch.from_numpy(array) for name, array in found.arrays.items()}, models, optimiser)
    except (RuntimeError, ValueError, TypeError, KeyError, IndexError) as error:
        raise DataError(f"{path} is no state of a run, or is damaged: {error}") from error
    return about


def _take_up(arrays: Mapping[str, Tensor], models: Mapping[str, nn.Module], optimiser: torch.optim.Optimizer) -> None:
    for name, model in models.items():
        start = f"{name}."
        model.load_state_dict({key[len(start) :]: v for key, v in arrays.items() if key.startswith(start)})
    state = optimiser.state_dict()
    state["state"] = {}
    for name, value in arrays.items():
        if name.startswith("optimiser."):
            _, index, key = name.split(".")
            state["state"].setdefault(int(index), {})[key] = value
    optimiser.load_state_dict(state)
