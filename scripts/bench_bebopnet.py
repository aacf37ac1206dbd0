"""Train on a public next-event benchmark and score its test part: BebopNet's events of the Weimar Jazz Database.

    python scripts/bench_bebopnet.py --data bench_bebopnet.jsonl.gz [--seeds 1 2 3] [--out runs/bench] [--resume]
    [--json]

One model a seed, each with another tenth of the `train` solos held back, by which its best step is chosen; then the
`test` solos are scored with each model and with the mean of their probabilities: every event but a solo's first, each
solo by itself, the pitch from the past, the chord and the place of the event, the duration from these and the pitch.
The state of every run is kept in --out, from which --resume goes on bit for bit; a finished run is not trained again.
The format of the data is that of `sideslip.train.bebopnet.events`.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import torch

from sideslip.cli import exit_on_mistake
from sideslip.errors import SettingError
from sideslip.train.bebopnet.events import Solo, held_back, of_split, read_solos
from sideslip.train.bebopnet.features import Piece
from sideslip.train.bebopnet.model import EventModel
from sideslip.train.bebopnet.scoring import figures, interval, score
from sideslip.train.bebopnet.training import SHAPE, TrainConfig, Trainer


def trained(solos: list[Solo], seed: int, options: argparse.Namespace) -> EventModel:
    """The best step of one seed's run, by the tenth of the solos that this seed holds back."""
    config = TrainConfig(seed=seed, steps=options.steps, half=options.half)
    trainer = Trainer.new(SHAPE, config)
    state = options.out / f"seed-{seed}.safetensors"
    if options.resume and state.exists():
        trainer.load(state)
    learnt, held = ([Piece.of(s) for s in part if len(s) > 1] for part in held_back(solos, seed))
    began, first = time.perf_counter(), trainer.step
    while trainer.step < config.steps:
        count = min(config.every, config.steps - trainer.step)
        sums = sum(trainer.advance(learnt) for _ in range(count)) / count
        found = figures([score([trainer.average], piece) for piece in held])
        trainer.judge(found["joint_nats"])
        trainer.save(state)
        left = (time.perf_counter() - began) / (trainer.step - first) * (config.steps - trainer.step)
        told = " ".join(f"{loss:.3f}" for loss in sums.tolist())
        print(
            f"seed {seed} step {trainer.step:4d}/{config.steps}  train {told}  held back {found['pitch_nats']:.3f} + "
            f"{found['duration_nats']:.3f} = {found['joint_nats']:.3f}  {left / 60:.0f} min left",
            file=sys.stderr,
        )
    print(
        f"seed {seed}: best at step {trainer.best[0]}, {trainer.best[1]:.3f} nats an event held back", file=sys.stderr
    )
    return trainer.chosen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the benchmark's events, JSON Lines")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3], help="one model a seed (default 1 2 3)")
    parser.add_argument("--out", type=Path, default=Path("runs/bench"), help="folder of the runs' states")
    parser.add_argument("--resume", action="store_true", help="go on with the runs in --out")
    parser.add_argument("--steps", type=int, default=TrainConfig().steps, help="steps a model")
    parser.add_argument("--threads", type=int, default=1, help="default 1")
    parser.add_argument("--no-half", dest="half", action="store_false", help="float32, where bfloat16 is not fast")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    options = parser.parse_args()
    if min(options.seeds) < 0 or len(set(options.seeds)) < len(options.seeds) or options.steps < 1:
        raise SettingError("wanted different seeds from 0 and at least one step; see --help")
    torch.set_num_threads(options.threads)

    solos = read_solos(options.data)
    train, test = of_split(solos, "train"), [Piece.of(s) for s in of_split(solos, "test") if len(s) > 1]
    models = [trained(train, seed, options) for seed in options.seeds]
    found = {f"seed {seed}": summary([model], test) for seed, model in zip(options.seeds, models, strict=True)}
    if len(models) > 1:
        found[f"mean of {len(models)}"] = summary(models, test)
    if options.json:
        print(json.dumps(found, indent=1))
        return
    for name, values in found.items():
        print(f"test, {name}:")
        for key, value in values.items():
            print(f"  {key:16} {value if isinstance(value, int | list) else round(value, 4)}")


def summary(models: list[EventModel], pieces: list[Piece]) -> dict[str, object]:
    """The figures of the solos under the mean of the models, in the key as written."""
    scores = [score(models, piece) for piece in pieces]
    weights = sum(p.numel() for model in models for p in model.parameters())
    bounds = [round(bound, 3) for bound in interval(scores)]
    return {**figures(scores), "joint_95": bounds, "solos": len(scores), "parameters": weights, "transpositions": 1}


if __name__ == "__main__":
    exit_on_mistake(main)
