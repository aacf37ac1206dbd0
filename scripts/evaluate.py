"""How well a model foretells solos.

    python scripts/evaluate.py --model models/line.safetensors --data solos_val.jsonl.gz [--json]

(of several models: the mean of their probabilities)

Bits a note of shift, duration (given the next shift) and pitch (given shift and chords), their sum with a 95 % interval
from a bootstrap over solos (seed 1), how often the true pitch is the likeliest or among the five likeliest, how many
bits of pitch are lost when the chords are moved up a semitone, and all of it by style. The first note of each solo is
not scored (nothing comes before it), nor the duration of the last (no shift follows it).
"""

import argparse
import json
from pathlib import Path

import numpy as np

from sideslip.cli import exit_on_mistake
from sideslip.train.evaluate import Scores, by_style, figures, load_model, score
from sideslip.train.pieces import Piece, as_heard
from sideslip.train.solos import read_solos

RESAMPLES = 2000


def interval(scores: list[Scores]) -> list[float]:
    """95 % interval of bits a note, solos drawn with replacement."""
    sums = np.array([[s.bits[:, :3].sum(), len(s.bits)] for s in scores])
    drawn = np.random.default_rng(1).integers(len(sums), size=(RESAMPLES, len(sums)))
    totals = sums[drawn].sum(axis=1)
    return np.quantile(totals[:, 0] / totals[:, 1], [0.025, 0.975]).tolist()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, nargs="+", default=[Path("models/line.safetensors")])
    parser.add_argument("--data", type=Path, required=True, help="solos, JSON Lines")
    parser.add_argument("--heard", action="store_true", help="notes where the quantiser puts them, not the annotation")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    models, solos = [load_model(path) for path in options.model], list(read_solos(options.data))
    solos = [as_heard(solo) for solo in solos] if options.heard else solos
    pieces = [Piece.of(solo) for solo in solos]
    elsewhere = [Piece.of(solo, semitones=1) for solo in solos]
    scores = [score(models, piece) for piece in pieces if len(piece) > 1]
    moved = [score(models, piece) for piece in elsewhere if len(piece) > 1]
    found: dict[str, object] = dict(figures(scores))
    found["bits_per_note_interval"] = interval(scores)
    gaps = [wrong.bits[:, 2].mean() - right.bits[:, 2].mean() for right, wrong in zip(scores, moved, strict=True)]
    found["chord_gap_bits"] = figures(moved)["pitch_bits"] - figures(scores)["pitch_bits"]
    found["chord_gap_least"] = float(min(gaps))
    found["solos_with_chord_gap"] = float(np.mean(np.array(gaps) > 0))
    found["by_style"] = by_style([solo.style for solo in solos if len(solo) > 1], scores)
    if options.json:
        print(json.dumps(found, indent=1))
        return
    for name, value in found.items():
        if isinstance(value, dict):
            for style, values in value.items():
                print(f"  {style:12} {values['notes']:6} notes  {values['bits_per_note']:.3f} bits a note")
        else:
            print(f"{name:24} {value if isinstance(value, (int, list)) else round(value, 4)}")


if __name__ == "__main__":
    exit_on_mistake(main)
