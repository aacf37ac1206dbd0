"""Phrases that are given to the model, not drawn by it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sideslip.music.phrase import Phrase
from sideslip.propose import tokens
from sideslip.propose.tokens import Ints


@dataclass(frozen=True, slots=True)
class Given:
    """K phrases as notes, (K, N) each, shorter ones filled up with their last note: `onset` and `duration` (ticks),
    `pitch` (MIDI, as near as the model knows it), `velocity`; `length` (K,) notes are their own."""

    onset: Ints
    pitch: Ints
    duration: Ints
    velocity: Ints
    length: Ints

    @classmethod
    def of(cls, phrases: Sequence[Phrase]) -> "Given":
        """Phrases of at least one note, one at a time."""
        length = np.array([len(phrase) for phrase in phrases])
        rows = [(note.onset, note.pitch, note.duration, note.velocity) for phrase in phrases for note in phrase]
        begins = np.concatenate(([0], np.cumsum(length)[:-1]))
        index = begins[:, None] + np.minimum(np.arange(length.max()), length[:, None] - 1)
        onset, pitch, duration, velocity = np.moveaxis(np.array(rows, dtype=np.int64)[index], -1, 0)
        return cls(onset, known(pitch), duration, velocity, length)


def known(pitch: Ints) -> Ints:
    """MIDI pitches as near as the model knows them."""
    return np.clip(pitch, tokens.LOWEST_PITCH, tokens.LOWEST_PITCH + tokens.PITCHES - 1)
