"""Our own notes that come back over a cable, a DAW's monitoring or a synth's thru. Pure: moments are arguments, in s.

What comes back soon and as it was sent is known for what it is. What comes back later, transposed or on another channel
is learnt: no player follows five of our notes in a row at one interval, as loud and at one distance in time. While far
more comes in than we send, all of it is the player's.
"""

from collections import deque
from dataclasses import dataclass, field
from itertools import takewhile

ECHO = 0.13
"""Seconds in which one of our own notes may come back unchanged and is known for it: a JACK round trip is 3 ms, a DAW's
50. A player who strikes the same key exactly as loud within it is not heard."""

_EARLY = 0.03  # s by which it may seem to come before it was due: what a JACK period holds is read when it begins
_LONGEST = 0.4  # s that a way round may take and still be learnt
_STEADY = 0.03  # s by which one note's way round may differ from the next one's: a period of 1024 frames is 21 ms
_RUN, _PITCHES = 5, 3  # notes in a row, and different pitches among them, after which a way round is believed
_BROKEN = 4  # notes in a row that do not come back, after which it is not any more
_CROWD = 20  # notes within `_LONGEST` beside as many as we sent, beyond which chance finds ways round everywhere
_KEPT = 64  # of our notes on a channel
_MOST = 300  # ways kept while none is believed: those that notes seem to have taken in some seconds

_Way = tuple[int, int, int]
"""A way round: the channel sent on, the channel heard on, the interval between in semitones."""


@dataclass(slots=True)
class _Sent:
    at: float
    number: int  # counts the notes of its channel
    pitch: int
    velocity: int
    returned: set[_Way] = field(default_factory=set)


@dataclass(slots=True)
class _Trail:
    """What came back by a way."""

    delay: float
    last: int  # the number of the latest note
    pitches: deque[int] = field(default_factory=lambda: deque(maxlen=_RUN))  # of the latest run of them
    believed: bool = False

    def add(self, sent: _Sent, delay: float) -> None:
        if sent.number != self.last + 1 or abs(delay - self.delay) > _STEADY:
            self.pitches.clear()
        self.delay, self.last = delay, sent.number
        self.pitches.append(sent.pitch)
        self.believed = self.believed or (len(self.pitches) == _RUN and len(set(self.pitches)) >= _PITCHES)


class Echo:
    """Knows our own notes when they come back; notes are channel, pitch, velocity."""

    def __init__(self) -> None:
        self._sent: dict[int, deque[_Sent]] = {}  # the latest notes of each channel
        self._counts: dict[int, int] = {}
        self._trails: dict[_Way, _Trail] = {}
        self._open: dict[tuple[int, int], int] = {}  # notes that came back and have not ended yet
        self._heard: deque[float] = deque()  # when the latest notes began, whosever they are

    def sent(self, at: float, channel: int, pitch: int, velocity: int) -> None:
        """Take down a note that we strike."""
        number = self._counts[channel] = self._counts.get(channel, 0) + 1
        self._sent.setdefault(channel, deque(maxlen=_KEPT)).append(_Sent(at, number, pitch, velocity))

    def strikes(self, at: float, channel: int, pitch: int, velocity: int) -> bool:
        """Whether a note that begins is one of ours come back."""
        if self._is_crowd(at):
            return False
        known = self._is_known(at, channel, pitch, velocity)
        if known:
            self._open[channel, pitch] = self._open.get((channel, pitch), 0) + 1
        else:
            self._learn(at, channel, pitch, velocity)
        return known

    def ends(self, channel: int, pitch: int) -> bool:
        """Whether a note that ends is one of ours come back."""
        left = self._open.get((channel, pitch), 0)
        if left:
            self._open[channel, pitch] = left - 1
        return left > 0

    def clear(self) -> None:
        """Nothing will end that came back: the way in is gone."""
        self._open.clear()

    def _is_crowd(self, at: float) -> bool:
        """Whether so much comes in that it is no cable that brings it."""
        self._heard.append(at)
        while self._heard[0] < at - _LONGEST:
            self._heard.popleft()
        return len(self._heard) > _CROWD and len(self._heard) > _CROWD + sum(
            len(self._recent(channel, at)) for channel in self._sent
        )

    def _is_known(self, at: float, channel: int, pitch: int, velocity: int) -> bool:
        unchanged = channel, channel, 0
        if self._match(unchanged, at, pitch, velocity, -_EARLY, ECHO) is not None:
            return True
        for way, trail in self._trails.items():
            trail.believed = trail.believed and self._overdue(way, trail, at) < _BROKEN
            if not trail.believed or way[1] != channel:
                continue
            delays = trail.delay - _STEADY, trail.delay + _STEADY
            if (sent := self._match(way, at, pitch, velocity, *delays)) is not None:
                trail.add(sent, at - sent.at)
                return True
        return False

    def _match(self, way: _Way, at: float, pitch: int, velocity: int, soonest: float, latest: float) -> _Sent | None:
        """The note that comes back by a way between two delays; each does once."""
        for sent in self._recent(way[0], at):
            alike = sent.pitch + way[2] == pitch and sent.velocity == velocity
            if alike and soonest <= at - sent.at <= latest and way not in sent.returned:
                sent.returned.add(way)
                return sent
        return None

    def _recent(self, channel: int, at: float) -> list[_Sent]:
        """Our notes that could come back, oldest first."""
        notes = takewhile(lambda sent: at - sent.at <= _LONGEST, reversed(self._sent.get(channel, ())))
        return list(notes)[::-1]

    def _overdue(self, way: _Way, trail: _Trail, at: float) -> int:
        """How many notes should have come back by a way since the latest that did."""
        due = at - trail.delay - _STEADY
        return sum(sent.number > trail.last and sent.at < due for sent in self._sent[way[0]])

    def _learn(self, at: float, channel: int, pitch: int, velocity: int) -> None:
        """Every way by which a note could have come back."""
        for source in self._sent:
            for way in {(source, channel, pitch - sent.pitch) for sent in self._recent(source, at)}:
                sent = self._match(way, at, pitch, velocity, -_EARLY, _LONGEST)
                if sent is not None and way in self._trails:
                    self._trails[way].add(sent, at - sent.at)
                elif sent is not None:
                    self._trails[way] = _Trail(at - sent.at, sent.number, deque([sent.pitch], maxlen=_RUN))
        if len(self._trails) > _MOST:
            self._trails = {way: trail for way, trail in self._trails.items() if trail.believed}
