"""How well a model, or several together, foretells solos: nats and hits of every event but a solo's first.

Each solo stands by itself. Several models are averaged as probabilities, event by event: pitch with pitch, and
duration, the pitch known, with duration.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from sideslip.train.bebopnet.features import Piece
from sideslip.train.bebopnet.model import EventModel

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scores:
    """Of the m told events of a solo: `nats` (m, 2) of pitch and duration, and `rank` (m, 2) of the true outcomes (0
    = first)."""

    nats: Floats
    rank: NDArray[np.int64]


def windows(length: int, context: int) -> Iterator[tuple[int, int, int]]:
    """(start, first told, end) of windows of at most `context` events; but for the first, each tells its last third,
    so that every event is told from two thirds of a window at least."""
    end = min(length, context)
    yield 0, 0, end
    while end < length:
        told, end = end, min(length, end + max(1, context // 3))
        yield max(0, end - context), told, end


@torch.no_grad()
def probabilities(model: EventModel, piece: Piece) -> tuple[torch.Tensor, torch.Tensor]:
    """Of each outcome of pitch (n, PITCHES + 1) and duration (n, LONGEST) of every event, in the key as written."""
    model.eval()
    parts: list[tuple[torch.Tensor, torch.Tensor]] = []
    for start, fresh, end in windows(len(piece), model.config.context):
        *given, _ = (torch.from_numpy(array)[None] for array in piece.cut(start, end))
        pitch, duration = model(*given)
        parts.append((pitch[0, fresh - start :].softmax(-1), duration[0, fresh - start :].softmax(-1)))
    pitch, duration = (torch.cat(column) for column in zip(*parts, strict=True))
    return pitch, duration


def score(models: Sequence[EventModel], piece: Piece) -> Scores:
    """Nats and ranks of a solo under the mean of the models, of all events but the first."""
    told = [probabilities(model, piece) for model in models]
    answers = torch.from_numpy(piece.answers)[1:]
    nats, ranks = [], []
    for part in (0, 1):
        mean = torch.stack([each[part][1:] for each in told]).double().mean(0)
        true = mean.gather(-1, answers[:, part, None])
        nats.append(-true[:, 0].log().numpy())
        ranks.append((mean > true).sum(-1).numpy())
    return Scores(np.stack(nats, axis=-1), np.stack(ranks, axis=-1))


def figures(scores: Sequence[Scores]) -> dict[str, float]:
    """Means over all told events: nats of each part and together, shares of hits among the first 1, 3, 5."""
    nats, rank = np.concatenate([s.nats for s in scores]), np.concatenate([s.rank for s in scores])
    return {
        "events": len(nats),
        "pitch_nats": float(nats[:, 0].mean()),
        "duration_nats": float(nats[:, 1].mean()),
        "joint_nats": float(nats.sum(1).mean()),
        **{f"pitch_top{k}": float((rank[:, 0] < k).mean()) for k in (1, 3, 5)},
        "duration_top1": float((rank[:, 1] < 1).mean()),
    }


def interval(scores: Sequence[Scores], draws: int = 2000, seed: int = 0) -> tuple[float, float]:
    """95 % of the joint nats an event when solos are drawn anew, with replacement (percentiles)."""
    sums = np.array([s.nats.sum() for s in scores])
    counts = np.array([len(s.nats) for s in scores])
    drawn = np.random.default_rng(seed).integers(len(scores), size=(draws, len(scores)))
    low, high = np.quantile(sums[drawn].sum(1) / counts[drawn].sum(1), (0.025, 0.975))
    return float(low), float(high)
