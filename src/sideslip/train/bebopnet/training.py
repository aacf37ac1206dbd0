"""Training: AdamW and a moving average of the weights, crops drawn from (seed, step) alone.

Every random draw is a function of seed and step, so a run that was killed goes on bit for bit from its last state.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from sideslip.errors import DataError
from sideslip.propose.checkpoint import ModelConfig
from sideslip.train.bebopnet.features import Piece, batch
from sideslip.train.bebopnet.model import EventModel, losses

CONTEXT = 192
SHAPE = ModelConfig(width=128, layers=4, heads=4, context=CONTEXT, dropout=0.4, masking=0.3)
"""Chosen, like the settings of TrainConfig, on a tenth of the `train` solos (docs/log.md)."""


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """How to train: `steps` of `batch` crops of `length` events; `rate` is the peak learning rate, judged `every` so
    many steps.

    `half` multiplies matrices in bfloat16, on processors that are fast at it.
    """

    steps: int = 600
    batch: int = 20
    length: int = CONTEXT
    rate: float = 2e-3
    warmup: int = 100
    decay: float = 0.1
    average: float = 0.998
    clip: float = 1.0
    every: int = 50
    seed: int = 1
    half: bool = True


@dataclass(slots=True)
class Trainer:
    """Everything a run consists of; `step` counts finished steps, `best` is the step and held-out joint nats of the
    weights in `chosen`."""

    model: EventModel
    average: EventModel
    chosen: EventModel
    optimiser: torch.optim.AdamW
    config: TrainConfig
    step: int = 0
    best: tuple[int, float] = (0, math.inf)

    @classmethod
    def new(cls, shape: ModelConfig, config: TrainConfig) -> "Trainer":
        """A fresh run, its first weights drawn from the seed."""
        torch.manual_seed(config.seed)
        model, average, chosen = EventModel(shape), EventModel(shape), EventModel(shape)
        for copy in (average, chosen):
            copy.load_state_dict(model.state_dict())
        matrices = [p for p in model.parameters() if p.ndim > 1]
        vectors = [p for p in model.parameters() if p.ndim == 1]
        groups = [{"params": matrices, "weight_decay": config.decay}, {"params": vectors, "weight_decay": 0.0}]
        return cls(model, average, chosen, torch.optim.AdamW(groups, lr=config.rate, betas=(0.9, 0.98)), config)

    def rate(self) -> float:
        """Learning rate of the coming step: linear warm-up, then half a cosine down to 2 % of the peak."""
        c = self.config
        if self.step < c.warmup:
            return c.rate * (self.step + 1) / c.warmup
        done = (self.step - c.warmup) / max(1, c.steps - c.warmup)
        return c.rate * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, done))))

    def advance(self, pieces: Sequence[Piece]) -> Tensor:
        """One step; returns the mean loss of pitch and duration in nats, (2,)."""
        c = self.config
        torch.manual_seed(c.seed * 1_000_003 + self.step)
        crops = batch(pieces, c.batch, c.length, np.random.default_rng([c.seed, self.step]))
        *given, answers = (torch.from_numpy(array) for array in crops)
        self.model.train()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=c.half):
            logits = self.model(*given)
        means = losses(logits, answers).sum((0, 1)) / (answers >= 0).sum((0, 1))
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate()
        self.optimiser.zero_grad(set_to_none=True)
        means.sum().backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), c.clip)
        self.optimiser.step()
        self.step += 1
        keep = min(c.average, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for old, new in zip(self.average.parameters(), self.model.parameters(), strict=True):
                old.lerp_(new, 1 - keep)
        return means.detach()

    def judge(self, nats: float) -> None:
        """Keep the average as it is now if `nats`, its joint on held-back solos, is the lowest so far."""
        if nats < self.best[1]:
            self.best = (self.step, nats)
            self.chosen.load_state_dict(self.average.state_dict())

    def _models(self) -> dict[str, EventModel]:
        return {"model": self.model, "average": self.average, "chosen": self.chosen}

    def save(self, path: Path) -> None:
        """Write the whole run: weights, their average, the best of it, the optimiser's moments, the step."""
        arrays = {f"{name}.{k}": v for name, model in self._models().items() for k, v in model.state_dict().items()}
        for index, moments in self.optimiser.state_dict()["state"].items():
            arrays |= {f"optimiser.{index}.{k}": v.clone() for k, v in moments.items()}
        about = {"step": self.step, "best": self.best, "settings": self._settings()}
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".writing")
        save_file(arrays, beside, metadata={"run": json.dumps(about)})
        beside.replace(path)

    def _settings(self) -> dict[str, dict[str, object]]:
        return {"train": asdict(self.config), "model": asdict(self.model.config)}

    def load(self, path: Path) -> None:
        """Take up a run where `save` left it. Raises DataError when it is the state of another run."""
        with safe_open(path, framework="pt") as file:
            about = json.loads((file.metadata() or {}).get("run", "{}"))
        if about.get("settings") != self._settings():
            raise DataError(
                f"{path} is the state of a run with other settings; name a new --out, or leave out --resume"
            )
        arrays = load_file(path)
        for name, model in self._models().items():
            start = f"{name}."
            model.load_state_dict({k[len(start) :]: v for k, v in arrays.items() if k.startswith(start)})
        state = self.optimiser.state_dict()
        state["state"] = {}
        for name, value in arrays.items():
            if name.startswith("optimiser."):
                _, index, key = name.split(".")
                state["state"].setdefault(int(index), {})[key] = value
        self.optimiser.load_state_dict(state)
        self.step, self.best = int(about["step"]), (int(about["best"][0]), float(about["best"][1]))
