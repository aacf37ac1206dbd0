"""Learn what the tracker knows beforehand (models/tracker.safetensors) from solos.

    python scripts/train_tracker.py --data solos_train.jsonl.gz --out models/tracker.safetensors

Harmony is counted, phrase ends are fitted. The same data give the same file, byte for byte.
"""

import argparse
from pathlib import Path

from sideslip.cli import exit_on_mistake
from sideslip.listen.tables import TrackerTables
from sideslip.stage.files.replace import replace_file
from sideslip.train.solos import read_solos
from sideslip.train.tracker import harmony, phrase_ends


def main() -> None:
    """Read the solos, learn, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", nargs="+", type=Path, required=True, metavar="FILE", help="solos, JSON Lines or .gz")
    parser.add_argument("--out", type=Path, required=True, help="the file to write")
    options = parser.parse_args()
    solos = [solo for path in options.data for solo in read_solos(path)]
    print(f"{len(solos)} solos; counting harmony", flush=True)
    counted = harmony.learn(solo for solo in solos if solo.harm is not None)
    print("fitting phrase ends", flush=True)
    packed = TrackerTables(counted, phrase_ends.learn(solos)).packed()
    replace_file(options.out, packed)
    print(f"{options.out}: {len(packed)} bytes")


if __name__ == "__main__":
    exit_on_mistake(main)
