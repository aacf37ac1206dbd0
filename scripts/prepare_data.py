"""Make one file of solos for training out of what you have.

    python scripts/prepare_data.py SOURCE... --out solos.jsonl.gz [--val-share 0.1 --seed 1]

A SOURCE is the Weimar Jazz Database as published (wjazzd.db from jazzomat.hfm-weimar.de), a file of solos (JSON Lines,
plain or .gz), or a folder of your own MIDI solos, each NAME.mid with its chart NAME.txt beside it: bar 1 at the file's
beginning, nothing but the solo. --val-share holds out that share of the notes, whole tunes at a time, in a second file
(solos.val.jsonl.gz). The same solos give the same files, byte for byte.
"""

import argparse
from pathlib import Path

from sideslip.cli import exit_on_mistake
from sideslip.commands import values
from sideslip.train.solo_records import Record
from sideslip.train.solos_out import beside, hold_out, write_solos
from sideslip.train.sources import read_sources


def main() -> None:
    """Read everything first; then write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", type=Path, nargs="+", metavar="SOURCE", help="wjazzd.db, a file of solos, a folder")
    parser.add_argument("--out", type=Path, required=True, help="NAME.jsonl.gz, or NAME.jsonl for plain text")
    parser.add_argument("--val-share", metavar="X", help="hold out this share of the notes, by tune")
    parser.add_argument("--seed", default=1, metavar="N", help="another seed holds out other tunes (default 1)")
    options = parser.parse_args()
    held_out, seed = beside(options.out), values.seed(options.seed)
    share = None if options.val_share is None else values.number("--val-share", options.val_share, 0.01, 0.5)
    written = [options.out] if share is None else [options.out, held_out]
    values.check_outputs(map(str, options.sources), map(str, written))

    records = read_sources(options.sources)
    parts = [records] if share is None else hold_out(records, share, seed)
    for path, part in zip(written, parts, strict=True):
        write_solos(path, part)
    for path, part in zip(written, parts, strict=True):
        print(told(path, part))


def told(path: Path, records: list[Record]) -> str:
    """What a file holds, in words."""
    notes, tunes = sum(len(record["notes"]["p"]) for record in records), {record["group"] for record in records}
    return f"{path}: solos {len(records)}, tunes {len(tunes)}, notes {notes}"


if __name__ == "__main__":
    exit_on_mistake(main)
