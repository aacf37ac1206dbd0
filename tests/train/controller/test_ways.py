"""Ways to fill a turn: the same candidates for all, each with a seed of its own."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.band.listening import Listening
from sideslip.band.settings import GigSettings
from sideslip.listen.tables import TrackerTables
from sideslip.listen.tempo import TempoMap
from sideslip.music.dialogue import Idea, Turn, Wish
from sideslip.music.phrase import Phrase
from sideslip.outside.controller import Controller
from sideslip.outside.tables import ListeningTables
from sideslip.propose.drawing import draw
from sideslip.propose.engine import Engine
from sideslip.propose.ideas import ModelProposer
from sideslip.testing.weights import TINY, random_weights
from sideslip.train.controller import ways as module
from sideslip.train.controller.ways import CONTROLLER, KNOBS, LIKELIEST, Players, Way, at_dial, nucleus, ways
from sideslip.train.proposer.contexts import Place

ENGINE = Engine(TINY, random_weights(scale=0.2))
RNG = np.random.default_rng


def test_a_turn_is_asked_for_as_the_band_asks(found: list[Place]) -> None:
    turn = found[0].turn
    listening = Listening(GigSettings(turn.changes, turn.tempo, starts_at=0.0), TrackerTables.unlearnt())
    for dial in (0.0, 0.4, 1.0):
        played = listening.turn(TempoMap(turn.tempo), 0.0, (turn.start, turn.end), 0, dial, turn.wish)
        assert at_dial(turn, dial).wish == played.wish and at_dial(turn, dial).dial == played.dial == dial


@given(st.floats(0.05, 0.95), st.integers(0, 99))
def test_a_nucleus_holds_its_share_and_no_class_more_than_needed(share: float, seed: int) -> None:
    logits = RNG(seed).normal(0, 2, (1, 12)).astype(np.float32)
    chance = np.exp(logits[0]) / np.exp(logits[0]).sum()
    many, one = np.repeat(logits, 400, axis=0), np.ones(400, dtype=np.float32)
    drawn = set(nucleus(share)(many, one, 0.5, RNG(seed)).tolist())
    order = np.argsort(-chance)
    needed = int(np.searchsorted(np.cumsum(chance[order]), share - 1e-6)) + 1
    assert drawn <= set(order[: needed + 1].tolist())
    assert int(order[0]) in drawn
    if chance[order[:needed]].min() > 0.05:
        assert set(order[:needed].tolist()) <= drawn | set(order[needed - 1 : needed].tolist())


def test_all_of_the_chance_is_a_plain_draw() -> None:
    logits, heat = RNG(1).normal(0, 1, (50, 9)).astype(np.float32), np.full(50, 1.3, dtype=np.float32)
    assert nucleus(1.1)(logits, heat, 0.0, RNG(2)).tolist() == draw(logits, heat, 0.0, RNG(2)).tolist()


@pytest.fixture(scope="module")
def players(tables: ListeningTables) -> Players:
    return Players(ENGINE, Controller(tables))


def test_every_way_fills_the_turn_at_every_setting(players: Players, found: list[Place]) -> None:
    turn = found[0].turn
    filled = players.fill(turn, (0, 0))
    assert set(filled) == set(ways()) and len(ways()) == sum(map(len, KNOBS.values()))
    for phrase in filled.values():
        assert phrase.notes and phrase.start == turn.start and phrase.end <= turn.end


def test_the_same_seed_fills_alike_whatever_was_filled_before(
    players: Players, found: list[Place], tables: ListeningTables
) -> None:
    turn, other = found[0].turn, found[1].turn
    players.fill(other, (0, 1))
    again, fresh = players.fill(turn, (0, 0)), Players(ENGINE, Controller(tables)).fill(turn, (0, 0))
    assert again == fresh != players.fill(turn, (1, 0))


def test_every_asking_has_a_seed_of_its_own(
    players: Players, found: list[Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or what one dial is offered would be what another is, and monotony cheap."""
    seeds: list[int] = []
    propose = ModelProposer.propose

    def watched(proposer: ModelProposer, turn: Turn, seed: int) -> tuple[Idea, ...]:
        seeds.append(seed)
        return propose(proposer, turn, seed)

    def watched_too(*given: object) -> list[Phrase]:
        seeds.append(given[-1])
        return drawn(*given)

    drawn = module._drawn
    monkeypatch.setattr(ModelProposer, "propose", watched)
    monkeypatch.setattr(module, "_drawn", watched_too)
    players.fill(found[0].turn, (0, 0))
    assert len(seeds) == len(set(seeds)) == 2 * 5 + 1 + 4 + 3 + 1


def test_a_wish_of_the_place_changes_no_way(players: Players, found: list[Place]) -> None:
    """Baselines are free; dials ask for their own."""
    turn = found[0].turn
    wished = replace(turn, wish=Wish(outside=0.5, density=3.0), dial=0.9)
    assert players.fill(wished, (0, 0)) == players.fill(turn, (0, 0))


def test_the_likeliest_of_as_many_candidates_is_the_least_surprising(
    players: Players, found: list[Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def bits(engine: Engine, turn: object, phrases: list[object]) -> np.ndarray:
        asked.append(len(phrases))
        return np.array([float(number != 2) for number in range(len(phrases))])

    monkeypatch.setattr(module, "bits_of_phrases", bits)
    one = players.fill(found[0].turn, (0, 0))[Way(LIKELIEST, 1.0)]
    monkeypatch.setattr(module, "bits_of_phrases", lambda engine, turn, phrases: -np.arange(len(phrases)))
    other = players.fill(found[0].turn, (0, 0))[Way(LIKELIEST, 1.0)]
    assert asked[0] > 16 and one != other


def test_the_controllers_phrase_is_the_one_it_chooses(found: list[Place], tables: ListeningTables) -> None:
    chosen: list[tuple[float, int]] = []

    class Watched(Controller):
        def choose(self, turn, ideas):  # type: ignore[no-untyped-def]
            choice = super().choose(turn, ideas)
            chosen.append((turn.dial, len(ideas)))
            return choice

    filled = Players(ENGINE, Watched(tables)).fill(found[0].turn, (0, 0))
    assert sorted({dial for dial, _ in chosen}) == list(KNOBS[CONTROLLER]) and len(chosen) == 15
    assert all(16 < count <= 32 for _, count in chosen)
    assert filled[Way(CONTROLLER, 0.0)].notes
