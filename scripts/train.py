"""Train the proposer.

    python scripts/train.py --data solos_train.jsonl.gz --val solos_val.jsonl.gz --out models/NAME [--config F.toml]
    [--resume] [--seed N] [--teachers MODEL...]

Writes OUT.safetensors (the weights that play: the moving average at the step with the fewest held-out bits), and
keeps the run's state in runs/NAME, from which --resume goes on bit for bit. Settings come from a TOML file with the
tables [model] and [train]; its keys are the fields of ModelConfig and TrainConfig.
"""

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path

import torch

from sideslip.cli import exit_on_mistake
from sideslip.config import read_toml
from sideslip.errors import SettingError
from sideslip.outside.tables import load_tables
from sideslip.propose.checkpoint import ModelConfig, write_weights
from sideslip.train.evaluate import figures, load_model, score
from sideslip.train.loop import TrainConfig, Trainer, train
from sideslip.train.pieces import Piece, outsideness
from sideslip.train.solos import read_solos


def settings(path: Path | None) -> tuple[ModelConfig, TrainConfig]:
    """The two tables of a settings file; an unknown key is an error. Raises SettingError."""
    tables = read_toml(path) if path else {}
    try:
        return ModelConfig(**tables.pop("model", {})), TrainConfig(**tables.pop("train", {}), **tables)
    except TypeError as error:
        raise SettingError(f"{path}: wanted the keys of [model] and [train]; {error}") from error


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

    shape, config = settings(options.config)
    config = replace(config, seed=options.seed or config.seed)
    trainer = Trainer.new(shape, config, [load_model(path) for path in options.teachers])
    tables = load_tables(options.tables)
    solos = (solo for path in options.data for solo in read_solos(path))
    pieces = [Piece.of(solo, outside=outsideness(solo, tables)) for solo in solos]
    held_out = [Piece.of(solo) for solo in read_solos(options.val)]
    run = Path("runs") / options.out.name
    run.mkdir(parents=True, exist_ok=True)
    state, log = run / "state.safetensors", run / "log.jsonl"
    if options.resume and state.exists():
        trainer.load(state)
    else:
        log.write_text("")
    weights = sum(p.numel() for p in trainer.model.parameters())
    print(f"{len(pieces)} solos, {sum(map(len, pieces))} notes; {weights:,} weights; step {trainer.step}", flush=True)
    best = min((json.loads(line)["val"]["bits_per_note"] for line in log.open()), default=float("inf"))
    began, first = time.perf_counter(), trainer.step

    def report(step: int, bits: list[float]) -> None:
        nonlocal best
        found = figures([score(trainer.average, piece) for piece in held_out])
        with log.open("a") as file:
            print(json.dumps({"step": step, "train": bits, "val": found}), file=file)
        spent = time.perf_counter() - began
        left = spent / (step - first) * (trainer.config.steps - step)
        told = " ".join(f"{b:.3f}" for b in bits[:3])
        print(
            f"step {step:5d}/{trainer.config.steps}  train {told}  val {found['shift_bits']:.3f} "
            f"{found['duration_bits']:.3f} {found['pitch_bits']:.3f} = {found['bits_per_note']:.3f}  "
            f"{left / 60:.0f} min left",
            flush=True,
        )
        if found["bits_per_note"] < best:
            best = found["bits_per_note"]
            arrays = {name: tensor.numpy() for name, tensor in trainer.average.state_dict().items()}
            write_weights(options.out.with_suffix(".safetensors"), trainer.model.config, arrays)

    for _ in train(trainer, pieces, report):
        trainer.save(state)
    print(f"best {best:.3f} bits a note: {options.out.with_suffix('.safetensors')}")


if __name__ == "__main__":
    exit_on_mistake(main)
