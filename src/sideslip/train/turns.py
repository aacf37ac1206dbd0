"""A solo shared out between two players, turn by turn, so that the model learns to answer, to end, and to obey.

A turn is one to three phrases. Of some turns it is told when they end, as of a turn at trading: on a bar line of the
rest after the last phrase, where there is one. Of some it is told what they are like, as if that had been asked for. A
note that begins a turn is awaited either as in the turn before, so that a turn learns to end, or as in its own, so that
an answer learns to begin; which of the two is drawn.
"""

from dataclasses import dataclass, replace

import numpy as np

from sideslip.music.dialogue import STYLES, Wish
from sideslip.music.meter import TICKS
from sideslip.propose.ground import FAR
from sideslip.propose.tokens import Ints, Turns
from sideslip.propose.wishes import FREE, WISHES, wish_row
from sideslip.train.pieces import Piece

MOST_PHRASES = 3
"""Phrases of a turn at most."""

ENDS_TOLD, WISHES_TOLD = 0.7, 0.5
"""Share of turns whose end is told, and of wishes that are."""

UNASKED = 0.3
"""Share of crops in which nothing is wished for."""

OPEN_END = 4 * TICKS
"""Ticks after the last note of a solo that count as a rest."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One turn of a solo, notes first..last-1, whose it is, when it ends (tick; FAR: not told), and what it is told to
    be like."""

    first: int
    last: int
    who: int
    ends: int
    wish: Ints


def taken_turns(
    piece: Piece, start: int, end: int, semitones: int, rng: np.random.Generator, imagined: bool = False
) -> tuple[Ints, Turns]:
    """Share the notes start..end-1 of a piece that was moved by some semitones out between two players: who played the
    note before each, and whose turn it was when each was awaited; see Piece.share. What is wished for is what was
    played, or `imagined`."""
    told = 0.0 if rng.random() < UNASKED and not imagined else WISHES_TOLD
    taken = take_turns(piece, max(0, start - 1), end, semitones, told, rng)
    if imagined:
        sizes = np.array(list(WISHES.values()))
        drawn = [np.where(turn.wish == FREE, FREE, rng.integers(sizes - 1)) for turn in taken]
        taken = [replace(turn, wish=wish) for turn, wish in zip(taken, drawn, strict=True)]
    own = np.repeat(np.arange(len(taken)), [turn.last - turn.first for turn in taken])
    own = own[start - taken[0].first :][: end - start]  # the turn that each note belongs to
    previous = np.concatenate((own[:1] if start == 0 else [_turn_of(taken, start - 1)], own[:-1]))
    awaited = np.where(rng.random(len(own)) < 0.5, own, previous)
    who, ends = np.array([turn.who for turn in taken]), np.array([turn.ends for turn in taken])
    wishes = np.stack([turn.wish for turn in taken])
    return who[previous], Turns(who[awaited], ends[awaited], wishes[awaited])


def _turn_of(taken: list[Taken], note: int) -> int:
    return next(index for index, turn in enumerate(taken) if turn.first <= note < turn.last)


def take_turns(
    piece: Piece, start: int, end: int, semitones: int, told: float, rng: np.random.Generator
) -> list[Taken]:
    """Turns that cover the notes start..end-1 of a piece that was moved by some semitones; `told` is the chance that a
    wish is."""
    begins = np.flatnonzero(np.diff(piece.phrase, prepend=piece.phrase[0] - 1, append=piece.phrase[-1] + 1))
    at = int(np.searchsorted(begins, start, side="right")) - 1
    who, turns = int(rng.integers(2)), []
    while begins[at] < end:
        over = min(at + int(rng.integers(1, MOST_PHRASES + 1)), len(begins) - 1)
        first, last = int(begins[at]), int(begins[over])
        ends = _end(piece, last, rng) if rng.random() < ENDS_TOLD else FAR
        hidden = rng.random(len(FREE)) >= told
        wish = np.where(hidden, FREE, wish_row(likeness(piece, first, last, semitones)))
        turns.append(Taken(first, last, who, ends, wish))
        at, who = over, 1 - who
        if at == len(begins) - 1:
            break
    return turns


def likeness(piece: Piece, first: int, last: int, semitones: int = 0) -> Wish:
    """What the notes first..last-1 would have been asked to be like."""
    line, style = piece.line, piece.style
    notes = slice(first, last)
    beats = max(1.0, float(line.onset[last - 1] + line.duration[last - 1] - line.onset[first]) / TICKS)
    outside = piece.outside[notes]
    return Wish(
        outside=None if np.isnan(outside).all() else float(np.nanmean(outside)),
        density=(last - first) / beats,
        register=float(line.pitch[notes].mean()) + semitones,
        style=STYLES[style] if style < len(STYLES) else None,
    )


def _end(piece: Piece, last: int, rng: np.random.Generator) -> int:
    """A tick at which a turn whose last note is last - 1 can have ended."""
    onset, duration = piece.line.onset, piece.line.duration
    over = int(onset[last - 1] + max(1, duration[last - 1]))
    resumed = int(onset[last]) if last < len(onset) else over + OPEN_END
    over = min(over, resumed)
    beats = TICKS * np.arange(-(-over // TICKS), resumed // TICKS + 1)
    bars = beats[piece.ground.beat(beats) == 0] if len(beats) else beats
    return int(rng.choice(bars)) if len(bars) else int(rng.integers(over, resumed + 1))
