"""The comparison of turns as a page to read."""

from collections.abc import Mapping
from typing import Any

from sideslip.train.proposer.likeness import STATISTICS

INTRODUCTION = """# Real turns and the model's

What the model plays when nothing is asked of it, beside what the player really played in the same place. Written by
`scripts/compare_phrases.py`; the same model and solos write the same page.

{places} places in {solos} solos that were not trained on: bar lines near which a phrase begins, turns of {bars} bars,
no two of a solo overlapping. The model reads what was played before and knows how long its turn is; {answers} answers
a place, drawn as they are for playing (temperatures {temperatures}), neither chosen by the controller nor taken by a
device. Seed {seed}.

Two things differ by construction. The model's first note stands on the bar line, the real one up to a beat from it; and
the model knows that its turn ends, while the real line is cut there and often goes on.
"""

TABLE = """
## Statistics

KS is the Kolmogorov-Smirnov distance of two distributions, 0 (the same) to 1. The last column is the yardstick: real
turns of the training set against the same real turns ({train_places} places in {train_solos} solos).

| statistic | real | model | KS model to real | KS training set to real |
|---|---|---|---|---|
"""

PICTURE = """
![The distributions: real turns in grey, the model's as a line]({picture})
"""

COPIES = """
## Copies

Share of all patterns of eight notes in a row that the training set has somewhere, in any key: the seven intervals
alone, and together with the seven shifts. The interval of the difference comes from drawing solos again.

| eight notes in a row | model | real, held out | difference | 95 % |
|---|---|---|---|---|
"""

NOTES = """
Chord tones are those of the chord in force, as the recording's changes have it. A phrase ends where nothing sounds for
a beat or more, or with the turn. A repeated cell is one of three intervals in a row that the turn has had before.
Groove similarity is the mean share of the 48 places of a bar at which two bars of a turn both have an onset or both
have none; it and the entropy of pitch classes follow Wu and Yang, The Jazz Transformer on the Front Line (ISMIR 2020),
whose bars have 64 places.
"""


def page(found: Mapping[str, Any], picture: str | None) -> str:
    """The page, from the figures of the script; `picture` is the name of a picture beside it."""
    rows = [_row(statistic.words, found["statistics"][statistic.name]) for statistic in STATISTICS]
    copies = [_copies(words.replace("_", " "), figures) for words, figures in found["copies"].items()]
    parts = [INTRODUCTION.format(**found), TABLE.format(**found), *rows]
    parts += [PICTURE.format(picture=picture)] if picture else []
    return "".join([*parts, COPIES, *copies, NOTES])


def _row(words: str, figures: Mapping[str, float | None]) -> str:
    means = (_figure(figures[name], 2) for name in ("real", "model"))
    distances = (_figure(figures[name], 3) for name in ("ks", "ks_of_other_real_turns"))
    return f"| {' | '.join((words, *means, *distances))} |\n"


def _copies(words: str, figures: Mapping[str, Any]) -> str:
    shares = (_percent(figures[name]) for name in ("model", "real"))
    low, high = (_percent(value) for value in figures["interval"])
    return f"| {' | '.join((words, *shares, _percent(figures['difference']), f'{low} to {high}'))} |\n"


def _figure(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"
