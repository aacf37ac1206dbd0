"""What the model foresees of phrases is what it would have said while playing them."""

from dataclasses import replace

import numpy as np
import pytest

from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.dialogue import Turn, Wish
from sideslip.music.phrase import Note, Phrase
from sideslip.propose import tokens
from sideslip.propose.context import Context
from sideslip.propose.engine import Engine
from sideslip.propose.foresight import ROOM, foresee, within_two
from sideslip.propose.given import Given
from sideslip.propose.ground import Ground
from sideslip.propose.growing import VOCABULARY, Growing, Start
from sideslip.propose.ideas import ModelProposer
from sideslip.propose.sampling import Sampler
from sideslip.propose.telling import steps_home, tell
from sideslip.testing.weights import TINY, random_weights

ENGINE = Engine(replace(TINY, context=128), random_weights())
CHANGES = Changes((0, 96), (parse_chord("F7"), parse_chord("Bb7")), 192)
CALL = Phrase(tuple(Note(12 * i, 60 + i, 6) for i in range(8)))
TURN = Turn(96, 192, CHANGES, CALL, CALL, tempo=140.0)
INSIDE = Phrase(tuple(Note(96 + 12 * i, pitch, 10) for i, pitch in enumerate((62, 65, 68, 70, 68, 65, 63, 62))))
"""Over Bb7, home on its third."""

SHORT = Phrase(INSIDE.notes[:3])
OPEN = Phrase((*INSIDE.notes[:4], Note(144, 71, 10)))
"""Ends on B over Bb7."""


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def context() -> Context:
    return Context.of(TURN, 60)


def replayed(phrase: Phrase) -> np.ndarray:
    """P(pitch) of each note while a candidate grows that is made to play a phrase."""
    told: list[np.ndarray] = []
    queue: list[tuple[int, int]] = []  # size of the choice and what is chosen
    for note, after in zip(phrase.notes, (*phrase.notes[1:], None), strict=True):
        queue.append((tokens.PITCHES, note.pitch - tokens.LOWEST_PITCH))
        queue.append((len(tokens.VELOCITIES), int(tokens.nearest(tokens.VELOCITIES, np.array([note.velocity]))[0])))
        if after is not None:
            shift = tokens.nearest(tokens.SHIFTS, np.array([after.onset - note.onset]))
            queue.append((len(tokens.SHIFTS), int(shift[0])))
            queue.append((len(tokens.DURATIONS), int(tokens.nearest(tokens.DURATIONS, np.array([note.duration]))[0])))

    def pick(logits: np.ndarray, allowed: np.ndarray) -> np.ndarray:
        size, chosen = queue.pop(0)
        assert logits.shape == (1, size)
        if size == tokens.PITCHES:
            odds = np.exp(logits[0] - logits[0].max())
            told.append(odds / odds.sum())
        return np.array([chosen])

    begun = context()
    branches = ENGINE.fork(ENGINE.read(begun.rows[:-1]), 1, len(phrase) + 1)
    everything = np.ones(tokens.PITCHES, dtype=np.bool_)
    start = Start.of(begun, 1, len(phrase) + 1)
    growing = Growing(ENGINE, branches, TURN, begun.ground, start, [Wish()], pick, everything)
    growing.sound()
    for _ in phrase.notes[1:]:
        growing.move_on(TURN.end)
        growing.sound()
    return np.stack(told)


def test_phrases_are_told_as_they_would_be_played() -> None:
    given = Given.of([INSIDE, SHORT, OPEN])
    begun = context()
    told = tell(ENGINE, ENGINE.read(begun.rows[:-1]), begun, TURN, given)
    for row, phrase in enumerate((INSIDE, SHORT, OPEN)):
        assert told.chances[row, : len(phrase)] == pytest.approx(replayed(phrase), abs=1e-5)


def test_following_lines_is_advancing_note_by_note() -> None:
    rows = np.stack([np.arange(5 * len(tokens.INPUT)).reshape(5, -1) % 2, np.ones((5, len(tokens.INPUT)), dtype=int)])
    memory = ENGINE.read(context().rows[:-1])
    branches = ENGINE.fork(memory, 2, 5)
    steps = np.stack([ENGINE.advance(branches, rows[:, note]) for note in range(5)], axis=1)
    followed = ENGINE.follow(memory, rows)
    assert followed.vectors == pytest.approx(steps, abs=1e-5)
    lines, lengths = np.array([1, 0, 1]), np.array([3, 4, 1])
    on = ENGINE.advance(followed.branches(lines, lengths, 2), rows[lines, lengths])
    assert on == pytest.approx(steps[lines, lengths], abs=1e-5)


