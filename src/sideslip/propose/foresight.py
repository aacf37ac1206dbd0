"""Foresight: how likely the model found every note of phrases that are given, and whether what they leave open comes
home.

After each note there is a chance that the next one, in its place, is a chord tone reached by step. A phrase that ends
on a foreign note has no next one, so the model plays on from there, a few times: the share of these that come home
within two beats is what its open end is worth.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sideslip.music.dialogue import Foresight, Turn, Wish
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Note, Phrase
from sideslip.music.tension import CHROMATIC, foreign_at
from sideslip.propose import tokens
from sideslip.propose.context import Context
from sideslip.propose.drawing import NEVER, draw
from sideslip.propose.engine import Engine, softmax
from sideslip.propose.given import Given
from sideslip.propose.ground import FAR, Ground
from sideslip.propose.growing import VOCABULARY, Growing, Start
from sideslip.propose.memory import Bools, Branches, Floats, Memory
from sideslip.propose.telling import Told, steps_home, tell
from sideslip.propose.tokens import Ints, Line

WITHIN = 2 * TICKS
"""Ticks within which an open end should come home."""

ROLLOUTS, STEPS = 2, 4
"""Times that the model plays on from an open end, and notes that it plays then at most."""

BROADEST = 8
"""Pitches that are tried for a next note."""

ROOM = 32
"""Notes of a phrase that are foreseen: four bars of eighths; what comes later is not told."""


def foresee(
    engine: Engine, memory: Memory, context: Context, turn: Turn, phrases: Sequence[Phrase], rng: np.random.Generator
) -> tuple[Foresight, ...]:
    """What the model foresees of each phrase (one note or more, one at a time), for a turn that follows a context."""
    given = Given.of([Phrase(phrase.notes[:ROOM]) for phrase in phrases])
    told = tell(engine, memory, context, turn, given)
    bits, doubt, home = told.bits(given), told.doubt(), told.home(given, context.ground)
    whole = given.length == [len(phrase) for phrase in phrases]
    ajar = [k for k in np.flatnonzero(whole).tolist() if _is_foreign(phrases[k].notes[-1], turn)]
    ends = dict(zip(ajar, _open_ends(engine, told, context, turn, [(k, phrases[k]) for k in ajar], rng), strict=True))
    return tuple(
        Foresight(_told(bits[k, :n]), _told(doubt[k, :n]), _told(home[k, : n - 1]), ends.get(k))
        for k, n in enumerate(given.length.tolist())
    )


def _is_foreign(note: Note, turn: Turn) -> bool:
    return foreign_at(note.pitch, note.onset, turn.changes) >= CHROMATIC


def _told(numbers: Floats) -> tuple[float, ...]:
    """Numbers as they are handed on, and kept in journals: to three places."""
    return tuple(np.round(numbers.astype(np.float64), 3).tolist())


def _open_ends(
    engine: Engine,
    told: Told,
    context: Context,
    turn: Turn,
    ajar: Sequence[tuple[int, Phrase]],
    rng: np.random.Generator,
) -> list[float]:
    """How likely each of some phrases comes home by itself, given with the lines that they are of what was told."""
    if not ajar:
        return []
    lines, lengths = np.array([(k, len(phrase)) for k, phrase in ajar]).T
    starts = []
    for k, phrase in ajar:
        line, row = context.line + Line.of(Phrase(), phrase), told.next_rows[k, len(phrase) - 1 : len(phrase)]
        starts.append(Start.of(Context(line, context.ground, context.silence, row), ROLLOUTS, STEPS))
    branches = told.followed.branches(np.repeat(lines, ROLLOUTS), np.repeat(lengths, ROLLOUTS), STEPS + 1)
    by = np.repeat([phrase.end + WITHIN for _, phrase in ajar], ROLLOUTS)
    return play_home(engine, branches, turn, context.ground, Start.joined(starts), by, rng)


def play_home(
    engine: Engine, branches: Branches, turn: Turn, ground: Ground, start: Start, by: Ints, rng: np.random.Generator
) -> list[float]:
    """How likely candidates that play on from a start, nothing wished of them, step into a chord tone before tick `by`
    (K,): the mean of every ROLLOUTS of them.

    Only ways that have not come home yet are played on, and how likely each was to come home at each note is counted
    exactly, so few of them say much.
    """
    count = len(by)
    warmth, everything = np.ones(count, dtype=np.float32), np.ones(tokens.PITCHES, dtype=np.bool_)
    away = np.ones(count)

    def pick(logits: Floats, allowed: Bools) -> Ints:
        allowed = np.broadcast_to(allowed, logits.shape)
        if logits.shape[1] == tokens.PITCHES:
            home = steps_home(ground, growing.coming, growing.newest)
            at_once = (softmax(logits) * home).sum(axis=1, dtype=np.float64)
            away[growing.alive] *= 1.0 - at_once[growing.alive]
            allowed = allowed & ~home
        return draw(np.where(allowed, logits, NEVER), warmth, 0.0, rng)

    growing = Growing(engine, branches, replace(turn, end=FAR), ground, start, [Wish()] * count, pick, everything)
    for _ in range(STEPS):
        growing.move_on(by)
        if not growing.alive.any():
            break
        growing.sound()
    shares: list[float] = np.round(1.0 - away.reshape(-1, ROLLOUTS).mean(axis=1), 3).tolist()
    return shares


def within_two(
    engine: Engine, memory: Memory, context: Context, turn: Turn, coming: Phrase, before: int
) -> tuple[float, float]:
    """How likely one of the next one, or two, notes is a chord tone reached by step, told only when they come and how
    long they last: the rhythm of the first two notes of `coming`; `before` is the pitch (MIDI) that they follow.

    The first note is tried with the BROADEST likeliest pitches; what is left of it counts like these on average.
    """
    first, second = Given.of([Phrase(coming.notes[:1])]), coming.notes[1]
    chances = tell(engine, memory, context, turn, first).chances[0, 0]
    home = steps_home(context.ground, first.onset[:, 0], np.array([before]))[0]
    tried = np.argsort(-chances, kind="stable")[:BROADEST]
    ways = [Phrase((replace(coming.notes[0], pitch=int(pitch)), second)) for pitch in VOCABULARY[tried]]
    given = Given.of(ways)
    later = tell(engine, memory, context, turn, given).home(given, context.ground)[:, 0]
    away = chances[tried] * ~home[tried]
    at_once = float((chances * home).sum())
    share = float((away * later).sum()) / max(float(away.sum()), 1e-9)
    return at_once, at_once + (1.0 - at_once) * share
