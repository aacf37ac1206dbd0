"""The seam where ideas come from: a model, the licks, or a script in a test."""

from typing import Protocol

from sideslip.music.dialogue import Idea, Turn


class Proposer(Protocol):
    """Anything that fills a turn with candidate answers."""

    def propose(self, turn: Turn, seed: int) -> tuple[Idea, ...]:
        """Ideas for a turn, in no order of worth.

        Of every idea the first note begins exactly at `turn.start`, all notes are over by `turn.end`, and there is one
        note at a time. The same turn and seed give the same ideas, whatever was proposed before.
        """
        ...
