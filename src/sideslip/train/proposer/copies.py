"""What of a line was in the training set: patterns of eight notes, in any key."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sideslip.music.phrase import Phrase
from sideslip.outside.lines import Floats, Ints
from sideslip.train.solos import Solo

NOTES = 8
"""Notes of a pattern."""

RESAMPLES = 2000

Counts = tuple[int, int]
"""Patterns that were found, and all."""


@dataclass(frozen=True, slots=True)
class Known:
    """The patterns of eight notes of some solos: their seven intervals, and those with their seven shifts (ticks)."""

    intervals: frozenset[bytes]
    with_rhythm: frozenset[bytes]

    @classmethod
    def of(cls, solos: Iterable[Solo]) -> "Known":
        """Every place of every solo, across rests too."""
        lines = [(solo.pitch, solo.onset_ticks) for solo in solos]
        return cls(
            frozenset(each for pitch, onset in lines for each in patterns(pitch, onset, False)),
            frozenset(each for pitch, onset in lines for each in patterns(pitch, onset, True)),
        )

    def found(self, phrases: Sequence[Phrase], rhythm: bool) -> Counts:
        """How many of the patterns of some phrases are known, and how many they are."""
        lines = [np.array([(note.pitch, note.onset) for note in phrase]).reshape(-1, 2).T for phrase in phrases]
        every = [each for pitch, onset in lines for each in patterns(pitch, onset, rhythm)]
        known = self.with_rhythm if rhythm else self.intervals
        return sum(each in known for each in every), len(every)


def patterns(pitch: Ints, onset: Ints, rhythm: bool) -> list[bytes]:
    """Every run of NOTES notes as the bytes of its intervals, and of its shifts where `rhythm` counts."""
    if len(pitch) < NOTES:
        return []
    steps = [np.diff(pitch), np.diff(onset)] if rhythm else [np.diff(pitch)]
    runs = [np.lib.stride_tricks.sliding_window_view(step.astype(np.int32), NOTES - 1) for step in steps]
    return [row.tobytes() for row in np.concatenate(runs, axis=1)]


def compared(
    known: Known,
    own: Sequence[Sequence[Phrase]],
    real: Sequence[Phrase],
    solo: Ints,
    rhythm: bool,
    rng: np.random.Generator,
) -> dict[str, object]:
    """Shares of the patterns that are known, in the answers at each place (`own`) and in the `real` turn there; the
    difference with the 95 % interval of drawing solos again. `solo` (places,) numbers the places' solos."""
    rows = [known.found(answers, rhythm) + known.found([turn], rhythm) for answers, turn in zip(own, real, strict=True)]
    by_solo = np.stack([np.bincount(solo, column) for column in np.array(rows).T], axis=1)
    drawn = by_solo[rng.integers(len(by_solo), size=(RESAMPLES, len(by_solo)))].sum(axis=1)
    total = by_solo.sum(axis=0)
    low, high = np.quantile(_difference(drawn), (0.025, 0.975)).tolist()
    return {
        "model": float(total[0] / max(1, total[1])),
        "real": float(total[2] / max(1, total[3])),
        "patterns": [int(total[1]), int(total[3])],
        "difference": float(_difference(total[None])[0]),
        "interval": [low, high],
    }


def _difference(counts: Floats) -> Floats:
    """Share of the model less that of real turns, from rows (n, 4) of found and all patterns of both."""
    own, own_all, real, real_all = counts.T
    more: Floats = own / np.maximum(own_all, 1) - real / np.maximum(real_all, 1)
    return more
