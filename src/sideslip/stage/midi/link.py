"""Ableton Link as a MIDI clock: a shared timeline, told in the messages that everybody here understands.

Link shares tempo, beat and phase; how long a bar is, every peer says for itself, here it is the chart's. Bar 1 is the
first downbeat after joining. Peers that share start and stop begin it anew: at the first downbeat from their start on;
with their stop we stop. Should we join another session on the way, the bars go on from its next downbeat.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from typing import Any

from sideslip.band.events import Heard
from sideslip.errors import SettingError
from sideslip.listen.clock_messages import CLOCK, CLOCKS_A_SIXTEENTH, CONTINUE, START, STOP, song_position
from sideslip.music.meter import Meter
from sideslip.stage.clock import RealClock, monotonic
from sideslip.stage.inbox import Inbox

CLOCKS_A_QUARTER = 24

BROKEN = 6.0
"""Clocks between where a timeline is and where it should be: more is no change of tempo but another timeline."""

_NAP = 0.02  # s between two looks at what the peers do, at most
_HAIR = 0.01  # clocks by which a start may be after its downbeat
_SAMPLES = 3  # comparisons of Link's clock with ours, of which the quickest counts


@dataclass(frozen=True, slots=True)
class Timeline:
    """A session as it is now: quarters by moments (s) and back; whether its transport plays, and since when it does."""

    beat: Callable[[float], float]
    moment: Callable[[float], float]
    playing: bool
    since: float


class LinkClocks:
    """Turns a timeline that is looked at over and over into timed messages; `bar` is in quarters. Pure: moments are
    arguments, in seconds."""

    def __init__(self, bar: float) -> None:
        self._bar = round(bar * CLOCKS_A_QUARTER)
        self._line: Timeline | None = None  # as it was last
        self._next = 0  # the clock to come, as the session counts
        self._begins: int | None = None  # the clock with which our transport begins or goes on, so counted
        self._place = 0  # and the one that it is for us, clock 0 being beat 1 of bar 1
        self._runs = False

    def due(self, line: Timeline, now: float) -> Iterator[tuple[float, bytes]]:
        """What has become due up to a moment since the last look."""
        before, self._line = self._line, line
        here = line.beat(now) * CLOCKS_A_QUARTER
        if before is None:
            self._next = ceil(here)
            self._cue(here, 0)
        elif abs(before.beat(now) * CLOCKS_A_QUARTER - here) > BROKEN:
            yield from self._change(here, now)
        elif line.playing and not before.playing:
            self._cue(line.beat(line.since) * CLOCKS_A_QUARTER - _HAIR, 0)
        while (moment := line.moment(self._next / CLOCKS_A_QUARTER)) <= now:
            yield from self._clock(moment)
        if before is not None and before.playing and not line.playing:
            yield from self._stop(now)

    def _cue(self, earliest: float, place: int) -> None:
        """Have our transport go on at a place with the first downbeat from a clock on. Where that has gone by already,
        with the next sixteenth."""
        self._begins, self._place = ceil(earliest / self._bar) * self._bar, place
        while self._begins < self._next:
            self._begins += CLOCKS_A_SIXTEENTH
            self._place += CLOCKS_A_SIXTEENTH

    def _change(self, here: float, now: float) -> Iterator[tuple[float, bytes]]:
        """The timeline is another one: our bar goes on with its next downbeat."""
        begun, reached = self._begins, self._place
        if begun is not None and self._runs:
            reached = ceil((reached + self._next - begun) / self._bar) * self._bar
        yield from self._stop(now)
        self._next = ceil(here)
        if begun is not None:
            self._cue(here, reached)

    def _stop(self, now: float) -> Iterator[tuple[float, bytes]]:
        self._begins = None
        if self._runs:
            self._runs = False
            yield now, bytes((STOP,))

    def _clock(self, moment: float) -> Iterator[tuple[float, bytes]]:
        if self._next == self._begins:
            self._runs = True
            if self._place:
                yield moment, song_position(self._place // CLOCKS_A_SIXTEENTH)
            yield moment, bytes((CONTINUE if self._place else START,))
        yield moment, bytes((CLOCK,))
        self._next += 1


class LinkPeer:
    """Takes part in the Link session of the local network: its clock arrives in an inbox as if it were heard.

    `bpm`, in beats of the metre, is the tempo if nobody else is there. Raises SettingError where Link is not installed.
    """

    def __init__(self, meter: Meter, bpm: float) -> None:
        try:
            from link import Link  # late, because it is GPL and not part of what everybody gets
        except ImportError:
            raise SettingError(
                "--tempo link needs Ableton Link, which is not installed; try: pip install 'sideslip[link]'"
            ) from None
        self._bar = 4 * meter.beats / meter.unit
        self._link: Any = Link(4 * bpm / meter.unit)
        self._link.startStopSyncEnabled = True
        self._leaving = threading.Event()

    @contextmanager
    def joined(self, inbox: Inbox, clock: RealClock) -> Iterator[None]:
        """Be a peer while inside."""
        self._link.enabled = True
        thread = threading.Thread(target=self._run, args=(inbox, clock), daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._leaving.set()
            thread.join()
            self._link.enabled = False

    def _run(self, inbox: Inbox, clock: RealClock) -> None:
        """Hand every message on at its moment: it is known before, as is the next one's."""
        clocks, nap = LinkClocks(self._bar), 0.0
        while not self._leaving.wait(nap):
            line, now = self._look(clock.origin), clock.now()
            for at, message in clocks.due(line, now):
                inbox.put(Heard(at, message))
            coming = ceil(line.beat(now) * CLOCKS_A_QUARTER) / CLOCKS_A_QUARTER
            nap = min(max(line.moment(coming) - clock.now(), 0.0), _NAP)

    def _look(self, origin: float) -> Timeline:
        state, bar = self._link.captureAppSessionState(), self._bar
        ahead = self._ahead() + origin  # s of Link's clock before the session's

        def micros(at: float) -> int:
            return round((at + ahead) * 1e6)

        def beat(at: float) -> float:
            return float(state.beatAtTime(micros(at), bar))

        def moment(quarters: float) -> float:
            return float(state.timeAtBeat(quarters, bar)) / 1e6 - ahead

        return Timeline(beat, moment, state.isPlaying(), state.timeForIsPlaying() / 1e6 - ahead)

    def _ahead(self) -> float:
        """How many seconds Link's clock is ahead of ours."""
        compared: list[tuple[float, float]] = []
        for _ in range(_SAMPLES):
            before = monotonic()
            theirs = float(self._link.clock().micros()) / 1e6
            after = monotonic()
            compared.append((after - before, theirs - (before + after) / 2))
        return min(compared)[1]
