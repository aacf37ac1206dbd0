"""What the proposer itself makes of notes: bits of the interval that leads to each, its rhythm and the chords being
known.

Twenty-five classes, as for M: intervals are clipped to an octave, and all pitches that fall into a class are summed. So
the figure can be held against models of intervals.
"""

from collections.abc import Sequence

import numpy as np

from sideslip.music.dialogue import Turn
from sideslip.music.phrase import Phrase
from sideslip.outside.intervals import INTERVALS, WIDEST
from sideslip.outside.lines import Floats, Ints
from sideslip.propose import tokens
from sideslip.propose.context import Context
from sideslip.propose.engine import Engine, softmax
from sideslip.propose.given import Given, known
from sideslip.propose.growing import VOCABULARY
from sideslip.propose.memory import Floats as Chances
from sideslip.propose.sampling import MEMORY
from sideslip.propose.telling import tell
from sideslip.train.controller.by_solo import Figures, mean_by_solo, whose
from sideslip.train.pieces import Piece
from sideslip.train.solos import Solo

FRESH = 64
"""Notes of a solo that are told at once, after all that fit into the model's context before them."""


def figures(engine: Engine, solos: Sequence[Solo], generator: np.random.Generator) -> Figures:
    """Bits a note of whole solos: every note but the first, freely, as one player's line."""
    bits = [bits_of_solo(engine, solo) for solo in solos]
    found = mean_by_solo(np.concatenate([np.zeros(0), *bits]), whose([len(each) for each in bits]), generator)
    return {"proposer_bits": found, "proposer_notes": sum(map(len, bits))}


def interval_bits(chances: Chances, before: Ints, pitch: Ints) -> Floats:
    """Bits of the interval from the pitches `before` (n,) to `pitch` (n,), from how likely each pitch was, (n, 74)."""
    classes = (VOCABULARY - before[:, None]).clip(-WIDEST, WIDEST) + WIDEST
    folded = np.zeros((len(pitch), INTERVALS))
    np.add.at(folded, (np.arange(len(pitch))[:, None], classes), chances)
    true = folded[np.arange(len(pitch)), (pitch - before).clip(-WIDEST, WIDEST) + WIDEST]
    bits: Floats = -np.log2(np.maximum(true, np.finfo(np.float32).tiny))
    return bits


def bits_of_solo(engine: Engine, solo: Solo) -> Floats:
    """Bits of every note of a solo but the first, (n - 1,)."""
    piece = Piece.of(solo)
    context, found = engine.config.context, []
    scored = 0
    while scored < len(piece):
        end = min(len(piece), context if not scored else scored + min(FRESH, context // 2))
        start = max(0, end - context)
        rows = piece.cut(start, end)
        aimed = engine.aim(engine.read(rows.inputs).vectors, rows.targets)
        p = engine.with_duration(aimed, rows.answers[:, 1].clip(min=0))
        kept = slice(max(scored, 1) - start, None)
        chances = softmax(engine.pitch(p[kept], rows.pitch[kept].astype(np.int64)))
        line = known(piece.line.pitch[max(scored, 1) - 1 : end])
        found.append(interval_bits(chances, line[:-1], line[1:]))
        scored = end
    return np.concatenate(found)


def bits_of_phrases(engine: Engine, turn: Turn, phrases: Sequence[Phrase]) -> Floats:
    """Mean bits a note of phrases (K,) as answers in a turn, each by itself after what was played before; NaN for
    silence. Nothing is wished for; the turn's end is known, as in play. Of very long phrases the first notes count."""
    mean, sounding = np.full(len(phrases), np.nan), [k for k, phrase in enumerate(phrases) if phrase.notes]
    if not sounding:
        return mean
    given = Given.of([Phrase(phrases[k].notes[: engine.config.context // 2]) for k in sounding])
    lines, notes = given.pitch.shape
    context = Context.of(turn, min(MEMORY, engine.config.context - notes - 1))
    told = tell(engine, engine.read(context.rows[:-1]), context, turn, given)
    last = context.line.pitch[-1] if len(context.line.pitch) else tokens.SILENT_PITCH
    before = np.concatenate((np.full((lines, 1), last), given.pitch[:, :-1]), axis=1)
    bits = interval_bits(told.chances.reshape(lines * notes, -1), before.ravel(), given.pitch.ravel())
    own = np.arange(notes) < given.length[:, None]
    mean[sounding] = (bits.reshape(lines, notes) * own).sum(axis=1) / given.length
    return mean
