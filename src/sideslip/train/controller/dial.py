"""What the dial does: is it obeyed, and are phrases that go out as whole as those of players?

Turns of four bars follow what a soloist played before, in solos over tunes that were not trained on. In each way of
filling them (`ways`) the same is measured (`heard`).
"""

import numpy as np

from sideslip.outside.lines import Floats, Ints
from sideslip.train.controller.by_solo import Figures, by_solo, mean_by_solo
from sideslip.train.controller.matched import OUT, Sample, banded, more, more_at_equal
from sideslip.train.controller.played import Played
from sideslip.train.controller.ways import (
    CONTROLLER,
    KNOBS,
    NUCLEUS,
    RANDOM,
    TEMPERATURE,
    WITHOUT_CRITIC,
    WITHOUT_DEVICES,
    Way,
)
from sideslip.train.statistics import spearman

COMPARED = ("resolved", "landed", "resolvability", "melody", "joint", "bits")
"""What is compared at equal outsideness,"""

RIVALS = (TEMPERATURE, NUCLEUS, RANDOM, WITHOUT_DEVICES, WITHOUT_CRITIC)
"""and with whom, beside real players."""

BANDS = (0.0, 0.05, 0.10, 0.15, 0.20, 0.30, 0.45, 1.0)
"""Bands of G in which real phrases are shown."""

FAR_SETTINGS = 2
"""The last settings of a knob are to go out: dial .75 and 1."""


def figures(played: Played | None, generator: np.random.Generator) -> Figures:
    """The dial's figures (dial_...), the same of every other knob (`baselines`), means of every way (`ways`), of real
    turns and phrases, and what is won at equal outsideness."""
    if played is None:
        return {"contexts": 0}
    found: Figures = {"contexts": len(played.solo), "context_solos": len(np.unique(played.solo))}
    found |= {f"dial_{name}": value for name, value in knob(CONTROLLER, played, generator).items()}
    found |= equal(played, generator)
    others = [name for name, settings in KNOBS.items() if name != CONTROLLER and len(settings) > 1]
    found["baselines"] = {name: knob(name, played, generator) for name in others}
    found["ways"] = {
        name: {f"{setting:g}": means(played.turns(name, (setting,)), generator) for setting in settings}
        for name, settings in KNOBS.items()
    }
    found["real_turns"] = means(Sample(played.solo, played.real), generator)
    found["real_phrases"] = {name: means(band, generator) for name, band in banded(played.phrases, BANDS)}
    found["real_phrases_all"] = means(played.phrases, generator)
    found["real_phrases_outside"] = means(played.far_phrases, generator)
    found["spoilt"] = {name: means(sample, generator) for name, sample in played.spoilt.items()}
    return found | {"one_idea_bits": played.one_idea}


def knob(name: str, played: Played, generator: np.random.Generator) -> Figures:
    """What turning a knob does.

    `spearman` of its setting and G over all turns; `monotone`, the mean over turns of the share of pairs of settings
    whose phrases go out in that order (ties half), and `spearman_in_context`, the mean of each turn's correlation;
    `range`, mean G at its end minus that at its beginning. At its FAR_SETTINGS, against real phrases that are outside:
    `melody_gap` in bits, `joint_ratio`. `bits_gap`: the proposer's bits a note minus those of the real turns in the
    same places, at all settings (and `bits_gap_at` each). `similarity`: mean likeness to the call.
    """
    settings = KNOBS[name]
    outside = np.stack([played.ways[Way(name, setting)]["outside"] for setting in settings], axis=1)
    gaps = np.stack([played.ways[Way(name, each)]["bits"] - played.real["bits"] for each in settings], axis=1)
    alike = np.stack([played.ways[Way(name, setting)]["similarity"] for setting in settings], axis=1)
    far, solo = played.turns(name, settings[-FAR_SETTINGS:]), played.solo

    def agreement(rows: Ints) -> float:
        return spearman(np.tile(settings, len(rows)), outside[rows].ravel())

    return {
        "spearman": by_solo(solo, agreement, generator),
        "monotone": mean_by_solo(in_order(outside), solo, generator),
        "spearman_in_context": mean_by_solo(np.array([spearman(settings, row) for row in outside]), solo, generator),
        "range": mean_by_solo(outside[:, -1] - outside[:, 0], solo, generator),
        "melody_gap": more(far, played.far_phrases, "melody", generator),
        "joint_ratio": more(far, played.far_phrases, "joint", generator, ratio=True),
        "bits_gap": mean_by_solo(gaps.mean(axis=1), solo, generator),
        "bits_gap_at": {
            f"{setting:g}": mean_by_solo(gap, solo, generator) for setting, gap in zip(settings, gaps.T, strict=True)
        },
        "similarity": mean_by_solo(alike.mean(axis=1), solo, generator),
    }


def in_order(values: Floats) -> Floats:
    """The share of the pairs of each row (K, S) that increase from left to right, ties half: (K,)."""
    first, second = np.triu_indices(values.shape[1], 1)
    ordered: Floats = (0.5 + 0.5 * np.sign(values[:, second] - values[:, first])).mean(axis=1)
    return ordered


def equal(played: Played, generator: np.random.Generator) -> Figures:
    """COLUMN_over_RIVAL: by how much the controller's phrases exceed others at equal outsideness; `_out` only those
    that are out."""
    own = played.turns(CONTROLLER, KNOBS[CONTROLLER])
    others = {name: played.turns(name, KNOBS[name]) for name in RIVALS}
    others |= {"players": played.phrases, "real turns": Sample(played.solo, played.real)}
    found: Figures = {}
    for name, other in others.items():
        for column in (each for each in COMPARED if each in other.columns):
            for suffix, least in (("", 0.0), ("_out", OUT)):
                key = f"{column}_over_{name}{suffix}".replace(" ", "_")
                found[key] = more_at_equal(own, other, column, generator, least)
    return found


def means(sample: Sample, generator: np.random.Generator) -> Figures:
    """The mean of every column."""
    return {name: mean_by_solo(values, sample.solo, generator) for name, values in sample.columns.items()}
