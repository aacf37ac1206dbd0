"""What the ear for phrase ends is worth on solos whose phrases people marked."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sideslip.errors import DataError
from sideslip.listen.phrase_context import Floats
from sideslip.listen.phrasing import PhraseEar, PhraseWeights
from sideslip.train.solos import Solo

DRAWS, SEED = 500, 0
"""Times that as many solos are drawn again for the interval of the F1, and the seed of the draws."""


@dataclass(frozen=True, slots=True)
class GapHeard:
    """A gap after a note: whether the ear said "over" before the next one, whether people marked it, and how many
    beats after the note was let go the ear would say so."""

    heard: bool
    marked: bool
    delay: float


def listen(solo: Solo, weights: PhraseWeights) -> list[GapHeard]:
    """What the ear makes of the gap after every note of a solo but the last, playing along."""
    ear, gaps = PhraseEar(weights), []
    starts, ends = solo.performed.tolist(), (solo.performed + solo.duration_beats).tolist()
    marks = (np.diff(solo.phrase) > 0).tolist()
    for i, marked in enumerate(marks):
        ear.started(starts[i], solo.tempo)
        ear.stopped(ends[i])
        over = ear.ends_at()
        assert over is not None, "a note was played"
        gaps.append(GapHeard(ear.ended(starts[i + 1]), marked, over - ends[i]))
    return gaps


def figures(solos: Iterable[Solo], weights: PhraseWeights) -> dict[str, float]:
    """Precision, recall and F1 of the phrase ends (with a 95 % interval from drawing solos again), the median delay of
    those found in beats, and the share of notes inside phrases after which the ear said "over" all the same.

    Raises DataError where no phrase end is marked.
    """
    heard = [listen(solo, weights) for solo in solos]
    counts = np.array([_counts(gaps) for gaps in heard if gaps], dtype=np.float64).reshape(-1, 4)
    said, marked, found, notes = counts.sum(axis=0).tolist()
    if not marked:
        raise DataError("wanted solos with phrases marked, found none")
    draws = np.random.default_rng(SEED).integers(len(counts), size=(DRAWS, len(counts)))
    low, high = np.percentile(_f1(counts[draws].sum(axis=1)), (2.5, 97.5)).tolist()
    delays = [gap.delay for gaps in heard for gap in gaps if gap.heard and gap.marked]
    return {
        "phrase_end_precision": found / max(1, said),
        "phrase_end_recall": found / marked,
        "phrase_end_f1": float(_f1(counts.sum(axis=0))),
        "phrase_end_f1_low": low,
        "phrase_end_f1_high": high,
        "phrase_end_delay": float(np.median(delays)) if delays else float("nan"),
        "phrase_end_cut": (said - found) / max(1, notes - marked),
    }


def _counts(gaps: list[GapHeard]) -> tuple[int, int, int, int]:
    """Ends that the ear heard, that people marked, that both did, and gaps."""
    return (
        sum(gap.heard for gap in gaps),
        sum(gap.marked for gap in gaps),
        sum(gap.heard and gap.marked for gap in gaps),
        len(gaps),
    )


def _f1(counts: Floats) -> Floats:
    share: Floats = 2 * counts[..., 2] / np.maximum(counts[..., 0] + counts[..., 1], 1)
    return share
