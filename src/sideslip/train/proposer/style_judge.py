"""A judge of style that has not seen the model: how turns of real players of the training set are counted out.

Styles stand in an order that was set down before anything was measured (how far out a style goes; the tiers that come
with the project's split of the Weimar Jazz Database). The judge is a ridge regression from the traits and events of a
turn to the place of its style. Four bars tell little of a style: what the judge reaches on real turns is the ceiling,
and is reported beside every figure that rests on it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sideslip.errors import DataError
from sideslip.music.changes import Changes
from sideslip.music.phrase import Phrase
from sideslip.outside.lines import Floats
from sideslip.outside.tables import ListeningTables
from sideslip.train.proposer.contexts import Place
from sideslip.train.proposer.events import Event, events
from sideslip.train.proposer.traits import row_means, traits
from sideslip.train.statistics import spearman

STYLE_PLACES: Mapping[str, float] = {
    "TRADITIONAL": 1.0,
    "SWING": 2.0,
    "BEBOP": 3.5,
    "COOL": 3.5,
    "HARDBOP": 5.0,
    "POSTBOP": 6.5,
    "FUSION": 6.5,
}
"""From inside to outside, as expected; FREE has no place, for its solos have almost no chords."""

PENALTY = 1000.0
"""Of the squares of the weights. On five folds of the training set by tune, 300 and 1000 are alike: Spearman .44 for a
turn, .62 for the mean of a solo. Traits alone reach .30 and .52."""

FEWEST = 60
"""Turns of the training set that an event is in which counts."""

EXTREME = 4.0
"""Standard deviations beyond which nothing counts further."""


@dataclass(frozen=True, slots=True, eq=False)
class StyleJudge:
    """The ear for traits, the `vocabulary` of events; of both together means, deviations and weights; and the place of
    a turn with nothing special."""

    tables: ListeningTables
    vocabulary: tuple[Event, ...]
    mean: Floats
    deviation: Floats
    weights: Floats
    usual: float

    @classmethod
    def taught(cls, places: Sequence[Place], tables: ListeningTables) -> "StyleJudge":
        """From real turns. Raises DataError where they are not of two styles."""
        known = _of_known_styles(places)
        wanted = _wanted(known)
        if len(set(wanted.tolist())) < 2:
            raise DataError("wanted solos of two styles to tell styles by, found fewer; give other solos to --train")
        met = Counter(event for place in known for event in events([place.real], place.turn.changes)[0])
        vocabulary = tuple(sorted(event for event, count in met.items() if count >= FEWEST))
        values = _of_real_turns(known, tables, vocabulary)
        mean = row_means(values.T)
        deviation = np.sqrt(row_means(np.square(values - mean).T))
        deviation[deviation == 0] = 1.0
        x, usual = _scaled(values, mean, deviation), float(wanted.mean())
        weights = np.linalg.solve(x.T @ x + PENALTY * np.eye(x.shape[1]), x.T @ (wanted - usual))
        return cls(tables, vocabulary, mean, deviation, weights.astype(np.float64), usual)

    def places(self, phrases: Sequence[Phrase], changes: Changes, starts: Sequence[int]) -> Floats:
        """Where turns that begin at some ticks stand among the styles, (K,)."""
        return self._judged(_values(phrases, changes, starts, self.tables, self.vocabulary))

    def ceiling(self, places: Sequence[Place]) -> dict[str, float]:
        """What the judge makes of real turns: Spearman's correlation with their style, by turn and by the mean of a
        solo."""
        known = _of_known_styles(places)
        judged, wanted = self._judged(_of_real_turns(known, self.tables, self.vocabulary)), _wanted(known)
        _, solo = np.unique([place.solo.id for place in known], return_inverse=True)
        counts = np.bincount(solo)
        means = (np.bincount(solo, values) / counts for values in (judged, wanted))
        return {
            "turns": len(known),
            "single": spearman(judged, wanted),
            "solos": len(counts),
            "solo_means": spearman(*means),
        }

    def _judged(self, values: Floats) -> Floats:
        found: Floats = self.usual + _scaled(values, self.mean, self.deviation) @ self.weights
        return found


def _of_known_styles(places: Sequence[Place]) -> list[Place]:
    return [place for place in places if place.solo.style in STYLE_PLACES]


def _wanted(places: Sequence[Place]) -> Floats:
    return np.array([STYLE_PLACES[place.solo.style] for place in places])


def _of_real_turns(places: Sequence[Place], tables: ListeningTables, vocabulary: Sequence[Event]) -> Floats:
    turns = [(place.real, place.turn) for place in places]
    rows = [_values([real], turn.changes, [turn.start], tables, vocabulary) for real, turn in turns]
    return np.concatenate(rows)


def _values(
    phrases: Sequence[Phrase],
    changes: Changes,
    starts: Sequence[int],
    tables: ListeningTables,
    vocabulary: Sequence[Event],
) -> Floats:
    """Traits and shares of events of K turns, (K, n)."""
    counted = np.stack(list(traits(phrases, changes, starts, tables).values()), axis=1)
    shares = [[each.get(event, 0.0) for event in vocabulary] for each in events(phrases, changes)]
    return np.concatenate((counted, np.array(shares).reshape(len(counted), -1)), axis=1)


def _scaled(values: Floats, mean: Floats, deviation: Floats) -> Floats:
    """In deviations from the mean; what cannot be told counts as usual."""
    scaled: Floats = np.nan_to_num(np.clip((values - mean) / deviation, -EXTREME, EXTREME))
    return scaled
