"""What the MIDI process was ordered, kept for the one that takes over should it die. Pure: moments are in s."""

from collections.abc import Sequence
from dataclasses import replace

from sideslip.band.events import Beat, Hush, Panic, Play, Sound
from sideslip.stage.midi.midi_out import Order

Held = tuple[tuple[int, int], ...]
"""Notes: (channel, pitch)."""

Channels = tuple[int, ...]

_OVER = 10.0  # s after which a note that has ended is forgotten: longer than a process takes to be known dead


class Plan:
    """Notes as orders left them. One thread notes orders; any may look."""

    def __init__(self) -> None:
        self._sounds: Sequence[Sound] = ()  # replaced whole
        self._beat: Beat | None = None

    def note(self, order: Order, now: float) -> None:
        """Take an order down."""
        match order:
            case Play(sounds):
                self._sounds = [s for s in self._sounds if s.off > now - _OVER] + list(sounds)
            case Hush(part, at):
                kept = [s for s in self._sounds if s.part != part or s.on < at]
                self._sounds = [replace(s, off=min(s.off, at)) if s.part == part else s for s in kept]
            case Beat():
                self._beat = order
            case Panic():
                self._sounds = [replace(s, off=min(s.off, now)) for s in self._sounds if s.on <= now]

    def sounding(self, at: float) -> Held:
        """The notes, (channel, pitch), that sounded at a moment."""
        return tuple(sorted({(s.channel, s.pitch) for s in self._sounds if s.on <= at < s.off}))

    @property
    def channels(self) -> Channels:
        """The channels that were played."""
        return tuple(sorted({s.channel for s in self._sounds}))

    def after(self, now: float) -> list[Order]:
        """What is to be ordered anew: the notes that begin after a moment, and the beat."""
        notes = Play(tuple(s for s in self._sounds if s.on > now))
        return [notes] if self._beat is None else [self._beat, notes]
