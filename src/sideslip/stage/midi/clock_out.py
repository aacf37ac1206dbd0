"""MIDI clock out: 24 clocks a quarter and the transport, each at its own moment, by the beat that the band goes by.

As hardware sequencers do, clocks run from when a tempo is known, also before the music begins and while it stands, so
that receivers settle on it. The music begins with a start; the clock after it is beat 1 of bar 1. Where bar 1 begins
with the player's first note, that was heard a moment ago: both go out at once, and from the second clock on all are in
time. Where it began longer ago, a song position and a continue lead in at the next sixteenth.

A tempo that bends moves the clocks to come: none is left out, sent twice or taken back.
"""

from dataclasses import dataclass
from math import ceil

from sideslip.listen.clock_messages import (
    CLOCK,
    CLOCKS_A_SIXTEENTH,
    CLOCKS_A_WHOLE,
    CONTINUE,
    START,
    STOP,
    song_position,
)
from sideslip.listen.tempo import TempoMap
from sideslip.stage.schedule import Cue

CLOCKS = "clocks"
"""The part whose cues these are."""

APART = 0.001
"""Seconds from a start or continue to its clock, for receivers to be ready, and at least from one clock to the next."""

LATE = 0.5
"""Clocks by which the first one may be late and still be the first."""

MISSED = 1.0
"""Beats of clocks that are made up for; after a longer gap, because the machine slept, the transport goes on anew."""


@dataclass(frozen=True, slots=True)
class ClockWish:
    """A clock is wanted: `unit` is the lower number of the metre, `bpm` the beats a minute before the music begins,
    None where nobody knows them yet."""

    unit: int
    bpm: float | None


class ClockOut:
    """Knows which message is due when; without a wish none ever is. Pure: moments are arguments, in seconds."""

    def __init__(self, wish: ClockWish | None, now: float) -> None:
        self._clocks_a_beat = CLOCKS_A_WHOLE / wish.unit if wish else 0.0
        self._tempo = TempoMap(wish.bpm, now) if wish and wish.bpm else None
        self._next = 0  # the number of the next clock, that of beat 0 being 0
        self._cued: int | None = None  # the clock with which the transport begins or goes on
        self._runs = False  # whether it does, over there
        self._at_once: list[bytes] = []  # stops and song positions that are to go before anything else
        self._ready = now  # nothing else goes before this moment

    def next_due(self, ahead: float = 0.0) -> float | None:
        """The moment of the next message, where messages are handed over so many seconds ahead; None if there is none
        to come. Clocks before the music are not handed over ahead, for the start must not have to wait for them."""
        if self._at_once or self._tempo is None:
            return self._ready if self._at_once else None
        return self._coming(self._tempo)[0] + (0.0 if self._is_music else ahead)

    def due(self, now: float, until: float) -> list[Cue]:
        """The messages due up to `until`, in order, of which those that are late go out `now`."""
        cues = []
        made_up = MISSED * self._clocks_a_beat if self._is_music else LATE
        if self._tempo is not None and self._number(now) - self._next > made_up:
            self.go_on(now)
        if self._at_once:
            cues = [Cue(now, CLOCKS, message) for message in self._at_once]
            self._at_once.clear()
        horizon = until if self._is_music else now + APART
        while self._tempo is not None and (coming := self._coming(self._tempo))[0] <= horizon:
            due, status = coming
            cues.append(Cue(due, CLOCKS, bytes((status,))))
            self._ready = max(due, now) + APART
            if status == CLOCK:
                self._next += 1
            else:
                self._cued, self._runs = None, True
        return cues

    def keep(self, tempo: TempoMap | None, now: float) -> None:
        """Go by this map from now on; None: the music stands, and clocks go on at the tempo that they have."""
        if tempo is None:
            self._at_once = [bytes((STOP,))] if self._runs else []
            self._cued, self._runs = None, False
        elif self._is_music:
            self._tempo = tempo
        else:
            self._tempo = tempo
            self._cue(now)

    def go_on(self, now: float) -> None:
        """Receivers have missed clocks: tell them anew where we are."""
        if self._is_music:
            self._runs = False
            self._cue(now)
            self._at_once.insert(0, bytes((STOP,)))
        elif self._tempo is not None:
            self._next = ceil(self._number(now))

    def stop(self, now: float) -> list[Cue]:
        """What is to be sent before leaving."""
        stops = self._runs or bytes((STOP,)) in self._at_once
        return [Cue(now, CLOCKS, bytes((STOP,)))] if stops else []

    @property
    def _is_music(self) -> bool:
        """Whether the transport runs or is about to."""
        return self._runs or self._cued is not None

    def _cue(self, now: float) -> None:
        """Have the transport begin with clock 0 if that can be, else with the next sixteenth."""
        self._ready = max(self._ready, now)
        number = self._number(self._ready)
        self._next = 0 if 0 <= number <= LATE else ceil(number)
        sixteenth = max(0, ceil(self._next / CLOCKS_A_SIXTEENTH))
        self._cued = sixteenth * CLOCKS_A_SIXTEENTH
        self._at_once = [song_position(sixteenth)] if sixteenth else []

    def _number(self, now: float) -> float:
        """How many clocks after beat 0 it is at a moment."""
        assert self._tempo is not None, "a tempo is known"
        return self._tempo.beat(now) * self._clocks_a_beat

    def _coming(self, tempo: TempoMap) -> tuple[float, int]:
        """The next clock, or start or continue, and its moment."""
        moment = tempo.seconds(self._next / self._clocks_a_beat)
        if self._next != self._cued:
            return max(moment, self._ready), CLOCK
        return max(moment - APART, self._ready), CONTINUE if self._cued else START
