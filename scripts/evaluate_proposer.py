"""Does the proposer obey, end, and answer?

    python scripts/evaluate_proposer.py --model models/line.safetensors --data solos_val.jsonl.gz
        [--train solos_train.jsonl.gz] [--contexts 60] [--json] [--seed 1]

Contexts are bar lines of the solos near which a phrase begins; what was played before is the player's, the turn is four
bars. Obedience: every class of every control is asked for in every context, six phrases each, and what came out is
measured (outsideness G by the ear of the controller, notes a beat, mean pitch): Spearman's correlation over single
phrases, over the means of a context and class, and over those of the classes alone. Style is judged by a ridge
regression taught with real turns of --train, and left out without them; `ceiling` is what that judge reaches on the
real turns of --data. Endings: air between the last note and the end of the turn. Answers: bits that real phrases take
after their own call and after another's, and how alike answers are to their calls. Intervals are 95 %, from drawing
solos again.
"""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch

from sideslip.cli import exit_on_mistake
from sideslip.commands import values
from sideslip.outside.tables import ListeningTables, load_tables
from sideslip.propose.engine import Engine
from sideslip.propose.sampling import Sampler
from sideslip.resources import resource
from sideslip.train.proposer.answering import call_counts, load_line_model, pairs
from sideslip.train.proposer.contexts import chosen, places
from sideslip.train.proposer.endings import endings
from sideslip.train.proposer.motifs import likeness_to_calls
from sideslip.train.proposer.obedience import ask, freely, obedience
from sideslip.train.proposer.style_judge import StyleJudge
from sideslip.train.solos import read_solos

TIMES = 6
"""Phrases drawn for each wish in each context."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=Path("models/line.safetensors"))
    parser.add_argument("--data", type=Path, required=True, help="solos, JSON Lines or .gz")
    parser.add_argument("--train", type=Path, help="solos that teach the judge of style")
    parser.add_argument("--contexts", default=60, metavar="N", help="places to ask at (default 60)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--seed", default=1, metavar="N")
    options = parser.parse_args()
    torch.set_num_threads(1)
    seed, count = values.seed(options.seed), values.whole("--contexts", options.contexts, 2, 10_000)
    model, tables = load_line_model(options.model), load_tables(resource("models", "listening.safetensors"))
    draw = Sampler(Engine.load(options.model)).phrases
    solos = list(read_solos(options.data))
    judge = _judge(options.train, tables) if options.train else None

    here = chosen(solos, count, np.random.default_rng(seed))
    rng = np.random.default_rng(seed)
    answered = ask(draw, here, TIMES, rng)
    found: dict[str, object] = {"contexts": len(here), "solos": len({place.solo.id for place in here})}
    found |= obedience(answered, tables, judge, rng)
    if judge is not None:
        found["style_ceiling"] = judge.ceiling([each for solo in solos for each in places(solo)])
    found["free"] = freely(answered, tables)
    found["endings"] = endings(draw, answered, TIMES, rng)
    found["calls"] = call_counts(model, pairs(solos, rng), rng)
    found["likeness_to_calls"] = likeness_to_calls(answered, rng)
    print(json.dumps(found, indent=1) if options.json else "\n".join(told(found)))


def _judge(path: Path, tables: ListeningTables) -> StyleJudge:
    return StyleJudge.taught([place for solo in read_solos(path) for place in places(solo)], tables)


def told(found: Mapping[str, object], indent: str = "") -> list[str]:
    """Figures as lines, what belongs together further in."""
    lines = []
    for name, value in found.items():
        if isinstance(value, Mapping):
            lines += [f"{indent}{name}", *told(value, indent + "  ")]
        else:
            lines.append(f"{indent}{name:{36 - len(indent)}} {_short(value)}")
    return lines


def _short(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_short, value)) + "]"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    exit_on_mistake(main)
