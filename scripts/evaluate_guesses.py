"""Measure the guesses at what leaves the changes, where it is known what does.

    python scripts/evaluate_guesses.py --data solos_train.jsonl.gz [--seed 1] [--json]

Devices are planted into real phrases that stay inside; is the likeliest guess right, is it or its rival, and are the
probabilities honest? Of each device: how often it is heard as outside at all, and what it is taken for (the confusion
matrix, row by row). The same files and seed give the same figures.
"""

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sideslip.cli import exit_on_mistake
from sideslip.commands import values
from sideslip.outside.tables import load_tables
from sideslip.resources import resource
from sideslip.train.controller.guessed import figures
from sideslip.train.controller.plantings import planted
from sideslip.train.solos import read_solos


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", nargs="+", type=Path, required=True, metavar="FILE", help="solos, JSON Lines or .gz")
    parser.add_argument("--seed", default=1, metavar="N", help="for what is planted where (default 1)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    rng = np.random.default_rng(values.seed(options.seed))
    tables = load_tables(resource("models", "listening.safetensors"))
    solos = [solo for path in options.data for solo in read_solos(path)]
    report = figures(list(planted(solos, tables, rng)), rng)
    print(json.dumps(report, indent=1) if options.json else "\n".join(_lines(report)))


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    yield f"planted {report['planted']}, heard as outside {report['heard_outside']}, judged {report['judged']}"
    for name in ("as_expected", "all_alike"):
        found = report[name]
        yield (
            f"devices {name.replace('_', ' ')}: right {_share(found['right'])}, it or its rival "
            f"{_share(found['right_or_rival'])}, by any name {_share(found['right_by_any_name'])}; mean probability "
            f"{found['mean_probability']:.2f}, ECE {found['ece']:.3f}; sure of {found['told_as_sure']:.0%}, then right "
            f"{found['right_when_sure']:.0%}, by any name {found['right_by_any_name_when_sure']:.0%}"
        )
        rows = (f"{r['probability']:.2f} -> {r['right']:.2f} ({r['share']:.0%})" for r in found["calibration"])
        yield "  probability -> right: " + ", ".join(rows)
    yield f"{'device':30} planted  heard  right  +rival  taken for"
    for name, found in report["devices"].items():
        shares = (
            "    -       -  " if found["right"] is None else f"{found['right']:5.2f}  {found['right_or_rival']:6.2f}"
        )
        taken = ", ".join(f"{guess} {share:.2f}" for guess, share in found["guessed"].items() if share >= 0.05)
        yield f"{name:30} {found['planted']:7}  {found['heard_outside']:5.2f}  {shares}  {taken}"


def _share(interval: Mapping[str, float] | None) -> str:
    if interval is None:
        return "-"
    return f"{interval['value']:.3f} [{interval['ci_low']:.3f}, {interval['ci_high']:.3f}]"


if __name__ == "__main__":
    exit_on_mistake(main)
