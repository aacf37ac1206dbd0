"""What a page shows of a session."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sideslip.music.changes import Changes
from sideslip.music.meter import TICKS
from sideslip.outside.arc import shaped_dial, wanted_outsideness

Line = Sequence[tuple[float, float, int]]
"""(on, off, MIDI pitch), in beats from bar 1 (its first beat is 0.0)."""

OutsideLine = Sequence[tuple[float, float, int, float]]
"""(on, off, MIDI pitch, how far outside the changes 0..1)."""

Whose = tuple[int, int, Literal["player", "partner"]]
"""(from tick, to tick, whose turn it is); 12 ticks a beat."""

OUTSIDE = 0.5
"""A note counts as outside above this."""


@dataclass(frozen=True, slots=True)
class PageData:
    """A session as it is shown. All moments are beats from bar 1, except `turns`, which are ticks (12 a beat)."""

    title: str
    key: str
    tempo: float
    """Beats a minute."""
    changes: Changes
    """One chorus, with its metre."""
    player: Line
    partner: OutsideLine
    tension: Sequence[tuple[float, float]] = ()
    """(beat, 0..1): how far outside the music is."""
    turns: Sequence[Whose] = ()
    decisions: Sequence[Mapping[str, Any]] = ()
    """Records of trace.jsonl."""
    chart: str = ""
    """The title of the chart."""
    seed: int | None = None
    dial: float = 0.4
    sound: str = ""
    """Name of a sound file beside the page, to be played along with it; bar 1 begins at its second 0."""

    def decided_at(self, decision: Mapping[str, Any]) -> float:
        """The beat from bar 1 at which a decision takes hold."""
        return float((decision["bar"] - 1) * self.changes.meter.beats + decision["beat"] - 1)

    def decided_until(self, decision: Mapping[str, Any]) -> float:
        """The beat at which its turn is over; a bar on where `turns` does not tell."""
        start = round(self.decided_at(decision) * TICKS)
        return next((end for begin, end, _ in self.turns if begin == start), start + self.changes.meter.bar) / TICKS

    def asked(self, decision: Mapping[str, Any]) -> float:
        """How far outside (0..1, comparable with the tension) the dial asked to go in the turn of a decision."""
        start, end = (round(beat * TICKS) for beat in (self.decided_at(decision), self.decided_until(decision)))
        return wanted_outsideness(shaped_dial(float(decision["dial"]), self.changes, start, end))


def spread(value: float) -> float:
    """Where a value 0..1 is drawn on an axis 0..1: its root, for most of what is played lies close to home."""
    return math.sqrt(min(max(value, 0.0), 1.0))
