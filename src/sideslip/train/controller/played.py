"""Turns cut from solos and filled in every way, beside the real phrases that they are held against."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np

from sideslip.errors import DataError
from sideslip.outside.controller import Controller
from sideslip.outside.lines import Ints
from sideslip.propose.engine import Engine
from sideslip.train.controller.heard import Columns, answered, resolved
from sideslip.train.controller.judged import Judged
from sideslip.train.controller.matched import Sample
from sideslip.train.controller.spoilt import phrases, spoilt
from sideslip.train.controller.ways import Players, Way, ways
from sideslip.train.proposer.contexts import Place, chosen

ONE_IDEA = 0.9
"""A line is one idea if it surprises (M) no more than this share of real phrases."""

FAR_OUT = 0.3
"""G above which a real phrase is outside: one in ten is."""

TOLD_EVERY = 20


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """C turns (`solo` tells whose each is): what was measured of each way to fill them and of the `real` turns there,
    (C,) a column. And the real `phrases` of the same solos, whole and `spoilt`. `one_idea` is the M up to which a line
    counts as one idea."""

    solo: Ints
    ways: dict[Way, Columns]
    real: Columns
    phrases: Sample
    spoilt: dict[str, Sample]
    one_idea: float

    @property
    def far_phrases(self) -> Sample:
        """The real phrases that are outside."""
        return self.phrases.where(self.phrases.columns["outside"] > FAR_OUT)

    def turns(self, name: str, settings: Sequence[float]) -> Sample:
        """The turns filled in one way at some settings of its knob."""
        each = [self.ways[Way(name, setting)] for setting in settings]
        columns = {column: np.concatenate([one[column] for one in each]) for column in each[0]}
        return Sample(np.tile(self.solo, len(each)), columns)


@dataclass(frozen=True, slots=True, eq=False)
class Filling:
    """Fills turns in all ways and measures what came of it; the same whichever process does it, and in which order."""

    engine: Engine
    controller: Controller
    seed: int

    def at(self, numbered: tuple[int, Place]) -> Columns:
        """At one place, by its number: in the order of all ways, the real turn last."""
        number, place = numbered
        filled = Players(self.engine, self.controller).fill(place.turn, (self.seed, number))
        return answered(place.turn, [*(filled[way] for way in ways()), place.real], self.controller.tables, self.engine)


def play(
    judged: Sequence[Judged], filling: Filling, count: int, told: Callable[[str], None], jobs: int = 1
) -> Played | None:
    """Fill at most `count` turns that follow what a soloist played, in all ways, on so many processes; None where the
    solos have no turn."""
    solos = [each.heard.solo for each in judged]
    try:
        places = chosen(solos, count, np.random.default_rng(filling.seed))
    except DataError:
        return None
    each = []
    for columns in _spread(filling, places, jobs):
        each.append(columns)
        if len(each) % TOLD_EVERY == 0:
            told(f"{len(each)} of {len(places)} turns filled")
    stacked = {name: np.stack([columns[name] for columns in each]) for name in each[0]}
    by_way = [{name: values[:, number] for name, values in stacked.items()} for number in range(len(ways()) + 1)]
    numbers = {solo.id: number for number, solo in enumerate(solos)}
    whose = np.array([numbers[place.solo.id] for place in places])
    return _judged(whose, by_way, phrases(judged), spoilt(judged, np.random.default_rng(filling.seed)))


def _spread(filling: Filling, places: Sequence[Place], jobs: int) -> Iterator[Columns]:
    """The places filled, in their order."""
    if jobs == 1:
        yield from map(filling.at, enumerate(places))
        return
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        yield from pool.map(filling.at, enumerate(places), chunksize=TOLD_EVERY)


def _judged(solo: Ints, filled: Sequence[Columns], real: Sample, bad: Mapping[str, Sample]) -> Played:
    """All of it with what is resolved, which is told by what real phrases are like; `filled` in the order of all ways,
    the real turns last."""
    one_idea = float(np.quantile(real.columns["melody"], ONE_IDEA))

    def told(columns: Columns) -> Columns:
        return columns | {"resolved": resolved(columns, one_idea)}

    return Played(
        solo,
        {way: told(columns) for way, columns in zip(ways(), filled[:-1], strict=True)},
        told(filled[-1]),
        Sample(real.solo, told(real.columns)),
        {name: Sample(sample.solo, told(sample.columns)) for name, sample in bad.items()},
        one_idea,
    )
