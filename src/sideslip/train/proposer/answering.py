"""Does the player's phrase count? What an answer costs after its own call and after another.

A call is a phrase of a solo, spoken by the player; the answer is the next phrase, spoken by the partner. The model is
given the call and nothing else, told no wish and no end. A stranger is moved by whole beats, so that its last note
begins as close as can be to where that of the true call did; it is not transposed.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from sideslip.music.meter import TICKS
from sideslip.outside.lines import Floats, Ints
from sideslip.outside.motif import REMEMBERED
from sideslip.propose.checkpoint import read_weights
from sideslip.propose.ground import FAR
from sideslip.propose.tokens import Turns
from sideslip.propose.transformer import LineModel, losses
from sideslip.propose.wishes import FREE
from sideslip.train.pieces import Piece
from sideslip.train.proposer.contexts import FEWEST_NOTES
from sideslip.train.solos import Solo

PAIRS = 12
"""Calls with their answers that are taken of a solo at most."""

LONGEST_ANSWER = 96
"""Notes of an answer that are foretold at most, the first ones."""

RESAMPLES = 2000

Figures = dict[str, object]


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """A call, notes call[0] .. call[1] - 1 of a solo, and its answer, which goes on to note `end` - 1."""

    solo: Solo
    call: tuple[int, int]
    end: int


def load_line_model(path: Path) -> LineModel:
    """A model in torch from the weights that play. Raises WeightsError."""
    config, arrays = read_weights(path)
    model = LineModel(config)
    model.load_state_dict({name: torch.from_numpy(array) for name, array in arrays.items()})
    return model.eval()


def pairs(solos: Sequence[Solo], rng: np.random.Generator) -> list[Pair]:
    """Phrases that follow each other in solos with chords, at most PAIRS a solo, by chance, in order."""
    found = []
    for solo in (solo for solo in solos if solo.changes().has_chords):
        cuts = np.flatnonzero(np.diff(solo.phrase, prepend=-1, append=-1)).tolist()
        own = [
            Pair(solo, (max(first, middle - REMEMBERED), middle), min(end, middle + LONGEST_ANSWER))
            for first, middle, end in zip(cuts, cuts[1:], cuts[2:], strict=False)
            if min(middle - first, end - middle) >= FEWEST_NOTES
        ]
        found += [own[index] for index in sorted(rng.permutation(len(own))[:PAIRS].tolist())]
    return found


def call_counts(model: LineModel, found: Sequence[Pair], rng: np.random.Generator) -> Figures:
    """Bits a note of answers after their own calls, and how many more they take after the call of another solo and
    after one from elsewhere in the same solo, with 95 % intervals of drawing solos again."""
    own, other, elsewhere, kept = [], [], [], []
    for pair in found:
        strangers = [each for each in found if each.solo.id != pair.solo.id]
        distant = [each for each in found if each.solo.id == pair.solo.id and _apart(each, pair)]
        if not strangers or not distant:
            continue
        kept.append(pair)
        own.append(bits(model, pair, pair))
        other.append(bits(model, pair, strangers[int(rng.integers(len(strangers)))]))
        elsewhere.append(bits(model, pair, distant[int(rng.integers(len(distant)))]))
    if not kept:
        return {"answers": 0}
    notes = np.array([pair.end - pair.call[1] for pair in kept])
    solo = np.unique([pair.solo.id for pair in kept], return_inverse=True)[1]
    true, foreign, distant_bits = (np.stack(each) for each in (own, other, elsewhere))
    return {
        "answers": len(kept),
        "solos": len(np.unique(solo)),
        "notes": int(notes.sum()),
        "bits_after_own_call": float(true.sum() / notes.sum()),
        "more_after_another_solos": _more(foreign - true, notes, solo, rng),
        "more_after_another_of_the_same_solo": _more(distant_bits - true, notes, solo, rng),
    }


def bits(model: LineModel, pair: Pair, caller: Pair) -> Floats:
    """Bits of shift, duration and pitch, (3,), that the answer of `pair` takes after the call of `caller`.

    Left out are the shift to the first note and the duration before it: they are the call's, and a stranger's are where
    it was moved to. The duration of the last note is never coded.
    """
    solo, first = pair.solo, pair.call[1]
    call, answer = slice(*caller.call), slice(first, pair.end)
    onset = _moved(pair, caller)

    def joined(of_call: NDArray[Any], of_answer: NDArray[Any]) -> NDArray[Any]:
        return np.concatenate((of_call, of_answer[answer]))

    onsets = joined(onset, solo.onset_ticks)
    heard = replace(
        solo,
        onset_ticks=onsets,
        performed=onsets / TICKS,
        phrase=np.zeros_like(onsets),
        pitch=joined(caller.solo.pitch[call], solo.pitch),
        velocity=joined(caller.solo.velocity[call], solo.velocity),
        duration_beats=joined(caller.solo.duration_beats[call], solo.duration_beats),
    )
    told = _foretold(model, Piece.of(heard), len(onset))
    return np.array([told[1:, 0].sum(), told[1:, 1].sum(), told[:, 2].sum()])


def _moved(pair: Pair, caller: Pair) -> Ints:
    """Onsets of the caller's call once it stands where the pair's does, before the answer."""
    last, answer = pair.solo.onset_ticks[pair.call[1] - 1], pair.solo.onset_ticks[pair.call[1]]
    onset = caller.solo.onset_ticks[slice(*caller.call)]
    beats = int(np.rint((last - onset[-1]) / TICKS))
    beats -= int(onset[-1] + TICKS * beats >= answer)
    moved: Ints = onset + TICKS * beats
    return moved


@torch.no_grad()
def _foretold(model: LineModel, piece: Piece, count: int) -> Floats:
    """Bits of shift, previous duration and pitch, (n, 3), of all notes after the first `count`, which the player
    plays."""
    notes = len(piece)
    who = (np.arange(notes) >= count).astype(np.int64)
    rows = piece.cut(0, notes)
    free = Turns(who, np.full(notes, FAR), np.repeat(FREE[None], notes, axis=0))
    piece.share(rows, 0, np.concatenate(([0], who[:-1])), free)
    x, y, z, *seen = (torch.from_numpy(array).long()[None] for array in rows.arrays)
    z = z.clamp(min=0)
    told: Floats = losses(model(x, y, z, *seen), z)[0, count:, :3].double().numpy() / math.log(2)
    return told


def _apart(one: Pair, other: Pair) -> bool:
    """Whether the call of one lies outside of the other's call and answer."""
    return one.call[1] <= other.call[0] or one.call[0] >= other.end


def _more(bits_more: Floats, notes: Ints, solo: Ints, rng: np.random.Generator) -> Figures:
    """Mean bits a note, all and by part, with the interval; `bits_more` (n, 3)."""
    by_solo = np.stack([np.bincount(solo, column) for column in (*bits_more.T, notes)], axis=1)
    drawn = by_solo[rng.integers(len(by_solo), size=(RESAMPLES, len(by_solo)))].sum(axis=1)
    low, high = np.quantile(drawn[:, :3].sum(axis=1) / drawn[:, 3], (0.025, 0.975))
    parts = bits_more.sum(axis=0) / notes.sum()
    return {
        "bits_a_note": float(parts.sum()),
        "interval": [float(low), float(high)],
        **dict(zip(("shift", "duration", "pitch"), parts.tolist(), strict=True)),
        "answers_that_gain": float((bits_more.sum(axis=1) > 0).mean()),
    }
