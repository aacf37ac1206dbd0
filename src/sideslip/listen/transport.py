"""A MIDI clock's beat: start, stop, continue and song position, and a tempo that 24 clocks a quarter tell.

Source of the messages and what they mean: MIDI 1.0, system real time messages and song position pointer.
"""

from collections import deque
from math import inf

import numpy as np

from sideslip.listen.quantise import PUSH_SECONDS
from sideslip.listen.tempo import FASTEST, SLOWEST, TempoMap

CLOCK, START, CONTINUE, STOP, POSITION, RESET = 0xF8, 0xFA, 0xFB, 0xFC, 0xF2, 0xFF
CLOCKS_A_WHOLE, CLOCKS_A_SIXTEENTH = 96, 6

STANDING = 2.0
"""Beats without a clock after which the transport counts as standing."""

# clocks that a line goes through: 6 tell a tempo to 2 % through a jitter of 4 ms, 96 to 0.1 %
_LONGEST, _FEWEST = 96, 6
_SETTLED = 24  # clocks from which on a fit at every fourth is enough
_LATEST = 6  # clocks in a row that must be off the line, on one side, before the tempo has changed
_AGREED = 8  # and that must be off it alike before one was missing or double
_ALIKE = 0.35  # clocks by which the first and the last three of the former may differ in it: more is a change of tempo
_SILENCE = 3.5  # clocks after the last one: from here on nobody doubts that some are missing
_OFF, _BENT = 0.001, 5e-4  # s and part of the tempo by which the map may be off the clock at a beat
_FAR = 0.003  # s by which it may be off at any clock


class ClockLine:
    """The steady line through the latest clocks: which clock falls when.

    It puts the count right after a clock that is missing or came twice, and forgets what was when the tempo changes.
    """

    def __init__(self) -> None:
        self._numbers: deque[int] = deque(maxlen=_LONGEST)
        self._moments: deque[float] = deque(maxlen=_LONGEST)
        self._off: deque[float] = deque(maxlen=_AGREED)
        self._middle = self._mean = self._spread = 0.0
        self.gap = 0.0
        """Seconds from clock to clock; 0 while unknown."""

    def moment(self, number: float) -> float:
        """When the clock of this number falls (s); makes sense once `gap` is known."""
        return self._mean + (number - self._middle) * self.gap

    def hear(self, at: float) -> int:
        """The number of the clock that came at this moment.

        Every clock counts for one, for jitter makes single ones look missing or double; where several in a row agree
        that one was, their numbers are put right.
        """
        number = self._numbers[-1] + 1 if self._numbers else 0
        if self.gap and min(at - self._moments[-1], at - self.moment(number - 1)) > _SILENCE * self.gap:
            number += round((at - self.moment(number)) / self.gap)
        if self.gap:
            self._off.append(at - self.moment(number))
        self._take(number, at)
        self._judge()
        return self._numbers[-1]

    def _judge(self) -> None:
        """Whether the latest clocks were counted wrongly, or came at another tempo: then only they count."""
        if not self._is_off(_LATEST):
            return
        latest = list(self._off)[-_LATEST:]
        first, last = sum(latest[:3]) / 3, sum(latest[3:]) / 3
        wrong = round((first + last) / 2 / self.gap)
        if not wrong or abs(last - first) > _ALIKE * self.gap:
            self._keep(_LATEST)
        elif self._is_off(_AGREED):
            self._renumber(wrong)

    def _is_off(self, count: int) -> bool:
        """Whether so many clocks in a row were off the line by more than jitter explains, on one side."""
        latest, limit = list(self._off)[-count:], 1.7 * self._spread + 0.0005
        return len(latest) == count and (min(latest) > limit or max(latest) < -limit)

    def _renumber(self, wrong: int) -> None:
        numbers = list(self._numbers)
        for place in range(max(0, len(numbers) - _AGREED), len(numbers)):
            numbers[place] += wrong
        self._numbers = deque(numbers, maxlen=_LONGEST)
        self._off.clear()
        self._fit()

    def _keep(self, latest: int) -> None:
        self._numbers = deque(list(self._numbers)[-latest:], maxlen=_LONGEST)
        self._moments = deque(list(self._moments)[-latest:], maxlen=_LONGEST)
        self._off.clear()
        self._fit()

    def _take(self, number: int, at: float) -> None:
        self._numbers.append(number)
        self._moments.append(at)
        if (len(self._numbers) < _SETTLED or number % 4 == 0) and not self._is_off(2):
            self._fit()

    def _fit(self) -> None:
        """Least squares through the clocks kept."""
        if len(self._numbers) < _FEWEST:
            return
        numbers, moments = np.array(self._numbers, dtype=np.float64), np.array(self._moments)
        self._middle, self._mean = float(numbers.mean()), float(moments.mean())
        x, y = numbers - self._middle, moments - self._mean
        self.gap = float(x @ y) / float(x @ x)
        self._spread = float(np.std(y - self.gap * x))


