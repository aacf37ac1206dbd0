"""Obedience: one who does what is asked is told from one who does not listen."""

from collections.abc import Sequence

import numpy as np
import pytest

from sideslip.music.dialogue import Turn, Wish
from sideslip.music.phrase import Note, Phrase
from sideslip.outside.tables import ListeningTables
from sideslip.propose.wishes import DENSITY, OUTSIDE, REGISTER
from sideslip.train.proposer.contexts import Place
from sideslip.train.proposer.obedience import Answered, Replies, agreement, ask, freely, obedience, wishes

CHORD_TONES = {"Dm7": (62, 65, 69, 72), "G7": (62, 65, 67, 71), "Cmaj7": (60, 64, 67, 71)}


def line(turn: Turn, wish: Wish) -> Phrase:
    """Sixteen notes of the chords in the density and register asked for, as many of them slipped up a semitone as
    makes the outsideness."""
    gap = round(12 / (wish.density or 2.0))
    slipped = round(16 * (wish.outside or 0.0))
    onsets = [turn.start + gap * number for number in range(16)]
    pitches = [CHORD_TONES[turn.changes.at(onset).symbol][number % 4] for number, onset in enumerate(onsets)]
    middle = round((wish.register or 66) - np.mean(pitches))
    moved = [pitch + middle + (number < slipped) for number, pitch in enumerate(pitches)]
    if wish.register is None:
        moved = [pitch + (number < slipped) for number, pitch in enumerate(pitches)]
    return Phrase(tuple(Note(onset, pitch, gap) for onset, pitch in zip(onsets, moved, strict=True)))


def obedient(turn: Turn, asked: Sequence[Wish], rng: np.random.Generator) -> tuple[Phrase, ...]:
    return tuple(line(turn, wish) for wish in asked)


def deaf(turn: Turn, asked: Sequence[Wish], rng: np.random.Generator) -> tuple[Phrase, ...]:
    def something() -> Wish:
        outside, density, register = (float(rng.choice(values)) for values in (OUTSIDE, DENSITY, REGISTER))
        return Wish(outside, density, register)

    return tuple(line(turn, something()) for _ in asked)


def test_everything_is_asked_for_and_nothing_once() -> None:
    asked = wishes()
    assert asked[0] == Wish() and asked.count(Wish()) == 1
    assert [wish.outside for wish in asked if wish.outside is not None] == list(OUTSIDE)
    assert len(asked) == 1 + len(OUTSIDE) + len(DENSITY) + len(REGISTER) + 7


def test_the_obedient_is_told_from_the_deaf(found: list[Place], tables: ListeningTables) -> None:
    rng = np.random.default_rng(0)
    good, bad = (obedience(ask(draw, found, 2, rng), tables, None, rng) for draw in (obedient, deaf))
    for name, least in (("outside", 0.85), ("density", 0.999), ("register", 0.95)):
        assert good[name]["single"] >= least and good[name]["means"] >= least, name
        assert abs(bad[name]["single"]) < 0.2, name
        low, high = good[name]["single_interval"]
        assert low <= good[name]["single"] + 1e-9 and good[name]["single"] - 1e-9 <= high
    assert good["density"]["realised"] == pytest.approx({f"{value:g}": 12 / round(12 / value) for value in DENSITY})
    assert list(good["outside"]["realised"]) == [f"{value:g}" for value in OUTSIDE]


def test_means_are_those_of_a_place_and_a_class() -> None:
    replies = Replies(
        place=np.array([0, 0, 0, 0]),
        solo=np.array([0, 0, 0, 0]),
        label=("low", "low", "high", "high"),
        asked=np.array([1.0, 1.0, 2.0, 2.0]),
        realised=np.array([0.0, 3.0, 2.0, 2.5]),
    )
    found = agreement(replies, np.random.default_rng(0))
    assert found["means"] == pytest.approx(1.0)
    assert found["single"] == pytest.approx(0.0)
    assert found["realised"] == {"low": 1.5, "high": 2.25}
    assert found["on_average"] == pytest.approx(1.0)


def test_who_plays_one_thing_only_has_no_correlation() -> None:
    still = Replies(np.array([0, 1]), np.array([0, 1]), ("a", "b"), np.array([1.0, 2.0]), np.array([3.0, 3.0]))
    found = agreement(still, np.random.default_rng(0))
    assert found["single"] is None and found["single_interval"] is None


def test_free_playing_is_held_beside_what_was_played_there(found: list[Place], tables: ListeningTables) -> None:
    same = [Answered(place, (place.real, place.real), ()) for place in found]
    for name, figures in freely(same, tables).items():
        assert figures["model"] == pytest.approx(figures["real"]), name
    higher = [Answered(place, (place.real.moved(semitones=12),), ()) for place in found]
    register = freely(higher, tables)["register"]
    assert register["model"] - register["real"] == pytest.approx(12)
