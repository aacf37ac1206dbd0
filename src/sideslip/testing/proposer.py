"""A proposer whose ideas are given beforehand."""

from collections.abc import Iterable, Sequence

from sideslip.music.dialogue import Idea, Turn
from sideslip.music.phrase import Note, Phrase


class ScriptedProposer:
    """Answers each turn with the next entry of a script, and with the last one from then on; remembers the turns.

    The phrases of the script are laid out from tick 0, and moved to where the turn starts. Without a script it answers
    with quarter notes on the turn's first root, up from middle C.
    """

    def __init__(self, script: Iterable[Sequence[Idea]] = ()) -> None:
        self._script = [tuple(ideas) for ideas in script]
        self.turns: list[Turn] = []

    def propose(self, turn: Turn, seed: int) -> tuple[Idea, ...]:
        """The ideas for a turn; the seed changes nothing."""
        self.turns.append(turn)
        if not self._script:
            return (_roots(turn),)
        ideas = self._script[min(len(self.turns), len(self._script)) - 1]
        return tuple(Idea(idea.phrase.moved(turn.start), idea.source, idea.label) for idea in ideas)


def _roots(turn: Turn) -> Idea:
    pitch = 60 + turn.changes.at(turn.start).root
    return Idea(Phrase(tuple(Note(tick, pitch, 6) for tick in range(turn.start, turn.end, 12))), "model")
