"""Do answers take up what was said? Likeness to the call as the controller hears it (`outside.motif`)."""

from collections.abc import Sequence

import numpy as np

from sideslip.music.dialogue import Turn
from sideslip.music.phrase import Phrase
from sideslip.outside.lines import Floats, Lines
from sideslip.outside.motif import compare
from sideslip.outside.score import SIMILAR
from sideslip.train.proposer.contexts import Place
from sideslip.train.proposer.obedience import Answered
from sideslip.train.proposer.traits import BREATH

Figures = dict[str, object]


def likeness_to_calls(answered: Sequence[Answered], rng: np.random.Generator) -> Figures:
    """How much free answers take up their calls, beside what was really played there, and what was played in another
    solo (by chance): the whole turn, and its first phrase."""
    others = [_another_solos(each.place, answered, rng) for each in answered]
    found: Figures = {"wanted": list(SIMILAR)}
    for name, part in (("turn", _whole), ("first_phrase", first_phrase)):
        model = [_alike(each.place.turn, [part(phrase) for phrase in each.free]) for each in answered]
        real = [_alike(each.place.turn, [part(each.place.real)]) for each in answered]
        rows = zip(answered, others, strict=True)
        chance = [_alike(each.place.turn, [part(other.real)]) for each, other in rows if other is not None]
        found[name] = {"model": _spread(model), "real": _spread(real), "another_solos": _spread(chance)}
    return found


def first_phrase(phrase: Phrase) -> Phrase:
    """What comes before the first rest of at least BREATH."""
    notes = phrase.notes
    ends = (i for i in range(1, len(notes)) if notes[i].onset - notes[i - 1].end >= BREATH)
    return Phrase(notes[: next(ends, len(notes))])


def _whole(phrase: Phrase) -> Phrase:
    return phrase


def _another_solos(place: Place, answered: Sequence[Answered], rng: np.random.Generator) -> Place | None:
    others = [each.place for each in answered if each.place.solo.id != place.solo.id]
    return others[int(rng.integers(len(others)))] if others else None


def _alike(turn: Turn, phrases: Sequence[Phrase]) -> Floats:
    return compare(turn.call, Lines.over(turn.changes, phrases)).similarity


def _spread(values: Sequence[Floats]) -> dict[str, float] | None:
    """Mean, quartiles, and the share within the band of real answers; None for nothing."""
    if not values:
        return None
    every = np.concatenate(values)
    low, median, high = np.quantile(every, (0.25, 0.5, 0.75)).tolist()
    within = (every >= SIMILAR[0]) & (every <= SIMILAR[1])
    return {"mean": float(every.mean()), "q1": low, "median": median, "q3": high, "within": float(within.mean())}
