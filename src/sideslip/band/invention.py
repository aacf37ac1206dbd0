"""Ideas asked for, ideas arrived, and what to do without them."""

from collections import deque
from statistics import median

from sideslip.band.events import Ask, Ideas
from sideslip.music.chord import Chord
from sideslip.music.dialogue import Idea, Turn
from sideslip.propose.mending import mend
from sideslip.propose.proposer import Proposer

USUAL_THINKING = 0.15
"""Seconds a proposer takes, until it has shown how long it does."""

DECIDE_AHEAD = 0.05
"""Seconds before its turn at which the partner decides: room for judging 32 ideas, or for making licks, and sending."""

LAST_ASK = 0.12
"""Seconds before deciding at which ideas are asked for once more at the latest."""

KEPT = 16
"""Asks of which it is known over which chords they were; an answer to an older one comes too late."""

LATELY = 5
"""Answers whose time is remembered."""


class Invention:
    """Keeps the newest ideas for the coming turn."""

    def __init__(self, fallback: Proposer, seed: int) -> None:
        self._fallback, self._seed = fallback, seed
        self._asked = self._void = 0
        self._arrived: Ideas | None = None
        self._took = deque([USUAL_THINKING], maxlen=LATELY)
        self._over: dict[int, tuple[tuple[int, Chord], ...]] = {}  # the chords of each ask
        self.knows_all = False
        """Whether nothing was said, nor the dial moved, since the last ask."""

    @property
    def thinking(self) -> float:
        """Seconds that the proposer has taken lately: the median, so that one hiccup changes no plan."""
        return median(self._took)

    def first_ask(self, bar: float) -> float:
        """Seconds before a turn at which ideas for it are asked for first, a bar being so many seconds long."""
        return DECIDE_AHEAD + max(bar, 3 * self.thinking)

    def last_ask(self, bar: float) -> float:
        """Seconds before a turn at which ideas for it are asked for, to know as much as can be."""
        return DECIDE_AHEAD + max(LAST_ASK, min(2.5 * self.thinking, bar / 2))

    def ask(self, turn: Turn) -> Ask:
        """Have ideas made for a turn."""
        self._asked += 1
        self.knows_all = True
        self._over[self._asked] = _chords(turn)
        self._over.pop(self._asked - KEPT, None)
        return Ask(self._asked, turn, self._seed * 1_000_003 + self._asked)

    def take(self, ideas: Ideas) -> None:
        """Keep ideas that have arrived, unless they answer an older ask than those that are here, or a void one."""
        self._took.append(ideas.thinking)
        if ideas.ask <= self._void:
            return
        if self._arrived is None or ideas.ask >= self._arrived.ask:
            self._arrived = ideas

    def is_over(self, turn: Turn) -> bool:
        """Whether the last ask was over the chords that the turn now has."""
        return self._over.get(self._asked) == _chords(turn)

    def forget(self) -> None:
        """What was asked so far is void: those turns will not come."""
        self._arrived, self._void = None, self._asked

    def for_turn(self, turn: Turn) -> tuple[tuple[Idea, ...], float]:
        """The ideas for a turn and the seconds they took; licks, in no time, if none for it have arrived.

        Ideas that were made over other chords than the turn now has are judged beside licks over those it has. If a
        wrong note is to be answered and none of them does, for it came too late, answers are made of them.
        """
        arrived = self._arrived
        if arrived is None or not arrived.ideas or arrived.ideas[0].phrase.start != turn.start:
            return self._licks(turn), 0.0
        fits = self._over.get(arrived.ask) == _chords(turn)
        return self._answering(arrived.ideas, turn) if fits else (*arrived.ideas, *self._licks(turn)), arrived.thinking

    def _licks(self, turn: Turn) -> tuple[Idea, ...]:
        return self._answering(self._fallback.propose(turn, self._seed + turn.start), turn)

    def _answering(self, ideas: tuple[Idea, ...], turn: Turn) -> tuple[Idea, ...]:
        wrong = turn.unresolved
        answered = any(idea.answers(wrong) for idea in ideas)
        return ideas if answered else ideas + mend(ideas, turn, self._seed + turn.start, varied=False)


def _chords(turn: Turn) -> tuple[tuple[int, Chord], ...]:
    """What a turn goes over."""
    return tuple(turn.changes.between(turn.start, turn.end))
