"""Real phrases spoilt: what a measure of resolution must not be taken in by.

Random wrong notes reach a chord tone soon, more surely than players who are outside; so what is called resolved is held
against them.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from sideslip.outside.hearing import Hearing
from sideslip.outside.lines import Ints
from sideslip.train.controller.by_solo import whose
from sideslip.train.controller.chance import random_pitches
from sideslip.train.controller.heard import listened
from sideslip.train.controller.judged import Judged
from sideslip.train.controller.matched import Sample

WRONG_NOTES = 4
FARTHEST_WRONG = 6
"""Semitones that a note is moved at most to be wrong."""


def moved(solo: Judged, _: np.random.Generator) -> Ints:
    """The phrases a semitone up from the chords that they were played over."""
    return solo.hearing.lines.pitch + 1


def wrong(solo: Judged, generator: np.random.Generator) -> Ints:
    """WRONG_NOTES notes of each phrase moved by chance."""
    pitch, valid = solo.hearing.lines.pitch.copy(), solo.hearing.lines.valid
    for row in range(len(pitch)):
        places = generator.permutation(int(valid[row].sum()))[:WRONG_NOTES]
        steps = generator.integers(1, FARTHEST_WRONG + 1, size=len(places)) * generator.choice((-1, 1), len(places))
        pitch[row, places] += steps
    return pitch


WAYS: Mapping[str, Callable[[Judged, np.random.Generator], Ints]] = {
    "four wrong notes": wrong,
    "a semitone up": moved,
    "random notes": random_pitches,
}
"""Ways to spoil the phrases of a solo: pitches (K, N) by name."""


def phrases(judged: Sequence[Judged]) -> Sample:
    """What is measured of the long phrases of solos."""
    return _sample(judged, [solo.hearing for solo in judged])


def spoilt(judged: Sequence[Judged], generator: np.random.Generator) -> dict[str, Sample]:
    """The same of those phrases spoilt, each way."""
    return {
        name: _sample(judged, [solo.with_pitches(way(solo, generator)) for solo in judged])
        for name, way in WAYS.items()
    }


def _sample(judged: Sequence[Judged], hearings: Sequence[Hearing]) -> Sample:
    each = [
        {name: values[solo.long] for name, values in listened(hearing).items()}
        for solo, hearing in zip(judged, hearings, strict=True)
    ]
    columns = {name: np.concatenate([one[name] for one in each]) for name in each[0]}
    return Sample(whose([int(solo.long.sum()) for solo in judged]), columns)
