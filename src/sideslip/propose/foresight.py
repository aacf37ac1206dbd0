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
from sideslip.music.phrase import Phrase
from sideslip.music.tension import CHROMATIC, foreign_at
from sideslip.propose import tokens
from sideslip.propose.context import Context
from sideslip.propose.drawing import NEVER, draw
from sideslip.propose.engine import Engine, Floats, Memory
from sideslip.propose.ground import FAR
from sideslip.propose.growing import VOCABULARY, Growing
from sideslip.propose.telling import Bools, steps_home, tell
from sideslip.propose.tokens import Ints, Line
from sideslip.propose.walking import Given

WITHIN = 2 * TICKS
"""Ticks within which an open end should come home."""

ROLLOUTS, STEPS = 12, 6
"""Times that the model plays on from an open end, and notes that it plays then at most."""

BROADEST = 8
"""Pitches that are tried for a next note."""

ROOM = 40
"""Notes of a phrase that are foreseen: four bars of eighths and a little; what comes later is not told."""


def foresee(
    engine: Engine, memory: Memory, context: Context, turn: Turn, phrases: Sequence[Phrase], rng: np.random.Generator
) -> tuple[Foresight, ...]:
    """What the model foresees of each phrase (one note or more, one at a time), for a turn that follows a context."""
    given = Given.of([Phrase(phrase.notes[:ROOM]) for phrase in phrases])
    told = tell(engine, memory, context, turn, given)
    bits, doubt, home = told.bits(given), told.doubt(), told.home(given, context.ground)
    found = []
    for k, (phrase, length) in enumerate(zip(phrases, given.length.tolist(), strict=True)):
        last = phrase.notes[length - 1]
        open_end = length == len(phrase) and foreign_at(last.pitch, last.onset, turn.changes) >= CHROMATIC
        end = None
        if open_end:
            line = context.line + Line.of(Phrase(), phrase)
            after = Context(line, context.ground, context.silence, told.next_rows[k, length - 1 : length])
            end = plays_home(engine, told.followed.line(k, length), after, turn, phrase.end + WITHIN, rng)
        found.append(Foresight(_told(bits[k, :length]), _told(doubt[k, :length]), _told(home[k, : length - 1]), end))
    return tuple(found)


def _told(numbers: Floats) -> tuple[float, ...]:
    """Numbers as they are handed on, and kept in journals: to three places."""
    return tuple(np.round(numbers.astype(np.float64), 3).tolist())


def plays_home(
    engine: Engine, memory: Memory, context: Context, turn: Turn, by: int, rng: np.random.Generator
) -> float:
    """The share of rollouts from a context that step into a chord tone before tick `by`, nothing wished of them;
    `memory` is all rows of the context but the last."""
    branches = engine.fork(memory, ROLLOUTS, STEPS + 1)
    warmth = np.ones(ROLLOUTS, dtype=np.float32)

    def pick(logits: Floats, allowed: Bools) -> Ints:
        return draw(np.where(allowed, logits, NEVER), warmth, 0.0, rng)

    everything = np.ones(tokens.PITCHES, dtype=np.bool_)
    growing = Growing(engine, branches, replace(turn, end=FAR), context, [Wish()] * ROLLOUTS, STEPS, pick, everything)
    home, rows = np.zeros(ROLLOUTS, dtype=np.bool_), np.arange(ROLLOUTS)
    for _ in range(STEPS):
        growing.move_on(by)
        if not (growing.alive & ~home).any():
            break
        growing.sound()
        tick, pitch, before = growing.newest
        led = steps_home(context.ground, tick, before)[rows, pitch - tokens.LOWEST_PITCH]
        home |= growing.alive & led
    return round(float(home.mean()), 3)


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
