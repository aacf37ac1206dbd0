"""What can be counted in a turn: harmony, intervals, rhythm, rests, order. One number a turn and trait.

Groove similarity and pitch-class entropy follow the Jazz Transformer (Wu and Yang 2020), which took them from MGEval
(Yang and Lerch 2018); a bar has 48 places here, there 64.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from sideslip.music.changes import Changes
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Phrase
from sideslip.outside.hearing import hear
from sideslip.outside.lines import Bools, Floats, Ints, Lines
from sideslip.outside.tables import ListeningTables
from sideslip.train.proposer.contexts import BARS

Traits = dict[str, Floats]
"""By name, (K,) each; NaN where a turn has nothing to tell it by."""

BREATH = TICKS
"""Ticks of rest that end a phrase wherever nobody has marked phrases: 87 % of such rests in the Weimar Jazz Database
are marked as ends of phrases, 82 % of the marked ends are such rests."""


CELL = 3
"""Intervals of a cell that is told apart: four notes."""


def traits(phrases: Sequence[Phrase], changes: Changes, starts: Sequence[int], tables: ListeningTables) -> Traits:
    """The traits of K turns over one set of changes that begin at `starts` (K,) ticks and last BARS bars. Every phrase
    has a note."""
    lines = Lines.over(changes, phrases)
    bar = changes.meter.bar
    return {
        **_wished(phrases, lines, tables),
        **_harmony(lines),
        **_intervals(lines),
        **_rhythm(lines),
        **_order(lines),
        "rest": np.array([_silence(phrase, start, BARS * bar) for phrase, start in zip(phrases, starts, strict=True)]),
        "groove": np.array([groove(phrase, start, bar) for phrase, start in zip(phrases, starts, strict=True)]),
    }


def wished(phrases: Sequence[Phrase], changes: Changes, tables: ListeningTables) -> Traits:
    """What can be asked of a phrase, as it came out: outside (G), density, register."""
    return _wished(phrases, Lines.over(changes, phrases), tables)


def _wished(phrases: Sequence[Phrase], lines: Lines, tables: ListeningTables) -> Traits:
    spans = [max(1.0, (phrase.notes[-1].end - phrase.start) / TICKS) for phrase in phrases]
    return {
        "outside": hear(lines, tables).outside,
        "density": np.array([len(phrase) / span for phrase, span in zip(phrases, spans, strict=True)]),
        "register": np.array([float(np.mean(phrase.pitches)) for phrase in phrases]),
    }


def share(among: Bools, kept: Bools) -> Floats:
    """Which part of the places `among` is `kept`, row by row; NaN where there is none."""
    total = among.sum(axis=1)
    part: Floats = np.where(total > 0, (among & kept).sum(axis=1) / np.maximum(total, 1), np.nan)
    return part


def _harmony(lines: Lines) -> Traits:
    tone, on = lines.here.has(lines.pitch), lines.onset % TICKS == 0
    foreign = lines.here.foreignness(lines.pitch) >= 0.4
    return {
        "chord_tones_on": share(lines.heard & on, tone),
        "chord_tones_off": share(lines.heard & ~on, tone),
        "chromatic": share(lines.heard, foreign),
    }


def _intervals(lines: Lines) -> Traits:
    both, interval = lines.valid[:, 1:], np.diff(lines.pitch, axis=1)
    size = abs(interval)
    turned = np.sign(interval[:, 1:]) * np.sign(interval[:, :-1]) < 0
    return {
        "repeated_pitch": share(both, size == 0),
        "semitones": share(both, size == 1),
        "whole_tones": share(both, size == 2),
        "thirds": share(both, (size == 3) | (size == 4)),
        "leaps": share(both, size >= 5),
        "turned": share(both[:, 1:], turned),
        "spread": np.array([pitch[valid].std() for pitch, valid in zip(lines.pitch, lines.valid, strict=True)]),
    }


def _rhythm(lines: Lines) -> Traits:
    both, shift = lines.valid[:, 1:], np.diff(lines.onset, axis=1)
    legato = np.where(both, lines.duration[:, :-1] / np.maximum(shift, 1), np.nan)
    within = np.where(shift < 2 * TICKS, legato, np.nan)
    return {
        "sixteenths": share(both, shift <= 3),
        "triplets": share(both, (shift == 4) | (shift == 8)),
        "eighths": share(both, shift == 6),
        "long_shifts": share(both, shift >= TICKS),
        "on_the_beat": share(lines.valid, lines.onset % TICKS == 0),
        "repeated_shift": share(both[:, 1:], shift[:, 1:] == shift[:, :-1]),
        "legato": row_means(within),
    }


def row_means(values: Floats) -> Floats:
    """Means of rows without NaN; NaN for rows of nothing else."""
    known = ~np.isnan(values)
    total = known.sum(axis=1)
    means: Floats = np.where(total > 0, np.where(known, values, 0.0).sum(axis=1) / np.maximum(total, 1), np.nan)
    return means


def _order(lines: Lines) -> Traits:
    rows = [pitch[valid] for pitch, valid in zip(lines.pitch, lines.valid, strict=True)]
    return {
        "pitch_class_entropy": np.array([entropy(pitch % 12) for pitch in rows]),
        "interval_entropy": np.array([entropy(np.diff(pitch)) for pitch in rows]),
        "repeated_cells": np.array([repeated(np.diff(pitch)) for pitch in rows]),
    }


def entropy(symbols: Ints) -> float:
    """Bits of the histogram of some symbols; NaN for none."""
    if not len(symbols):
        return float("nan")
    _, counts = np.unique(symbols, return_counts=True)
    chance = counts / counts.sum()
    return float(-(chance * np.log2(chance)).sum()) + 0.0


def repeated(intervals: Ints) -> float:
    """Share of the cells of CELL intervals in a row that were there before; NaN where there is none."""
    if len(intervals) < CELL:
        return float("nan")
    cells = np.lib.stride_tricks.sliding_window_view(intervals, CELL)
    return 1 - len(np.unique(cells, axis=0)) / len(cells)


def _silence(phrase: Phrase, start: int, ticks: int) -> float:
    """Share of a turn in which nothing sounds."""
    begin = min(start, phrase.start)
    sounding = sum(min(note.end, start + ticks) - note.onset for note in phrase)
    return 1 - sounding / (start + ticks - begin)


def groove(phrase: Phrase, start: int, bar: int) -> float:
    """Mean likeness of two bars of a turn: the share of places at which both or neither have an onset."""
    struck = np.zeros((BARS, bar), dtype=np.bool_)
    for note in phrase.between(start, start + BARS * bar):
        struck[divmod(note.onset - start, bar)] = True
    return float(np.mean([(one == other).mean() for one, other in combinations(struck, 2)]))


def breaths(phrase: Phrase, end: int) -> tuple[list[int], list[float]]:
    """Notes of each part of a turn between rests of at least BREATH, and the length of those rests in beats, the one
    before the turn's end (a tick) included."""
    counts, rests, count = [], [], 0
    onsets = [note.onset for note in phrase.notes[1:]] + [end]
    for note, following in zip(phrase, onsets, strict=True):
        count += 1
        if following - note.end >= BREATH:
            counts.append(count)
            rests.append((following - note.end) / TICKS)
            count = 0
    return counts + ([count] if count else []), rests
