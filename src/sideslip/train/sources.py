"""Solos from wherever they are: the Weimar Jazz Database, files of solos, folders of your own MIDI solos."""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from sideslip.errors import DataError
from sideslip.reading import check_file
from sideslip.train.own_solos import read_own_solos
from sideslip.train.solo_records import Record, of_solo
from sideslip.train.solos import LARGEST, read_solos
from sideslip.train.wjazzd import MAGIC, read_wjazzd

DATABASE = ".db"


def read_sources(paths: Iterable[Path]) -> list[Record]:
    """The solos of all sources in order, each such that `read_solos` takes it.

    Raises DataError where a source is none, has none, or has one that came already; MidiFileError and ChartError for
    what lies in a folder.
    """
    found: dict[str, tuple[Record, Path]] = {}
    for path in paths:
        before = len(found)
        for record in _readable(_read(path), path):
            name = record["id"]
            if name in found:
                first = found[name][1]
                raise DataError(f"the solo {name!r} comes twice: from {str(first)!r} and from {str(path)!r}")
            found[name] = record, path
        if len(found) == before:
            raise DataError(f"wanted at least one solo, {str(path)!r} has none")
    return [record for record, _ in found.values()]


def _read(path: Path) -> Iterator[Record]:
    if os.path.isdir(path):
        return read_own_solos(path)
    begins = _beginning(path)
    if begins == MAGIC:
        return read_wjazzd(path)
    if path.suffix.lower() == DATABASE:
        raise DataError(f"{str(path)!r} is no database: a file of SQLite 3 begins with 'SQLite format 3'")
    if begins.startswith(b"MThd"):
        raise DataError(f"{str(path)!r} is a MIDI file: give the folder in which it lies with its chart beside it")
    return map(of_solo, read_solos(path))


def _beginning(path: Path) -> bytes:
    wanted = "wjazzd.db, a file of solos or a folder of MIDI solos"
    try:
        check_file(path, LARGEST)
        with path.open("rb") as file:
            return file.read(len(MAGIC))
    except OSError as error:
        raise DataError(f"wanted {wanted}, but {str(path)!r} cannot be read: {error.strerror}") from error


def _readable(records: Iterable[Record], source: Path) -> Iterator[Record]:
    """The same records, each read as training will read it. Raises DataError that names the solo it cannot read."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "solo.jsonl"
        for record in records:
            copy.write_text(json.dumps(record), encoding="ascii")
            try:
                _ = list(read_solos(copy))
            except DataError as error:
                reason = " ".join(str(error.__cause__ or "it is longer than any that is read").split())
                raise DataError(f"the solo {record['id']!r} of {str(source)!r} cannot be used: {reason}") from error
            yield record
