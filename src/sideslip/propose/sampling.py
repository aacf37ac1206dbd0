"""Sampling phrases: K candidates at once, held within the turn by masks on the logits.

A candidate begins exactly on the first tick of the turn and is over when the next note would fall outside it. That last
shift still tells how long the last note sounds.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sideslip.music.dialogue import Foresight, Turn, Wish
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Phrase
from sideslip.music.pitch import HIGHEST, LOWEST
from sideslip.propose import tokens
from sideslip.propose.context import Context
from sideslip.propose.drawing import NEVER, Draw, draw
from sideslip.propose.engine import Engine
from sideslip.propose.foresight import ROOM, STEPS, foresee
from sideslip.propose.growing import VOCABULARY, Growing, Start
from sideslip.propose.memory import Floats, Memory
from sideslip.propose.tokens import Ints

MEMORY = 128
"""Notes of both players that are read at most: about ten phrases."""

LONGEST = 32 * TICKS
"""Ticks of a turn that are drawn at once at most: eight bars of 4/4."""

MOST_NOTES = 96
"""Notes of a candidate that are drawn at once at most; a turn of four bars has 21 (median), 69 (99 in 100)."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How to draw: `temperatures` spread over the candidates (first to last); classes that at these are less likely
    than `floor` times the likeliest are not drawn; pitches stay in `lowest`..`highest` (MIDI); of a turn as much is
    drawn at once as `notes_a_beat` on average leave room for."""

    temperatures: tuple[float, float] = (0.9, 1.1)
    floor: float = 0.002
    lowest: int = LOWEST
    highest: int = HIGHEST
    notes_a_beat: float = 4.0

    @property
    def pitches(self) -> NDArray[np.bool_]:
        """Mask of pitch classes within the range."""
        return (self.lowest <= VOCABULARY) & (self.highest >= VOCABULARY)


class Sampler:
    """Draws candidates for turns from one engine. What it has read it remembers, so that the next turn of the same
    conversation reads only what is new; what it draws does not depend on that. `how` draws each class."""

    def __init__(self, engine: Engine, sampling: Sampling = Sampling(), how: Draw = draw) -> None:
        self.engine = engine
        self.sampling = sampling
        self._how = how
        self._rows: Ints = np.zeros((0, len(tokens.INPUT)), dtype=np.int64)
        self._memory: Memory | None = None

    def phrases(self, turn: Turn, wishes: Sequence[Wish], rng: np.random.Generator) -> tuple[Phrase, ...]:
        """A monophonic phrase for each wish, from turn.start to at most turn.end, some perhaps alike.

        A turn longer than the model can see at once is drawn piece by piece, each candidate going on from its own last
        note, where its next one would have begun.
        """
        temperatures = np.linspace(*self.sampling.temperatures, len(wishes)).astype(np.float32)
        drawn = self._drawn(turn, wishes, temperatures, rng)
        whole = []
        for number, (phrase, resumes) in enumerate(drawn):
            own = slice(number, number + 1)
            while resumes < turn.end:
                later = replace(turn, start=resumes, partner=turn.partner + phrase)
                ((more, resumes),) = self._drawn(later, wishes[own], temperatures[own], rng)
                phrase = phrase + more
            whole.append(phrase)
        return tuple(whole)

    def foresee(self, turn: Turn, phrases: Sequence[Phrase], rng: np.random.Generator) -> tuple[Foresight, ...]:
        """What the model foresees of phrases for a turn, of one note or more."""
        context = Context.of(turn, min(MEMORY, self.engine.config.context - ROOM - STEPS - 1))
        return foresee(self.engine, self.read(context.rows[:-1]), context, turn, phrases, rng)

    def read(self, rows: Ints) -> Memory:
        """Read what was played: rows (T, len(tokens.INPUT)), of which only what was not read last is read now."""
        same = min(len(rows), len(self._rows))
        differs = np.flatnonzero((rows[:same] != self._rows[:same]).any(axis=1))
        known = None if self._memory is None else self._memory.first(int(differs[0]) if len(differs) else same)
        self._rows, self._memory = rows, self.engine.read(rows, known)
        return self._memory

    def _drawn(
        self, turn: Turn, wishes: Sequence[Wish], temperatures: Floats, rng: np.random.Generator
    ) -> tuple[tuple[Phrase, int], ...]:
        """Of each candidate what there is room for at once, and the tick at which it would go on: past the turn's end,
        if all of it was drawn."""
        engine, sampling = self.engine, self.sampling
        end = min(turn.start + LONGEST, turn.end)
        fit = round(sampling.notes_a_beat * (end - turn.start) / TICKS) + 1
        steps = min(fit, MOST_NOTES, engine.config.context // 2)
        context = Context.of(turn, min(MEMORY, engine.config.context - steps - 1))
        branches = engine.fork(self.read(context.rows[:-1]), len(wishes), steps + 1)

        def pick(logits: Floats, allowed: NDArray[np.bool_]) -> Ints:
            return self._how(np.where(allowed, logits, NEVER), temperatures, sampling.floor, rng)

        start = Start.of(context, len(wishes), steps)
        growing = Growing(engine, branches, turn, context.ground, start, wishes, pick, sampling.pitches)
        for _ in range(steps - 1):
            growing.sound()
            growing.move_on(end)
            if not growing.alive.any():
                break
        else:
            growing.sound()
            growing.leave_off()
        return growing.phrases


def well_ended(phrase: Phrase, end: int, rest: int = TICKS, fragment: int = 3) -> Phrase:
    """Without a scrap at the end: at most `fragment` notes that begin a new thought after a `rest`, cut off by the
    turn's end.

    Such a scrap begins in the last two beats before `end`; without it the phrase ends where it breathed.
    """
    notes = phrase.notes
    for index in range(max(1, len(notes) - fragment), len(notes)):
        if notes[index].onset - notes[index - 1].end >= rest and notes[index].onset >= end - 2 * TICKS:
            return Phrase(notes[:index])
    return phrase