def test_lines_beyond_the_context_are_refused() -> None:
    rows = np.zeros((1, ENGINE.config.context + 1, len(tokens.INPUT)), dtype=np.int64)
    with pytest.raises(ValueError, match="more than the context"):
        ENGINE.follow(ENGINE.read(context().rows[:-1]), rows)


def test_bits_and_home_are_sums_of_what_was_told() -> None:
    begun = context()
    told = tell(ENGINE, ENGINE.read(begun.rows[:-1]), begun, TURN, Given.of([INSIDE]))
    (seen,) = foresee(ENGINE, ENGINE.read(begun.rows[:-1]), begun, TURN, [INSIDE], rng())
    chances = told.chances[0]
    own = [chances[i, note.pitch - tokens.LOWEST_PITCH] for i, note in enumerate(INSIDE)]
    assert seen.bits == pytest.approx(-np.log2(own), abs=1e-3)
    assert seen.doubt == pytest.approx([-(row * np.log2(row)).sum() for row in chances], abs=1e-3)
    tones = {70 % 12, 74 % 12, 65 % 12, 68 % 12}  # of Bb7
    for i, note in enumerate(INSIDE.notes[:-1]):
        ways = [p for p in range(note.pitch - 2, note.pitch + 3) if p != note.pitch and p % 12 in tones]
        assert seen.home[i] == pytest.approx(sum(chances[i + 1, p - tokens.LOWEST_PITCH] for p in ways), abs=1e-3)
    assert seen.open_end is None


def test_a_line_that_ends_on_a_foreign_note_is_played_on() -> None:
    begun = context()
    memory = ENGINE.read(begun.rows[:-1])
    told = [foresee(ENGINE, memory, begun, TURN, [SHORT, OPEN], rng())[1] for _ in range(2)]
    assert told[0] == told[1]
    assert told[0].open_end is not None and 0.0 <= told[0].open_end <= 1.0


def test_of_a_step_home_only_chord_tones_count() -> None:
    ground = Ground.of_changes(CHANGES, 0, 384)
    home = steps_home(ground, np.array([96, 90]), np.array([71, 64]))
    assert VOCABULARY[home[0]].tolist() == [70]  # from B over Bb7: Bb, a semitone down; no tone above is near
    assert VOCABULARY[home[1]].tolist() == [62, 63, 65]  # from E half a beat before Bb7: also D; Eb and F of F7


def test_what_is_foreseen_does_not_depend_on_the_others() -> None:
    begun = context()
    memory = ENGINE.read(begun.rows[:-1])
    alone = foresee(ENGINE, memory, begun, TURN, [SHORT], rng())[0]
    beside = foresee(ENGINE, memory, begun, TURN, [INSIDE, SHORT], rng())[1]
    assert alone.bits == pytest.approx(beside.bits, abs=2e-3)
    assert alone.home == pytest.approx(beside.home, abs=2e-3)


def test_a_long_phrase_is_foreseen_in_part() -> None:
    long = Phrase(tuple(Note(96 + 2 * i, 60 + i % 5, 2) for i in range(ROOM + 5)))
    (seen,) = Sampler(ENGINE).foresee(TURN, [long], rng())
    assert len(seen.bits) == ROOM and seen.open_end is None


def test_two_notes_ahead_come_home_at_once_or_one_later() -> None:
    begun = context()
    memory, coming = ENGINE.read(begun.rows[:-1]), Phrase(INSIDE.notes[:2])
    at_once, within = within_two(ENGINE, memory, begun, TURN, coming, 67)
    first = tell(ENGINE, memory, begun, TURN, Given.of([Phrase(coming.notes[:1])])).chances[0, 0]
    home = steps_home(begun.ground, np.array([96]), np.array([67]))[0]
    assert at_once == pytest.approx(first[home].sum(), abs=1e-5)
    later = 0.0  # every pitch in turn, not only the likeliest
    for pitch in VOCABULARY[~home]:
        given = Given.of([Phrase((replace(coming.notes[0], pitch=int(pitch)), coming.notes[1]))])
        chance = tell(ENGINE, memory, begun, TURN, given).home(given, begun.ground)[0, 0]
        later += float(first[pitch - tokens.LOWEST_PITCH] * chance)
    assert at_once < within == pytest.approx(at_once + later, abs=0.05)


def test_one_note_is_foreseen_by_itself() -> None:
    (seen,) = Sampler(ENGINE).foresee(TURN, [Phrase((Note(96, 71, 6),))], rng())
    assert len(seen.bits) == len(seen.doubt) == 1 and seen.home == ()
    assert seen.open_end is not None


def test_turns_of_a_beat_are_filled() -> None:
    short = replace(TURN, end=TURN.start + 12)
    for seed in range(8):
        ideas = ModelProposer(Sampler(ENGINE), 4, 4).propose(short, seed)
        assert all(idea.foresight is not None and len(idea.foresight.bits) == len(idea.phrase) for idea in ideas)
