"""Likeness of answers to their calls."""

import numpy as np
import pytest

from sideslip.music.phrase import Note, Phrase
from sideslip.train.proposer.contexts import Place
from sideslip.train.proposer.motifs import first_phrase, likeness_to_calls
from sideslip.train.proposer.obedience import Answered


def test_one_who_repeats_the_call_is_like_it_and_others_are_less(found: list[Place]) -> None:
    parrots = [Answered(place, (place.turn.call.moved(ticks=480, semitones=3),), ()) for place in found]
    figures = likeness_to_calls(parrots, np.random.default_rng(0))
    assert figures["turn"]["model"]["mean"] == pytest.approx(1.0)
    assert figures["turn"]["model"]["within"] == 0.0
    for name in ("real", "another_solos"):
        spread = figures["turn"][name]
        assert 0 < spread["q1"] <= spread["median"] <= spread["q3"] < 0.9


def test_alone_there_is_nobody_to_compare_with(found: list[Place]) -> None:
    alone = [Answered(found[0], (found[0].real,), ())]
    assert likeness_to_calls(alone, np.random.default_rng(0))["turn"]["another_solos"] is None


def test_the_first_phrase_ends_at_the_first_rest_of_a_beat() -> None:
    line = (Note(0, 60, 6), Note(12, 62, 6), Note(30, 64, 6), Note(36, 65, 6))
    assert first_phrase(Phrase(line)) == Phrase(line[:2])
    assert first_phrase(Phrase(line[:2])) == Phrase(line[:2])
