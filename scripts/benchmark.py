"""How fast it thinks on this machine.

    python scripts/benchmark.py [--json] [--turns N]

Median and 99th percentile, in milliseconds of wall time on one thread, of what happens for one four-bar turn over a
blues after a four-bar call: 16 phrases drawn from the model, 16 device variants of them, all of them judged; and how
long it takes from the start of a Python to a partner ready to play. Times differ from machine to machine: quote ratios.
"""

import argparse
import json
import os
import subprocess
import sys
import time

from sideslip.stage.arithmetic import on_one_thread

os.environ.update(on_one_thread(os.environ))  # before numpy is imported

from dataclasses import replace

import numpy as np

from sideslip.cli import exit_on_mistake
from sideslip.commands.ensemble import Ensemble
from sideslip.music.dialogue import Turn
from sideslip.music.phrase import Note, Phrase
from sideslip.outside.controller import Controller
from sideslip.propose.engine import Engine
from sideslip.propose.ideas import PHRASES, REACHES
from sideslip.propose.reach import reach
from sideslip.propose.sampling import Sampler
from sideslip.resources import resource
from sideslip.stage.files.charts import load_chart

READY = """
from sideslip.commands.ensemble import Ensemble
Ensemble.shipped().proposer()
"""


def turn(number: int) -> Turn:
    """A turn after four bars of eighths, another register and place in the form for each number."""
    changes = load_chart("blues-in-f").changes()
    bar = changes.meter.bar
    start = (4 + 8 * (number % 3)) * bar
    steps = np.random.default_rng(number).choice([-3, -2, -1, 1, 2, 3], size=31)
    pitches = 62 + np.abs(np.cumsum(steps)) % 18
    call = Phrase(tuple(Note(start - 4 * bar + 6 * i, int(pitch), 5) for i, pitch in enumerate(pitches)))
    return Turn(start, start + 4 * bar, changes, call, call, Phrase(), 0.5, 140.0)


def milliseconds(times: list[float]) -> dict[str, float]:
    found = np.array(times) * 1000
    return {"median": round(float(np.median(found)), 2), "p99": round(float(np.quantile(found, 0.99)), 2)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--turns", type=int, default=60)
    options = parser.parse_args()
    ensemble, sampler = Ensemble.shipped(), Sampler(Engine.load(resource("models", "line.safetensors")))
    controller = Controller(ensemble.tables)
    proposer = ensemble.proposer()
    spent: dict[str, list[float]] = {name: [] for name in ("draw", "reach", "judge", "ideas")}
    for number in range(-2, options.turns):  # two to warm up
        asked = turn(number % 97)
        marks = [time.perf_counter()]
        phrases = sampler.phrases(asked, PHRASES, np.random.default_rng(number + 2))
        marks.append(time.perf_counter())
        ideas = proposer.propose(asked, number + 2)
        marks.append(time.perf_counter())
        reach(ideas[: len(phrases)], asked, number + 2, REACHES)
        marks.append(time.perf_counter())
        controller.choose(replace(asked, dial=number % 5 / 4), ideas)
        marks.append(time.perf_counter())
        if number >= 0:
            for name, begun, ended in zip(("draw", "ideas", "reach", "judge"), marks, marks[1:], strict=False):
                spent[name].append(ended - begun)
    starts = []
    for _ in range(5):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", READY], check=True)
        starts.append(time.perf_counter() - begun)
    found = {
        "draw_16x4_bars_ms": milliseconds(spent["draw"]),
        "devices_16_ms": milliseconds(spent["reach"]),
        "ideas_16x4_bars_ms": milliseconds([a + b for a, b in zip(spent["ideas"], spent["judge"], strict=True)]),
        "judge_32_ms": milliseconds(spent["judge"]),
        "ready_s": round(float(np.median(starts)), 3),
    }
    if options.json:
        print(json.dumps(found, indent=1))
    else:
        for name, value in found.items():
            print(f"{name:20} {value}")


if __name__ == "__main__":
    exit_on_mistake(main)
