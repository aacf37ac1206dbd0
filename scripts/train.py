"""Train the proposer.

    python scripts/train.py --data solos_train.jsonl.gz --val solos_val.jsonl.gz --out models/NAME [--config F.toml]
    [--resume] [--seed N] [--teachers MODEL...]

Writes OUT.safetensors (the weights that play: the moving average at the step with the fewest held-out bits), and
keeps the run's state in runs/NAME, from which --resume goes on bit for bit. Settings come from a TOML file with the
tables [model] and [train]; its keys are the fields of ModelConfig and TrainConfig. Several processes share the crops of
each step where torchrun starts them: torchrun --nproc-per-node 2 scripts/train.py ... --threads 1
"""

import argparse
import json
import os
import time
from dataclasses import replace
from pathlib import Path

import torch
from torch import distributed

from sideslip.cli import exit_on_mistake
from sideslip.errors import DataError
from sideslip.outside.tables import load_tables
from sideslip.propose.checkpoint import write_weights
from sideslip.reading import read_text
from sideslip.train.evaluate import figures, load_model, score
from sideslip.train.loop import Trainer, share, train
from sideslip.train.pieces import Piece, outsideness
from sideslip.train.settings import settings
from sideslip.train.solos import read_solos

MOST_LOG = 10_000_000
"""Bytes of a run's log: some hundred at every scoring."""


class Run:
    """Says how a run goes, and keeps the weights of its best step."""

    def __init__(self, trainer: Trainer, held_out: list[Piece], out: Path, log: Path) -> None:
        """A run that goes on from the trainer's step: what the log says of later steps is void."""
        self.trainer, self.held_out, self.out, self.log = trainer, held_out, out, log
        lines = read_text(log, MOST_LOG).splitlines() if trainer.step and log.exists() else []
        try:
            kept = [line for line in lines if json.loads(line)["step"] <= trainer.step]
            self.best = min((float(json.loads(line)["val"]["bits_per_note"]) for line in kept), default=float("inf"))
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise DataError(f"the log {str(log)!r} is damaged; start without --resume: {error}") from error
        self.began, self.first = time.perf_counter(), trainer.step
        if trainer.step == 0 or len(kept) < len(lines):
            log.write_text("".join(line + "\n" for line in kept))

    def report(self, step: int, bits: list[float]) -> None:
        """Score the held-out solos; say and log what came of it."""
        average, steps = self.trainer.average, self.trainer.config.steps
        found = figures([score([average], piece) for piece in self.held_out])
        with self.log.open("a") as file:
            print(json.dumps({"step": step, "train": bits, "val": found}), file=file)
        left = (time.perf_counter() - self.began) / (step - self.first) * (steps - step)
        told = " ".join(f"{b:.3f}" for b in bits[:3])
        print(
            f"step {step:5d}/{steps}  train {told}  val {found['shift_bits']:.3f} {found['duration_bits']:.3f} "
            f"{found['pitch_bits']:.3f} = {found['bits_per_note']:.3f}  {left / 60:.0f} min left",
            flush=True,
        )
        if found["bits_per_note"] < self.best:
            self.best = found["bits_per_note"]
            write_weights(self.out, average.config, {k: v.numpy() for k, v in average.state_dict().items()})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="solos to learn from")
    parser.add_argument("--val", type=Path, required=True, help="solos to choose the best step by")
    parser.add_argument("--out", type=Path, required=True, help="models/NAME")
    parser.add_argument("--config", type=Path, help="TOML settings")
    parser.add_argument("--resume", action="store_true", help="go on with the run of the same name")
    parser.add_argument("--seed", type=int, help="instead of the settings'")
    parser.add_argument("--teachers", type=Path, nargs="*", default=[], help="models whose average word is learnt")
    parser.add_argument(
        "--tables", type=Path, default=Path("models/listening.safetensors"), help="the ear that hears what is outside"
    )
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    if "WORLD_SIZE" in os.environ:  # started by torchrun
        distributed.init_process_group("gloo")
    leads = share()[0] == 0

    shape, config = settings(options.config)
    config = replace(config, seed=config.seed if options.seed is None else options.seed)
    trainer = Trainer.new(shape, config, [load_model(path) for path in options.teachers])
    tables = load_tables(options.tables)
    solos = (solo for path in options.data for solo in read_solos(path))
    pieces = [Piece.of(solo, outside=outsideness(solo, tables)) for solo in solos]
    held_out = [Piece.of(solo) for solo in read_solos(options.val)] if leads else []
    state = Path("runs") / options.out.name / "state.safetensors"
    state.parent.mkdir(parents=True, exist_ok=True)
    if options.resume:
        trainer.load(state)
    if leads:
        weights = sum(p.numel() for p in trainer.model.parameters())
        print(
            f"{len(pieces)} solos, {sum(map(len, pieces))} notes; {weights:,} weights; step {trainer.step}", flush=True
        )
    run = Run(trainer, held_out, options.out.with_suffix(".safetensors"), state.with_name("log.jsonl"))
    for _ in train(trainer, pieces, run.report if leads else lambda step, bits: None):
        if leads:
            trainer.save(state)
    if leads:
        print(f"best {run.best:.3f} bits a note: {run.out}")


if __name__ == "__main__":
    exit_on_mistake(main)
