"""Train the critic: real phrases against almost real ones, some of them the proposer's own.

    python scripts/train_critic.py --data solos_train.jsonl.gz --out models/critic.safetensors [--jobs 2]

Run it again whenever the proposer changes. The solos are split by tune; for each fold a proposer
(configs/train/fold.toml) and tables learn from the other folds and play almost real phrases beside the fold's real
ones. What is done is kept in runs/critic, and not done again: a killed run goes on where it was; remove the folder to
begin anew.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import torch

from sideslip.cli import exit_on_mistake
from sideslip.commands import values
from sideslip.errors import SettingError
from sideslip.outside.tables import load_tables
from sideslip.stage.files.replace import replace_file
from sideslip.train.critic.examples import Examples
from sideslip.train.critic.fitting import learn
from sideslip.train.critic.gather import gather_fold
from sideslip.train.settings import settings
from sideslip.train.solos import read_solos

ROOT = Path(__file__).resolve().parent.parent


def fold(options: argparse.Namespace, number: int) -> Examples:
    """The examples of one fold."""
    torch.set_num_threads(options.threads)
    solos = [solo for path in options.data for solo in read_solos(path)]
    shape, config = settings(options.config)
    place = (number, options.folds)
    return gather_fold(
        solos, load_tables(options.tables), shape, config, place, options.runs, lambda line: print(line, flush=True)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="solos to learn from")
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "critic.safetensors")
    parser.add_argument(
        "--config", type=Path, default=ROOT / "configs" / "train" / "fold.toml", help="of the folds' proposers"
    )
    parser.add_argument("--tables", type=Path, default=ROOT / "models" / "listening.safetensors", help="what is usual")
    parser.add_argument("--folds", default="3", metavar="N")
    parser.add_argument("--seed", type=int, default=1, help="of the nets")
    parser.add_argument("--runs", type=Path, default=Path("runs/critic"))
    parser.add_argument("--jobs", default="1", metavar="N", help="folds at a time")
    parser.add_argument("--threads", default="1", metavar="N", help="threads of each")
    options = parser.parse_args()
    for name, least in (("folds", 2), ("jobs", 1), ("threads", 1)):
        setattr(options, name, values.whole(f"--{name}", str(getattr(options, name)), least, 64))
    values.check_outputs(map(str, options.data), [str(options.out)])
    try:
        options.runs.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(f"the work cannot be kept in {str(options.runs)!r}: {error}") from error
    with ProcessPoolExecutor(options.jobs) as pool:
        found = Examples.joined(list(pool.map(fold, [options] * options.folds, range(options.folds))))
    torch.set_num_threads(options.threads)
    critic = learn(found, options.seed, print)
    replace_file(options.out, critic.packed())
    print(f"{len(critic.names)} traits, {found.phrase.max() + 1} phrases, {len(found.kind)} lines: {options.out}")


if __name__ == "__main__":
    exit_on_mistake(main)
