"""How much a phrase takes up another: contour, intervals and rhythm, as wholes and in their best common part.

Successive phrases of one player are alike by .33 (median; quartiles .26 and .43), phrases drawn at random by .26; above
about .6 it is parroting.
"""

from dataclasses import dataclass

import numpy as np

from sideslip.music.phrase import Phrase
from sideslip.outside.lines import Floats, Ints, Lines, pad_notes

REMEMBERED = 32
"""Notes of the call that are compared, the last ones."""

SHARES = (0.25, 0.20, 0.25, 0.15, 0.15)
"""What contour, intervals and rhythm as wholes, and the best common part of intervals and rhythm, add to likeness."""

FULL_PART = 8
"""Steps in common that make a part as alike as it can be."""

CONTOUR_EDGES = (-2, 0, 1, 3)
"""Contour classes: leap down, step down, repeat, step up, leap up (leaps from a minor third)."""

RHYTHM_EDGES = (3, 5, 8, 11, 15, 25)
"""Classes of the ticks from note to note, from faster than a sixteenth to more than two beats."""

_PADDING = -99


@dataclass(frozen=True, slots=True, eq=False)
class Motif:
    """How alike K lines are to a call: (K,) each, 0..1; 0 where either has fewer than two notes.

    `contour`, `intervals` and `rhythm` compare wholes, `interval_part` and `rhythm_part` the best common part.
    """

    contour: Floats
    intervals: Floats
    rhythm: Floats
    interval_part: Floats
    rhythm_part: Floats

    @property
    def similarity(self) -> Floats:
        """The weighted mean of the five, (K,)."""
        parts = (self.contour, self.intervals, self.rhythm, self.interval_part, self.rhythm_part)
        weighted = [share * part for share, part in zip(SHARES, parts, strict=True)]
        alike: Floats = np.sum(weighted, axis=0)
        return alike


def compare(call: Phrase, lines: Lines) -> Motif:
    """Compare every line with the end of a call."""
    onset, pitch, _, valid = pad_notes([call.last(REMEMBERED)])
    if valid.sum() < 2:
        return Motif(*np.zeros((5, len(lines.pitch))))
    lengths = np.maximum(lines.valid.sum(axis=1) - 1, 0)
    theirs, ours = _features(pitch, onset)[:, 0], _features(lines.pitch, lines.onset)
    alike = np.concatenate((_edit(theirs, ours, lengths), _local(theirs[1:], ours[1:], lengths)))
    return Motif(*np.where(lengths > 0, alike, 0.0))


def _features(pitch: Ints, onset: Ints) -> Ints:
    """Contour class, interval and rhythm class from each note to the next, (3, K, N - 1)."""
    interval = np.diff(pitch, axis=1)
    return np.stack((np.digitize(interval, CONTOUR_EDGES), interval, np.digitize(np.diff(onset, axis=1), RHYTHM_EDGES)))


def _edit(theirs: Ints, ours: Ints, lengths: Ints) -> Floats:
    """1 - edit distance / the longer length, for F features of `theirs` (F, n) and `ours` (F, K, N): (F, K).

    Levenshtein's table for all at once, row by row; what comes from the left in a row is a running minimum.
    """
    across = np.arange(ours.shape[2] + 1)
    row = np.tile(across, (*ours.shape[:2], 1))
    for symbol in theirs.T[..., None, None]:
        above = np.minimum(row[..., 1:] + 1, row[..., :-1] + (ours != symbol))
        row = np.concatenate((row[..., :1] + 1, above), axis=2)
        row = np.minimum.accumulate(row - across, axis=2) + across
    distance = row[:, np.arange(len(lengths)), lengths]
    alike: Floats = 1.0 - distance / np.maximum(lengths, theirs.shape[1])
    return alike


def _local(theirs: Ints, ours: Ints, lengths: Ints) -> Floats:
    """Best local alignment (match 1, mismatch or gap -1) over FULL_PART or the shorter length, at most 1, (F, K)."""
    ours = np.where(np.arange(ours.shape[2]) < lengths[:, None], ours, _PADDING)
    across = np.arange(ours.shape[2] + 1)
    row = np.zeros((*ours.shape[:2], len(across)), dtype=np.int64)
    best = row[..., 0]
    for symbol in theirs.T[..., None, None]:
        above = np.maximum(row[..., 1:] - 1, row[..., :-1] + np.where(ours == symbol, 1, -1))
        row = np.concatenate((np.zeros_like(row[..., :1]), np.maximum(above, 0)), axis=2)
        row = np.maximum.accumulate(row + across, axis=2) - across
        best = np.maximum(best, row.max(axis=2))
    alike: Floats = np.minimum(1.0, best / np.clip(np.minimum(lengths, theirs.shape[1]), 1, FULL_PART))
    return alike
