"""Coming in before the line: who begins phrases with a pick-up is answered with one."""

from collections import deque

from sideslip.music.meter import TICKS
from sideslip.music.phrase import Phrase

LONGEST, SHORTEST = TICKS, 3
"""Ticks of a pick-up, a beat at most; what is nearer to the line is an early note on it."""

LATELY = 4
"""Calls after which a habit is forgotten."""


def pickup(player: Phrase, line: int) -> int:
    """By how many ticks a player came in before a line (tick): after a beat's rest or more, and going on over the line;
    0 for one who did not."""
    before = player.between(line - LONGEST, line).notes
    if not before or not player.between(line, line + TICKS).notes:
        return 0
    first = before[0].onset
    rested = all(note.end <= first - TICKS for note in player if note.onset < first)
    return line - first if rested and line - first >= SHORTEST else 0


class Pickups:
    """What the player does, the partner may: `room` ticks before the line, as long as the newest pick-up."""

    def __init__(self) -> None:
        self._lately: deque[int] = deque(maxlen=LATELY)

    @property
    def room(self) -> int:
        """Ticks before a line in which an answer may begin."""
        return next((ticks for ticks in reversed(self._lately) if ticks), 0)

    def hear(self, player: Phrase, line: int) -> int:
        """A call that began about a line (tick) has gone on for a while; by how many ticks it began before it."""
        ticks = pickup(player, line)
        self._lately.append(ticks)
        return ticks
