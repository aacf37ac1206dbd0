"""Count the tables for listening (models/listening.safetensors) from solos.

    python scripts/train_listening.py --data solos_train.jsonl.gz --out models/listening.safetensors

The same data give the same file, byte for byte.
"""

import argparse
from pathlib import Path

from sideslip.cli import exit_on_mistake
from sideslip.outside.tables import packed
from sideslip.stage.files.replace import replace_file
from sideslip.train.listening import HeardSolo, count, usual_bits
from sideslip.train.solos import read_solos


def main() -> None:
    """Read the solos, count, write."""
    parser = argparse.ArgumentParser(description="Count the tables for listening from solos.")
    parser.add_argument("--data", nargs="+", type=Path, required=True, metavar="FILE", help="solos, JSON Lines or .gz")
    parser.add_argument("--out", type=Path, required=True, help="the file to write")
    options = parser.parse_args()
    solos = [HeardSolo.of(solo) for path in options.data for solo in read_solos(path)]
    usual, counted = usual_bits(solos), count(solos)
    tables = packed(counted.profile, counted.degrees, counted.intervals, usual)
    replace_file(options.out, tables)
    print(
        f"{options.out}: {len(tables)} bytes from {len(solos)} solos, "
        f"{len(counted.intervals.contexts)} contexts; real phrases take {usual.level:.2f} + {usual.slope:.2f} G bits, "
        f"give or take {usual.spread:.2f}"
    )


if __name__ == "__main__":
    exit_on_mistake(main)
