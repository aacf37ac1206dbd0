"""What a proposer knows before it begins: the line so far, the ground under it and under the turn, rows to be read."""

from dataclasses import dataclass

import numpy as np

from sideslip.music.dialogue import Turn
from sideslip.music.meter import TICKS
from sideslip.propose import tokens
from sideslip.propose.ground import Ground, silence_before
from sideslip.propose.tokens import Ints, Line, Turns

ANCHOR = 4
"""What is read begins on a bar that this divides, so that most of it is the same from one ask to the next."""


@dataclass(frozen=True, slots=True)
class Context:
    """The `line` of both players before a turn; the `ground` from the silence before it to where a last shift can land;
    the tick at which the first note was awaited (`silence`); and rows (T, len(tokens.INPUT)) of the latest notes, the
    last of which awaits the answer. Before the first note there is the row of a silence."""

    line: Line
    ground: Ground
    silence: int
    rows: Ints

    @classmethod
    def of(cls, turn: Turn, most: int) -> "Context":
        """All that was played before a turn; rows of at most `most` notes."""
        before = (phrase.between(-(10**9), turn.start) for phrase in (turn.player, turn.partner))
        line = Line.of(*before)
        bar = turn.changes.meter.bar
        first = int(line.onset[0]) if len(line.onset) else turn.start
        silence = silence_before(first, first % bar // TICKS)
        ground = Ground.of_changes(turn.changes, silence, turn.end + int(tokens.SHIFTS[-1]) + 1)
        inputs, _, _ = tokens.features(line, ground, silence, turn.tempo, Turns.free(line.speaker))
        return cls(line, ground, silence, inputs[_begin(line, bar, most) :])


def _begin(line: Line, bar: int, most: int) -> int:
    """The first row to be read: 0, the silence, if all notes may be; else that of the first note of a bar that ANCHOR
    divides, or, in a thicket of notes, the earliest that may be."""
    over = len(line.onset) - most
    if over <= 0:
        return 0
    anchor = -(-int(line.onset[over]) // (ANCHOR * bar)) * ANCHOR * bar
    begin = int(np.searchsorted(line.onset, anchor))
    return 1 + (begin if begin < len(line.onset) - most // 2 else over)
