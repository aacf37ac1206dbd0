"""What guesses at devices are worth, where it is known which was planted.

A guess is right by the name of the device; beside it stands by any name that is not wrong (`OTHER_NAMES`).
Devices are weighed as the guesses expect them (`PRIOR`), because how many of each are planted says nothing of how often
each is played; beside it all alike. Intervals come from drawing solos again.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sideslip.outside.guesses import PRIOR, SURE
from sideslip.outside.lines import Bools, Floats, Ints
from sideslip.train.controller.by_solo import Interval, by_solo
from sideslip.train.controller.plantings import Planted

DRAWS = 200
BINS = 10

FEWEST = 20
"""Places of a device that are heard as outside, without which nothing is said of the guesses at it."""


def figures(found: Sequence[Planted], rng: np.random.Generator) -> dict[str, Any]:
    """Every figure by name."""
    heard = [one for one in found if one.guesses]
    counts = Counter(one.name for one in heard)
    judged = [one for one in heard if counts[one.name] >= FEWEST]
    first, either, sure, trust = _outcomes(judged)
    by_any_name = np.array([one.guesses[0].name in one.names for one in judged], dtype=np.bool_)
    report: dict[str, Any] = {"planted": len(found), "heard_outside": len(heard), "judged": len(judged)}
    for name, weigh in (("as_expected", PRIOR), ("all_alike", dict.fromkeys(PRIOR, 1.0))):
        weights = _weights(judged, weigh)
        report[name] = {
            "right": _interval(judged, first, weigh, rng),
            "right_or_rival": _interval(judged, either, weigh, rng),
            "right_by_any_name": _interval(judged, by_any_name, weigh, rng),
            "told_as_sure": float(weights @ sure),
            "right_when_sure": float(weights @ (sure & first)) / max(1e-12, float(weights @ sure)),
            "right_by_any_name_when_sure": float(weights @ (sure & by_any_name)) / max(1e-12, float(weights @ sure)),
            "mean_probability": float(weights @ trust),
            "ece": float(sum(abs(weights @ (inside * (trust - first))) for inside in _bins(trust))),
            "calibration": _calibration(weights, trust, first),
        }
    planted = Counter(one.name for one in found)
    report["devices"] = {name: _device(found, name, planted[name]) for name in PRIOR if planted[name]}
    return report


def _outcomes(judged: Sequence[Planted]) -> tuple[Bools, Bools, Bools, Floats]:
    """Of each: whether the likeliest guess is right, whether it or its rival is, whether it is sure, and how sure."""
    first = np.array([one.guesses[0].name == one.name for one in judged], dtype=np.bool_)
    either = np.array([one.name in {guess.name for guess in one.guesses[:2]} for one in judged], dtype=np.bool_)
    trust = np.array([one.guesses[0].probability for one in judged])
    return first, either, trust >= SURE, trust


def _weights(judged: Sequence[Planted], weigh: Mapping[str, float]) -> Floats:
    """(n,), adding up to 1: each device as much as it is expected, however often it was planted."""
    counts = Counter(one.name for one in judged)
    weights = np.array([weigh[one.name] / counts[one.name] for one in judged])
    shared: Floats = weights / max(1e-12, weights.sum())
    return shared


def _interval(
    judged: Sequence[Planted], right: Bools, weigh: Mapping[str, float], rng: np.random.Generator
) -> Interval | None:
    """A share with its 95 % interval."""
    solo = np.unique([one.solo for one in judged], return_inverse=True)[1]

    def share(rows: Ints) -> float:
        return float(_weights([judged[row] for row in rows.tolist()], weigh) @ right[rows])

    return by_solo(solo, share, rng, DRAWS)


def _bins(trust: Floats) -> list[Bools]:
    place = np.minimum(BINS - 1, (trust * BINS).astype(np.int64))
    return [place == i for i in range(BINS)]


def _calibration(weights: Floats, trust: Floats, first: Bools) -> list[dict[str, float]]:
    """By tenths of probability: the share of places, the mean probability, the share that is right."""
    rows = []
    for inside in _bins(trust):
        share = float(weights @ inside)
        if share > 0:
            rows.append(
                {
                    "share": share,
                    "probability": float(weights @ (inside * trust)) / share,
                    "right": float(weights @ (inside & first)) / share,
                }
            )
    return rows


def _device(found: Sequence[Planted], name: str, planted: int) -> dict[str, Any]:
    heard = [one for one in found if one.name == name and one.guesses]
    first, either, *_ = _outcomes(heard)
    told = Counter(one.guesses[0].name for one in heard)
    return {
        "planted": planted,
        "heard_outside": len(heard) / planted,
        "right": float(first.mean()) if heard else None,
        "right_or_rival": float(either.mean()) if heard else None,
        "guessed": {guess: count / len(heard) for guess, count in told.most_common()},
    }
