"""Does the model do what is asked? The same places, every class of every control, and what came out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sideslip.music.dialogue import Wish
from sideslip.music.phrase import Phrase
from sideslip.outside.lines import Floats, Ints
from sideslip.outside.tables import ListeningTables
from sideslip.propose.wishes import DENSITY, OUTSIDE, REGISTER
from sideslip.train.proposer.contexts import Draw, Place, answers
from sideslip.train.proposer.style_judge import STYLE_PLACES, StyleJudge
from sideslip.train.proposer.traits import wished
from sideslip.train.statistics import spearman

RESAMPLES = 500

NUMBERS = ("outside", "density", "register")
"""The controls that ask for a number."""

Figures = dict[str, object]


@dataclass(frozen=True, slots=True)
class Answered:
    """What was drawn at one place: phrases that nothing was asked of, and those of each wish for one thing."""

    place: Place
    free: tuple[Phrase, ...]
    asked: tuple[tuple[Wish, tuple[Phrase, ...]], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Replies:
    """N phrases that one control was used on: the number of the `place`, its `solo`'s, the class asked for by name,
    what it stands for, and what came out."""

    place: Ints
    solo: Ints
    label: tuple[str, ...]
    asked: Floats
    realised: Floats


def wishes() -> list[Wish]:
    """A wish for nothing, then one for each class of each control; FREE has no place among the styles."""
    return [
        Wish(),
        *(Wish(outside=value) for value in OUTSIDE),
        *(Wish(density=value) for value in DENSITY),
        *(Wish(register=value) for value in REGISTER),
        *(Wish(style=style) for style in STYLE_PLACES),
    ]


def ask(draw: Draw, places: Sequence[Place], times: int, rng: np.random.Generator) -> list[Answered]:
    """Ask for everything at every place, `times` phrases each."""
    wanted = wishes()
    drawn = [answers(draw, place.turn, wanted, times, rng) for place in places]
    return [
        Answered(place, each[0], tuple(zip(wanted[1:], each[1:], strict=True)))
        for place, each in zip(places, drawn, strict=True)
    ]


def obedience(
    answered: Sequence[Answered], tables: ListeningTables, judge: StyleJudge | None, rng: np.random.Generator
) -> Figures:
    """How far each control is obeyed; style only where there is a judge of it."""
    found: Figures = {name: agreement(_numbers(answered, name, tables), rng) for name in NUMBERS}
    if judge is not None:
        found["style"] = agreement(_styles(answered, judge), rng)
    return found


def agreement(replies: Replies, rng: np.random.Generator) -> Figures:
    """Spearman's correlation of asked and realised over single phrases, with the 95 % interval of drawing solos again;
    over the means of each place and class; over the means of the classes alone (`on_average`: whether the direction is
    right); and those means."""
    labels, number = np.unique(np.array(replies.label), return_inverse=True)
    _, cell = np.unique(np.stack((replies.place, number)), axis=1, return_inverse=True)
    return {
        "single": _correlation(replies.asked, replies.realised),
        "single_interval": _interval(replies, rng),
        "means": _correlation(_cell_means(cell, replies.asked), _cell_means(cell, replies.realised)),
        "on_average": _correlation(_cell_means(number, replies.asked), _cell_means(number, replies.realised)),
        "realised": {
            str(label): float(replies.realised[number == row].mean())
            for row, label in sorted(enumerate(labels), key=lambda each: replies.asked[number == each[0]][0])
        },
    }


def freely(answered: Sequence[Answered], tables: ListeningTables) -> Figures:
    """Means of what was played where nothing was asked, beside those of the turns really played there."""
    own = [wished(each.free, each.place.turn.changes, tables) for each in answered]
    real = [wished([each.place.real], each.place.turn.changes, tables) for each in answered]
    return {
        name: {
            "model": float(np.mean([values[name].mean() for values in own])),
            "real": float(np.mean([values[name].mean() for values in real])),
        }
        for name in NUMBERS
    }


def _numbers(answered: Sequence[Answered], name: str, tables: ListeningTables) -> Replies:
    def measured() -> Iterator[tuple[int, str, float, Floats]]:
        for number, each in enumerate(answered):
            for wish, phrases in each.asked:
                if (value := getattr(wish, name)) is not None:
                    yield number, f"{value:g}", value, wished(phrases, each.place.turn.changes, tables)[name]

    return _replies(answered, list(measured()))


def _styles(answered: Sequence[Answered], judge: StyleJudge) -> Replies:
    def measured() -> Iterator[tuple[int, str, float, Floats]]:
        for number, each in enumerate(answered):
            turn = each.place.turn
            for wish, phrases in each.asked:
                if wish.style is not None:
                    judged = judge.places(phrases, turn.changes, [turn.start] * len(phrases))
                    yield number, wish.style, STYLE_PLACES[wish.style], judged

    return _replies(answered, list(measured()))


def _replies(answered: Sequence[Answered], cells: Sequence[tuple[int, str, float, Floats]]) -> Replies:
    """From (number of the place, label, asked, realised (n,))."""
    ids = sorted({each.place.solo.id for each in answered})
    counts = [len(realised) for *_, realised in cells]
    place = np.repeat([number for number, *_ in cells], counts)
    solo = np.array([ids.index(answered[number].place.solo.id) for number in place])
    label = tuple(label for (_, label, *_), count in zip(cells, counts, strict=True) for _ in range(count))
    asked = np.repeat(np.array([value for _, _, value, _ in cells], dtype=np.float64), counts)
    return Replies(place, solo, label, asked, np.concatenate([realised for *_, realised in cells]))


def _cell_means(cell: Ints, values: Floats) -> Floats:
    means: Floats = np.bincount(cell, values) / np.bincount(cell)
    return means


def _interval(replies: Replies, rng: np.random.Generator) -> list[float] | None:
    rows = [np.flatnonzero(replies.solo == solo) for solo in np.unique(replies.solo)]
    drawn = []
    for _ in range(RESAMPLES):
        kept = np.concatenate([rows[index] for index in rng.integers(len(rows), size=len(rows))])
        drawn.append(_correlation(replies.asked[kept], replies.realised[kept]))
    known = [value for value in drawn if value is not None]
    return np.quantile(known, (0.025, 0.975)).tolist() if known else None


def _correlation(asked: Floats, realised: Floats) -> float | None:
    found = spearman(asked, realised)
    return None if np.isnan(found) else found
