"""Gathering the critic's examples from solos, with judges that have not seen their tunes."""

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields
from itertools import pairwise
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from sideslip.errors import DataError
from sideslip.outside.lines import Ints
from sideslip.outside.tables import ListeningTables
from sideslip.propose.checkpoint import ModelConfig
from sideslip.propose.engine import Engine
from sideslip.train.critic.examples import Examples, Judges, of_solo
from sideslip.train.folds import fold_of, train_fold
from sideslip.train.listening import HeardSolo, count
from sideslip.train.loop import TrainConfig
from sideslip.train.solos import Solo

FREE = "FREE"
"""Solos of this style carry almost no chords: nothing is outside where nothing is inside."""


def phrases_of(solos: Sequence[Solo]) -> list[Ints]:
    """The pitches of every phrase of some solos."""
    cuts = [[0, *(np.flatnonzero(np.diff(solo.phrase)) + 1).tolist(), len(solo)] for solo in solos]
    return [solo.pitch[a:b] for solo, bounds in zip(solos, cuts, strict=True) for a, b in pairwise(bounds)]


def gather(solos: Sequence[Solo], judges: Judges, seed: int, told: Callable[[str], None]) -> Examples:
    """The examples of all solos; each solo's are drawn by the seed and its own number."""
    parts = []
    for number, solo in enumerate(solos):
        if solo.style != FREE:
            parts.append(of_solo(solo, number, judges, np.random.default_rng([seed, number])))
        if number % 10 == 9 or number + 1 == len(solos):
            told(f"examples of {number + 1} of {len(solos)} solos")
    return Examples.joined([part for part in parts if part is not None])


def gather_fold(
    solos: Sequence[Solo],
    tables: ListeningTables,
    shape: ModelConfig,
    config: TrainConfig,
    fold: tuple[int, int],
    runs: Path,
    told: Callable[[str], None],
) -> Examples:
    """The examples of fold k of n, by a proposer and tables that learnt from the others; kept in `runs`, so that what
    is done is not done again."""
    (own, folds), name = fold, f"fold{fold[0]}"
    kept = runs / f"{name}.npz"
    _same_run(runs, {"folds": folds, "model": asdict(shape), "train": asdict(config), "solos": [s.id for s in solos]})
    if kept.exists():
        return read_examples(kept)
    split = fold_of(solos, folds)
    held, others = ([s for s, k in zip(solos, split, strict=True) if (k == own) is here] for here in (True, False))
    weights = runs / f"{name}.safetensors"
    train_fold(others, tables, shape, config, weights, told)
    ear = count(HeardSolo.of(solo) for solo in others).tables(tables.usual)
    judges = Judges(Engine.load(weights), ear, phrases_of(others))
    found = gather(held, judges, config.seed, lambda line: told(f"{name}: {line}"))
    write_examples(kept, found)
    return found


def _same_run(runs: Path, settings: Mapping[str, object]) -> None:
    """Note down what the work kept in a folder is made from. Raises DataError where that is something else."""
    stamp, mine = runs / "settings.json", json.dumps(settings, sort_keys=True)
    if not stamp.exists():
        stamp.write_text(mine)
    elif stamp.read_bytes() != mine.encode():
        raise DataError(f"{str(runs)!r} keeps work made with other solos or settings; remove it or name another")


def write_examples(path: Path, examples: Examples) -> None:
    """Write examples beside, then rename."""
    arrays = {field.name: getattr(examples, field.name) for field in fields(Examples) if field.name != "names"}
    beside = path.with_suffix(".writing.npz")
    np.savez_compressed(beside, names=np.array(json.dumps(examples.names)), **arrays)
    beside.replace(path)


def read_examples(path: Path) -> Examples:
    """Read what `write_examples` wrote. Raises DataError for anything else."""
    try:
        with path.open("rb") as packed, np.load(packed, allow_pickle=False) as file:
            arrays = {field.name: file[field.name] for field in fields(Examples) if field.name != "names"}
            return Examples(tuple(json.loads(str(file["names"]))), **arrays)
    except (
        OSError,
        EOFError,
        BadZipFile,
        zlib.error,
        RecursionError,
        MemoryError,
        LookupError,
        ValueError,
        TypeError,
    ) as error:
        raise DataError(f"the examples in {str(path)!r} cannot be read, remove them: {error}") from error
