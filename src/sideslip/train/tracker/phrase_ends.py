"""Learn when a phrase is over, from solos whose phrases people marked.

A survival model in discrete time: at each step of a gap that still goes on, logistic regression of "the phrase is over"
on what the ear knows then (`listen.phrase_context`). Every note counts once, however long the gap after it. The level
at which the ear says "over" is chosen on solos that were left out, tune by tune.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sideslip.errors import DataError
from sideslip.listen.phrase_context import FEATURES, GAPS, Floats, PhraseContext
from sideslip.listen.phrasing import PhraseWeights
from sideslip.train.solos import Ints, Solo

SHORTENED = (1.0, 0.75, 0.5)
"""Every solo is learnt as played and with its notes cut to these lengths: the ear should bear a staccato player, and
soloists of the Weimar Jazz Database are horns, most of them legato."""

FOLDS = 5

DELAY = 0.75
"""Beats that half of the phrase ends found may take to be declared: of the levels as quick, the one of the best
F1 is taken."""

_LEVELS = np.arange(-2.0, 4.01, 0.1)
_RIDGE = 3.0  # against 160,000 notes: only what no note tells of is held at 0
_ROUNDS = 10

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Gaps:
    """The gaps after n notes as r rows, one for each step of GAPS that a gap reaches.

    `table` (r, len(FEATURES)); `note` (r,) and `step` (r,) say whose row it is; `marked` (n,) whether a phrase ends
    there, `fold` (n,) to which fold the tune belongs.
    """

    table: Floats
    note: Ints
    step: Ints
    marked: Bools
    fold: Ints

    @property
    def weight(self) -> Floats:
        """What each row counts for: all of one note make up one, (r,)."""
        weight: Floats = 1 / np.bincount(self.note)[self.note]
        return weight


def learn(solos: Sequence[Solo]) -> PhraseWeights:
    """The weights. Raises DataError unless the solos have phrase ends and come from two tunes or more."""
    played, *shortened = (gaps_of(solos, share) for share in SHORTENED)
    everything = (played, *shortened)
    if not played.marked.any() or len(set(played.fold.tolist())) < 2:
        raise DataError("wanted solos of two tunes or more with phrases marked, found fewer")
    odds = out_of_fold(everything)
    level = max(_LEVELS.tolist(), key=lambda level: _worth(*score(played, odds, level)))
    columns, constant = _fit(everything)
    return PhraseWeights(columns, level - constant)


def gaps_of(solos: Iterable[Solo], share: float = 1.0) -> Gaps:
    """The gaps after all notes but the last of each solo, the notes cut to a share of their length."""
    solos = [solo for solo in solos if len(solo) > 1]
    folds = {group: i % FOLDS for i, group in enumerate(sorted({solo.group for solo in solos}))}
    tables, notes, steps, heard = [np.empty((0, len(FEATURES)))], [], [], 0
    for solo in solos:
        reached = _follow(solo, share, tables)
        notes.append(heard + np.repeat(np.arange(len(reached)), reached))
        steps += [np.arange(n) for n in reached]
        heard += len(reached)
    return Gaps(
        np.concatenate(tables),
        np.concatenate([np.empty(0, np.int64), *notes]),
        np.concatenate([np.empty(0, np.int64), *steps]),
        np.concatenate([np.empty(0, np.bool_), *(np.diff(solo.phrase) > 0 for solo in solos)]),
        np.concatenate([np.empty(0, np.int64), *(np.full(len(solo) - 1, folds[solo.group]) for solo in solos)]),
    )


def _follow(solo: Solo, share: float, tables: list[Floats]) -> list[int]:
    """How many steps the gap after each note reaches; what is known at them is added to the tables."""
    context, reached = PhraseContext(), []
    starts, ends = solo.performed.tolist(), (solo.performed + share * solo.duration_beats).tolist()
    for start, end, following in zip(starts[:-1], ends[:-1], starts[1:], strict=True):
        context.started(start, solo.tempo, sounding=False)
        context.stopped(end)
        reached.append(int(np.searchsorted(GAPS, following - end, side="right")))
        if reached[-1]:
            tables.append(context.features(GAPS[: reached[-1]]))
    return reached


def out_of_fold(gaps: Sequence[Gaps]) -> Floats:
    """The log odds of "over" at every row of the first of the gaps, each by what was learnt without its fold, (r,)."""
    first = gaps[0]
    odds = np.zeros(len(first.note))
    for fold in sorted(set(first.fold.tolist())):
        columns, constant = _fit(gaps, without=fold)
        here = first.fold[first.note] == fold
        odds[here] = first.table[here] @ columns + constant
    return odds


def score(gaps: Gaps, odds: Floats, level: float) -> tuple[float, float]:
    """F1 of saying "over" once the odds reach a level, and at the last step in any case; the median delay in beats."""
    first = np.full(len(gaps.marked), len(GAPS))
    said = (odds >= level) | (gaps.step == len(GAPS) - 1)
    np.minimum.at(first, gaps.note[said], gaps.step[said])
    heard = first < len(GAPS)
    found = heard & gaps.marked
    delay = float(np.median(GAPS[first[found]])) if found.any() else 0.0
    return float(2 * found.sum() / (heard.sum() + gaps.marked.sum())), delay


def _worth(f1: float, delay: float) -> tuple[bool, float]:
    return delay <= DELAY + 1e-9, f1


def _fit(gaps: Sequence[Gaps], without: int | None = None) -> tuple[Floats, float]:
    """Columns and constant of the logistic regression on all rows outside a fold, by Newton's method."""
    rows = [g.fold[g.note] != without if without is not None else np.ones(len(g.note), bool) for g in gaps]
    table = np.concatenate([g.table[kept] for g, kept in zip(gaps, rows, strict=True)])
    over = np.concatenate([g.marked[g.note[kept]] for g, kept in zip(gaps, rows, strict=True)])
    weight = np.concatenate([g.weight[kept] for g, kept in zip(gaps, rows, strict=True)])
    mean, spread = table.mean(axis=0), table.std(axis=0) + 1e-6
    scaled = np.column_stack((np.ones(len(table)), (table - mean) / spread))
    ridge = _RIDGE * np.diag([0.0] + [1.0] * len(FEATURES))
    answer = np.zeros(len(FEATURES) + 1)
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(scaled @ answer, -30, 30)))
        slope = scaled.T @ (weight * (over - chance)) - ridge @ answer
        curve = (scaled * (weight * chance * (1 - chance))[:, None]).T @ scaled + ridge
        answer += np.linalg.solve(curve, slope)
    columns: Floats = answer[1:] / spread
    return columns, float(answer[0] - mean @ columns)
