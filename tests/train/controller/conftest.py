"""Turns made up so that their figures can be told by hand."""

import numpy as np
import pytest

from sideslip.train.controller.heard import Columns
from sideslip.train.controller.matched import Sample
from sideslip.train.controller.played import Played
from sideslip.train.controller.spoilt import WAYS
from sideslip.train.controller.ways import CONTROLLER, KNOBS, TEMPERATURE, Way, ways

NAMES = ("outside", "melody", "joint", "bits", "similarity", "resolved", "landed", "resolvability", "last_chord_tone")


def columns(outside: list[float], **others: float) -> Columns:
    """Two turns or phrases; what is not given is 1."""
    every = {name: np.full(len(outside), others.get(name, 1.0)) for name in NAMES}
    return every | {"outside": np.array(outside)}


@pytest.fixture(scope="session")
def played() -> Played:
    """Of two solos a turn each: the controller goes out with the dial, temperature does not."""
    filled = {way: columns([0.1, 0.1]) for way in ways()}
    for number, dial in enumerate(KNOBS[CONTROLLER]):
        filled[Way(CONTROLLER, dial)] = columns(
            [0.1 * number, 0.1 * number], melody=3.5, joint=1.5 if dial > 0.5 else 9.0, bits=2.0 + dial, similarity=0.4
        )
    for number, heat in enumerate(KNOBS[TEMPERATURE]):
        filled[Way(TEMPERATURE, heat)] = columns([0.4 - 0.1 * number, 0.1 * number], resolved=0.0)
    phrases = Sample(np.array([0, 0, 1]), columns([0.1, 0.35, 0.45], melody=3.0, joint=1.0, resolved=0.5))
    real = columns([0.1, 0.1], bits=2.5)
    return Played(np.array([0, 1]), filled, real, phrases, dict.fromkeys(WAYS, phrases), 4.0)
