"""Endings: what counts as air, as cut, as a chord tone; and whose."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from sideslip.music.dialogue import Turn, Wish
from sideslip.music.phrase import Note, Phrase
from sideslip.train.proposer.contexts import Place
from sideslip.train.proposer.endings import endings, over, phrase_ends, summary
from sideslip.train.proposer.obedience import Answered

NOWHERE = math.nan


def until(turn: Turn, end: int) -> Phrase:
    """One chord tone that ends at a tick."""
    root = turn.changes.at(end - 12).root
    return Phrase((Note(turn.start, 60, 6), Note(end - 12, 60 + root, 12)))


def test_a_note_that_sounds_beyond_the_turn_is_cut(found: list[Place]) -> None:
    place = found[0]
    end = place.turn.end
    root = 60 + place.turn.changes.at(end - 1).root
    first = Note(place.turn.start, 60, 6)
    assert over(Phrase((first, Note(end - 12, root, 6))), place) == (6.0, 1.0, 6.0)
    assert over(Phrase((first, Note(end - 12, root + 1, 30))), place) == (0.0, 0.0, 12.0)
    later = Note(end + 3, 60, 6)
    assert over(Phrase((first, Note(end - 18, root, 6), later)), place) == (12.0, 1.0, 6.0)


def test_shares_leave_out_what_nothing_tells() -> None:
    found = summary([(0.0, 1.0, 6.0), (6.0, 0.0, 12.0), (12.0, NOWHERE, 18.0), (NOWHERE, 1.0, 24.0)])
    assert found == pytest.approx(
        {
            "endings": 4,
            "half_a_beat_of_air": 2 / 3,
            "a_beat_of_air": 1 / 3,
            "cut": 1 / 3,
            "last_is_chord_tone": 2 / 3,
            "last_is_long": 3 / 4,
            "last_beats": 1.25,
        }
    )
    assert summary([])["cut"] is None


def test_one_who_ends_is_told_from_one_who_is_cut(found: list[Place]) -> None:
    def draw(turn: Turn, wishes: Sequence[Wish], rng: np.random.Generator) -> tuple[Phrase, ...]:
        line = tuple(Note(tick, 60, 12) for tick in range(turn.start, turn.end, 12))  # right to the end, all legato
        return (Phrase(line),) * len(wishes)

    answered = [Answered(place, (until(place.turn, place.turn.end - 6),) * 3, ()) for place in found]
    figures = endings(draw, answered, 2, np.random.default_rng(0))
    assert figures["told"]["half_a_beat_of_air"] == 1.0 and figures["told"]["a_beat_of_air"] == 0.0
    assert figures["told"]["last_is_chord_tone"] == 1.0 and figures["told"]["endings"] == 3 * len(found)
    assert figures["told_twice_as_much_cut"]["cut"] == 1.0
    assert figures["real_line_cut"]["endings"] == len(found)
    assert figures["real_phrases"]["cut"] is None


def test_every_phrase_of_a_solo_has_one_end(found: list[Place]) -> None:
    place = found[0]
    assert len(list(phrase_ends(place))) == len(set(place.solo.phrase.tolist()))
    assert all(math.isnan(air) for air, _, _ in phrase_ends(place))
