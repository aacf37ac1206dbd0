"""A MIDI clock's beat: start, stop, continue and song position, and a tempo that 24 clocks a quarter tell."""

from math import inf

from sideslip.listen.clock_line import ClockLine
from sideslip.listen.clock_messages import (
    CLOCK,
    CLOCKS_A_SIXTEENTH,
    CLOCKS_A_WHOLE,
    CONTINUE,
    POSITION,
    RESET,
    START,
    STOP,
)
from sideslip.listen.quantise import PUSH_SECONDS
from sideslip.listen.tempo import FASTEST, SLOWEST, TempoMap

STANDING = 2.0
"""Beats without a clock after which the transport counts as standing."""

_TOO_FAST = 0.75  # of the gap at the fastest tempo: what comes faster is noise
_HERE = 3  # clocks before its sixteenth at which a position is told already
_OFF, _BENT = 0.001, 5e-4  # s and part of the tempo by which the map may be off the clock at a beat
_FAR = 0.003  # s by which it may be off at any clock


class Clocked:
    """Follows a MIDI clock. `unit` is the lower number of the metre: a beat of x/8 is 12 clocks.

    The beat begins with the first clock after a start (at beat 0) or a continue (at the standing position, which a song
    position pointer sets), as soon as 7 clocks have told a tempo, or 4 where one is known from before. A clock that
    runs without either tells a tempo (`clock_bpm`), but no bar: there is no beat, for many devices send clocks all the
    time, also while they stand. A clock that ceases keeps its tempo for `STANDING` beats, then counts as stopped, and
    as continued when it comes again. A position that is told, or a continue, while it runs is a jump where it is
    another place, as hosts jump in a cycle, and nothing where it is this one. What is played from a push before the
    first clock on is music. Outside 20 to 400 beats a minute there is no beat.
    """

    def __init__(self, unit: int) -> None:
        self._clocks_a_beat = CLOCKS_A_WHOLE / unit
        self._line = ClockLine(shortest=_TOO_FAST * 60 / FASTEST / self._clocks_a_beat)
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
        self._line.cease()

    def hear(self, at: float, message: bytes) -> None:
        """Clocks and transport; all else means nothing here."""
        if self._line.gap > 0 and at > self._until:  # at that very moment a clock is still in time
            self._cease()
        status = message[0] if message else 0
        if status == CLOCK:
            self._clock(at)
        elif status in (START, RESET):
            self._move(0, runs=status == START)
        elif status == STOP or (status == CONTINUE and not self._runs):
            self._stand()
            self._runs = status == CONTINUE
        elif status == POSITION and len(message) == 3:
            self._locate(CLOCKS_A_SIXTEENTH * (message[1] | message[2] << 7))

    def _locate(self, clocks: int) -> None:
        """Go on elsewhere: but some hosts tell where they are as they pass, in sixteenths, and that changes nothing."""
        ahead = None if self._zero is None else self._number + 1 - self._zero - clocks
        if not self._runs or ahead is None or not -_HERE < ahead < CLOCKS_A_SIXTEENTH:
            self._move(clocks, self._runs)

    def _stand(self) -> None:
        """Keep the position: the next clock is the one after the last."""
        if self._zero is not None:
            self._move(self._number + 1 - self._zero, self._runs)

    def _move(self, clocks: int, runs: bool) -> None:
        self._next, self._runs, self._zero, self.tempo = clocks, runs, None, None

    def _clock(self, at: float) -> None:
        self._number, self._last = self._line.hear(at, begins=self._runs and self._zero is None), at
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
