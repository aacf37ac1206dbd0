"""The one place where everything that happens to the band lands."""

from queue import Empty, SimpleQueue

from sideslip.band.events import Event


class Inbox:
    """Events in order of arrival, from any thread, driver callback or signal handler.

    `put` only appends and never blocks. One reader: the clock.
    """

    def __init__(self) -> None:
        self._arrived: SimpleQueue[Event] = SimpleQueue()  # its put() is reentrant: safe even in a signal handler
        self._returned: list[Event] = []

    def put(self, event: Event) -> None:
        """Append an event."""
        self._arrived.put(event)

    def take(self, timeout: float = 0.0) -> Event | None:
        """The next event, waiting up to `timeout` seconds for it; None if none came."""
        if self._returned:
            return self._returned.pop()
        try:
            return self._arrived.get(timeout > 0, max(0.0, timeout))
        except Empty:
            return None

    def put_back(self, event: Event) -> None:
        """Return an event just taken: it is the next again."""
        self._returned.append(event)
