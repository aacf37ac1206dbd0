"""Measure the controller: its ear, its dial, its choices, on solos it was not taught with.

    python scripts/evaluate_controller.py --data solos_val.jsonl.gz [--only GROUP ...] [--json]
        [--model FILE ...] [--tiers tiers.json] [--folds N] [--quick] [--jobs N] [--seed N] [--page docs/controller.md]

Groups: ear (O and G against chance, planted side-slips), surprise, rankings (performers and styles against
expectations), proposer (its own bits a note), resolvability (does it know which foreign notes come home), critic
(real phrases told from almost real ones, which are drawn by the proposer that is measured), dial (turns filled at
five dials, beside temperature, top-p, likelihood alone and chance at equal candidates), tracker, cost. Intervals are
95 %, from drawing solos again. `--model` names learnt files in the place of those that ship: listening tables, a
proposer, a critic, a tracker's tables; each is known by what it holds. Expectations (`--tiers`: style_rank and
performer_tier, set down before measuring) are looked for beside the data. `--folds` listens to the solos over each
tune with tables counted from all other tunes, so that the rankings may be measured on solos that the shipped tables
were taught with. `--page` writes the figures as a page with its picture beside it. Progress goes to stderr. All
groups take about half an hour for fifty solos on one core (`--jobs` spreads the turns over more); `--quick` fills 40
turns only.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from sideslip.stage.arithmetic import on_one_thread

os.environ.update(on_one_thread(os.environ))  # before numpy is imported

from sideslip.cli import exit_on_mistake
from sideslip.commands import values
from sideslip.errors import WeightsError
from sideslip.listen.tables import load_tracker
from sideslip.outside.controller import Controller
from sideslip.outside.critic import load_critic
from sideslip.outside.tables import load_tables
from sideslip.propose.engine import Engine
from sideslip.resources import resource
from sideslip.stage.files.replace import replace_file
from sideslip.train.controller.by_solo import Figures
from sideslip.train.controller.goals import verdicts
from sideslip.train.controller.groups import GROUPS, QUICK, Material, measured
from sideslip.train.controller.judged import judged, judged_by_fold
from sideslip.train.controller.page import page
from sideslip.train.controller.picture import picture
from sideslip.train.controller.rankings import read_tiers
from sideslip.train.controller.table import table
from sideslip.train.listening import HeardSolo
from sideslip.train.solos import read_solos
from sideslip.weights import read_learnt

CONTEXTS = 350
"""Turns that are filled at most."""

TIERS = "tiers.json"

LEARNT = {"listening": "profile", "line": "input.table.weight", "critic": "into", "tracker": "harmony.moves"}
"""Learnt files by the names they ship under, and an array by which each is known."""


def main() -> None:
    """Measure and print."""
    options = arguments()
    written = [options.page, options.page.with_suffix(".svg")] if options.page else []
    values.check_outputs(map(str, (*options.data, *options.model)), map(str, written))
    given = material(options)
    found: Figures = {"data": [path.name for path in options.data], "seed": given.seed, "folds": int(options.folds)}
    found |= measured(given, options.only)
    if options.page:
        picture_at = options.page.with_suffix(".svg")
        if "ways" in found:
            replace_file(picture_at, picture(found).encode())
        replace_file(options.page, page(found, picture_at.name).encode())
    print(json.dumps({**found, "goals": verdicts(found)}, indent=2) if options.json else table(found))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", nargs="+", type=Path, required=True, metavar="FILE", help="solos, JSON Lines or .gz")
    parser.add_argument("--only", nargs="+", choices=list(GROUPS), default=list(GROUPS), help="groups (default: all)")
    parser.add_argument("--model", nargs="+", type=Path, default=[], metavar="FILE", help="learnt files to measure")
    parser.add_argument("--tiers", type=Path, help=f"expectations (default: {TIERS} beside the data, if it is there)")
    parser.add_argument("--folds", default=0, metavar="N", help="listen with tables counted from other tunes")
    parser.add_argument("--quick", action="store_true", help=f"fill {QUICK} turns instead of {CONTEXTS}")
    parser.add_argument("--jobs", default=1, metavar="N", help="processes that fill turns; the figures are the same")
    parser.add_argument("--seed", default=0, metavar="N", help="of all that is drawn (default 0)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--page", type=Path, metavar="FILE.md", help="write the figures as a page and FILE.svg")
    return parser.parse_args()


def material(options: argparse.Namespace) -> Material:
    """What is to be measured, read from files."""
    files = {name: resource("models", f"{name}.safetensors") for name in LEARNT} | learnt(options.model)
    seed, folds = values.seed(options.seed), values.whole("--folds", options.folds, 0, 20)
    jobs = values.whole("--jobs", options.jobs, 1, 64)
    tables = load_tables(files["listening"])
    beside = options.data[0].parent / TIERS
    tiers = options.tiers or (beside if beside.is_file() else None)
    expected = read_tiers(tiers) if tiers else None
    solos = [solo for path in options.data for solo in read_solos(path)]
    heard = [HeardSolo.of(solo) for solo in solos]
    return Material(
        solos=solos,
        judged=judged_by_fold(heard, folds) if folds else judged(heard, tables),
        controller=Controller(tables, load_critic(files["critic"])),
        engine=Engine.load(files["line"]),
        tracker=load_tracker(files["tracker"]).harmony,
        tiers=expected,
        seed=seed,
        contexts=QUICK if options.quick else CONTEXTS,
        jobs=jobs,
        clock=time.perf_counter,
        told=lambda line: print(line, file=sys.stderr, flush=True),
    )


def learnt(paths: Sequence[Path]) -> dict[str, Path]:
    """Which learnt file each path is. Raises WeightsError for anything else."""
    found = {}
    for path in paths:
        names = read_learnt(path, "a learnt file").arrays
        known = [name for name, array in LEARNT.items() if array in names]
        if not known:
            raise WeightsError(f"{str(path)!r} holds none of what sideslip learns: {', '.join(LEARNT)}")
        found[known[0]] = path
    return found


if __name__ == "__main__":
    exit_on_mistake(main)
