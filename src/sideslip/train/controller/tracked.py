"""The rows of the harmonic tracker, solo by solo: chords under simulated comping, and the place in a chart."""

from collections.abc import Sequence

import numpy as np

from sideslip.listen.harmony.tables import HarmonyTables
from sideslip.outside.lines import Floats
from sideslip.train.controller.by_solo import Figures, Interval, mean_by_solo
from sideslip.train.solos import Solo
from sideslip.train.tracker.chord_figures import chord_hits
from sideslip.train.tracker.place_figures import place_hits


def figures(solos: Sequence[Solo], tables: HarmonyTables, seed: int, generator: np.random.Generator) -> Figures:
    """Solo and comping, no chart: the right root at once and a bar later. Chart known, start unknown: the right bar
    after sixteen bars of the line."""
    charted = [solo for solo in solos if solo.harm is not None]
    hits, beats = chord_hits(charted, tables, seed)
    places = place_hits(charted, tables).astype(np.float64)
    return {
        "root_online": _share(hits[:, 0], beats, generator),
        "root_lag1": _share(hits[:, 1], beats, generator),
        "position_16_bars": _share(places[:, 0], places[:, 2], generator),
    }


def _share(hits: Floats, trials: Floats, generator: np.random.Generator) -> Interval | None:
    """Hits of all trials, (S,) of each solo."""
    shares = np.where(trials > 0, hits / np.maximum(1, trials), np.nan)
    return mean_by_solo(shares, np.arange(len(shares)), generator, trials)
