"""Counting the tables for listening from solos."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from sideslip.errors import DataError
from sideslip.music.chord import NO_CHORD, parse_chord
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Phrase
from sideslip.music.tension import NO_QUALITY, QUALITIES
from sideslip.outside.chords import BASE, DECAY
from sideslip.outside.hearing import hear
from sideslip.outside.intervals import IntervalCounts, count_intervals, smooth
from sideslip.outside.lines import Bools, Floats, Harmony, Lines, bar_weights, pad_notes
from sideslip.outside.surprise import degree_places, register_of
from sideslip.outside.tables import ListeningTables, UsualBits
from sideslip.train.solos import Solo

INSIDE_STYLES = frozenset({"TRADITIONAL", "SWING", "COOL", "BEBOP", "HARDBOP"})
"""Styles whose players stay with the changes: they teach what inside is."""

FEWEST_NOTES = 6
"""Shorter phrases say little about G or surprise."""

SMOOTHING = 50.0
"""Notes' worth of exp(-3 b) that every quality's profile begins with."""

TRUST = 30.0
"""Notes after which counts of (quality, place, last degree) weigh as much as those of the quality alone."""

FOLLOWING = 0.7
"""Share of P(degree | last degree ...) in H, the rest is P(degree | quality): it costs C nothing on tunes held out, and
keeps a shifted line surprising, whose every note follows well from the one before."""

FEWEST_MET = 16
"""A context of intervals met less often is left out: fewer bits on solos not counted, and a small file."""

FOLDS = 5


@dataclass(frozen=True, slots=True, eq=False)
class HeardSolo:
    """A solo as the ear takes it: one line a phrase, and the whole as one line; `registers` (K,) before each phrase."""

    solo: Solo
    phrases: Lines
    whole: Lines
    registers: Floats

    @property
    def long(self) -> Bools:
        """Phrases of at least six heard notes, (K,)."""
        long: Bools = self.phrases.heard.sum(axis=1) >= FEWEST_NOTES
        return long

    @classmethod
    def of(cls, solo: Solo) -> "HeardSolo":
        """Lay a solo over its own chords, N.C. where the annotation says so."""
        line = solo.line()
        cuts = [0, *(np.flatnonzero(np.diff(solo.phrase)) + 1).tolist(), len(solo)]
        phrases = [Phrase(line.notes[start:end]) for start, end in pairwise(cuts)]
        registers = [register_of(line.pitches[: start or 1]) for start in cuts[:-1]]
        return cls(solo, _laid(solo, phrases), _laid(solo, [line]), np.array(registers))


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """The tables before they are told what real phrases take."""

    profile: Floats
    degrees: Floats
    intervals: IntervalCounts

    def tables(self, usual: UsualBits) -> ListeningTables:
        """The tables to listen with."""
        return ListeningTables(self.profile, self.degrees, smooth(self.intervals), usual)


def _laid(solo: Solo, phrases: Sequence[Phrase]) -> Lines:
    chords = [NO_CHORD if symbol == "NC" else parse_chord(symbol) for symbol in solo.chord]
    starts = [i for i, chord in enumerate(chords) if i == 0 or chord != chords[i - 1]]
    harmony = Harmony.of_chords([TICKS * i for i in starts], [chords[i] for i in starts])
    onset, pitch, duration, valid = pad_notes(phrases)
    weights = bar_weights(solo.meter)
    lines = Lines.laid(onset, pitch, duration, valid, harmony, weights)
    beat = np.minimum(onset // TICKS, len(solo.beat) - 1)  # a solo's bars are given beat by beat
    return replace(lines, metre=weights[((solo.beat[beat] - 1) * TICKS + onset % TICKS) % len(weights)])


def count(solos: Iterable[HeardSolo]) -> Counted:
    """Count profile (inside styles), degrees and intervals (all)."""
    solos = list(solos)
    profile = _profile([heard.whole for heard in solos if heard.solo.style in INSIDE_STYLES])
    lines = [heard.whole for heard in solos]
    return Counted(profile, _degrees(lines), count_intervals(lines, FEWEST_MET))


def _prior() -> Floats:
    prior = np.exp(-DECAY * BASE[:NO_QUALITY])
    smoothing: Floats = SMOOTHING * prior / prior.sum(axis=1, keepdims=True)
    return smoothing


def _profile(lines: Sequence[Lines]) -> Floats:
    """(9, 12): degrees by quality, weighted by the square root of duration."""
    counts = np.zeros((NO_QUALITY + 1, 12))
    for one in lines:
        heard = one.heard
        degree = one.here.degree(one.pitch)[heard]
        np.add.at(counts, (one.here.quality[heard], degree), np.sqrt(one.duration[heard] / TICKS))
    smoothed = counts[:NO_QUALITY] + _prior()
    profile: Floats = smoothed / smoothed.sum(axis=1, keepdims=True)
    return profile


def _degrees(lines: Sequence[Lines]) -> Floats:
    """(9, 2, 12, 12): degrees by quality, place and last degree, leaning on the quality's own where seldom met."""
    counts = np.zeros((len(QUALITIES) + 1, 2, 12, 12))
    for one in lines:
        heard = one.heard.copy()
        heard[:, 0] = False
        places = (index[heard] for index in (*degree_places(one), one.here.degree(one.pitch)))
        np.add.at(counts, tuple(places), 1.0)
    counts = counts[:NO_QUALITY]
    plain = counts.sum(axis=(1, 2)) + _prior()
    plain /= plain.sum(axis=1, keepdims=True)
    plain = plain[:, None, None]
    following = (counts + TRUST * plain) / (counts.sum(axis=3, keepdims=True) + TRUST)
    degrees: Floats = FOLLOWING * following + (1 - FOLLOWING) * plain
    return degrees


def usual_bits(solos: Sequence[HeardSolo]) -> UsualBits:
    """What phrases take that were not counted: a line through (G, C bits), five folds by tune.

    Raises DataError where there are too few tunes to leave one out.
    """
    outside, bits = [], []
    for held_out, counted in left_out(solos, FOLDS):
        tables = counted.tables(UsualBits(0.0, 0.0, 1.0))
        for heard in held_out:
            measured = hear(heard.phrases, tables, heard.registers)
            outside.append(measured.outside[heard.long])
            bits.append(measured.bits[heard.long])
    g, c = np.concatenate(outside), np.concatenate(bits)
    slope, level = np.polyfit(g, c, 1)
    return UsualBits(float(level), float(slope), float(np.std(c - level - slope * g)))


def left_out(solos: Sequence[HeardSolo], folds: int) -> Iterator[tuple[list[HeardSolo], Counted]]:
    """Folds by tune: the solos over some of the tunes, and what is counted from all others.

    Raises DataError where there are fewer tunes than folds.
    """
    tunes = sorted({heard.solo.group for heard in solos if heard.long.any()})
    if len(tunes) < folds:
        raise DataError(
            f"wanted solos over at least {folds} tunes, each with a phrase of six notes; found {len(tunes)}"
        )
    for fold in range(folds):
        here = set(tunes[fold::folds])
        counted = count(heard for heard in solos if heard.solo.group not in here)
        yield [heard for heard in solos if heard.solo.group in here], counted
