"""Ideas asked for, ideas arrived, and what to do without them."""

from collections import deque
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

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
"""Asks that are remembered; an answer to an older one comes too late."""

LATELY = 5
"""Answers whose time is remembered."""

Chords = tuple[tuple[int, Chord], ...]


@dataclass(slots=True)
class _Asked:
    """An ask for a turn that starts at a tick, over which chords, and the answer to it."""

    start: int
    chords: Chords
    answer: Ideas | None = None


class Offer(NamedTuple):
    """Ideas for a turn and the seconds they took; `late`: those that were asked for are not there, licks answer."""

    ideas: tuple[Idea, ...]
    thinking: float
    late: bool = False


class Invention:
    """Keeps the newest ideas for each turn that may come. `decide_ahead` is how many seconds before its turn one is
    chosen, `early` (s) sooner than usual."""

    def __init__(self, fallback: Proposer, seed: int, early: float = 0.0) -> None:
        self._fallback, self._seed = fallback, seed
        self.decide_ahead = DECIDE_AHEAD + early
        self._count = self._stale = 0
        self._asked: dict[int, _Asked] = {}  # by number, the newest last
        self._took = deque([USUAL_THINKING], maxlen=LATELY)

    @property
    def thinking(self) -> float:
        """Seconds that the proposer has taken lately: the median, so that one hiccup changes no plan."""
        return median(self._took)

    def first_ask(self, bar: float) -> float:
        """Seconds before a turn at which ideas for it are asked for first, a bar being so many seconds long."""
        return self.decide_ahead + max(bar, 3 * self.thinking)

    def last_ask(self, bar: float) -> float:
        """Seconds before a turn at which ideas for it are asked for, to know as much as can be."""
        return self.decide_ahead + max(LAST_ASK, min(2.5 * self.thinking, bar / 2))

    def ask(self, turn: Turn) -> Ask:
        """Have ideas made for a turn."""
        self._count += 1
        self._asked[self._count] = _Asked(turn.start, _chords(turn))
        self._asked.pop(self._count - KEPT, None)
        return Ask(self._count, turn, self._seed * 1_000_003 + self._count)

    def take(self, ideas: Ideas) -> None:
        """Keep ideas that have arrived for a turn that may still come."""
        self._took.append(ideas.thinking)
        asked = self._asked.get(ideas.ask)
        if asked is not None and ideas.ideas and ideas.ideas[0].phrase.start == asked.start:
            asked.answer = ideas

    def outdated(self) -> None:
        """Something was said, or asked for, that none of the asks so far knows."""
        self._stale = self._count

    def is_known(self, turn: Turn) -> bool:
        """Whether the last ask for a turn knew all that is known now, its chords included."""
        number, asked = next(((n, a) for n, a in self._newest_first() if a.start == turn.start), (0, None))
        return asked is not None and number > self._stale and asked.chords == _chords(turn)

    def forget(self) -> None:
        """What was asked so far is void: those turns will not come."""
        self._asked.clear()

    def for_turn(self, turn: Turn) -> Offer:
        """The ideas for a turn; licks, in no time, if none for it have arrived.

        Ideas that were made over other chords than the turn now has are judged beside licks over those it has. If a
        wrong note is to be answered and none of them does, for it came too late, answers are made of them.
        """
        asked, answer = self._answered(turn.start)
        if asked is None or answer is None:
            return Offer(self._licks(turn), 0.0, late=True)
        fits = asked.chords == _chords(turn)
        ideas = self._answering(answer.ideas, turn) if fits else (*answer.ideas, *self._licks(turn))
        return Offer(ideas, answer.thinking)

    def led_in(self, turn: Turn, line: int) -> Offer:
        """Of the ideas for a turn that begins before its line (tick) those with a note on the line; perhaps none."""
        asked, answer = self._answered(turn.start)
        if asked is None or answer is None or asked.chords != _chords(turn):
            return Offer((), 0.0)
        ideas = (idea for idea in answer.ideas if any(note.onset == line for note in idea.phrase))
        return Offer(tuple(ideas), answer.thinking)

    def _answered(self, start: int) -> tuple[_Asked | None, Ideas | None]:
        """The newest ask for a turn that has been answered."""
        found = (asked for _, asked in self._newest_first() if asked.start == start and asked.answer)
        asked = next(found, None)
        return asked, asked.answer if asked else None

    def _newest_first(self) -> list[tuple[int, _Asked]]:
        return list(reversed(self._asked.items()))

    def _licks(self, turn: Turn) -> tuple[Idea, ...]:
        return self._answering(self._fallback.propose(turn, self._seed + turn.start), turn)

    def _answering(self, ideas: tuple[Idea, ...], turn: Turn) -> tuple[Idea, ...]:
        wrong = turn.unresolved
        answered = any(idea.answers(wrong) for idea in ideas)
        return ideas if answered else ideas + mend(ideas, turn, self._seed + turn.start, varied=False)


def _chords(turn: Turn) -> Chords:
    """What a turn goes over."""
    return tuple(turn.changes.between(turn.start, turn.end))
