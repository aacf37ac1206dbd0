"""A few bars of an annotated solo, as they stand in their tune."""

import numpy as np

from sideslip.errors import DataError
from sideslip.listen.phrasing import split
from sideslip.music.changes import Changes
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Phrase
from sideslip.train.solos import Solo


def laid_in_bars(solo: Solo, first: int, last: int) -> tuple[list[Phrase], Changes]:
    """The phrases of a solo of which a note begins in bars `first` to `last`, and its changes.

    These bars lie as in a chart: bar 1 begins at tick 0. Phrases are cut at rests of a beat, as `analyze` cuts them.

    Raises DataError where the solo has not these bars, or they are not of its metre.
    """
    beats, bar = solo.meter.beats, solo.meter.bar
    within = np.flatnonzero((solo.bar >= first) & (solo.bar <= last))
    places = (solo.bar[within] - 1) * beats + solo.beat[within] - 1
    if not within.size or within.size != (last - first + 1) * beats or (np.diff(places) != 1).any():
        raise DataError(f"{solo.id} has no whole bars {first} to {last} of {solo.meter}")
    ticks = TICKS * int(places[0] - within[0])
    phrases = [phrase.moved(ticks) for phrase in split(solo.line())]
    sounding = [phrase for phrase in phrases if phrase.between((first - 1) * bar, last * bar).notes]
    return sounding, solo.changes().moved(-ticks)
