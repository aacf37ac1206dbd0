"""What the ear knows of a line that has fallen silent: the numbers that tell whether its phrase is over.

All of them are about time, and can be known at that moment. Place in the beat, the bar and the form, chord and
resolution, interval and register, loudness and longer habits were each tried by hand on folds of the training solos of
the Weimar Jazz Database: none gained more than .002 of F1. So the ear needs neither a chart nor a metre.
"""

from collections import deque
from math import log2

import numpy as np
from numpy.typing import NDArray

from sideslip.music.meter import TICKS

Floats = NDArray[np.float64]

REST = 1.0
"""The rest, in beats, after which a phrase counts as ended if nothing more is known of the line."""

GAPS: Floats = np.arange(1, 3 * TICKS + 1) / TICKS
"""The gaps (beats since the last note was let go) at which is asked whether the phrase is over: 1 tick to 3 beats."""
GAPS.flags.writeable = False

FEATURES = (
    "gap",  # beats
    "gap_log",
    "gap_seconds",  # logarithm
    "gap_paced",  # from the last onset to now, against the usual time from note to note; logarithm
    "length",  # of the last note in seconds; logarithm
    "legato",  # share of the time from note to note that sounds, of late
    "length_legato",  # the product: a short note says less where all are short
    "notes",  # since the last rest of a beat; logarithm
)
"""The columns of `PhraseContext.features`; logarithms are to base 2."""

TOGETHER = 0.03
"""Seconds within which notes that begin are one stroke."""

SPAN, LEGATO = 0.5, 0.86
"""Beats from note to note, and the share of them that sounds, before the player has shown other habits: eighths, and
the median inside phrases in the Weimar Jazz Database."""


class PhraseContext:
    """Follows a line note by note, in order of time."""

    def __init__(self) -> None:
        self._start: float | None = None  # of the last note, beats
        self._end = 0.0
        self._second = 2.0  # in beats
        self._spans: deque[float] = deque(maxlen=8)  # beats from note to note, rests left out
        self._legato = LEGATO
        self._notes = 0

    def started(self, beat: float, bpm: float, sounding: bool) -> None:
        """A note began at a tempo (beats a minute), while others sounded or not."""
        self._second = bpm / 60
        if self._start is not None:
            span = beat - self._start
            if abs(span) < TOGETHER * self._second:
                return
            self._follow(span, 0.0 if sounding else max(beat - self._end, 0.0))
        self._start = beat
        self._notes += 1

    def _follow(self, span: float, gap: float) -> None:
        """What the beats since the last note began, and since it ended, tell of how this player plays."""
        if gap >= REST:
            self._notes = 0
        else:
            self._legato += 0.1 * (1 - min(gap / max(span, 1e-3), 1.0) - self._legato)
        if 0 < span < 2:
            self._spans.append(span)

    def stopped(self, beat: float) -> None:
        """Nothing sounds any more."""
        self._end = beat

    def features(self, gaps: Floats = GAPS) -> Floats:
        """FEATURES after every gap (beats, above 0) since the last note was let go, (len(gaps), len(FEATURES)).

        Asked once a note has begun and ended.
        """
        assert self._start is not None, "a note has begun"
        beats = max(self._end - self._start, 0.0)
        length = _log(beats / self._second, 1 / 32, 16)
        usual = sorted(self._spans)[len(self._spans) // 2] if self._spans else SPAN
        table = np.empty((len(gaps), len(FEATURES)))
        table[:, 0] = gaps
        table[:, 1] = np.log2(gaps)
        table[:, 2] = table[:, 1] - log2(self._second)
        table[:, 3] = np.log2(gaps + beats) - _log(usual, 1 / 12, 2)
        table[:, 4:] = length, self._legato, length * self._legato, _log(self._notes, 1, 64)
        return table


def _log(value: float, low: float, high: float) -> float:
    return log2(min(max(value, low), high))
