"""When messages stand in the cycles of a JACK server, and those that wait to be written. Pure: moments are in s.

A server hands its clients a period of frames at a time, a cycle. What is handed over ahead stands on its own frame of
the cycle in which it is due; what comes too late for that, at the beginning of the next.
"""

from collections import deque
from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import count

_EARLIER, _LATER = 0.2, 0.003  # of what a cycle seems to be off: calls come late, never early
_LOST = 8  # cycles in a row that are late by half of one or more, before it is believed that frames were lost


class Cycle:
    """The cycle being processed; it began at the moment `start` and is over at `end`. `rate` is in frames a second.

    The server's own idea of when a frame is drifts by milliseconds for a second after every trouble; when it calls does
    not.
    """

    def __init__(self, rate: int, frames: int) -> None:
        self._rate = rate
        self._first = self._late = 0
        self.frames = frames
        self.start = self.end = 0.0

    @property
    def length(self) -> float:
        """Seconds from its beginning to its end."""
        return self.frames / self._rate

    def begin(self, now: float, first: int, frames: int) -> None:
        """The server calls for a cycle of so many frames, the first of which has the number `first`, modulo 2**32."""
        expected = self.start + ((first - self._first) & 0xFFFFFFFF) / self._rate
        error = now - expected
        self._late = self._late + 1 if error > self.length / 2 else 0
        if self._late > _LOST or abs(error) > 1.0:
            self._late, self.start = 0, now
        elif self._late:
            self.start = expected
        else:
            self.start = expected + (_EARLIER if error < 0 else _LATER) * error
        self._first, self.frames = first, frames
        self.end = self.start + self.length

    @property
    def last(self) -> float:
        """What is due before this moment is nearer to a frame of this cycle than to the next one's first."""
        return self.end - 0.5 / self._rate

    def frame(self, moment: float) -> int:
        """The frame in this cycle for a moment; its first for one that has gone by."""
        return min(max(0, round((moment - self.start) * self._rate)), self.frames - 1)

    def moment(self, frame: int) -> float:
        """The moment of a frame."""
        return self.start + frame / self._rate


class Waiting:
    """Messages handed over by one thread and taken by another, neither of which ever waits for the other.

    Those of one note stay in the order in which they were handed over, a controller comes after all before it, all else
    when it is due. An end that is due no later than its note takes back a note that was not yet taken, and itself.
    """

    def __init__(self) -> None:
        self._arrived: deque[_Message] = deque()
        self._latest: dict[int, float] = {}  # the moment of the latest message of a note
        self._last = 0.0
        self._heap: list[tuple[float, int, _Message]] = []
        self._strikes: dict[int, _Message] = {}  # of each note the latest in the heap
        self._count = count()

    def __bool__(self) -> bool:
        return bool(self._arrived or self._heap)

    def put(self, data: bytes, due: float) -> None:
        """Hand a message over."""
        key, at = _note(data), due
        if key is not None:
            at = self._latest[key] = max(due, self._latest.get(key, due))
        elif data[0] & 0xF0 == 0xB0:
            at = max(due, self._last)
        self._last = max(at, self._last)
        self._arrived.append(_Message(at, due, data, key))

    def take(self, until: float) -> Iterator["_Message"]:
        """What is due before a moment, in order; each has gone once the next is asked for."""
        while self._arrived:
            self._admit(self._arrived.popleft())
        while self._heap and self._heap[0][0] < until:
            message = self._heap[0][2]
            if not message.dropped:
                yield message
            heappop(self._heap)
            if message.key is not None and self._strikes.get(message.key) is message:
                del self._strikes[message.key]

    def _admit(self, message: "_Message") -> None:
        if message.key is not None:
            if message.data[0] & 0xF0 == 0x90:
                self._strikes[message.key] = message
            elif (strike := self._strikes.pop(message.key, None)) is not None and message.at <= strike.at:
                strike.dropped = True
                return
        heappush(self._heap, (message.at, next(self._count), message))


class _Message:
    __slots__ = ("at", "data", "dropped", "due", "key")

    def __init__(self, at: float, due: float, data: bytes, key: int | None) -> None:
        self.at, self.due, self.data, self.key = at, due, data, key
        self.dropped = False


def _note(data: bytes) -> int | None:
    """Which note a message begins or ends; None for any other."""
    return (data[0] & 0x0F) << 7 | data[1] if data[0] & 0xE0 == 0x80 else None
