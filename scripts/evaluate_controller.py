"""Measure the ear for outside playing on solos it was not taught with.

    python scripts/evaluate_controller.py --data solos_val.jsonl.gz [--model models/listening.safetensors] [--json]

Prints a table beside what is asked of each figure, or JSON. `--tiers` names a JSON file with style_rank and
performer_tier, expectations set down before measuring, and adds the rankings.
"""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from sideslip.cli import exit_on_mistake
from sideslip.errors import DataError
from sideslip.outside.tables import load_tables
from sideslip.train.listening import HeardSolo
from sideslip.train.listening_figures import figures
from sideslip.train.solos import read_solos

SHIPPED = Path(__file__).resolve().parent.parent / "models" / "listening.safetensors"

GOALS: Mapping[str, tuple[str, float]] = {
    "o_transposed_auc": (">=", 0.83),
    "o_random_auc": (">=", 0.87),
    "g_transposed_auc": (">=", 0.85),
    "g_transposed_inside_styles_auc": (">=", 0.89),
    "planted_slip_g_auc": (">=", 0.83),
    "planted_slip_f_auc": (">=", 0.79),
    "planted_slip_false_alarms": ("<=", 0.07),
    "ornament_rule_kept": (">=", 1.0),
    "h_span_auc": (">=", 0.75),
    "m_span_auc": ("<=", 0.58),
    "style_spearman": (">=", 0.70),
    "performer_spearman": (">=", 0.68),
    "outer_styles_auc": (">=", 0.82),
}
"""What is asked of the figures that have a goal."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure the ear for outside playing on held-out solos.")
    parser.add_argument("--data", nargs="+", type=Path, required=True, metavar="FILE", help="solos, JSON Lines or .gz")
    parser.add_argument(
        "--model", type=Path, default=SHIPPED, help="the tables for listening (default: the shipped ones)"
    )
    parser.add_argument("--tiers", type=Path, help="JSON with style_rank and performer_tier, for the rankings")
    parser.add_argument("--seed", type=int, default=0, help="for random notes, planted side-slips and intervals")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    tables, tiers = load_tables(options.model), _tiers(options.tiers) if options.tiers else None
    solos = [HeardSolo.of(solo) for path in options.data for solo in read_solos(path)]
    report = figures(solos, tables, np.random.default_rng(options.seed), tiers)
    print(json.dumps(report, indent=2) if options.json else _table(report))


def _tiers(path: Path) -> Mapping[str, Mapping[str, float]]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"the tiers in {str(path)!r} cannot be read: {error}") from error
    if not isinstance(found, dict) or not {"style_rank", "performer_tier"} <= found.keys():
        raise DataError(f"{str(path)!r} should hold style_rank and performer_tier, found something else")
    return found


def _table(report: Mapping[str, object]) -> str:
    return "\n".join(_line(name, figure) for name, figure in report.items())


def _line(name: str, figure: object) -> str:
    value = figure.get("value") if isinstance(figure, dict) else figure
    if not isinstance(value, int | float):
        return f"{name:36} {figure}"
    interval = f" [{figure['ci_low']:.3f}, {figure['ci_high']:.3f}]" if isinstance(figure, dict) else ""
    goal = ""
    if name in GOALS:
        sign, wanted = GOALS[name]
        met = value >= wanted if sign == ">=" else value <= wanted
        goal = f"   {sign} {wanted}: {'met' if met else 'MISSED'}"
    return f"{name:36} {value:.3f}{interval}{goal}"


if __name__ == "__main__":
    exit_on_mistake(main)
