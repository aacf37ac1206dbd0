"""What a page shows of a session."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sideslip.music.changes import Changes

Line = Sequence[tuple[float, float, int]]
"""(on, off, MIDI pitch), in beats from bar 1 (its first beat is 0.0)."""

OutsideLine = Sequence[tuple[float, float, int, float]]
"""(on, off, MIDI pitch, how far outside the changes 0..1)."""

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
    turns: Sequence[tuple[int, int, Literal["player", "partner"]]] = ()
    decisions: Sequence[Mapping[str, Any]] = ()
    """Records of trace.jsonl."""
    chart: str = ""
    """The name under which the chart was asked for."""
    seed: int | None = None
    dial: float = 0.4
    sound: str = ""
    """Name of a sound file beside the page, to be played along with it."""
    sound_start: float = 0.0
    """The second of that file at which bar 1 begins."""

    def decided_at(self, decision: Mapping[str, Any]) -> float:
        """The beat from bar 1 at which a decision takes hold."""
        return float((decision["bar"] - 1) * self.changes.meter.beats + decision["beat"] - 1)
