"""The benchmark's solos: streams of events without gaps, a note or a rest each, over chords.

One solo a line of JSON (plain or gzip): `melid`, `split` ("train" or "test") and parallel lists `pitch` (MIDI 36..97 or
null for a rest), `dur` (1..92 ticks, 12 a beat), `offset` (0..47, place of the event in its bar of 4/4), `root` (0..11,
C = 0) and `type` (a name of TYPES), the chord at the event's onset.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sideslip.errors import DataError
from sideslip.train.solos import read_lines

Ints = NDArray[np.int64]

TYPES = ("dom7", "dom7alt", "min7", "maj7", "hdim7", "dim7", "aug7", "minmaj7")
BEAT, BAR = 12, 48
"""Ticks of a beat and of a bar."""

LONGEST = 92
"""Ticks of the longest event."""

LOWEST, PITCHES = 31, 74
"""Outcome i of a pitch is MIDI pitch LOWEST + i: 36..97 in twelve keys (-5..+6 semitones)."""

REST = -1
"""Stands in `Solo.pitch` for a rest; the last outcome of a pitch, number PITCHES."""

RANGE = (36, 97)


@dataclass(frozen=True, slots=True, eq=False)
class Solo:
    """n events, all arrays (n,): MIDI `pitch` or REST, `duration` in ticks, `offset` in the bar, chord `root` and
    `type` (index into TYPES)."""

    name: str
    split: str
    pitch: Ints
    duration: Ints
    offset: Ints
    root: Ints
    type: Ints

    def __len__(self) -> int:
        return len(self.pitch)


def read_solos(path: Path) -> list[Solo]:
    """All solos of a file in order. Raises DataError, with the line, for anything that is none."""
    solos = []
    for number, line in enumerate(read_lines(path), start=1):
        try:
            solos.append(_solo(json.loads(line)))
        except KeyError as error:
            raise DataError(f"{str(path)!r} line {number}: a solo needs the field {error}, found none") from error
        except (TypeError, ValueError, OverflowError, RecursionError) as error:
            raise DataError(f"{str(path)!r} line {number}: wanted one solo as a JSON object; {error}") from error
    return solos


def _solo(record: Any) -> Solo:
    if not isinstance(record, dict):
        raise ValueError(f"found {type(record).__name__}")
    if record["split"] not in ("train", "test"):
        raise ValueError(f"a split is 'train' or 'test', found {record['split']!r}")
    pitch = _column("pitch", [REST if value is None else value for value in record["pitch"]], REST, RANGE[1])
    if ((pitch != REST) & (pitch < RANGE[0])).any():
        raise ValueError(f"a pitch is null or {RANGE[0]} to {RANGE[1]}, found another")
    solo = Solo(
        str(record["melid"]),
        record["split"],
        pitch,
        _column("dur", record["dur"], 1, LONGEST),
        _column("offset", record["offset"], 0, BAR - 1),
        _column("root", record["root"], 0, 11),
        _column("type", [TYPES.index(name) for name in record["type"]], 0, len(TYPES) - 1),
    )
    if {len(column) for column in (solo.duration, solo.offset, solo.root, solo.type)} != {len(solo)} or len(solo) < 1:
        raise ValueError("the lists of a solo are of one length, at least 1; found others")
    if (landings(solo)[:-1] != solo.offset[1:]).any():
        raise ValueError("an event begins where the one before it ends; found a gap")
    return solo


def _column(name: str, values: Sequence[Any], low: int, high: int) -> Ints:
    array = np.array(values)
    if array.ndim != 1 or array.dtype.kind != "i" or not ((array >= low) & (array <= high)).all():
        raise ValueError(f"{name!r} is a list of whole numbers from {low} to {high}, found another value")
    return array.astype(np.int64)


def landings(solo: Solo) -> Ints:
    """Where each event ends in its bar, ticks 0..47: the offset of the next one."""
    return (solo.offset + solo.duration) % BAR


def held_back(solos: Sequence[Solo], fold: int, folds: int = 10) -> tuple[list[Solo], list[Solo]]:
    """Solos to learn from and solos to choose by: every `folds`-th one, in a shuffle that never changes, beginning
    with number `fold` modulo `folds`."""
    order = np.random.default_rng(0).permutation(len(solos))
    chosen = {int(i) for i in order[fold % folds :: folds]}
    return [s for i, s in enumerate(solos) if i not in chosen], [s for i, s in enumerate(solos) if i in chosen]


def of_split(solos: Iterable[Solo], split: str) -> list[Solo]:
    """The solos of one part. Raises DataError when there are none."""
    if not (found := [solo for solo in solos if solo.split == split]):
        raise DataError(f"wanted solos of the split {split!r}, found none")
    return found
