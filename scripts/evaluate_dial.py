"""What the dial does to the answers that are chosen.

    python scripts/evaluate_dial.py [--seeds N] [--json]

Needs no data: calls are licks over two built-in charts, ideas those of the shipped model and devices. For each dial:
the mean outsideness G, resolvability and surprise (bits a note) of the chosen answers, how many of them are made by a
device, and how many are over at least half a beat before their turn is. Calls and ideas depend on the seed, 1 to N.
"""

import argparse
import json

import numpy as np

from sideslip.cli import exit_on_mistake
from sideslip.commands.ensemble import Ensemble
from sideslip.music.dialogue import Turn
from sideslip.music.meter import TICKS
from sideslip.propose.licks import LickProposer
from sideslip.stage.files.charts import load_chart

CHARTS = ("blues-in-f", "rhythm-changes")
DIALS = (0.0, 0.25, 0.5, 0.75, 1.0)


def turn(chart: str, seed: int, dial: float) -> Turn:
    """A four-bar turn after a four-bar call of licks, at a place in the form that goes with the seed."""
    sheet = load_chart(chart)
    changes = sheet.changes()
    length = 4 * changes.meter.bar
    start = (1 + seed % (changes.length // length)) * length
    call = LickProposer(1).propose(Turn(start - length, start, changes), seed)[0].phrase
    return Turn(start, start + length, changes, call, call, dial=dial, tempo=sheet.tempo)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    ensemble = Ensemble.shipped()
    proposer, controller = ensemble.proposer(), ensemble.controller()
    rows: dict[float, list[tuple[float, ...]]] = {dial: [] for dial in DIALS}
    for chart in CHARTS:
        for seed in range(1, options.seeds + 1):
            for dial in DIALS:
                asked = turn(chart, seed, dial)
                choice = controller.choose(asked, proposer.propose(asked, seed))
                best = choice.scored[choice.index]
                early = asked.end - best.idea.phrase.end >= TICKS // 2
                made = best.idea.source == "device"
                rows[dial].append((best.outside, best.resolvability, best.surprise, made, early))
    names = ("outside", "resolvability", "surprise_bits", "made_by_a_device", "over_half_a_beat_early")
    found = {dial: dict(zip(names, np.mean(rows[dial], axis=0).round(3).tolist(), strict=True)) for dial in DIALS}
    if options.json:
        print(json.dumps(found, indent=1))
        return
    print(f"{'dial':24}" + "".join(f"{dial:8.2f}" for dial in DIALS))
    for name in names:
        print(f"{name:24}" + "".join(f"{found[dial][name]:8.3f}" for dial in DIALS))


if __name__ == "__main__":
    exit_on_mistake(main)
