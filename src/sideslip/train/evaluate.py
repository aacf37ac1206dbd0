"""How well a model foretells solos it has not seen, in bits a note."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from sideslip.propose import tokens
from sideslip.propose.transformer import LineModel, losses
from sideslip.train.dataset import ROOT_IN, Piece

DEGREES_IN = [list(tokens.INPUT).index("degree")]
DEGREES_TARGET = [i for i, name in enumerate(tokens.TARGET) if name.startswith("degree")]


@dataclass(frozen=True, slots=True)
class Scores:
    """Per scored note, shape (n, ...): bits of shift, duration, pitch, velocity (n, 4), and the rank of the true
    pitch (0 = first)."""

    bits: NDArray[np.float64]
    rank: NDArray[np.int64]


def windows(length: int, context: int, fresh: int) -> Iterator[tuple[int, int, int]]:
    """(start, first scored, end) of windows of at most `context` notes; but for the first each scores its last
    `fresh` notes."""
    end = min(length, context)
    yield 0, 0, end
    while end < length:
        scored, end = end, min(length, end + fresh)
        yield max(0, end - context), scored, end


@torch.no_grad()
def score(model: LineModel, piece: Piece, semitones: int = 0, fresh: int = 64) -> Scores:
    """Bits of every note of a solo but the first, given at least context - fresh notes before it (or all there are).

    The first note is left out because its shift and the duration before it have nothing to be told from; the last
    note's duration, which no further shift follows, is never coded. `semitones` moves the chords, not the line.
    """
    model.eval()
    bits, ranks = [], []
    for start, scored, end in windows(len(piece), model.config.context, fresh):
        inputs, targets, answers = piece.cut(start, end)
        _move_chords(inputs, targets, semitones)
        x, y, z = (torch.from_numpy(array)[None] for array in (inputs[:-1], targets, answers))
        logits = model(x, y, z)
        kept = slice(max(scored, 1) - start, None)
        bits.append(losses(logits, z)[0, kept].numpy() / math.log(2))
        pitch, true = logits[2][0, kept], z[0, kept, 2]
        ranks.append((pitch > pitch.gather(-1, true[:, None])).sum(-1).numpy())
    return Scores(np.concatenate(bits), np.concatenate(ranks))


def _move_chords(inputs: tokens.Ints, targets: tokens.Ints, semitones: int) -> None:
    for rows, root, degrees in ((inputs, ROOT_IN, DEGREES_IN), (targets, tokens.TARGET_ROOT, DEGREES_TARGET)):
        rows[:, root] = (rows[:, root] + semitones) % 12
        rows[:, degrees] = (rows[:, degrees] - semitones) % 12


def figures(scores: Sequence[Scores]) -> dict[str, float]:
    """Means over all notes of the solos given; bits_per_note is shift + duration + pitch."""
    bits, rank = np.concatenate([s.bits for s in scores]), np.concatenate([s.rank for s in scores])
    shift, duration, pitch, velocity = bits.mean(0)
    return {
        "notes": len(bits),
        "shift_bits": float(shift),
        "pitch_bits": float(pitch),
        "duration_bits": float(duration),
        "velocity_bits": float(velocity),
        "bits_per_note": float(shift + pitch + duration),
        "pitch_top1": float((rank < 1).mean()),
        "pitch_top5": float((rank < 5).mean()),
    }


def by_style(styles: Sequence[str], scores: Sequence[Scores]) -> dict[str, dict[str, float]]:
    """The figures of each style's solos."""
    grouped: dict[str, list[Scores]] = defaultdict(list)
    for style, found in zip(styles, scores, strict=True):
        grouped[style].append(found)
    return {style: figures(found) for style, found in sorted(grouped.items())}
