"""Does the proposer know which foreign notes come home? Look-ahead resolvability R on real chromatic notes."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise, takewhile

import numpy as np

from sideslip.music.dialogue import Turn
from sideslip.music.phrase import Note, Phrase
from sideslip.music.tension import CHROMATIC, foreign_at, is_tone_at
from sideslip.outside.lines import Bools, Floats
from sideslip.propose.context import Context
from sideslip.propose.foresight import ROLLOUTS, STEPS, WITHIN, play_home, within_two
from sideslip.propose.ground import FAR
from sideslip.propose.growing import Start
from sideslip.propose.sampling import MEMORY, Sampler
from sideslip.train.pieces import Piece
from sideslip.train.solos import Solo

WAYS = ("k=1", "k=2", "rollouts")

ANCHOR = 32
"""Notes by which the beginning of what is read moves on, so that most of it is the same from note to note."""


@dataclass(frozen=True, slots=True, eq=False)
class Foretold:
    """Chromatic notes of a solo: how likely it was (n,) that one of the next k notes would be a chord tone reached by
    step, and whether it was."""

    likely: Mapping[str, Floats]
    came: Mapping[str, Bools]


def foretold(solo: Solo, sampler: Sampler, rng: np.random.Generator, every: int = 1) -> Foretold | None:
    """R of each, or of every so many, chromatic notes of a solo that two notes follow: "k=1", "k=2", and by "rollouts"
    within two beats; None where there is none."""
    piece, line = Piece.of(solo), solo.line()
    turn = Turn(0, FAR, solo.changes(), tempo=solo.tempo)
    likely, came = [], []
    for index in _chromatic(line, turn)[::every]:
        begin = max(0, index + 2 - MEMORY) // ANCHOR * ANCHOR
        seen = piece.rows.inputs[begin : index + 2]
        context = Context(piece.line.first(index + 1), piece.ground, piece.silence, seen)
        memory, note, coming = sampler.read(seen[:-1]), line.notes[index], Phrase(line.notes[index + 1 : index + 3])
        branches = sampler.engine.fork(memory, ROLLOUTS, STEPS + 1)
        by, start = np.full(ROLLOUTS, note.end + WITHIN), Start.of(context, ROLLOUTS, STEPS)
        (rolled,) = play_home(sampler.engine, branches, turn, context.ground, start, by, rng)
        likely.append((*within_two(sampler.engine, memory, context, turn, coming, note.pitch), rolled))
        came.append(_came(line, index, turn))
    if not likely:
        return None
    return Foretold(*(dict(zip(WAYS, np.array(rows).T, strict=True)) for rows in (likely, came)))


def _chromatic(line: Phrase, turn: Turn) -> list[int]:
    """The chromatic notes of a line that two more follow."""
    foreign = (foreign_at(note.pitch, note.onset, turn.changes) >= CHROMATIC for note in line.notes[:-2])
    return [index for index, chromatic in enumerate(foreign) if chromatic]


def _came(line: Phrase, index: int, turn: Turn) -> tuple[bool, bool, bool]:
    """Whether the next, one of the next two, or one of those within WITHIN is a chord tone reached by step."""
    by = line.notes[index].end + WITHIN
    in_time = takewhile(lambda pair: pair[1].onset < by, pairwise(line.notes[index:]))
    next_two = [_is_home(*pair, turn) for pair in pairwise(line.notes[index : index + 3])]
    return next_two[0], any(next_two), any(_is_home(*pair, turn) for pair in in_time)


def _is_home(before: Note, note: Note, turn: Turn) -> bool:
    """Whether a note is a chord tone a step from the one before."""
    return 1 <= abs(note.pitch - before.pitch) <= 2 and is_tone_at(note.pitch, note.onset, turn.changes)
