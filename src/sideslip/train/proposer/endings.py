"""Do answers end, or are they cut off by the end of their turn?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from sideslip.music.changes import Changes
from sideslip.music.dialogue import Wish
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Note, Phrase
from sideslip.outside.lines import Lines
from sideslip.train.proposer.contexts import Draw, Place, on_bars
from sideslip.train.proposer.obedience import Answered

LONG = TICKS
"""Ticks of a last note that is long."""

NOWHERE = float("nan")

Ending = tuple[float, float, float]
"""Ticks of air between the last note and the end of the turn (NOWHERE: there is no turn), whether that note is a chord
tone (1 or 0; NOWHERE: there is no chord), and its length in ticks."""

Summary = dict[str, float | None]


def endings(draw: Draw, answered: Sequence[Answered], times: int, rng: np.random.Generator) -> dict[str, Summary]:
    """How turns of four bars end: of the model, which was told so; of the model told that it has twice as much, cut at
    four bars (`times` phrases a place); of the real line, cut at four bars. And how real phrases end."""
    places = [each.place for each in answered]
    told = (over(phrase, each.place) for each in answered for phrase in each.free)
    longer = (over(phrase, place) for place in places for phrase in _longer(draw, place, times, rng))
    return {
        "told": summary(told),
        "told_twice_as_much_cut": summary(longer),
        "real_line_cut": summary(over(place.real, place) for place in places),
        "real_phrases": summary(ending for place in _first_of_solos(places) for ending in phrase_ends(place)),
    }


def over(phrase: Phrase, place: Place) -> Ending:
    """How a phrase ends that is cut off where the turn ends."""
    turn = place.turn
    last = max(note for note in phrase if note.onset < turn.end)
    last = replace(last, duration=min(last.duration, turn.end - last.onset))
    return float(turn.end - last.end), _chord_tone(last, turn.changes), float(last.duration)


def phrase_ends(place: Place) -> Iterator[Ending]:
    """How all the phrases of a place's solo end, as people marked them."""
    laid = on_bars(place.solo)
    assert laid is not None  # else it would have no place
    line, changes = laid
    for (note, number), (_, following) in pairwise([*zip(line, place.solo.phrase, strict=True), (None, -1)]):
        if note is not None and number != following:
            yield NOWHERE, _chord_tone(note, changes), float(note.duration)


def summary(found: Iterable[Ending]) -> Summary:
    """Share of turns with half a beat and with a beat of air, and of those cut (none at all); of last notes that are
    chord tones, and that are long; their median length in beats. None where nothing tells."""
    air, tone, length = np.array(list(found), dtype=np.float64).reshape(-1, 3).T
    air, tone = air[~np.isnan(air)], tone[~np.isnan(tone)]
    shares = {
        "half_a_beat_of_air": air >= TICKS // 2,
        "a_beat_of_air": air >= TICKS,
        "cut": air <= 0,
        "last_is_chord_tone": tone > 0,
        "last_is_long": length >= LONG,
    }
    told: Summary = {name: float(kept.mean()) if len(kept) else None for name, kept in shares.items()}
    return {"endings": len(length), **told, "last_beats": float(np.median(length)) / TICKS if len(length) else None}


def _longer(draw: Draw, place: Place, times: int, rng: np.random.Generator) -> tuple[Phrase, ...]:
    turn = place.turn
    return draw(replace(turn, end=turn.end + (turn.end - turn.start)), [Wish()] * times, rng)


def _chord_tone(note: Note, changes: Changes) -> float:
    lines = Lines.over(changes, [Phrase((note,))])
    return float(lines.here.has(lines.pitch)[0, 0]) if lines.heard[0, 0] else NOWHERE


def _first_of_solos(places: Sequence[Place]) -> list[Place]:
    """One place for each solo."""
    return list({place.solo.id: place for place in reversed(places)}.values())[::-1]
