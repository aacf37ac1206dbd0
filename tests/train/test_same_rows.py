"""What the sampler tells the engine is what training tells the model: a real line is played again, row by row."""

from dataclasses import replace

import numpy as np
import pytest
from tests.train.conftest import solo

from sideslip.music.dialogue import Turn, Wish
from sideslip.propose import tokens
from sideslip.propose.engine import Engine
from sideslip.propose.ground import FAR
from sideslip.propose.memory import Branches, Floats
from sideslip.propose.sampling import Sampler
from sideslip.propose.tokens import Ints, Turns
from sideslip.propose.wishes import FREE, wish_row
from sideslip.testing.weights import TINY, random_weights
from sideslip.train.pieces import Piece, Rows
from sideslip.train.solos import Solo

BAR, NOTES = 48, 150
WISH = Wish(outside=0.3, density=2.0)


class Watched(Engine):
    """Keeps the rows of the first candidate that it is given."""

    def __init__(self) -> None:
        super().__init__(TINY, random_weights())
        self.told: dict[str, list[Ints]] = {name: [] for name in ("inputs", "targets", "shift", "duration", "pitch")}

    def advance(self, branches: Branches, inputs: Ints) -> Floats:
        self.told["inputs"].append(inputs[0])
        return super().advance(branches, inputs)

    def aim(self, h: Floats, targets: Ints) -> Floats:
        self.told["targets"].append(targets[0])
        return super().aim(h, targets)

    def shift(self, h: Floats, rows: Ints) -> Floats:
        self.told["shift"].append(rows[0])
        return super().shift(h, rows)

    def duration(self, aimed: Floats, rows: Ints) -> Floats:
        self.told["duration"].append(rows[0])
        return super().duration(aimed, rows)

    def pitch(self, p: Floats, rows: Ints) -> Floats:
        self.told["pitch"].append(rows[0])
        return super().pitch(p, rows)


def made(seed: int) -> Solo:
    """A solo whose notes do not overlap, played louder and softer."""
    one = solo(seed, notes=NOTES)
    shifts = np.diff(one.onset_ticks, append=one.onset_ticks[-1] + 12) / 12
    velocity = np.random.default_rng(seed).integers(30, 120, NOTES)
    return replace(one, duration_beats=np.minimum(one.duration_beats, shifts), velocity=velocity)


def trained(piece: Piece, first: int, end: int) -> Rows:
    """The rows of training, the turn that begins with a note being told when it ends and what was wished for."""
    ends, wishes = np.full(NOTES, FAR), np.repeat(FREE[None], NOTES, axis=0)
    ends[first:], wishes[first:] = end, wish_row(WISH)
    before = np.ones(NOTES, dtype=np.int64)
    before[0] = 0
    rows = piece.cut(0, NOTES)
    piece.share(rows, 0, before, Turns(np.ones(NOTES, dtype=np.int64), ends, wishes))
    return rows


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("bars", [1, 4])
def test_a_real_line_played_again_is_told_as_in_training(seed: int, bars: int) -> None:
    whole = made(seed)
    piece = Piece.of(whole)
    first = next(note for note in range(60, NOTES) if whole.onset_ticks[note] % BAR == 0)
    start = int(whole.onset_ticks[first])
    answers = piece.rows.answers
    played = iter([answers[first, 2], answers[first, 3], *answers[first + 1 :, [0, 1, 2, 3]].ravel()])
    engine, line = Watched(), whole.line()
    turn = Turn(start, start + bars * BAR, whole.changes(), partner=line.between(0, start), tempo=whole.tempo)
    sampler = Sampler(engine, how=lambda *_: np.array([next(played)]))
    (phrase,) = sampler.phrases(turn, [WISH], np.random.default_rng(0))
    assert [note.onset for note in phrase] == [note.onset for note in line.between(start, turn.end)]
    assert phrase.pitches == line.between(start, turn.end).pitches
    rows = trained(piece, first, turn.end)
    begins = {"inputs": first, "targets": first, "shift": first + 1, "duration": first + 1, "pitch": first}
    for name, told in engine.told.items():
        wanted = getattr(rows, name)[begins[name] : begins[name] + len(told)]
        assert len(told) >= len(phrase)
        assert np.array_equal(np.array(told)[: len(wanted)], wanted), name


def test_a_gig_begins_as_a_solo_does() -> None:
    """Nobody has played: what is told of the first note is what training tells of the first note of a solo."""
    whole = made(1)
    moved = replace(whole, onset_ticks=whole.onset_ticks - whole.onset_ticks[0] + BAR)
    piece, engine = Piece.of(moved), Watched()
    Sampler(engine).phrases(Turn(BAR, 2 * BAR, moved.changes(), tempo=moved.tempo), [Wish()], np.random.default_rng(0))
    assert np.array_equal(engine.told["pitch"][0], piece.cut(0, 1).pitch[0])
    assert piece.silence == BAR - 12
    names = [name for name in tokens.TARGET if name != "target_left"]
    columns = [list(tokens.TARGET).index(name) for name in names]
    assert np.array_equal(engine.told["targets"][0][columns], piece.cut(0, 1).targets[0][columns])
