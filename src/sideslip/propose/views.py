"""Views of what could come next: every class of a choice seen from several sides at once.

A pitch is itself, a degree of this chord and of the next, an interval from each of the last notes, chord tone or
foreign, heard three notes ago or never, what followed the last time the line went like this. Logits are the sum of one
table a view, so whatever is learnt of a side is learnt for all classes that share it; a small model cannot find these
relations from the classes alone.

A view gives each class of a choice the row of its table; the rows of all views of a choice lie one behind the other.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from sideslip.music.meter import TICKS
from sideslip.propose import tokens
from sideslip.propose.ground import FAR, STANDINGS, Ground
from sideslip.propose.tokens import INTERVALS, RECENT, Ints, Line
from sideslip.propose.trail import ECHOES, LAGS, Streams

_LEAP = 2 * tokens.REACH + 1

_CHANGE_EDGES = (-TICKS, -TICKS // 2, 0, 1, TICKS + 1)
"""Ticks after a change of chord at which a landing is more than a beat before it, closer, within half a beat, on it,
within a beat after it, later."""

_END_EDGES = (1, TICKS // 2 + 1, TICKS + 1, 2 * TICKS + 1)
"""Ticks left of the turn after a landing: none (it is over), half a beat, a beat, two beats, more."""

_RATIO_EDGES = (0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95, 1.05, 1.3)
"""Duration over shift: how legato the note is; the median of the data is .86."""

SHIFT = {
    "class": len(tokens.SHIFTS),
    "tick": TICKS,  # in the beat, where it lands
    "beat": 16,  # in the bar, where it lands
    "change": len(_CHANGE_EDGES) + 1,  # where it lands, seen from the next change of chord
    "end": len(_END_EDGES) + 2,  # what is left of the turn there; the last class: its end is not known
    "lag": LAGS,
    "echo": ECHOES,
    "place_echo": ECHOES,  # the same rhythm in the same place of the beat
}
DURATION = {"class": len(tokens.DURATIONS), "legato": len(_RATIO_EDGES) + 1, "lag": LAGS}
PITCH = {
    "class": tokens.PITCHES,
    "degree": 12,  # above the root in force
    "next_degree": 12,  # above the root to come
    **{f"leap_{back}": _LEAP for back in range(1, RECENT + 1)},  # from the last pitch, the one before, ...
    "standing": STANDINGS,
    "next_standing": STANDINGS,
    "lag": LAGS,
    "echo": ECHOES,  # the same intervals
    "degree_echo": ECHOES,  # the same degrees of the chord
}
"""The views of each choice and the size of their tables."""

OF_MEMORY = ("lag", "echo", "place_echo", "degree_echo")
"""The views that take up what was played before; their first class says that there is nothing to take up."""

OF_CHORDS = ("degree", "next_degree", "standing", "next_standing")
"""The views of a pitch that are another pitch's when the chords move."""

STREAMS = {
    "pitch": 128,
    "interval": INTERVALS,
    "degree": 12,
    "shift": len(tokens.SHIFTS),
    "place": len(tokens.SHIFTS) * TICKS,
    "duration": len(tokens.DURATIONS) + 1,  # of the note before; the last: there is none
}
"""What is kept of a line to be taken up again."""

OF_PITCH = ("pitch", "interval", "degree")
"""What of it the views of a pitch are made of."""


_EACH_SHIFT, _EACH_DURATION = np.arange(len(tokens.SHIFTS)), np.arange(len(tokens.DURATIONS))


@dataclass(slots=True)
class Trail:
    """K lines as the views need them: `tick` of the newest onsets (K,), classes of the `interval` that led to each
    (K,), the last MIDI pitches `back` (K, RECENT), newest first, and the streams. Before the first note, `tick` is
    where the silence began."""

    tick: Ints
    interval: Ints
    back: Ints
    streams: Streams

    @classmethod
    def of(
        cls,
        line: Line,
        ground: Ground,
        silence: int,
        lines: int = 1,
        room: int = 0,
        kept: Collection[str] = STREAMS.keys(),
    ) -> "Trail":
        """K lines that go on from one, with room for more notes; of the STREAMS some are kept. The ground reaches back
        to the first note."""
        shift = tokens.nearest(tokens.SHIFTS, np.diff(line.onset, prepend=silence))
        heard = np.concatenate((np.full(RECENT, tokens.SILENT_PITCH), line.pitch))
        duration = tokens.nearest(tokens.DURATIONS, line.duration[:-1])
        said = {
            "pitch": np.clip(line.pitch, 0, 127),
            "interval": tokens.intervals(line.pitch),
            "degree": (line.pitch - ground.chords(line.onset).root) % 12,
            "shift": shift,
            "place": shift * TICKS + line.onset % TICKS,
            "duration": np.concatenate(([len(tokens.DURATIONS)], duration))[: len(shift)],
        }
        last = int(line.onset[-1]) if len(line.onset) else silence
        back = np.repeat(heard[None, : -RECENT - 1 : -1], lines, axis=0)
        interval = int(said["interval"][-1]) if len(line.onset) else INTERVALS - 1
        sizes = {name: size for name, size in STREAMS.items() if name in kept}
        return cls(np.full(lines, last), np.full(lines, interval), back, Streams(sizes, said, lines, room))

    @classmethod
    def joined(cls, trails: Sequence["Trail"]) -> "Trail":
        """The lines of all, in order."""
        tick, interval, back = (
            np.concatenate([getattr(t, name) for t in trails]) for name in ("tick", "interval", "back")
        )
        return cls(tick, interval, back, Streams.joined([trail.streams for trail in trails]))

    def append(self, tick: Ints, pitch: Ints, shift: Ints, duration: Ints, root: Ints) -> None:
        """The next note of each line: onset, MIDI pitch, classes of its shift and of the duration of the note before,
        root in force; all (K,)."""
        first = self.streams.length == 0
        self.interval = np.full_like(pitch, INTERVALS - 1) if first else tokens.leap(pitch - self.back[:, 0])
        self.streams.append(
            {
                "pitch": pitch,
                "interval": self.interval,
                "degree": (pitch - root) % 12,
                "shift": shift,
                "place": shift * TICKS + tick % TICKS,
                "duration": duration,
            }
        )
        self.tick = tick
        self.back = np.concatenate((pitch[:, None], self.back[:, :-1]), axis=1)

    def heard(self) -> "Heard":
        """What the next note will be held against."""
        lags = {name: self.streams.lags(name) for name in ("pitch", "shift", "duration") if name in self.streams}
        return Heard(self.tick, self.back, lags, self.streams.echoes())


