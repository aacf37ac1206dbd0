"""How well a model foretells solos it has not seen, in bits a note."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sideslip.propose.checkpoint import read_weights
from sideslip.propose.transformer import LineModel, losses
from sideslip.train.pieces import Piece


@dataclass(frozen=True, slots=True)
class Scores:
    """Per scored note, shape (n, ...): bits of shift, duration, pitch, velocity (n, 4), and the rank of the true
    pitch (0 = first)."""

    bits: NDArray[np.float64]
    rank: NDArray[np.int64]


def load_model(path: Path) -> LineModel:
    """A model in torch from the weights that play. Raises WeightsError."""
    config, arrays = read_weights(path)
    model = LineModel(config)
    model.load_state_dict({name: torch.from_numpy(array) for name, array in arrays.items()})
    return model


def windows(length: int, context: int, fresh: int) -> Iterator[tuple[int, int, int]]:
    """(start, first scored, end) of windows of at most `context` notes; but for the first each scores its last
    `fresh` notes."""
    end = min(length, context)
    yield 0, 0, end
    while end < length:
        scored, end = end, min(length, end + fresh)
        yield max(0, end - context), scored, end


@torch.no_grad()
def score(models: Sequence[LineModel], piece: Piece, fresh: int = 64) -> Scores:
    """Bits of every note of a solo but the first, given at least context - fresh notes before it (or all there are),
    by the mean of the models' probabilities; all models have one context.

    The first note is left out because its shift and the duration before it have nothing to be told from; the last
    note's duration, which no further shift follows, is never coded.
    """
    bits, ranks = [], []
    context = models[0].config.context
    for start, scored, end in windows(len(piece), context, min(fresh, context // 2)):
        x, y, z, *seen = (torch.from_numpy(array).long()[None] for array in piece.cut(start, end).arrays)
        words = [model.eval()(x, y, z.clamp(min=0), *seen) for model in models]
        logits = words[0] if len(words) == 1 else tuple(map(_mean, zip(*words, strict=True)))
        kept = slice(max(scored, 1) - start, None)
        bits.append(losses(logits, z.clamp(min=0))[0, kept].numpy() / math.log(2))
        pitch, true = logits[2][0, kept], z[0, kept, 2]
        ranks.append((pitch > pitch.gather(-1, true[:, None])).sum(-1).numpy())
    return Scores(np.concatenate(bits), np.concatenate(ranks))


def _mean(logits: tuple[Tensor, ...]) -> Tensor:
    """Logits of the mean of some probabilities."""
    return torch.stack([part.softmax(-1) for part in logits]).mean(0).log()


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
