"""What a note of a line says about the chord: softly, for its degree, and for its degree after the one before."""

import numpy as np

from sideslip.listen.harmony.tables import HarmonyTables
from sideslip.listen.harmony.vocabulary import CHORDS, Floats, over_chords
from sideslip.music.meter import TICKS, Meter

SOFTLY = 0.25
"""What each of the two likelihoods of a line's note (alone, and after the note before) counts for.

Notes of a line are not independent: fitted to find the place in the form on two thirds of the training tunes, the two
weights came out between .2 and .3 each; at full weight the filter is sure of what is not so.
"""

ON_THE_BEAT = 0.12
"""Beats from a beat within which a note counts as on it."""


def place_of(beat: float, meter: Meter) -> int:
    """Where a note falls: 0 off the beat, 1 on a beat, 2 on the first or the middle beat of the bar."""
    nearest = round(beat)
    if abs(beat - nearest) > ON_THE_BEAT:
        return 0
    return 2 if meter.strength(nearest * TICKS) == 3 else 1


class LineEvidence:
    """Log-likelihoods (nats) over the sixty chords, (60,)."""

    def __init__(self, tables: HarmonyTables) -> None:
        self._alone = SOFTLY * np.log(over_chords(tables.line))  # (place, pitch class, chord)
        after = over_chords(np.moveaxis(tables.after, 1, 0))  # (last degree, pitch class, chord)
        self._after = SOFTLY * np.log(_by_last_pitch(after))

    def of(self, place: int, pitch: int, last: int | None) -> Floats:
        """One note of a line at a place (`place_of`), after a pitch or the first of all."""
        alone: Floats = self._alone[place, pitch % 12]
        return alone if last is None else alone + self._after[last % 12, pitch % 12]


def _by_last_pitch(after: Floats) -> Floats:
    """(last pitch class, pitch class, chord) from (last degree, pitch class, chord)."""
    last, root = np.arange(12)[:, None], np.arange(CHORDS)[None, :] // (CHORDS // 12)
    degree = (last - root) % 12  # (last, chord)
    found: Floats = np.moveaxis(after[degree, :, np.arange(CHORDS)[None, :]], 1, 2)
    return found
