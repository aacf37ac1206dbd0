"""A proposer whose ideas are given beforehand, and one that goes wrong on cue."""

import os
import signal
from collections.abc import Iterable, Sequence
from dataclasses import replace

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
        return tuple(replace(idea, phrase=idea.phrase.moved(turn.start)) for idea in ideas)


def _roots(turn: Turn) -> Idea:
    pitch = 60 + turn.changes.at(turn.start).root
    return Idea(Phrase(tuple(Note(tick, pitch, 6) for tick in range(turn.start, turn.end, 12))), "model")


class TroubledProposer(ScriptedProposer):
    """Answers like a `ScriptedProposer` without a script, but an ask with seed 13 brings the trouble of its name:

    "raise": an error; "die": its process is killed; "hang": it never comes back; "nonsense": notes no piano has.
    """

    def __init__(self, trouble: str) -> None:
        super().__init__()
        self._trouble = trouble

    def propose(self, turn: Turn, seed: int) -> tuple[Idea, ...]:
        """The ideas for a turn, unless the seed is 13."""
        if seed == 13:
            match self._trouble:
                case "raise":
                    raise FloatingPointError("NaN in the logits")
                case "die":
                    os.kill(os.getpid(), signal.SIGKILL)
                case "hang":
                    while True:
                        signal.pause()
                case "nonsense":
                    return (Idea(Phrase((Note(0, 999, 6),)), "model"),)
        return super().propose(turn, seed)


def troubled(argument: str | None) -> ScriptedProposer:
    """Factory for a proposer's process: the argument names the trouble; without one all goes well."""
    return TroubledProposer(argument or "")
