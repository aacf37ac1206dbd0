"""What is to be done when: appointments in beats, so that they move with the tempo."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import inf

from sideslip.band.events import Command
from sideslip.listen.tempo import TempoMap

Act = Callable[[float], Iterator[Command]]
"""Something to do at a moment (s)."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """`lead` seconds before a beat, but not before the moment `earliest` (s)."""

    beat: float
    lead: float = 0.0
    earliest: float = -inf

    def moment(self, tempo: TempoMap) -> float:
        """The moment (s) at a tempo."""
        return max(self.earliest, tempo.seconds(self.beat) - self.lead)


class Agenda:
    """At most one appointment for each act; a new one takes the place of the old."""

    def __init__(self) -> None:
        self._kept: dict[Act, Appointment] = {}
        self._latest = -inf

    def plan(self, act: Act, beat: float, lead: float = 0.0, earliest: float = -inf) -> None:
        """Have an act done `lead` seconds before a beat, not before `earliest` (s)."""
        self._kept[act] = Appointment(beat, lead, earliest)

    def postpone(self, earliest: float, *acts: Act) -> None:
        """Have these, as far as they are planned, done not before a moment (s)."""
        for act in acts:
            if (kept := self._kept.get(act)) is not None:
                self._kept[act] = replace(kept, earliest=max(kept.earliest, earliest))

    def drop(self, *acts: Act) -> None:
        """Have these not done."""
        for act in acts:
            self._kept.pop(act, None)

    def has(self, *acts: Act) -> bool:
        """Whether one of these is planned."""
        return any(act in self._kept for act in acts)

    def clear(self) -> None:
        """Nothing is to be done any more."""
        self._kept.clear()

    def next(self, tempo: TempoMap) -> float | None:
        """The moment (s) of the next appointment."""
        return min((kept.moment(tempo) for kept in self._kept.values()), default=None)

    def take(self, tempo: TempoMap, at: float) -> tuple[Act, float] | None:
        """The first act that is due at a moment (s), with the moment it was due, never before that of the last one; it
        is planned no more."""
        due = [(kept.moment(tempo), act) for act, kept in self._kept.items()]
        moment, act = min(due, key=lambda one: one[0], default=(inf, None))
        if act is None or moment > at:
            return None
        del self._kept[act]
        self._latest = max(self._latest, moment)
        return act, self._latest
