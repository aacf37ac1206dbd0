"""What an idea is worth: a sum of named terms, each readable by itself.

Weights are by design, not learnt: the dial term and the band of surprise carry what the study of the Weimar Jazz
Database measured, the rest keeps lines whole, playable and in conversation.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sideslip.music.dialogue import Turn
from sideslip.music.meter import TICKS
from sideslip.music.pitch import HIGHEST, LOWEST
from sideslip.outside.arc import shaped_dial, wanted_outsideness
from sideslip.outside.endings import air, cut_off
from sideslip.outside.hearing import Hearing
from sideslip.outside.lines import Bools, Floats, Ints, Lines
from sideslip.outside.motif import Motif
from sideslip.outside.tables import UsualBits

SIMILAR = (0.29, 0.51)
"""How alike answers of real players are to what was said before (25 to 90 % of neighbouring phrases)."""

PARROTING = 0.6
WIDEST_LEAP = 12
MOST_REPEATS = 2
"""Notes in a row that may have one pitch."""

DENSER = 1.5
"""Notes a beat at most, as a multiple of the player's."""

DENSER_THAN_WISHED = 1.25
"""Notes a beat that are no fault, as a multiple of those wished for: a wish need not be met to the note."""

SPARSEST_CALL = 1.0
"""Notes a beat that a call counts as at least: a long note does not ask for silence."""

REAL_JOINT = 1.2
"""Mean joint surprise of real phrases that go outside (G > .3)."""

REGISTER_MOVES = 4.9
"""Semitones that the middle pitch moves from phrase to phrase (standard deviation of real players)."""

CRITIC = 0.6
"""Weight of the critic beside the band of surprise, by which it may not make the choice dull."""

OPEN_END = 0.5
"""What a foreign last note is worth that would come home by itself for certain."""

SILENCE = 1000.0
"""What an empty idea costs: it is chosen only where there is nothing else."""


@dataclass(frozen=True, slots=True)
class Range:
    """Lowest and highest pitch of an instrument."""

    lowest: int
    highest: int


@dataclass(frozen=True, slots=True, eq=False)
class Taste:
    """What is learnt about K ideas: how real each sounds to the `critic` (log-odds; 0 for no opinion), and how likely
    an `open_end` comes home by itself (0 where the line is closed), (K,)."""

    critic: Floats
    open_end: Floats


USUAL_RANGE = Range(LOWEST, HIGHEST)
"""What proposers keep to: only an idea from elsewhere can leave it."""


def terms(
    turn: Turn,
    hearing: Hearing,
    motif: Motif,
    taste: Taste,
    usual: UsualBits,
    reach: Range,
    register: float | None,
) -> Mapping[str, Floats]:
    """Every term of the score by name, (K,) each; their sum is the score.

    `register` is the middle pitch of what was played before, None if nothing was. A wish for a register comes in its
    place, and one for a density may only raise the most notes that are no fault.
    """
    lines, lengths = hearing.lines, hearing.lines.valid.sum(axis=1)
    wanted = wanted_outsideness(shaped_dial(turn.dial, turn.changes, turn.start, turn.end))
    return {
        "dial": -1.5 * (np.log((hearing.outside + 0.03) / (wanted + 0.03)) / 0.5) ** 2,
        "surprise": -1.2
        * ((hearing.bits - usual.at(hearing.outside)) / usual.spread) ** 2
        * hearing.surprise.counted.any(axis=1),
        "critic": CRITIC * taste.critic * (lengths > 0),
        "joint": -0.5 * np.maximum(0, hearing.surprise.joint - REAL_JOINT),
        "resolution": 2.0 * hearing.resolution.resolvability,
        "open end": OPEN_END * taste.open_end,
        "motif": _motif(motif.similarity) if len(turn.call) > 1 else np.zeros(len(lengths)),
        "ending": 0.5 * hearing.resolution.last_chord_tone
        + 1.0 * air(lines, turn.end)
        - 1.0 * cut_off(lines, turn.end),
        "register": _register(lines, register if turn.wish.register is None else turn.wish.register),
        "range": -8.0 * _share(_out_of_range(lines, reach), lengths),
        "leaps": -0.75 * (_moves(lines) & (abs(np.diff(lines.pitch, axis=1)) > WIDEST_LEAP)).sum(axis=1),
        "repeats": -0.5 * repeats(lines),
        "density": -2.0 * np.maximum(0, _density(lines) / _densest(turn) - 1),
        "substance": -8.0 * np.maximum(0, 1 - lengths / _enough(turn)) - SILENCE * (lengths == 0),
    }


def _motif(similarity: Floats) -> Floats:
    """0 in the band of real answers, falling off outside it, steeply from where it becomes parroting."""
    low, high = SIMILAR
    off = np.maximum(0, low - similarity) + np.maximum(0, similarity - high)
    loss: Floats = -0.3 * (off / 0.1) ** 2 - 3.0 * np.maximum(0, similarity - PARROTING) / 0.1
    return loss


def _register(lines: Lines, register: float | None) -> Floats:
    """Minus half the square of how far the middle pitch lies from a register, in units of what real players move."""
    lengths = lines.valid.sum(axis=1)
    if register is None:
        return np.zeros(len(lengths))
    middle = (lines.pitch * lines.valid).sum(axis=1) / np.maximum(1, lengths)
    return np.where(lengths > 0, -0.5 * ((middle - register) / REGISTER_MOVES) ** 2, 0.0)


def _share(marked: Bools, lengths: Ints) -> Floats:
    share: Floats = marked.sum(axis=1) / np.maximum(1, lengths)
    return share


def _out_of_range(lines: Lines, reach: Range) -> Bools:
    out: Bools = lines.valid & ((lines.pitch < reach.lowest) | (lines.pitch > reach.highest))
    return out


def _moves(lines: Lines) -> Bools:
    """(K, N - 1): whether there is a next note to move to."""
    return lines.valid[:, 1:]


def repeats(lines: Lines) -> Floats:
    """Notes that repeat a pitch once more than it may be repeated, (K,)."""
    same = _moves(lines) & (np.diff(lines.pitch, axis=1) == 0)
    run = same
    for back in range(1, MOST_REPEATS):
        run = run[:, 1:] & same[:, :-back]
    too_often: Floats = run.sum(axis=1).astype(np.float64)
    return too_often


def _density(lines: Lines) -> Floats:
    """Notes a beat from the first note to the end of the last, (K,); 0 for silence."""
    at = lines.last
    beats = (lines.onset[at] + lines.duration[at] - lines.onset[:, 0]) / TICKS
    return np.where(lines.valid.any(axis=1), lines.valid.sum(axis=1) / np.maximum(1.0, beats), 0.0)


def _densest(turn: Turn) -> float:
    """The most notes a beat that answer a call, or a wish that asks for more."""
    call = turn.call
    beats = max(1.0, (call.end - call.start) / TICKS)
    return max(DENSER * max(SPARSEST_CALL, len(call) / beats), DENSER_THAN_WISHED * (turn.wish.density or 0.0))


def _enough(turn: Turn) -> float:
    """Notes that make an answer: one for every two beats, at least 3."""
    return max(3.0, (turn.end - turn.start) / TICKS / 2)
