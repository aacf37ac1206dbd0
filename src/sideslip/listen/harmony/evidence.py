"""What a note says about the chord: a voicing speaks loudly, a single line softly."""

import numpy as np

from sideslip.listen.harmony.tables import HarmonyTables
from sideslip.listen.harmony.vocabulary import CHORDS, Floats, over_chords
from sideslip.music.meter import TICKS, Meter

SOFTLY = 0.25
"""What each of the two likelihoods of a line's note (alone, and after the note before) counts for.

Notes of a line are not independent: fitted to find the place in the form on two thirds of the training tunes, the two
weights came out between .2 and .3 each; at full weight the filter is sure of what is not so.
"""

SLIP = 0.05
"""Share of notes in a voicing that are taken to mean nothing."""

# fmt: off
_VOICED = (
    # 1   b2    2    b3    3    4    #4   5    b6    6    b7   7
    (.22, .004, .07, .004, .27, .01, .01, .04, .004, .12, .004, .18),  # maj
    (.22, .004, .06, .28, .004, .05, .01, .04, .004, .06, .20, .02),   # min
    (.22, .015, .06, .015, .26, .03, .015, .06, .015, .06, .26, .004), # dom
    (.20, .01, .02, .26, .004, .04, .22, .004, .02, .004, .22, .004),  # hdim
    (.22, .004, .02, .24, .004, .02, .24, .004, .02, .24, .004, .02),  # dim
)
"""How often each degree is struck in a voicing: shells, rootless A and B, drop 2 of the method books. Set down by hand;
no data of comping were at hand."""

_ROOTED = (.90, .08)
_ROOTLESS = (.02, .98)
"""Share of lowest notes that are the root, and that are another tone of the table above, where the left hand plays
roots and where it leaves them to a bass player."""
# fmt: on

HABIT = 0.05
"""Share of doubt that comes back at every strike as to whether the hand plays roots."""

ON_THE_BEAT = 0.12
"""Beats from a beat within which a note counts as on it."""


def place_of(beat: float, meter: Meter) -> int:
    """Where a note falls: 0 off the beat, 1 on a beat, 2 on the first or the middle beat of the bar."""
    nearest = round(beat)
    if abs(beat - nearest) > ON_THE_BEAT:
        return 0
    return 2 if meter.strength(nearest * TICKS) == 3 else 1


class Evidence:
    """Log-likelihoods (nats) over the sixty chords, (60,).

    Whether the left hand plays roots is learnt as it plays: a third and a seventh alone are another chord's root and
    fifth to an ear that waits for roots.
    """

    def __init__(self, tables: HarmonyTables) -> None:
        self._line = SOFTLY * np.log(over_chords(tables.line))  # (place, pitch class, chord)
        after = over_chords(np.moveaxis(tables.after, 1, 0))  # (last degree, pitch class, chord)
        self._after = SOFTLY * np.log(_by_last_pitch(after))
        voiced = _shares(np.array(_VOICED))
        self._voiced = np.log(over_chords(voiced))
        self._lowest = np.log(over_chords(np.array([_lowest(*_ROOTED), _lowest(*_ROOTLESS)])))  # (way, pitch, chord)
        self._ways = np.array([0.5, 0.5])

    def of_line(self, place: int, pitch: int, last: int | None) -> Floats:
        """One note of a line at a place (`place_of`), after a pitch or the first of all."""
        alone: Floats = self._line[place, pitch % 12]
        return alone if last is None else alone + self._after[last % 12, pitch % 12]

    def of_voicing(self, pitches: list[int], believed: Floats) -> Floats:
        """Notes struck together, at least one, by a hand about whose chord (60,) is believed."""
        low, *upper = sorted(pitches)
        above = sum((self._voiced[pitch % 12] for pitch in upper), np.zeros(CHORDS))
        by_way = np.exp(self._lowest[:, low % 12] + above)
        seen = self._ways * (by_way @ believed)
        mixed: Floats = np.log(self._ways @ by_way)
        self._ways = (1 - HABIT) * seen / seen.sum() + HABIT / 2
        return mixed


def _by_last_pitch(after: Floats) -> Floats:
    """(last pitch class, pitch class, chord) from (last degree, pitch class, chord)."""
    last, root = np.arange(12)[:, None], np.arange(CHORDS)[None, :] // (CHORDS // 12)
    degree = (last - root) % 12  # (last, chord)
    found: Floats = np.moveaxis(after[degree, :, np.arange(CHORDS)[None, :]], 1, 2)
    return found


def _shares(rows: Floats) -> Floats:
    shares: Floats = (1 - SLIP) * rows / rows.sum(axis=-1, keepdims=True) + SLIP / 12
    return shares


def _lowest(root: float, other: float) -> Floats:
    rows = np.array(_VOICED)
    rows[:, 0] = 0.0
    rows *= other / rows.sum(axis=1, keepdims=True)
    rows[:, 0] = root
    return _shares(rows)
