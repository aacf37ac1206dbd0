"""The controller: of many ideas, the one to play, and why.

Deterministic: the same turn and ideas give the same choice; of equals the first is taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sideslip.music.dialogue import Idea, Turn
from sideslip.outside.arc import check_dial
from sideslip.outside.critic import Critic
from sideslip.outside.explain import explain
from sideslip.outside.hearing import hear
from sideslip.outside.lines import Lines
from sideslip.outside.mending import mended, mending
from sideslip.outside.motif import compare
from sideslip.outside.score import USUAL_RANGE, Range, Taste, terms
from sideslip.outside.session import Session
from sideslip.outside.surprise import register_of
from sideslip.outside.tables import ListeningTables
from sideslip.outside.traits import Foreseen, traits

NO_CRITIC = Critic.unlearnt()


@dataclass(frozen=True, slots=True)
class Scored:
    """An idea as it was heard: `outside` is G (0..1), `surprise` in bits a note, `resolvability` and `motif` 0..1.

    `score` is the sum of the named `terms`.
    """

    idea: Idea
    outside: float
    surprise: float
    resolvability: float
    motif: float
    score: float
    terms: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which idea was chosen (its index), why in words, and how all of them were heard, in their order."""

    index: int
    why: str
    scored: tuple[Scored, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Controller:
    """Chooses among ideas by what the tables hear in them and the critic thinks of them, for an instrument of some
    range."""

    tables: ListeningTables
    critic: Critic = NO_CRITIC
    reach: Range = USUAL_RANGE

    def choose(self, turn: Turn, ideas: Sequence[Idea]) -> Choice:
        """The best idea for a turn.

        Raises SettingError for a dial outside 0..1, ValueError where there is nothing to choose from.
        """
        check_dial(turn.dial)
        if not ideas:
            raise ValueError("a choice needs at least one idea")
        lines = Lines.over(turn.changes, [idea.phrase for idea in ideas])
        session = _before(turn)
        hearing, motif = hear(lines, self.tables, session), compare(turn.call, lines)
        foreseen = Foreseen.of([idea.foresight for idea in ideas], lines.pitch.shape[1])
        taste = Taste(self.critic.judge(traits(hearing, foreseen, session), len(ideas)), foreseen.open_end)
        parts = dict(terms(turn, hearing, motif, taste, self.tables.usual, self.reach, session.register))
        parts["mistake"] = mending(turn, ideas, hearing)
        scores = np.sum(list(parts.values()), axis=0)
        index = int(np.argmax(scores))
        columns = (hearing.outside, hearing.bits, hearing.resolution.resolvability, motif.similarity, scores)
        named = [tuple(zip(parts, row, strict=True)) for row in zip(*(p.tolist() for p in parts.values()), strict=True)]
        measured = zip(ideas, *(column.tolist() for column in columns), named, strict=True)
        why = ", ".join((*mended(turn, ideas[index]), explain(ideas[index], hearing, motif, index, turn.changes)))
        return Choice(index, why, tuple(Scored(*row) for row in measured))


def _before(turn: Turn) -> Session:
    """What both have played; the register is the partner's, if it has played."""
    last = turn.partner.pitches or turn.player.pitches or turn.call.pitches
    both = sorted((*turn.player, *turn.partner), key=lambda note: note.onset)
    return Session.of([note.pitch for note in both], register_of(last) if last else None)
