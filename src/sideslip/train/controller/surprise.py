"""Surprise: against the chord in outside spans, not as a line; bits a note of solos and phrases."""

from collections.abc import Sequence

import numpy as np

from sideslip.outside.hearing import hear
from sideslip.outside.lines import Floats
from sideslip.train.controller.by_solo import Figures, Sides, auc_by_solo, mean_by_solo, whose
from sideslip.train.controller.judged import Judged


def figures(judged: Sequence[Judged], generator: np.random.Generator) -> Figures:
    """H and M inside outside spans against elsewhere; bits a note of whole solos and of phrases."""
    wholes = [hear(solo.heard.whole, solo.tables).surprise for solo in judged]
    harmony = [_span_sides(solo, solo.hearing.surprise.harmony) for solo in judged]
    melody = [_span_sides(solo, solo.hearing.surprise.melody) for solo in judged]
    phrases = np.concatenate([solo.hearing.bits[solo.long] for solo in judged])
    found: Figures = {
        "h_span_auc": auc_by_solo(harmony, generator),
        "m_span_auc": auc_by_solo(melody, generator),
    }
    solo = whose([int(whole.counted.sum()) for whole in wholes])
    for name, measure in (("melody_bits", "melody"), ("harmony_bits", "harmony"), ("bits_per_note", "both")):
        bits = np.concatenate([getattr(whole, measure)[whole.counted] for whole in wholes])
        found[name] = mean_by_solo(bits, solo, generator)
    return found | {"phrase_bits_mean": float(phrases.mean()), "phrase_bits_sd": float(phrases.std())}


def _span_sides(solo: Judged, values: Floats) -> Sides:
    """A value of the notes in outside spans, and of all others."""
    within = np.zeros_like(solo.hearing.lines.valid)
    for row in range(len(within)):
        for span in solo.hearing.spans(row):
            within[row, span.first : span.last + 1] = True
    counted = solo.hearing.surprise.counted
    return values[counted & within], values[counted & ~within]
