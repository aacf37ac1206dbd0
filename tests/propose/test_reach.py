"""Reaching out: variants by devices keep the proposer's promises and go further out than what they were made of."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.devices import DEVICES, PLANS
from sideslip.music.devices.leading import home_tones
from sideslip.music.dialogue import Idea, Turn
from sideslip.music.phrase import Note, Phrase
from sideslip.music.pitch import HIGHEST, LOWEST
from sideslip.propose.licks import LickProposer
from sideslip.propose.reach import reach

CHART = Changes((0, 48, 96, 144), tuple(map(parse_chord, ("Dm7", "G7", "Cmaj7", "A7alt"))), 192)
TURN = Turn(192, 384, CHART)
LICKS = LickProposer().propose(TURN, 11)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 11), st.integers(1, 6), st.integers(0, 40), st.booleans(), st.integers(0, 2**32 - 1))
def test_variants_keep_the_promises_of_a_proposer(bar: int, length: int, count: int, far: bool, seed: int) -> None:
    turn = Turn(48 * bar, 48 * (bar + length), CHART, dial=float(far))
    ideas = LickProposer(5).propose(turn, seed)
    reached = reach(ideas, turn, seed, count)
    assert len(reached) <= count
    assert len({idea.phrase for idea in (*ideas, *reached)}) == len({idea.phrase for idea in ideas}) + len(reached)
    for idea in reached:
        assert idea.source == "device"
        assert idea.label in PLANS or all(d in DEVICES for d in idea.label.removesuffix(" twice").split(" + "))
        assert idea.phrase.start == turn.start and idea.phrase.end <= turn.end
        assert all(a.onset < b.onset and a.end <= b.onset for a, b in pairwise(idea.phrase))
        assert all(note.duration > 0 and LOWEST <= note.pitch <= HIGHEST for note in idea.phrase)


def test_the_same_seed_gives_the_same_variants() -> None:
    assert reach(LICKS, TURN, 3, 16) == reach(LICKS, TURN, 3, 16) != reach(LICKS, TURN, 4, 16)


def test_there_is_a_mix_of_devices_and_side_slips_lead_it() -> None:
    labels = Counter(idea.label for seed in range(10) for idea in reach(LICKS, TURN, seed, 16))
    assert len(labels) >= 12
    assert labels.most_common(1)[0][0] == "side-slip up a semitone"


def test_every_idea_is_varied_before_one_is_varied_twice() -> None:
    apart = [Idea(Phrase(tuple(note.moved(semitones=k) for note in LICKS[k].phrase)), "model") for k in range(8)]
    starts = Counter(made.phrase.notes[0] for made in reach(apart, TURN, 1, 8))
    assert starts == Counter(idea.phrase.notes[0] for idea in apart)


def test_one_idea_alone_is_varied_by_many_devices() -> None:
    assert len({idea.label for idea in reach(LICKS[:1], TURN, 1, 12)}) == 12


def test_ideas_that_are_alike_are_not_varied_alike() -> None:
    reached = reach(LICKS[:1] * 4, TURN, 1, 16)
    assert len({idea.phrase for idea in reached}) == len(reached) == 16


def test_variants_are_further_out() -> None:
    def outside(ideas: Sequence[Idea]) -> float:
        away = [n.pitch % 12 not in CHART.at(n.onset).scale for idea in ideas for n in idea.phrase]
        return sum(away) / len(away)

    assert outside(reach(LICKS, TURN, 1, 16)) > outside(LICKS) + 0.1


@pytest.mark.parametrize("seed", range(8))
def test_a_high_dial_brings_second_devices_apart_from_the_first(seed: int) -> None:
    for variant in reach(LICKS, replace(TURN, dial=1.0), seed, 16):
        base = max(LICKS, key=lambda lick: len(set(lick.phrase) & set(variant.phrase)))
        moved = sorted(note.onset for note in set(base.phrase) ^ set(variant.phrase))
        if " + " in variant.label or variant.label.endswith(" twice"):
            assert max(b - a for a, b in pairwise(moved)) >= 24


def test_second_devices_are_for_high_dials_only() -> None:
    labels = " ".join(idea.label for idea in reach(LICKS, replace(TURN, dial=1.0), 1, 16))
    assert " + " in labels and " twice" in labels
    assert not any(" + " in idea.label for idea in reach(LICKS, TURN, 1, 16))


@pytest.mark.parametrize(("dial", "plans"), [(0.0, 0), (0.4, 0), (0.5, 2), (0.6, 4), (1.0, 4)])
def test_the_higher_the_dial_the_more_plans_up_to_a_quarter(dial: float, plans: int) -> None:
    reached = reach(LICKS, replace(TURN, dial=dial), 1, 16)
    assert sum(idea.label in PLANS for idea in reached) == plans and len(reached) == 16
    assert len({idea.phrase for idea in reached}) == 16


def test_plans_vary_as_devices_do() -> None:
    far = replace(TURN, dial=1.0)
    labels = {idea.label for seed in range(20) for idea in reach(LICKS, far, seed, 16)}
    assert len(labels & PLANS.keys()) >= 9
    first = {reach(LICKS, far, seed, 16)[0].label for seed in range(20)}
    assert len(first) >= 4


def test_where_no_plan_fits_devices_take_its_place() -> None:
    short = Turn(192, 240, CHART, dial=1.0)
    ideas = LickProposer().propose(short, 3)
    reached = reach(ideas, short, 1, 8)
    assert len(reached) == 8 and not any(idea.label in PLANS for idea in reached)


def test_nothing_comes_of_nothing() -> None:
    assert reach((), TURN, 1, 16) == ()
    assert reach(LICKS, TURN, 1, 0) == ()
    assert reach([Idea(Phrase((Note(192, 60, 6),)), "model")], TURN, 1, 16) == ()


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.4, 0.7, 1.0]))
def test_every_device_says_where_it_took_the_line(seed: int, dial: float) -> None:
    turn = replace(TURN, dial=dial)
    ideas = LickProposer(5).propose(turn, seed)
    for idea in reach(ideas, turn, seed, 12):
        notes = {note.onset: note for note in idea.phrase}
        assert len(idea.outings) == (2 if " + " in idea.label or idea.label.endswith(" twice") else 1)
        for outing in idea.outings:
            assert outing.device in DEVICES or outing.device in PLANS
            assert outing.out < outing.home
            home = notes[outing.home]
            before = max((note for note in idea.phrase if note.onset < outing.home), key=lambda note: note.onset)
            chord = CHART.at(outing.home)
            assert home.pitch % 12 in home_tones(chord) and abs(home.pitch - before.pitch) in (1, 2)
            if outing.device in PLANS:
                assert outing.home % 48 == 0