class Clocked:
    """Follows a MIDI clock. `unit` is the lower number of the metre: a beat of x/8 is 12 clocks.

    The beat begins with the first clock after a start (at beat 0) or a continue (at the standing position, which a song
    position pointer sets), as soon as 6 clocks have told a tempo. A clock that runs without either tells a tempo
    (`clock_bpm`), but no bar: there is no beat, for many devices send clocks all the time, also while they stand. A
    clock that ceases keeps its tempo for `STANDING` beats, then counts as stopped, and as continued when it comes
    again. What is played from a push before that first clock on is music. Outside 20 to 400 beats a minute there is
    no beat.
    """

    def __init__(self, unit: int) -> None:
        self._clocks_a_beat = CLOCKS_A_WHOLE / unit
        self._line = ClockLine()
        self._last = -inf  # the moment of the latest clock
        self._runs = False
        self._next = 0  # the position, in clocks, that the next clock begins, while `_zero` is not known
        self._zero: int | None = None  # the number on the line of the clock at position 0
        self._number = 0
        self.since: float | None = None
        self._steered = -inf  # the beat at which the map was last bent
        self.tempo: TempoMap | None = None
        self.epoch = 0

    @property
    def clock_bpm(self) -> float | None:
        """Beats a minute of the clock, whether or not the transport runs; None while unknown."""
        return 60 / (self._line.gap * self._clocks_a_beat) if self._line.gap > 0 else None

    @property
    def wake_at(self) -> float | None:
        """When a running clock that is not heard any more counts as standing."""
        return self._until if self._runs and self._line.gap > 0 else None

    @property
    def _until(self) -> float:
        return self._last + STANDING * self._clocks_a_beat * self._line.gap

    def woken(self, at: float) -> None:
        """A clock that has ceased stands, and goes on from there when it comes again."""
        if self._line.gap > 0 and at >= self._until:
            self._cease()

    def _cease(self) -> None:
        self._stand()
        self._line = ClockLine()

    def hear(self, at: float, message: bytes) -> None:
        """Clocks and transport; all else means nothing here."""
        if self._line.gap > 0 and at > self._until:  # at that very moment a clock is still in time
            self._cease()
        status = message[0] if message else 0
        if status == CLOCK:
            self._clock(at)
        elif status in (START, RESET):
            self._move(0, runs=status == START)
        elif status in (CONTINUE, STOP):
            self._stand()
            self._runs = status == CONTINUE
        elif status == POSITION and len(message) == 3:
            self._move(CLOCKS_A_SIXTEENTH * (message[1] | message[2] << 7), self._runs)

    def _stand(self) -> None:
        """Keep the position: the next clock is the one after the last."""
        if self._zero is not None:
            self._move(self._number + 1 - self._zero, self._runs)

    def _move(self, clocks: int, runs: bool) -> None:
        self._next, self._runs, self._zero, self.tempo = clocks, runs, None, None

    def _clock(self, at: float) -> None:
        self._number, self._last = self._line.hear(at), at
        if self._runs and self._zero is None:
            self._zero = self._number - self._next
            self.since = at - PUSH_SECONDS
        bpm = self.clock_bpm
        if self._zero is None or bpm is None:
            return
        beat = (self._number - self._zero) / self._clocks_a_beat
        moment = self._line.moment(self._number)
        if not SLOWEST <= bpm <= FASTEST:
            self.tempo = None
        elif self.tempo is None:
            self.tempo, self._steered = TempoMap(bpm, moment - beat * 60 / bpm), beat
            self.epoch += 1
        else:
            self._steer(at, beat + (at - moment) * bpm / 60, bpm)

    def _steer(self, at: float, beat: float, bpm: float) -> None:
        """Bend the map to the line, where it matters: each beat if it is a little off, sooner if it is far off."""
        assert self.tempo is not None
        off = abs(self.tempo.astray(at, beat, bpm))
        slow = off > _OFF or abs(self.tempo.bpm / bpm - 1) > _BENT
        since = abs(beat - self._steered)
        if (since >= 1 and slow) or (since >= 0.25 and off > _FAR):
            self.tempo, self._steered = self.tempo.steered(at, beat, bpm, over=1.0), beat
