"""Files of solos: written whole, split by tune, the same bytes for the same solos."""

import gzip
import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

from sideslip.errors import DataError, SettingError
from sideslip.stage.files.replace import replace_file
from sideslip.train.solo_records import Record

PLAIN, PACKED = ".jsonl", ".jsonl.gz"


def beside(path: Path) -> Path:
    """Where the held-out solos of a file go: NAME.val.jsonl.gz for NAME.jsonl.gz. Raises SettingError."""
    for ending in (PACKED, PLAIN):
        if path.name.endswith(ending) and path.name != ending:
            return path.with_name(path.name.removesuffix(ending) + ".val" + ending)
    raise SettingError(f"a file of solos is called NAME{PLAIN} or NAME{PACKED}, found {path.name!r}")


def hold_out(records: Sequence[Record], share: float, seed: int) -> tuple[list[Record], list[Record]]:
    """(training, held out): whole tunes are held out that fit into a share of the notes, in an order drawn by the seed.

    How two tunes are ordered does not depend on the others. Where none fits, the smallest is held out alone. Raises
    DataError where there are not two tunes.
    """
    notes: Counter[str] = Counter()
    for record in records:
        notes[record["group"]] += len(record["notes"]["p"])
    if len(notes) < 2:
        raise DataError(f"holding out by tune needs solos over at least 2 tunes, found {len(notes)}")
    wanted, chosen = share * notes.total(), set[str]()
    for tune in sorted(notes, key=lambda tune: _drawn(tune, seed)):
        if notes[tune] <= wanted:
            chosen.add(tune)
            wanted -= notes[tune]
    chosen = chosen or {min(notes, key=lambda tune: (notes[tune], tune))}
    return [r for r in records if r["group"] not in chosen], [r for r in records if r["group"] in chosen]


def _drawn(tune: str, seed: int) -> bytes:
    """A lot for a tune, the same on every machine."""
    return sha256(f"{seed} {tune}".encode("utf-8", "surrogatepass")).digest()


def write_solos(path: Path, records: Iterable[Record]) -> None:
    """Write solos as JSON Lines, packed where the name ends in .gz; what was there stays whole until all is written.

    Raises SettingError if the file cannot be written.
    """
    lines = "".join(json.dumps(record, separators=(",", ":")) + "\n" for record in records).encode("ascii")
    replace_file(path, _packed(lines) if path.name.endswith(PACKED) else lines)


def _packed(data: bytes) -> bytes:
    """Data as gzip, without name and time."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0) as file:
        file.write(data)
    return buffer.getvalue()
