"""Real and virtual time behind one call, the only one that blocks.

Both clocks keep one order: an event stamped up to the moment `until` comes before the wake-up at `until`, a later one
after it. Seconds count from the beginning of the session.
"""

import time
from heapq import heappop, heappush
from typing import Protocol

from sideslip.band.events import Event
from sideslip.stage.inbox import Inbox

monotonic = time.perf_counter
"""Seconds, comparable between the processes of one machine.

The same clock as time.monotonic on Linux and macOS; on Windows it alone is finer than 15 ms.
"""

# s; the longest single wait: on Windows a lock that waits keeps signal handlers from running, elsewhere only where the
# signal comes just before it
_NAP = 0.02
_STANDSTILL = 10_000  # wake-ups without a step in time before a virtual clock calls the band stuck


class Clock(Protocol):
    """What the session waits on."""

    def now(self) -> float:
        """Seconds since the session began."""
        ...

    def wait(self, inbox: Inbox, until: float | None) -> Event | None:
        """The next event, or None once the moment `until` has passed (None: wait for an event however long)."""
        ...


class RealClock:
    """The time of the wall. `origin` is the `monotonic` moment at which the session began (now, unless given)."""

    def __init__(self, origin: float | None = None) -> None:
        self.origin = monotonic() if origin is None else origin

    def now(self) -> float:
        """Seconds since the session began."""
        return monotonic() - self.origin

    def wait(self, inbox: Inbox, until: float | None) -> Event | None:
        """The next event in order of arrival, or None once `until` has passed."""
        while True:
            left = _NAP if until is None else until - self.now()
            event = inbox.take(min(left, _NAP))
            if event is not None and until is not None and event.at > until:
                inbox.put_back(event)
                return None
            if event is not None or left <= 0:
                return event


class StandstillError(RuntimeError):
    """Virtual time cannot go on: a mistake in the band or in a test, never a user's."""


class VirtualClock:
    """Time that jumps to whatever comes next, so that nothing is ever waited for.

    An event of the inbox happens at its own moment `at`, those of one moment in the order in which they were put; one
    stamped in the past happens now. A clock serves one inbox.
    """

    def __init__(self) -> None:
        self._now = 0.0
        self._future: list[tuple[float, int, Event]] = []
        self._count = 0
        self._idle = 0

    def now(self) -> float:
        """Seconds since the session began."""
        return self._now

    def wait(self, inbox: Inbox, until: float | None) -> Event | None:
        """The next event by its moment, or None at `until`.

        Raises StandstillError if nothing can ever happen, or if the same moment is asked for without end.
        """
        while (event := inbox.take()) is not None:
            heappush(self._future, (event.at, self._count, event))
            self._count += 1
        if self._future and (until is None or self._future[0][0] <= until):
            at, _, event = heappop(self._future)
            self._advance(at)
            return event
        if until is None:
            raise StandstillError("nothing can ever happen: no event is to come and the band wants no wake-up")
        self._idle = self._idle + 1 if until <= self._now else 0
        if self._idle > _STANDSTILL:
            raise StandstillError(f"the band wants to be woken at {until:g} s over and over; it is {self._now:g} s")
        self._advance(until)
        return None

    def _advance(self, at: float) -> None:
        self._now = max(self._now, at)