@dataclass(frozen=True, slots=True)
class Heard:
    """Trails at one moment, or at many, a row each: `tick` (K,), `back` (K, RECENT), and the lags and echoes of all
    symbols, (K, size) by stream that was kept."""

    tick: Ints
    back: Ints
    lags: dict[str, Ints]
    echoes: dict[str, Ints]

    @classmethod
    def joined(cls, moments: Sequence["Heard"]) -> "Heard":
        """The rows of all, in order."""

        def each(name: str) -> dict[str, Ints]:
            streams = getattr(moments[0], name)
            return {stream: np.concatenate([getattr(m, name)[stream] for m in moments]) for stream in streams}

        tick, back = (np.concatenate([getattr(moment, name) for moment in moments]) for name in ("tick", "back"))
        return cls(tick, back, each("lags"), each("echoes"))


def shift_views(heard: Heard, ground: Ground, ends: Ints) -> Ints:
    """Rows of the tables SHIFT for each shift: (K, views, 55). `ends` (K,) is the tick at which the turn ends, FAR
    where that is not known."""
    lands = heard.tick[:, None] + tokens.SHIFTS
    change = ground.chords(heard.tick).change[:, None]
    tick = lands % TICKS
    return _rows(
        SHIFT,
        {
            "class": _EACH_SHIFT,
            "tick": tick,
            "beat": np.minimum(ground.beat(lands), 15),
            "change": np.searchsorted(_CHANGE_EDGES, lands - change, side="right"),
            "end": end_view(lands, ends),
            "lag": heard.lags["shift"],
            "echo": heard.echoes["shift"],
            "place_echo": heard.echoes["place"][np.arange(len(lands))[:, None], _EACH_SHIFT * TICKS + tick],
        },
    )


def end_view(lands: Ints, ends: Ints) -> Ints:
    """What is left of turns that end at `ends` (K,), FAR where that is not known, after landings (K, classes)."""
    left = np.searchsorted(_END_EDGES, ends[:, None] - lands, side="right")
    found: Ints = np.where(ends[:, None] >= FAR, len(_END_EDGES) + 1, left)
    return found


def duration_views(heard: Heard, tick: Ints) -> Ints:
    """Rows of the tables DURATION for each duration of the newest note, the next one beginning at `tick` (K,):
    (K, views, 16)."""
    ratio = tokens.DURATIONS / np.maximum(1, tick - heard.tick)[:, None]
    return _rows(
        DURATION,
        {
            "class": _EACH_DURATION,
            "legato": np.searchsorted(_RATIO_EDGES, ratio),
            "lag": heard.lags["duration"][:, :-1],
        },
    )


def pitch_views(heard: Heard, ground: Ground, tick: Ints, pitches: Ints) -> Ints:
    """Rows of the tables PITCH for each of some MIDI pitches (P,) at `tick` (K,): (K, views, P)."""
    chords, lines = ground.chords(tick), np.arange(len(tick))[:, None]
    degree, coming = ((pitches - root[:, None]) % 12 for root in (chords.root, chords.next_root))
    leaps = [tokens.leap(pitches - heard.back[:, [k]]) for k in range(RECENT)]
    known = np.minimum(pitches, STREAMS["pitch"] - 1)
    return _rows(
        PITCH,
        {
            "class": np.minimum(np.maximum(pitches - tokens.LOWEST_PITCH, 0), tokens.PITCHES - 1),
            "degree": degree,
            "next_degree": coming,
            **{f"leap_{k + 1}": leap for k, leap in enumerate(leaps)},
            "standing": chords.standing[lines, degree],
            "next_standing": chords.next_standing[lines, coming],
            "lag": heard.lags["pitch"][:, known],
            "echo": heard.echoes["interval"][lines, leaps[0]],
            "degree_echo": heard.echoes["degree"][lines, degree],
        },
    )


def _rows(views: dict[str, int], classes: dict[str, Ints]) -> Ints:
    """The classes of each view, (K, classes) or (classes,), as rows of the tables one behind the other."""
    shape = np.broadcast_shapes(*(each.shape for each in classes.values()))
    rows = np.empty((shape[0], len(views), shape[1]), dtype=np.int64)
    begin = 0
    for number, (name, size) in enumerate(views.items()):
        np.add(classes[name], begin, out=rows[:, number])
        begin += size
    return rows
