"""O and G: real phrases should measure lower than the same transposed, or notes drawn at random."""

from collections.abc import Callable, Sequence

import numpy as np

from sideslip.outside.hearing import Hearing
from sideslip.outside.lines import Floats, Ints
from sideslip.train.controller.by_solo import Figures, Interval, auc_by_solo
from sideslip.train.controller.judged import Judged
from sideslip.train.listening import INSIDE_STYLES

Measure = Callable[[Hearing], Floats]


def figures(judged: Sequence[Judged], generator: np.random.Generator) -> Figures:
    """AUCs over phrases: how surely the real ones measure lower."""
    transposed = [[solo.with_pitches(solo.hearing.lines.pitch + shift) for shift in range(1, 12)] for solo in judged]
    drawn = [[solo.with_pitches(random_pitches(solo, generator))] for solo in judged]
    inside = [solo.style in INSIDE_STYLES for solo in judged]

    def compared(measure: Measure, against: Sequence[Sequence[Hearing]], only: Sequence[bool]) -> Interval | None:
        sides = [
            (np.concatenate([measure(other)[solo.long] for other in others]), measure(solo.hearing)[solo.long])
            for solo, others, wanted in zip(judged, against, only, strict=True)
            if wanted
        ]
        return auc_by_solo(sides, generator)

    everyone = [True] * len(judged)
    return {
        "o_transposed_auc": compared(_static, transposed, everyone),
        "o_random_auc": compared(_static, drawn, everyone),
        "g_transposed_auc": compared(_outside, transposed, everyone),
        "g_random_auc": compared(_outside, drawn, everyone),
        "g_transposed_inside_styles_auc": compared(_outside, transposed, inside),
    }


def _static(hearing: Hearing) -> Floats:
    return hearing.static


def _outside(hearing: Hearing) -> Floats:
    return hearing.outside


def random_pitches(solo: Judged, generator: np.random.Generator) -> Ints:
    """Pitches drawn evenly from the solo's range."""
    low, high = int(solo.heard.solo.pitch.min()), int(solo.heard.solo.pitch.max())
    return generator.integers(low, high + 1, size=solo.hearing.lines.pitch.shape)
