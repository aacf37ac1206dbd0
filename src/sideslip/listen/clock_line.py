"""The steady line through the clocks of a MIDI clock: which falls when, whatever jitters, is missing or comes twice."""

from collections import deque
from math import inf, sqrt

import numpy as np

# clocks that a line goes through: 6 tell a tempo to 2 % through a jitter of 4 ms, 96 to 0.1 %
_LONGEST, _FEWEST = 96, 6
_FIRST = 3  # that are enough where the tempo is known from before
_SETTLED = 24  # clocks from which on a fit at every fourth is enough, and nothing before them counts
_TRUSTED = 96.0  # what a tempo from before counts for: as much as some ten clocks
_LATEST = 6  # clocks in a row that must be off the line, on one side, before the tempo has changed
_AGREED = 8  # and that must be off it alike before one was missing or double
_ALIKE = 0.35  # clocks by which the first and the last three of the former may differ in it: more is a change of tempo
_WHOLE = 0.3  # and that all of it may be away from whole clocks
_UNIFORM = 2 / sqrt(3)  # from the median of what is off to its deviation, were it spread evenly
_SILENCE = 3.5  # clocks after the last one: from here on nobody doubts that some are missing


class ClockLine:
    """The steady line through the latest clocks. Clocks `shortest` seconds apart are no clock.

    It puts the count right after a clock that is missing or came twice, and forgets what was when the tempo changes.
    """

    def __init__(self, shortest: float) -> None:
        self._shortest = shortest
        self._numbers: deque[int] = deque(maxlen=_LONGEST)
        self._moments: deque[float] = deque(maxlen=_LONGEST)
        self._off: deque[float] = deque(maxlen=_AGREED)
        self._middle = self._mean = self._spread = 0.0
        self._before = 0.0  # seconds from clock to clock as they were; 0 where nothing from before counts
        self._begins = False  # whether the line does, with a clock that hosts often send late
        self._counted = 0  # clocks since a transport began
        self._silences = 0  # in a row
        self._heard = -inf  # the moment of the latest clock, counted or not
        self._flooded = False  # whether what comes is no clock
        self.gap = 0.0
        """Seconds from clock to clock; 0 while unknown."""

    def moment(self, number: float) -> float:
        """When the clock of this number falls (s); makes sense once `gap` is known."""
        return self._mean + (number - self._middle) * self.gap

    def cease(self) -> None:
        """No clock is heard any more; should one come again, it will be the first of a line at the tempo that was."""
        self._before, self.gap, self._flooded = self.gap or self._before, 0.0, False
        for kept in (self._numbers, self._moments, self._off):
            kept.clear()

    def hear(self, at: float, begins: bool = False) -> int:
        """The number of the clock that came at this moment; `begins`: a transport goes on with it.

        Every clock counts for one, for jitter makes single ones look missing or double; where several in a row agree
        that one was, their numbers are put right. But with the first clock of a transport counting begins: it is on the
        line as it was, if clocks have run on while the transport stood, or else on one anew at the tempo that was.
        """
        crowded, self._heard = at - self._heard < self._shortest, at
        self._counted = 0 if begins else self._counted + 1
        if begins and not self._is_on_line(at):
            self.cease()
            self._begins = True
        elif self._flooded and crowded:
            return self._numbers[-1]
        number = self._numbers[-1] + 1 if self._numbers else 0
        if self.gap and (begins or self._flooded):
            number, self._flooded = self._nearest(at), False
        elif self.gap and min(at - self._moments[-1], at - self.moment(number - 1)) > _SILENCE * self.gap:
            number = self._after_silence(at, number)
        else:
            self._silences = 0
        if self.gap:
            self._off.append(at - self.moment(number))
        self._take(number, at)
        self._judge()
        return self._numbers[-1]

    @property
    def _jitter(self) -> float:
        """Seconds by which a clock may be off the line without meaning it."""
        return 1.7 * self._spread + 0.0005

    def _nearest(self, at: float) -> int:
        return round(self._middle + (at - self._mean) / self.gap)

    def _is_on_line(self, at: float) -> bool:
        """Whether a clock is on the line, and so was the one before."""
        known = self.gap > 0 and not self._is_off(1)
        return known and abs(at - self.moment(self._nearest(at))) <= self._jitter

    def _after_silence(self, at: float, number: int) -> int:
        """The number of a clock before which some are missing; or, where that has become the rule, the tempo fell."""
        self._silences += 1
        if self._silences < _LATEST:
            return number + round((at - self.moment(number)) / self.gap)
        self._silences, self.gap, self._before = 0, 0.0, 0.0
        self._off.clear()
        self._moments = deque(list(self._moments)[1 - _LATEST :], maxlen=_LONGEST)
        self._numbers = deque(range(number - len(self._moments), number), maxlen=_LONGEST)
        return number

    def _judge(self) -> None:
        """Whether the latest clocks were none, were counted wrongly, or came at another tempo: then only they count."""
        if not self._is_off(_LATEST):
            return
        latest = list(self._off)[-_LATEST:]
        first, last = sum(latest[:3]) / 3 / self.gap, sum(latest[3:]) / 3 / self.gap
        wrong = round((first + last) / 2)
        miscounted = wrong and abs((first + last) / 2 - wrong) < _WHOLE and abs(last - first) <= _ALIKE
        if self._moments[-1] - self._moments[-_LATEST] < (_LATEST - 1) * self._shortest:
            self._forget(_LATEST)
            self._flooded = True
        elif not miscounted or self._counted < _SETTLED:
            self._keep(_LATEST)
        elif self._is_off(_AGREED):
            self._renumber(wrong)

    def _is_off(self, count: int) -> bool:
        """Whether so many clocks in a row were off the line by more than jitter explains, on one side."""
        latest = list(self._off)[-count:]
        return len(latest) == count and (min(latest) > self._jitter or max(latest) < -self._jitter)

    def _forget(self, latest: int) -> None:
        """The latest clocks were none."""
        for _ in range(latest):
            self._numbers.pop()
            self._moments.pop()
        self._off.clear()

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
        self._before = 0.0
        self._off.clear()
        self._fit()

    def _take(self, number: int, at: float) -> None:
        self._numbers.append(number)
        self._moments.append(at)
        if (len(self._numbers) < _SETTLED or number % 4 == 0) and not self._is_off(2):
            self._fit()

    def _compare(self, first: float, second: float, third: float) -> None:
        """The tempo from before with that of the first clocks, should it have been changed while nothing was heard."""
        mean = (third - first) / 2
        if self._before and abs(mean - self._before) > self._jitter and abs(mean - (second - first)) < self._jitter:
            self._before = mean

    def _fit(self) -> None:
        """Least squares through the clocks kept, and while they are few the tempo from before."""
        if self._begins and len(self._numbers) == _FIRST + 1:
            self._begins = False
            self._numbers.popleft()
            self._moments.popleft()
            self._compare(*self._moments)
        count = len(self._numbers)
        if self._begins or count < (_FIRST if self._before else _FEWEST):
            return
        if count >= _SETTLED:
            self._before = 0.0
        trusted = _TRUSTED if self._before else 0.0
        numbers, moments = np.array(self._numbers, dtype=np.float64), np.array(self._moments)
        self._middle, self._mean = float(numbers.mean()), float(moments.mean())
        x, y = numbers - self._middle, moments - self._mean
        self.gap = (float(x @ y) + trusted * self._before) / (float(x @ x) + trusted)
        if count >= _FEWEST:
            self._spread = _UNIFORM * float(np.median(np.abs(y - self.gap * x)))  # one very late clock means nothing
        if self.gap < self._shortest:
            self.gap = 0.0
            self._off.clear()
            self._numbers, self._moments = deque([self._numbers[-1]], _LONGEST), deque([self._moments[-1]], _LONGEST)
