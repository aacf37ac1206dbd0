"""Count the tables for listening (models/listening.safetensors) from solos.

    python scripts/train_listening.py --data solos_train.jsonl.gz --out models/listening.safetensors

The same data give the same file, byte for byte.
"""

import argparse
import sys
from pathlib import Path

from sideslip.errors import SideslipError
from sideslip.outside.tables import save_tables
from sideslip.train.listening import HeardSolo, count, usual_bits
from sideslip.train.solos import read_solos


def main(arguments: list[str] | None = None) -> int:
    """Read the solos, count, write; a user's mistake is one line and exit code 2."""
    parser = argparse.ArgumentParser(description="Count the tables for listening from solos.")
    parser.add_argument("--data", nargs="+", type=Path, required=True, metavar="FILE", help="solos, JSON Lines or .gz")
    parser.add_argument("--out", type=Path, required=True, help="the file to write")
    options = parser.parse_args(arguments)
    try:
        solos = [HeardSolo.of(solo) for path in options.data for solo in read_solos(path)]
        usual, counted = usual_bits(solos), count(solos)
    except SideslipError as error:
        print(error, file=sys.stderr)
        return 2
    beside = options.out.with_suffix(".part")
    save_tables(beside, counted.profile, counted.degrees, counted.intervals, usual)
    beside.replace(options.out)
    print(
        f"{options.out}: {options.out.stat().st_size} bytes from {len(solos)} solos, "
        f"{len(counted.intervals.contexts)} contexts; real phrases take {usual.level:.2f} + {usual.slope:.2f} G bits, "
        f"give or take {usual.spread:.2f}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
