"""What passes between the players: a turn to be filled, and ideas to fill it with."""

from dataclasses import dataclass
from typing import Literal

from sideslip.music.changes import Changes
from sideslip.music.phrase import Phrase

Source = Literal["model", "device", "lick"]
"""Where an idea came from: the transformer, a device applied to one of its phrases, or the stored licks."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The partner's coming turn and all that is known when it is invented.

    `start` and `end` are ticks: an answer begins exactly at `start` and is over by `end`. `player` and `partner` are
    what each has played so far, on the grid, newest last (a bounded memory); `call` is what the player said last, the
    part of `player` that is answered. `dial` is 0 (inside) to 1 (as far out as it can still resolve); `tempo` is in
    beats a minute.
    """

    start: int
    end: int
    changes: Changes
    call: Phrase = Phrase()
    player: Phrase = Phrase()
    partner: Phrase = Phrase()
    dial: float = 0.4
    tempo: float = 120.0


@dataclass(frozen=True, slots=True)
class Idea:
    """One candidate answer. `label` names the device in words ("side-slip +1"), empty for a plain phrase."""

    phrase: Phrase
    source: Source
    label: str = ""
