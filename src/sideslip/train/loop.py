"""Training: AdamW with a moving average of the weights, crops drawn from (seed, step) alone.

Because every random draw is a function of seed and step (and of the rank, where several processes share the work), a
run that was killed goes on bit for bit from its last state.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, distributed, nn
from torch.nn import functional as F

from sideslip.errors import SettingError
from sideslip.propose import tokens
from sideslip.propose.checkpoint import ModelConfig
from sideslip.propose.transformer import LineModel, losses
from sideslip.propose.wishes import FREE
from sideslip.train.dataset import batch
from sideslip.train.pieces import Piece, Rows
from sideslip.train.runs import adamw, follow, load_run, rate_at, save_run

PARTS = torch.tensor([1.0, 1.0, 1.0, 0.3])
"""Weights of shift, duration, pitch and velocity in the loss: velocity may not cost the line."""


FREE_OF_SHAPE = {"dropout": 0.0, "masking": 0.0}
"""What models of one shape may differ in."""


LEAST = 1e-5
"""The least probability that is told apart when teachers are guided: below, the ratio of two is noise."""


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """How to train: `steps` of `batch` crops of `length` notes; `rate` is the peak learning rate, reached
    after `warmup` steps; matrices `decay`; gradients are clipped to the norm `clip`; the moving average of the weights
    keeps the share `average` a step; after `every` so many steps the held-out solos are scored. `trust` is the share of
    the loss that is the teachers' word, where there are teachers.

    Of `rivals` crops the pitches are also foretold over chords that were moved: until that costs `margin` bits a note
    more than over the right ones, the difference counts `rivalry` times in the loss. So what the chords say is not left
    to be guessed from the line.

    With teachers, `imagined` crops of a step carry wishes for something else than what was played: their notes are no
    answers, the teachers' word is. It is guided: in the direction from what they would play freely to what they play as
    asked, `guidance` times as far (classifier-free guidance; Ho and Salimans 2022), so that a student obeys at once.

    `half` multiplies matrices in bfloat16: more than half as fast again where the processor knows how.
    """

    steps: int = 3000
    batch: int = 16
    length: int = 256
    rate: float = 2e-3
    warmup: int = 100
    decay: float = 0.1
    average: float = 0.998
    clip: float = 1.0
    every: int = 250
    seed: int = 1
    trust: float = 0.9
    rivals: int = 0
    rivalry: float = 0.15
    margin: float = 0.6
    imagined: int = 0
    guidance: float = 1.0
    half: bool = False


def share() -> tuple[int, int]:
    """The number of this process and how many there are that train together (torchrun); 0 of 1 alone."""
    if distributed.is_available() and distributed.is_initialized():
        return distributed.get_rank(), distributed.get_world_size()
    return 0, 1


@dataclass(slots=True)
class Trainer:
    """Everything a run consists of; `step` counts finished steps."""

    model: LineModel
    average: LineModel
    optimiser: torch.optim.AdamW
    config: TrainConfig
    teachers: Sequence[LineModel] = field(default_factory=tuple)
    step: int = 0

    @classmethod
    def new(cls, shape: ModelConfig, config: TrainConfig, teachers: Sequence[LineModel] = ()) -> "Trainer":
        """A fresh run, its first weights drawn from the seed. It learns from solos, and from teachers where there are
        any: their average word about each note (distillation; Hinton et al. 2015), beginning as the first of them.

        Raises SettingError for teachers of another shape, for crops that do not go together, and where those of a step
        cannot be shared out evenly among the processes.
        """
        if config.batch % share()[1] or config.rivals % share()[1] or config.imagined % share()[1]:
            found = f"{config.batch} crops, {config.rivals} rivals, {config.imagined} imagined"
            raise SettingError(f"{share()[1]} processes share the work of a step evenly; found {found}")
        if (config.imagined and not teachers) or config.imagined + max(1, config.rivals) > config.batch:
            raise SettingError(
                "imagined crops need teachers, and leave room for rivals, or one that was played; found "
                f"{len(teachers)} teachers, {config.imagined} imagined and {config.rivals} rivals of {config.batch}"
            )
        if config.length > shape.context:
            raise SettingError(f"crops are at most as long as the context of {shape.context}; found {config.length}")
        if any(asdict(teacher.config) | FREE_OF_SHAPE != asdict(shape) | FREE_OF_SHAPE for teacher in teachers):
            raise SettingError(f"teachers have the shape of their student, {shape}; found others")
        torch.manual_seed(config.seed)
        model, average = LineModel(shape), LineModel(shape)
        if teachers:
            model.load_state_dict(teachers[0].state_dict())
        average.load_state_dict(model.state_dict())
        for teacher in teachers:
            teacher.eval()
        return cls(model, average, adamw(model, config.rate, config.decay), config, teachers)

    def rate(self) -> float:
        """Learning rate of the coming step."""
        return rate_at(self.step, self.config)

    def advance(self, pieces: Sequence[Piece]) -> Tensor:
        """One step; returns the mean loss of each part in bits a note, shape (4,)."""
        c, (rank, ranks) = self.config, share()
        torch.manual_seed((c.seed * 1_000_003 + self.step) * ranks + rank)
        rng = np.random.default_rng([c.seed, self.step, *((rank,) if ranks > 1 else ())])
        drawn = batch(pieces, c.batch // ranks, c.length, c.rivals // ranks, rng, c.imagined // ranks)
        given, told = _tensors(drawn.crops)
        played = told.clone()
        played[len(told) - drawn.imagined :] = False
        self.model.train()
        logits = self._said(self.model, given)
        nats = losses(logits, given[2]) * played
        means = nats.sum((0, 1)) / played.sum((0, 1))
        wanted = means
        if self.teachers:
            taught = (self._taught(logits, given) * told).sum((0, 1)) / told.sum((0, 1))
            wanted = (1 - c.trust) * means + c.trust * taught
        loss = (wanted * PARTS).sum()
        if drawn.rivals is not None:
            loss = loss + c.rivalry * self._rivalled(drawn.rivals, nats[: len(drawn.rivals.inputs), :, 2])
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate()
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self._agree()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), c.clip)
        self.optimiser.step()
        self.step += 1
        follow(self.average, self.model, c.average, self.step)
        return means.detach() / math.log(2)

    def _said(self, model: LineModel, given: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """A model's logits in full precision."""
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.config.half):
            logits = model(*given)
        return tuple(part.float() for part in logits)

    def _agree(self) -> None:
        """Have the processes that train together take one step: the mean of their gradients."""
        _, ranks = share()
        if ranks > 1:
            gradients = [p.grad for p in self.model.parameters() if p.grad is not None]
            flat = torch.cat([gradient.flatten() for gradient in gradients]) / ranks
            distributed.all_reduce(flat)
            for gradient, part in zip(gradients, torch.split(flat, [g.numel() for g in gradients]), strict=True):
                gradient.copy_(part.view_as(gradient))

    def _rivalled(self, rivals: Rows, nats: Tensor) -> Tensor:
        """What is lacking of the margin, in nats a note, between the pitches of crops over moved chords and the same
        over their own, whose `nats` are (rivals, T)."""
        given, told = _tensors(rivals)
        moved = losses(self._said(self.model, given), given[2])[..., 2] * told[..., 2]
        apart = (moved - nats).sum(1) / told[..., 2].sum(1)
        return F.relu(self.config.margin * math.log(2) - apart).mean()

    def _taught(self, logits: tuple[Tensor, ...], given: tuple[Tensor, ...]) -> Tensor:
        """Cross-entropy in nats against what the teachers say on average, (B, T, 4)."""
        words = self._word(given)
        if self.config.guidance != 1.0:
            free = given[0].clone()
            free[..., tokens.WISHED] = torch.from_numpy(FREE)
            pairs = zip(words, self._word((free, *given[1:])), strict=True)
            words = [_guided(asked, freely, self.config.guidance) for asked, freely in pairs]
        parts = zip(logits, words, strict=True)
        return torch.stack([-(word * F.log_softmax(part, dim=-1)).sum(-1) for part, word in parts], dim=-1)

    @torch.no_grad()
    def _word(self, given: tuple[Tensor, ...]) -> list[Tensor]:
        """The teachers' average probabilities of each part."""
        words = [[part.softmax(-1) for part in self._said(teacher, given)] for teacher in self.teachers]
        return [torch.stack(parts).mean(0) for parts in zip(*words, strict=True)]

    def save(self, path: Path) -> None:
        """Write the whole run: weights, their average, the optimiser's moments, the step."""
        save_run(path, self._models(), self.optimiser, {"step": self.step, "settings": self._settings()})

    def load(self, path: Path) -> None:
        """Take up a run where `save` left it. Raises DataError when it is the state of another run."""
        self.step = load_run(path, self._models(), self.optimiser, self._settings())["step"]

    def _models(self) -> dict[str, nn.Module]:
        return {"model": self.model, "average": self.average}

    def _settings(self) -> dict[str, Any]:
        """What a state must have been written with: teachers are told apart by a sum of their weights."""
        teachers = [float(sum(p.double().sum() for p in teacher.parameters())) for teacher in self.teachers]
        return {"train": asdict(self.config), "model": asdict(self.model.config), "teachers": teachers}


def _guided(asked: Tensor, free: Tensor, guidance: float) -> Tensor:
    """Probabilities that go `guidance` times as far from the free ones as those that were asked for."""
    free, asked = free.clamp(min=LEAST).log(), asked.clamp(min=LEAST).log()
    return (free + guidance * (asked - free)).softmax(-1)


def _tensors(rows: Rows) -> tuple[tuple[Tensor, ...], Tensor]:
    """What the model is given, and which answers are told, (B, T, 4)."""
    inputs, targets, answers, *seen = (torch.from_numpy(array).long() for array in rows.arrays)
    return (inputs, targets, answers.clamp(min=0), *seen), answers >= 0


def train(trainer: Trainer, pieces: Sequence[Piece], report: Callable[[int, list[float]], None]) -> Iterator[int]:
    """Run to the end, reporting the mean training bits of each part; yields the step every `every` steps and at the
    end."""
    sums, count = torch.zeros(4), 0
    while trainer.step < trainer.config.steps:
        sums += trainer.advance(pieces)
        count += 1
        if trainer.step % trainer.config.every == 0 or trainer.step == trainer.config.steps:
            report(trainer.step, (sums / count).tolist())
            sums, count = torch.zeros(4), 0
            yield trainer.step
