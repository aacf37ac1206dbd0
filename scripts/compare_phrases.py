"""What the model plays of itself, beside what was really played in the same places.

    python scripts/compare_phrases.py --model models/line.safetensors --data solos_val.jsonl.gz
        --train solos_train.jsonl.gz [--out docs/likeness.md --picture docs/likeness.svg] [--json]

Harmony, intervals, rhythm, phrases, rests, repeats, entropy and groove of free answers of four bars and of the real
turns, with their Kolmogorov-Smirnov distances; turns of --train are the yardstick. And copies: how many patterns of
eight notes the training set has, of the model's and of those held out. --out writes a page, --picture the
distributions (.svg or .png; needs matplotlib). The same files give the same bytes.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from sideslip.cli import exit_on_mistake
from sideslip.commands import values
from sideslip.errors import SettingError
from sideslip.music.dialogue import Wish
from sideslip.music.phrase import Phrase
from sideslip.outside.tables import load_tables
from sideslip.propose.engine import Engine
from sideslip.propose.sampling import Sampler, Sampling
from sideslip.resources import resource
from sideslip.stage.files.replace import replace_file
from sideslip.train.proposer.contexts import BARS, Place, chosen
from sideslip.train.proposer.copies import Known, compared
from sideslip.train.proposer.likeness import STATISTICS, Sample, sample, side_by_side
from sideslip.train.proposer.likeness_page import page
from sideslip.train.solos import read_solos

ANSWERS = 4
"""Answers drawn at each place."""

Answers = tuple[Phrase, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=Path("models/line.safetensors"))
    parser.add_argument("--data", type=Path, required=True, help="solos that were not trained on, JSON Lines or .gz")
    parser.add_argument("--train", type=Path, required=True, help="solos that were")
    parser.add_argument("--contexts", default=300, metavar="N", help="places to compare at (default 300)")
    parser.add_argument("--out", type=Path, help="the page to write (Markdown)")
    parser.add_argument("--picture", type=Path, help="the picture to write (.svg or .png)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--seed", default=1, metavar="N")
    options = parser.parse_args()
    seed, count = values.seed(options.seed), values.whole("--contexts", options.contexts, 2, 10_000)
    if options.picture and options.picture.suffix not in (".svg", ".png"):
        raise SettingError(f"--picture takes a name that ends in .svg or .png, found {options.picture.name!r}")
    written = [str(path) for path in (options.out, options.picture) if path]
    values.check_outputs(map(str, (options.model, options.data, options.train)), written)

    trained = list(read_solos(options.train))
    here = chosen(list(read_solos(options.data)), count, np.random.default_rng(seed))
    there = chosen(trained, count, np.random.default_rng(seed))
    draw, rng = Sampler(Engine.load(options.model)).phrases, np.random.default_rng(seed)
    answers = [draw(place.turn, [Wish()] * ANSWERS, rng) for place in here]
    own, real, elsewhere = samples(here, there, answers)
    found = {
        **told_of(here, there, seed),
        "statistics": side_by_side(own, real, elsewhere),
        "copies": copies(Known.of(trained), here, answers, rng),
    }
    drawn = options.picture is not None and picture(options.picture, own, real)
    text = page(found, options.picture.name if drawn else None)
    if options.out:
        replace_file(options.out, text.encode())
    print(json.dumps(found, indent=1) if options.json else text)


def samples(here: Sequence[Place], there: Sequence[Place], answers: Sequence[Answers]) -> tuple[Sample, Sample, Sample]:
    """The values of the model's turns, of the real ones, and of the real ones of the training set."""
    tables = load_tables(resource("models", "listening.safetensors"))
    own = sample(((phrases, place.turn) for phrases, place in zip(answers, here, strict=True)), tables)
    real, elsewhere = (sample((((place.real,), place.turn) for place in each), tables) for each in (here, there))
    return own, real, elsewhere


def copies(known: Known, here: Sequence[Place], answers: Sequence[Answers], rng: np.random.Generator) -> dict[str, Any]:
    """Patterns that the training set has, of answers and of real turns."""
    solo = np.unique([place.solo.id for place in here], return_inverse=True)[1]
    real = [place.real for place in here]
    ways = (("intervals", False), ("intervals_and_shifts", True))
    return {name: compared(known, answers, real, solo, rhythm, rng) for name, rhythm in ways}


def told_of(here: Sequence[Place], there: Sequence[Place], seed: int) -> dict[str, object]:
    """What the figures rest on."""
    solos, train_solos = (len({place.solo.id for place in each}) for each in (here, there))
    counts = {"places": len(here), "solos": solos, "train_places": len(there), "train_solos": train_solos}
    low, high = Sampling().temperatures
    drawn = {"temperatures": f"{low:g} to {high:g}", "floor": Sampling().floor}
    return {**counts, **drawn, "bars": BARS, "answers": ANSWERS, "seed": seed}


def picture(path: Path, own: Sample, real: Sample) -> bool:
    """Draw every distribution, real turns in grey, the model's as a line; whether that could be done."""
    try:
        import matplotlib
    except ImportError:
        print(f"{path} is not drawn: that needs matplotlib (pip install matplotlib)", file=sys.stderr)
        return False
    matplotlib.use("agg")
    from matplotlib import pyplot

    across = 3
    down = -(-len(STATISTICS) // across)
    style = {"svg.hashsalt": "sideslip", "svg.fonttype": "none", "font.size": 9, "font.family": "sans-serif"}
    with pyplot.rc_context({**matplotlib.rcParamsDefault, **style}):
        figure, axes = pyplot.subplots(down, across, figsize=(3.4 * across, 1.9 * down), layout="constrained")
        for axis, statistic in zip(axes.flat, STATISTICS, strict=False):
            edges = np.array(statistic.edges)
            for values_of, look in ((real, {"fill": True, "color": "0.8"}), (own, {"color": "#b3402a", "lw": 1.3})):
                counts, _ = np.histogram(np.clip(values_of[statistic.name], edges[0], edges[-1]), edges)
                axis.stairs(counts / max(1, counts.sum()), edges, **look)
            axis.set_title(statistic.words, fontsize=9)
            axis.set_yticks([])
            axis.spines[["top", "left", "right"]].set_visible(False)
        for axis in axes.flat[len(STATISTICS) :]:
            axis.set_visible(False)
        figure.suptitle(
            "grey: real turns; red: the model's; the outermost bars hold all beyond", fontsize=9, x=0.02, ha="left"
        )
        data = BytesIO()
        figure.savefig(data, format=path.suffix[1:], dpi=120, facecolor="white", metadata=_undated(path))
        pyplot.close(figure)
    replace_file(path, data.getvalue())
    return True


def _undated(path: Path) -> dict[str, None]:
    """Metadata without what differs from day to day."""
    return {"Date": None} if path.suffix == ".svg" else {"Software": None}


if __name__ == "__main__":
    exit_on_mistake(main)
