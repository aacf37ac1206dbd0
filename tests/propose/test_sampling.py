"""Sampled phrases keep the promises of a proposer, whatever the weights say."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sideslip.music.changes import Changes
from sideslip.music.chord import NO_CHORD, parse_chord
from sideslip.music.dialogue import Turn, Wish
from sideslip.music.meter import Meter
from sideslip.music.phrase import Note, Phrase
from sideslip.propose import tokens
from sideslip.propose.context import Context
from sideslip.propose.engine import Engine
from sideslip.propose.ideas import LicksAlone, ModelProposer
from sideslip.propose.memory import Branches, Floats
from sideslip.propose.sampling import MEMORY, Sampler, Sampling, draw, well_ended
from sideslip.propose.wishes import DENSITY, WISHES, wish_row
from sideslip.testing.weights import TINY, random_weights

ENGINE = Engine(TINY, random_weights())
CHANGES = Changes((0, 48, 64), (parse_chord("F7"), parse_chord("Bbm7"), NO_CHORD), 96)
CALL = Phrase(tuple(Note(12 * i, 60 + i, 6) for i in range(8)))
TURN = Turn(96, 192, CHANGES, CALL, CALL, Phrase(), 0.4, 140.0)
FREELY = [Wish()]
OWN = len(tokens.INPUT) - len(WISHES) - 2
"""Columns of a note itself; those after them say what is awaited next."""


def rows(turn: Turn, most: int = MEMORY) -> tokens.Ints:
    return Context.of(turn, most).rows


def kept(phrase: Phrase, turn: Turn, sampling: Sampling) -> None:
    assert phrase.notes[0].onset == turn.start
    assert phrase.end <= turn.end
    assert phrase == phrase.monophonic()
    assert all(sampling.lowest <= note.pitch <= sampling.highest for note in phrase)
    assert all(note.duration > 0 and 1 <= note.velocity <= 127 for note in phrase)


@settings(max_examples=25)
@given(
    seed=st.integers(0, 2**32 - 1),
    bars=st.integers(1, 4),
    start=st.integers(-2, 40),
    scale=st.sampled_from([0.0, 0.1, 3.0]),
    notes=st.integers(0, 150),
)
def test_every_phrase_fills_its_turn_one_note_at_a_time(
    seed: int, bars: int, start: int, scale: float, notes: int
) -> None:
    sampling = Sampling()
    sampler = Sampler(Engine(TINY, random_weights(seed=seed % 5, scale=scale)), sampling)
    said = Phrase(tuple(Note(start * 48 - 6 * (notes - i), 60 + i % 12, 5) for i in range(notes)))
    turn = Turn(start * 48, (start + bars) * 48, CHANGES, said, said)
    phrases = sampler.phrases(turn, FREELY * 4, np.random.default_rng(seed))
    assert len(phrases) == 4
    for phrase in phrases:
        kept(phrase, turn, sampling)


def test_the_same_seed_gives_the_same_ideas_and_another_gives_others() -> None:
    proposer = ModelProposer(Sampler(ENGINE))
    assert proposer.propose(TURN, 7) == proposer.propose(TURN, 7)
    assert proposer.propose(TURN, 7) != proposer.propose(TURN, 8)


@pytest.mark.parametrize("proposer", [ModelProposer(Sampler(ENGINE)), LicksAlone()], ids=["model", "licks"])
def test_ideas_are_all_different_and_some_are_made_by_devices(proposer: ModelProposer | LicksAlone) -> None:
    ideas = proposer.propose(TURN, 1)
    assert len({idea.phrase for idea in ideas}) == len(ideas)
    assert {idea.source for idea in ideas} >= {"device"}
    assert all(idea.label for idea in ideas if idea.source == "device")
    for idea in ideas:
        assert idea.phrase.start == TURN.start and idea.phrase.end <= TURN.end


def test_nothing_said_yet_is_a_context_too() -> None:
    context = Context.of(replace(TURN, player=Phrase(), call=Phrase()), MEMORY)
    assert len(context.line.onset) == 0 and context.rows.shape == (1, len(tokens.INPUT))


@given(start=st.integers(129, 390), notes=st.integers(0, 390))
def test_only_the_newest_notes_before_the_turn_are_read(start: int, notes: int) -> None:
    said = Phrase(tuple(Note(i, 60 + i % 12, 1) for i in range(notes)))
    context = Context.of(replace(TURN, start=start, end=start + 48, player=said), 40)
    assert context.line.onset.tolist() == list(range(min(start, notes)))  # all of them may be taken up
    whole = rows(replace(TURN, start=start, end=start + 48, player=said), 1000)
    assert 20 <= len(context.rows) <= 41 or len(context.rows) == len(whole)
    assert np.array_equal(context.rows, whole[-len(context.rows) :])


def test_what_is_read_changes_little_from_one_note_to_the_next() -> None:
    said = Phrase(tuple(Note(6 * i, 60 + i % 12, 5) for i in range(300)))
    new = 0
    for heard in range(100, 300):
        now, then = (
            rows(replace(TURN, start=1800, end=1848, player=Phrase(said.notes[:n])), 96)[:-1]
            for n in (heard, heard - 1)
        )
        new += not (len(then) <= len(now) and np.array_equal(now[: len(then) - 1], then[:-1]))
    assert new <= 200 / (4 * 8) + 1  # it begins anew once in four bars of eighths at most


def test_both_players_are_heard_in_one_line_and_told_apart() -> None:
    context = Context.of(replace(TURN, partner=CALL.moved(ticks=6)), MEMORY)
    assert context.line.speaker.tolist() == [0, 1] * 8
    assert context.rows[1:, list(tokens.INPUT).index("speaker")].tolist() == [0, 1] * 8
    assert context.rows[:, list(tokens.INPUT).index("turn")].tolist() == [0, 1] * 8 + [1]


def test_what_was_read_before_changes_nothing_that_is_drawn() -> None:
    fresh, used = Sampler(ENGINE), Sampler(ENGINE)
    for heard in (3, 5, 8, 2):
        turn = replace(TURN, player=Phrase(CALL.notes[:heard]))
        wishes = [Wish(), Wish(density=2.0)]
        drawn = used.phrases(turn, wishes, np.random.default_rng(3))
        assert drawn == Sampler(ENGINE).phrases(turn, wishes, np.random.default_rng(3))
    assert drawn == fresh.phrases(turn, wishes, np.random.default_rng(3))


def test_each_candidate_is_told_its_own_wish_and_what_is_left_of_the_turn() -> None:
    seen: list[tokens.Ints] = []

    class Watched(Engine):
        def advance(self, branches: Branches, inputs: tokens.Ints) -> Floats:
            seen.append(inputs)
            return super().advance(branches, inputs)

    wishes = [Wish(), Wish(outside=0.3), Wish(density=DENSITY[4], register=54.0, style="BEBOP")]
    Sampler(Watched(TINY, random_weights())).phrases(TURN, wishes, np.random.default_rng(1))
    for rows in seen:
        assert rows[:, OWN + 2 :].tolist() == [wish_row(wish).tolist() for wish in wishes]
    assert seen[0][:, OWN + 1].tolist() == [(192 - 84) // 12] * 3  # the newest note began at tick 84


def test_half_of_the_ideas_are_free_to_stay_in() -> None:
    asked: list[Wish] = []

    class Asked(Sampler):
        def phrases(self, turn: Turn, wishes: Sequence[Wish], rng: np.random.Generator) -> tuple[Phrase, ...]:
            asked.extend(wishes)
            return super().phrases(turn, wishes, rng)

    ModelProposer(Asked(ENGINE)).propose(replace(TURN, wish=Wish(outside=0.5, density=2.0)), 1)
    assert asked == [Wish(0.5, 2.0), Wish(None, 2.0)] * 8


def test_drawing_follows_the_odds_and_leaves_out_the_unlikely() -> None:
    odds = np.array([0.6, 0.39, 0.01])
    logits = np.log(np.repeat(odds[None], 4000, axis=0)).astype(np.float32)
    ones = np.ones(4000, dtype=np.float32)
    found = np.bincount(draw(logits, ones, 0.02, np.random.default_rng(1)), minlength=3) / 4000
    assert found[2] == 0
    assert found[0] == pytest.approx(0.6 / 0.99, abs=0.03)


def test_a_scrap_at_the_end_is_left_off() -> None:
    line = Phrase((*(Note(6 * i, 60, 6) for i in range(20)), Note(180, 70, 6), Note(186, 71, 6)))
    assert well_ended(line, 192) == Phrase(line.notes[:20])
    assert well_ended(Phrase(line.notes[:20]), 192) == Phrase(line.notes[:20])


def test_a_waltz_knows_its_own_beats() -> None:
    waltz = Changes((0,), (parse_chord("C"),), 72, Meter(3, 4))
    inputs = rows(Turn(72, 108, waltz, CALL, Phrase(CALL.notes[:6])))
    beats = inputs[1:, list(tokens.INPUT).index("beat")]
    assert beats.tolist() == [0, 1, 2, 0, 1, 2]


def test_a_drawn_note_is_read_as_the_same_rows_as_a_played_one() -> None:
    class Watched(Engine):
        def advance(self, branches: Branches, inputs: tokens.Ints) -> Floats:
            self.rows.append(inputs)
            return super().advance(branches, inputs)

    engine = Watched(TINY, random_weights(seed=2))
    engine.rows: list[tokens.Ints] = []  # type: ignore[misc]
    phrases = Sampler(engine).phrases(TURN, FREELY * 3, np.random.default_rng(5))
    for k, phrase in enumerate(phrases):
        after = replace(TURN, start=TURN.end, end=TURN.end + 48, partner=phrase)
        played = rows(after)[1 + len(CALL) :]
        drawn = np.array([each[k] for each in engine.rows[1 : len(phrase) + 1]])
        assert np.array_equal(drawn[:, 3:OWN], played[:, 3:OWN])  # velocity, speaker, interval, degree, tempo, place
        assert np.array_equal(drawn[:, :2], played[:, :2])  # pitch, shift


@pytest.mark.parametrize("bars", [8, 16, 64])
def test_a_long_turn_is_filled_to_its_end_after_a_long_conversation(bars: int) -> None:
    said = Phrase(tuple(Note(3 * i, 60 + i % 12, 2) for i in range(256)))
    turn = Turn(768, 768 + bars * 48, CHANGES, said, said)
    for phrase in Sampler(ENGINE).phrases(turn, FREELY * 2, np.random.default_rng(1)):
        kept(phrase, turn, Sampling())
        onsets = [note.onset for note in phrase]
        assert onsets[-1] > turn.end - 4 * 192


def test_a_long_turn_goes_on_as_it_began() -> None:
    """Every candidate keeps its temperature, and strikes no note where a piece of the turn happens to end."""
    seen: set[float] = set()

    def watched(logits: Floats, temperature: Floats, floor: float, rng: np.random.Generator) -> tokens.Ints:
        seen.update(round(float(each), 4) for each in temperature)
        if len(temperature) == 1:
            alone.add(round(float(temperature[0]), 4))
        return draw(logits, temperature, floor, rng)

    alone: set[float] = set()
    turn = replace(TURN, end=TURN.start + 24 * 48)
    phrases = Sampler(ENGINE, how=watched).phrases(turn, FREELY * 8, np.random.default_rng(1))
    assert alone == seen == {round(float(t), 4) for t in np.linspace(0.9, 1.1, 8).astype(np.float32)}
    on_the_seam = [any(note.onset == turn.start + 8 * 48 for note in phrase) for phrase in phrases]
    assert not all(on_the_seam)


@given(context=st.integers(8, 60), notes=st.integers(0, 80), bars=st.integers(1, 12))
@settings(max_examples=25, deadline=None)
def test_a_model_that_sees_little_plays_too(context: int, notes: int, bars: int) -> None:
    config = replace(TINY, context=context)
    said = Phrase(tuple(Note(96 - 3 * (notes - i), 60 + i % 12, 2) for i in range(notes)))
    turn = replace(TURN, player=said, end=TURN.start + bars * 48)
    for phrase in Sampler(Engine(config, random_weights(config))).phrases(turn, FREELY * 2, np.random.default_rng(1)):
        kept(phrase, turn, Sampling())


def test_pitches_stay_in_the_range_that_is_set() -> None:
    sampling = Sampling(lowest=60, highest=64)
    for phrase in Sampler(ENGINE, sampling).phrases(TURN, FREELY * 4, np.random.default_rng(2)):
        kept(phrase, TURN, sampling)
