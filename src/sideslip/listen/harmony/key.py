"""The key region: what a line alone can tell.

From a solo line the chords cannot be told better than by staying on the tonic; the key can, within a fifth or the
relative. So where no chord is known the partner is given the tonic's sixth chord, over which no note of the key's scale
is foreign, and no chord is made up.
"""

import numpy as np

from sideslip.listen.harmony.tables import HarmonyTables
from sideslip.listen.harmony.vocabulary import CHORDS, FAMILIES, Floats
from sideslip.music.chord import Chord, parse_chord
from sideslip.music.meter import Meter
from sideslip.music.pitch import pitch_name

HALF_LIFE = 8.0
"""Bars after which what was heard counts half: a bridge may go elsewhere."""

A_NOTE, A_BEAT = 0.4, 0.4
"""What a note, and a beat of a chord believed in, count for among the evidence."""


class KeyEar:
    """Follows the key: twelve major, then twelve minor."""

    def __init__(self, tables: HarmonyTables, meter: Meter) -> None:
        tonic, pitch = np.arange(12)[:, None], np.arange(12)[None, :]
        degrees = (pitch - tonic) % 12
        self._line = A_NOTE * np.log(tables.key_line[:, degrees]).reshape(24, 12)
        chords = np.log(tables.key_chords[:, degrees]).reshape(24, 12 * len(FAMILIES))
        self._chords = A_BEAT * chords
        self._fade = 0.5 ** (1 / (HALF_LIFE * meter.beats))
        self._score = np.zeros(24)
        self.heard = 0
        """Notes heard so far."""

    def hear(self, pitch: int) -> None:
        """A note of the line or of a voicing (MIDI pitch)."""
        self._score += self._line[:, pitch % 12]
        self.heard += 1

    def step(self, chords: Floats) -> None:
        """A beat is over in which these chords (60,) were believed in; all alike where nothing is known."""
        known = chords - 1 / CHORDS
        self._score = self._fade * (self._score + self._chords @ np.maximum(known, 0.0))

    def tonic(self) -> Chord:
        """The likeliest key as its tonic's sixth chord."""
        mode, root = divmod(int(self._score.argmax()), 12)
        return parse_chord(pitch_name(root) + ("m6" if mode else "6"))
