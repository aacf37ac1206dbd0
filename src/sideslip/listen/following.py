"""Following a player without a click: a tempo map that is bent towards the pulse of what is played."""

from sideslip.listen.count_in import Count, Tapped
from sideslip.listen.hands import TOGETHER
from sideslip.listen.notes import PERCUSSION
from sideslip.listen.pulse import Pulse
from sideslip.listen.tempo import TempoMap
from sideslip.listen.timekeeper import struck


class Follower:
    """A tempo map that is bent towards the pulse of what is played on it."""

    _OVER = 1.0  # beats until a bend has brought the map to the player
    _OFTEN = 0.5  # beats between two bends, at least
    _OFF, _BENT = 0.003, 0.001  # seconds and part of the tempo that matter

    def __init__(self, tempo: TempoMap, at: float, counted: bool = True) -> None:
        """To follow from a moment (s) on; a tempo that was not `counted` in is only about that of the player."""
        self.tempo = tempo
        self._bent = tempo.beat(at)
        self._pulse = Pulse(tempo.bpm, self._bent, counted)
        self._last: float | None = None
        self._together = 0  # notes of the last strike
        self._at = at

    def hear(self, at: float) -> None:
        """A note began at this moment."""
        if self._last is not None and at - self._last < TOGETHER:
            self._together += 1
            if self._together == 2:
                self._pulse.chord()
                self._steer(at)
            return
        self._together = 1
        self._pulse.hear(max(0.0, at - self._at))
        self._at = self._last = at
        self._steer(at)

    def _steer(self, at: float) -> None:
        beat, bpm, here = self._pulse.beat, self._pulse.bpm, self.tempo.beat(at)
        matters = abs(self.tempo.astray(at, beat, bpm)) > self._OFF or abs(self.tempo.bpm / bpm - 1) > self._BENT
        if here - self._bent >= self._OFTEN and matters:
            self.tempo, self._bent = self.tempo.steered(at, beat, bpm, self._OVER), here


class Following:
    """Begins like `Tapped`, then follows the player: notes say where the beat is, drums and pedals nothing.

    In silence the tempo stays. What is followed stays within 0.7 and 1.4 of the first tempo, and 20 to 400 bpm. A line
    whose notes say little about the beat may lose it: `sideslip.train.tracker.pulse_figures` tells how often.
    """

    def __init__(self, bpm: float, count: Count) -> None:
        self._count = Tapped(bpm, count)
        self._follower: Follower | None = None
        self._early: list[float] = []  # notes before it was known whether they count in

    @property
    def tempo(self) -> TempoMap | None:
        """Where the beats lie; None until they have begun."""
        return self._follower.tempo if self._follower else None

    @property
    def epoch(self) -> int:
        """1 once the beat has begun."""
        return self._count.epoch

    @property
    def since(self) -> float | None:
        """The moment before which notes were taps."""
        return self._count.since

    @property
    def wake_at(self) -> float | None:
        """When a note without another tap after it will have been music."""
        return self._count.wake_at

    def woken(self, at: float) -> None:
        """Where no tap has followed in time, bar 1 was at the first note."""
        self._count.woken(at)
        self._follow()

    def hear(self, at: float, message: bytes) -> None:
        """Count taps, then follow notes."""
        self._count.hear(at, message)
        self._follow()
        key = struck(message)
        if key is not None and key[0] != PERCUSSION:
            self._note(at)

    def _note(self, at: float) -> None:
        if self._follower is None:
            self._early.append(at)
        elif self.since is None or at > self.since:
            self._follower.hear(at)

    def _follow(self) -> None:
        """Once the beat has begun, make up for the notes that began it."""
        if self._follower is not None or self._count.tempo is None:
            return
        tempo = self._count.tempo
        counted = self.since is not None
        self._follower = Follower(tempo, self.since if self.since is not None else tempo.origin, counted)
        early, self._early = self._early, []
        for at in early:
            self._note(at)
