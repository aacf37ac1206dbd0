"""Training: AdamW and a moving average of the weights, crops drawn from (seed, step) alone.

Every random draw is a function of seed and step, so a run that was killed goes on bit for bit from its last state.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from sideslip.errors import DataError
from sideslip.propose.checkpoint import ModelConfig
from sideslip.train.bebopnet.features import Piece, batch
from sideslip.train.bebopnet.model import EventModel, losses
from sideslip.train.runs import adamw, follow, load_run, rate_at, save_run

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
        return cls(model, average, chosen, adamw(model, config.rate, config.decay), config)

    def rate(self) -> float:
        """Learning rate of the coming step."""
        return rate_at(self.step, self.config)

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
        follow(self.average, self.model, c.average, self.step)
        return means.detach()

    def judge(self, nats: float) -> None:
        """Keep the average as it is now if `nats`, its joint on held-back solos, is the lowest so far."""
        if nats < self.best[1]:
            self.best = (self.step, nats)
            self.chosen.load_state_dict(self.average.state_dict())

    def _models(self) -> dict[str, nn.Module]:
        return {"model": self.model, "average": self.average, "chosen": self.chosen}

    def save(self, path: Path) -> None:
        """Write the whole run: weights, their average, the best of it, the optimiser's moments, the step."""
        about = {"step": self.step, "best": self.best, "settings": self._settings()}
        save_run(path, self._models(), self.optimiser, about)

    def _settings(self) -> dict[str, dict[str, object]]:
        return {"train": asdict(self.config), "model": asdict(self.model.config)}

    def load(self, path: Path) -> None:
        """Take up a run where `save` left it. Raises DataError when it is the state of another run."""
        about = load_run(path, self._models(), self.optimiser, self._settings())
        try:
            self.step, self.best = about["step"], (int(about["best"][0]), float(about["best"][1]))
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise DataError(f"{path} does not say which step was the best: {error}") from error
