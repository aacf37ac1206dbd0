"""What a crop that two share is told, held against the whole line they share; and how often crops are shared."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sideslip.music.chord import parse_chord
from sideslip.propose import tokens, views
from sideslip.propose.ground import FAR, PLACE, QUALITIES, Ground
from sideslip.propose.tokens import Line, Turns
from sideslip.propose.views import Heard, Trail, pitch_views, shift_views
from sideslip.propose.wishes import FREE, LONGEST_TURN, WISHES
from sideslip.train.dataset import ALONE, FORGETFUL, batch
from sideslip.train.pieces import Piece, Rows
from sideslip.train.solos import Solo

Made = Callable[..., Solo]
NOTES = 60
COLUMN = {name: index for index, name in enumerate(tokens.INPUT)}
GROUND = Ground.of([(48 * bar, parse_chord(name)) for bar, name in enumerate(("Dm7", "G7", "Cmaj7"))], 48)


@pytest.fixture(scope="module")
def solo(made: Made) -> Solo:
    return made(4, notes=NOTES)


@pytest.fixture(scope="module")
def piece(solo: Solo) -> Piece:
    return Piece.of(solo)


@pytest.fixture(scope="module")
def heard(piece: Piece) -> Heard:
    """What was heard before each note."""
    trails = (Trail.of(piece.line.first(note), piece.ground, piece.silence) for note in range(NOTES))
    return Heard.joined([trail.heard() for trail in trails])


def any_turns(piece: Piece, rng: np.random.Generator) -> Turns:
    """Turns that end soon, far on, long ago, or nobody knows when, each with any wish."""
    onset = np.append(piece.line.onset, piece.line.onset[-1] + 6)
    ends = np.where(rng.random(NOTES + 1) < 0.2, FAR, onset + rng.integers(-12, 12 * LONGEST_TURN, NOTES + 1))
    near = np.where(rng.random(NOTES + 1) < 0.5, np.minimum(ends, onset + rng.integers(0, 30, NOTES + 1)), ends)
    wishes = rng.integers(list(WISHES.values()), size=(NOTES + 1, len(WISHES)))
    return Turns(rng.integers(2, size=NOTES + 1), near, wishes)


@settings(max_examples=25, deadline=None)
@given(start=st.integers(0, NOTES - 1), length=st.integers(1, NOTES), seed=st.integers(0, 10**6))
def test_a_shared_crop_is_told_what_a_line_of_two_is(
    solo: Solo, piece: Piece, heard: Heard, start: int, length: int, seed: int
) -> None:
    rng, crop = np.random.default_rng(seed), slice(start, min(start + length, NOTES))
    turns, speaker = any_turns(piece, rng), rng.integers(2, size=NOTES)
    line = replace(piece.line, speaker=speaker)
    inputs, targets, _ = tokens.features(line, piece.ground, piece.silence, solo.tempo, turns)
    rows = piece.cut(crop.start, crop.stop)
    told = Turns(turns.who[crop], turns.ends[crop], turns.wishes[crop])
    piece.share(rows, crop.start, np.append(0, speaker)[crop], told)
    assert np.array_equal(rows.inputs, inputs[crop])
    assert np.array_equal(rows.targets, targets[crop])
    assert np.array_equal(rows.shift, shift_views(heard, piece.ground, turns.ends[:-1])[crop])


def is_alone(inputs: tokens.Ints) -> tokens.Ints:
    """Which crops (B, T, columns) one player plays, freely. Those of two have more phrases than a turn may."""
    mine = (inputs[..., COLUMN["turn"]] == 1).all(1) & (inputs[:, 1:, COLUMN["speaker"]] == 1).all(1)
    assert (inputs[mine][..., tokens.WISHED] == FREE).all()
    assert (inputs[mine][..., COLUMN["left"]] == tokens.INPUT["left"] - 1).all()
    return mine


def has_forgotten(rows: Rows) -> tokens.Ints:
    """Which crops take nothing up of what was played before."""
    found = np.ones(len(rows.inputs), dtype=np.bool_)
    for seen, choice in ((rows.shift, views.SHIFT), (rows.duration, views.DURATION), (rows.pitch, views.PITCH)):
        for column, name in enumerate(choice):
            if name in views.OF_MEMORY:
                found &= (seen[:, :, column] == tokens.offsets(choice)[column]).all((1, 2))
    return found


def test_so_many_crops_are_played_alone_and_so_many_forget(piece: Piece) -> None:
    crops = batch([piece], 400, NOTES, 0, np.random.default_rng(3)).crops
    alone, forgetful = is_alone(crops.inputs), has_forgotten(crops)
    for share, wanted in ((alone.mean(), ALONE), (forgetful.mean(), FORGETFUL)):
        assert 0 < share < 1 and share == pytest.approx(wanted, abs=0.08)
    assert (alone & forgetful).any() and (~alone & forgetful).any()


def test_an_imagined_crop_is_never_played_alone(piece: Piece) -> None:
    crops = batch([piece], 60, NOTES, 0, np.random.default_rng(3), imagined=40).crops
    alone = is_alone(crops.inputs)
    assert alone[:20].any() and not alone[20:].any()


def test_the_chords_to_come_are_those_after_the_one_in_force() -> None:
    place = dict(zip(PLACE, GROUND.places(np.array([30]))[0].tolist(), strict=True))
    assert (place["root"], place["next_root"], place["after_root"]) == (2, 5, 10)  # D; G above it, C above it
    assert [QUALITIES[place[name]] for name in ("quality", "next_quality", "after_quality")] == ["min7", "dom", "maj7"]


def test_a_pitch_stands_to_the_chord_to_come_as_it_does_once_that_is_there() -> None:
    silent = Trail.of(Line(*np.zeros((5, 0), dtype=np.int64)), GROUND, silence=0, lines=2)
    rows = pitch_views(silent.heard(), GROUND, np.array([30, 60]), np.array([62, 67, 69, 71]))
    standing, coming = (
        rows[:, at] - tokens.offsets(views.PITCH)[at]
        for at in map(list(views.PITCH).index, ("standing", "next_standing"))
    )
    assert standing[0].tolist() == [0, 1, 0, 1] and coming[0].tolist() == [0, 0, 1, 0]  # D G A B over Dm7, G7
    assert np.array_equal(coming[0], standing[1])
