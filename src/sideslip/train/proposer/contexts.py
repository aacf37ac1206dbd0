"""Places in real solos where a turn can begin: what was played before is the player's, the model answers, and what was
really played there stands beside it.

A place is a bar line near which a phrase begins, at least one phrase after the beginning; turns of one solo do not
overlap. The solo is moved so that tick 0 is a bar line, as the ticks of a chart are.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sideslip.errors import DataError
from sideslip.music.changes import Changes
from sideslip.music.dialogue import Turn, Wish
from sideslip.music.meter import TICKS, Meter
from sideslip.music.phrase import Phrase
from sideslip.train.solos import Solo

BARS = 4
"""Bars of a turn."""

NEAR = TICKS
"""Ticks at most from the beginning of a phrase to its bar line."""

FEWEST_NOTES = 4
"""Shorter phrases are no call."""

REMEMBERED = 192
"""Notes of the past that are handed over at most, as the band does while playing."""

Draw = Callable[[Turn, Sequence[Wish], np.random.Generator], tuple[Phrase, ...]]
"""An answer to a turn for each wish, as Sampler.phrases."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A turn in a `solo`, and what was `real`ly played there: from the beginning of the phrase, at most NEAR before the
    turn, to the turn's end. The turn's call is the phrase before."""

    solo: Solo
    turn: Turn
    real: Phrase


def on_bars(solo: Solo) -> tuple[Phrase, Changes] | None:
    """The line and the changes of a solo, tick 0 on its first bar line (a pickup lies before it); None where a bar is
    not as long as the metre says."""
    places = np.arange(len(solo.beat))
    first = int(np.argmax(solo.beat == 1))
    even = (places - first) % solo.meter.beats + 1
    if (solo.beat != even).any() or (solo.num != solo.meter.beats).any():
        return None
    return solo.line().moved(ticks=-TICKS * first), solo.changes().moved(TICKS * first)


def places(solo: Solo) -> Iterator[Place]:
    """The places of a solo in 4/4 with chords, in order; none in any other."""
    laid = on_bars(solo) if solo.meter == Meter() else None
    if laid is None or not laid[1].has_chords:
        return
    (line, changes), bar = laid, solo.meter.bar
    begins = np.flatnonzero(np.diff(solo.phrase, prepend=solo.phrase[0])).tolist()  # of all phrases but the first
    free, over = 0, changes.length - TICKS * int(np.argmax(solo.beat == 1))
    for before, first in zip([0, *begins], begins, strict=False):
        onset = line.notes[first].onset
        start = round(onset / bar) * bar
        end = start + BARS * bar
        call = Phrase(line.notes[before:first])
        fits = free <= start and end <= over and call.notes[-1].onset < start
        if fits and abs(onset - start) <= NEAR and len(call) >= FEWEST_NOTES:
            past = Phrase(line.notes[max(0, first - REMEMBERED) : first])
            turn = Turn(start, end, changes, call, past, tempo=solo.tempo)
            yield Place(solo, turn, line.between(onset, end))
            free = end


def chosen(solos: Sequence[Solo], count: int, rng: np.random.Generator) -> list[Place]:
    """At most `count` places of all that there are, by chance, in the order of the solos. Raises DataError where there
    is none."""
    found = [place for solo in solos for place in places(solo)]
    if not found:
        raise DataError(f"wanted a solo in 4/4 with chords and a phrase on a bar line, found none among {len(solos)}")
    return [found[index] for index in sorted(rng.permutation(len(found))[:count].tolist())]


def answers(
    draw: Draw, turn: Turn, wishes: Sequence[Wish], times: int, rng: np.random.Generator
) -> list[tuple[Phrase, ...]]:
    """For each wish `times` answers. They are asked for in an order of chance, because a sampler draws its first
    candidates cooler than its last."""
    order = rng.permutation(len(wishes) * times).tolist()
    drawn = draw(turn, [wishes[index // times] for index in order], rng)
    each = dict(zip(order, drawn, strict=True))
    return [tuple(each[number * times + time] for time in range(times)) for number in range(len(wishes))]
