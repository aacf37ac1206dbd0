"""The proposer's own bits: folded onto intervals, the same by every way to ask."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from sideslip.music.dialogue import Turn
from sideslip.music.phrase import Note, Phrase
from sideslip.propose.engine import Engine, softmax
from sideslip.propose.growing import VOCABULARY
from sideslip.propose.tokens import PITCHES, Turns
from sideslip.propose.wishes import FREE
from sideslip.testing.weights import TINY, random_weights
from sideslip.train.controller.foretold import bits_of_phrases, bits_of_solo, figures, interval_bits
from sideslip.train.pieces import Piece
from sideslip.train.proposer.contexts import Place, on_bars
from sideslip.train.solos import Solo

Made = Callable[..., Solo]

ENGINE = Engine(TINY, random_weights(scale=0.2))


def test_pitches_an_octave_and_more_away_are_one_class() -> None:
    chances = np.full((3, PITCHES), 1 / PITCHES, dtype=np.float32)
    before, pitch = np.array([60, 60, 60]), np.array([61, 72, 90])
    above = (VOCABULARY >= 72).sum()
    even = np.log2(PITCHES)
    assert interval_bits(chances, before, pitch) == pytest.approx([even, even - np.log2(above), even - np.log2(above)])


def test_weights_that_know_nothing_take_what_an_even_choice_takes(made: Made) -> None:
    blank = Engine(TINY, random_weights(scale=0.0))
    solo = made(1, notes=80)
    pitch = np.clip(solo.pitch, VOCABULARY[0], VOCABULARY[-1])
    step = np.diff(pitch)
    alike = np.where(
        step >= 12, VOCABULARY[-1] - pitch[:-1] - 11, np.where(step <= -12, pitch[:-1] - VOCABULARY[0] - 11, 1)
    )
    assert bits_of_solo(blank, solo) == pytest.approx(np.log2(PITCHES) - np.log2(alike), abs=1e-4)


def test_every_note_but_the_first_is_told_once_however_long_the_solo(made: Made) -> None:
    long = made(1, notes=420)
    notes = ("onset_ticks", "performed", "pitch", "velocity", "duration_beats", "phrase")
    short = replace(long, **{name: getattr(long, name)[:100] for name in notes})
    assert len(bits_of_solo(ENGINE, short)) == 99 and len(bits_of_solo(ENGINE, long)) == 419
    assert bits_of_solo(ENGINE, long)[:99] == pytest.approx(bits_of_solo(ENGINE, short), abs=1e-3)
    found = figures(ENGINE, [short, long], np.random.default_rng(0))
    assert found["proposer_notes"] == 518
    every = np.concatenate([bits_of_solo(ENGINE, solo) for solo in (short, long)])
    assert found["proposer_bits"]["value"] == pytest.approx(every.mean())  # type: ignore[index]


def test_windows_are_those_of_torch(made: Made) -> None:
    """The rank and the bits of true pitches as `train.evaluate` counts them, class by class before folding."""
    torch = pytest.importorskip("torch")
    from sideslip.propose.transformer import LineModel
    from sideslip.train.evaluate import score

    model = LineModel(TINY)
    weights = random_weights(scale=0.2)
    model.load_state_dict({name: torch.from_numpy(array) for name, array in weights.items()})
    solo = made(3, notes=400)
    theirs = score([model], Piece.of(solo)).bits[:, 2]
    ours = bits_of_solo(Engine(TINY, weights), solo)
    leaps = abs(np.diff(np.clip(solo.pitch, VOCABULARY[0], VOCABULARY[-1]))) >= 12
    assert ours[~leaps] == pytest.approx(theirs[~leaps], abs=2e-3) and (ours <= theirs + 2e-3).all()


def test_a_phrase_in_a_turn_is_told_as_training_tells_of_it(found: list[Place]) -> None:
    """Against the rows of the whole solo, the answer being the partner's and its turn's end known."""
    place = next(place for place in found if len(place.turn.player) < 100)
    solo, turn = place.solo, place.turn
    laid = on_bars(solo)
    assert laid is not None
    first, notes = laid[0].notes.index(place.real.notes[0]), len(place.real)
    kept = slice(0, first + notes)
    arrays = {name: getattr(solo, name)[kept] for name in ("onset_ticks", "performed", "pitch", "velocity", "phrase")}
    piece = Piece.of(replace(solo, duration_beats=np.array([n.duration / 12 for n in laid[0].notes[kept]]), **arrays))
    who = (np.arange(len(piece)) >= first).astype(np.int64)
    ends = np.full(len(piece), turn.end)
    rows = piece.cut(0, len(piece))
    before = np.concatenate(([0], who[:-1]))
    free = Turns(np.ones(len(piece), dtype=np.int64), ends, np.repeat(FREE[None], len(piece), axis=0))
    heard = Turns(
        np.where(np.arange(len(piece)) >= first, 1, 0),
        np.where(np.arange(len(piece)) >= first, ends, 10**9),
        free.wishes,
    )
    piece.share(rows, 0, before, heard)
    aimed = ENGINE.aim(ENGINE.read(rows.inputs).vectors, rows.targets)
    p = ENGINE.with_duration(aimed, rows.answers[:, 1].clip(min=0))
    pitch = piece.line.pitch
    chances = softmax(ENGINE.pitch(p[first:], rows.pitch[first:].astype(np.int64)))
    expected = interval_bits(chances, pitch[first - 1 : -1], pitch[first:])
    assert bits_of_phrases(ENGINE, turn, [place.real])[0] == pytest.approx(expected.mean(), abs=2e-3)


def test_each_phrase_is_told_by_itself(found: list[Place]) -> None:
    turn = found[0].turn
    phrases = [found[0].real, Phrase(tuple(Note(turn.start + 6 * i, 60 + i, 6) for i in range(9))), Phrase()]
    together = bits_of_phrases(ENGINE, turn, phrases)
    assert together[:2] == pytest.approx([bits_of_phrases(ENGINE, turn, [each])[0] for each in phrases[:2]], abs=1e-4)
    assert np.isnan(together[2])


def test_a_turn_that_nothing_came_before_can_be_told(found: list[Place]) -> None:
    turn = Turn(96, 288, found[0].turn.changes)
    assert bits_of_phrases(ENGINE, turn, [Phrase((Note(96, 60, 6), Note(102, 62, 6)))])[0] > 0
