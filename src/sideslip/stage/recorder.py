"""An output that keeps what would have sounded: the live one's twin for the virtual clock, files and tests."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from sideslip.band.events import Beat, Sound
from sideslip.stage.schedule import Cue, Schedule


class Recorder:
    """Collects a performance through the same ledger that plays live. `now` tells the moment in seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._schedule = Schedule()
        self._open: dict[tuple[int, int], Sound] = {}
        self._done: list[Sound] = []

    def play(self, sounds: Sequence[Sound]) -> None:
        """Plan sounds; one that should have begun already begins now, as it would on a stage."""
        self._catch_up()
        now = self._now()
        self._schedule.push([replace(sound, on=max(sound.on, now)) for sound in sounds])

    def hush(self, part: str, at: float) -> None:
        """End a part at a moment."""
        self._catch_up()
        self._schedule.hush(part, at)

    def panic(self) -> None:
        """End everything at the present moment and forget what was to come."""
        self._catch_up()
        self._take(self._schedule.silence(self._now()))

    def keep(self, beat: Beat) -> None:
        """Nobody is to be told of the beat: a recording holds what sounded."""

    def close(self) -> None:
        """End everything at the present moment."""
        self.panic()

    @property
    def sounds(self) -> tuple[Sound, ...]:
        """The notes that have sounded and ended, in order: a cut note ends where it was cut, a hushed one never was."""
        return tuple(sorted(self._done, key=lambda s: (s.on, s.part, s.channel, s.pitch)))

    def _catch_up(self) -> None:
        now = self._now()
        while (at := self._schedule.next_due) is not None and at <= now:
            self._take(self._schedule.due(at))

    def _take(self, cues: Sequence[Cue]) -> None:
        for cue in cues:
            status, pitch, velocity = cue.message
            key = status & 0x0F, pitch
            if status & 0xF0 == 0x90:
                self._open[key] = Sound(cue.due, cue.due, cue.part, *key, velocity)
            else:
                self._done.append(replace(self._open.pop(key), off=cue.due))
