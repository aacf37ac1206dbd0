"""What the ear for outside playing is worth, measured on solos it was not taught with.

Every figure is by solo first, so that intervals come from drawing solos again (bootstrap), not notes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sideslip.errors import DataError
from sideslip.music.tension import RESOLVES_WITHIN
from sideslip.outside.hearing import Hearing, hear
from sideslip.outside.lines import Bools, Floats, Ints
from sideslip.outside.spans import OUTSIDE
from sideslip.outside.tables import ListeningTables
from sideslip.train.listening import INSIDE_STYLES, HeardSolo
from sideslip.train.statistics import auc, spearman

OUTSIDE_STYLES = frozenset({"POSTBOP", "FUSION"})
FREE_STYLE = "FREE"
"""Solos of this style carry almost no chords: nothing is outside where nothing is inside."""

DRAWS = 200
SLIPS = (1, -1, 2, -2, 3, -3, 4, -4, 6, -6)
SLIP_LENGTHS = (3, 4, 6, 8, 12)
PLANTINGS = 5
"""Times that every phrase gets another side-slip."""

INSIDE_ENOUGH, ANYTHING = 0.10, 1.0
"""O at most of a real phrase into which a side-slip is planted. The figures lean on this bound: what is foreign in the
phrase as it was played counts as a false alarm, so they are given for all phrases of the inside styles too."""

PERCENTILES = (5, 25, 50, 75, 90, 95, 99)

Sides = tuple[Floats, Floats]
"""Values that should be high, and values that should be low, of one solo."""

Interval = dict[str, float]
"""A figure's value, ci_low and ci_high."""

Measure = Callable[[Hearing], Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """A solo and how its phrases are heard."""

    heard: HeardSolo
    hearing: Hearing

    @property
    def long(self) -> Bools:
        """The phrases that are judged, (K,)."""
        return self.heard.long

    @property
    def style(self) -> str:
        """The style of the solo."""
        return self.heard.solo.style

    @property
    def outside(self) -> float:
        """Mean G of the long phrases, by their notes."""
        return float(
            np.average(self.hearing.outside[self.long], weights=self.hearing.lines.heard[self.long].sum(axis=1))
        )


def figures(
    solos: Sequence[HeardSolo],
    tables: ListeningTables,
    generator: np.random.Generator,
    tiers: Mapping[str, Mapping[str, float]] | None = None,
) -> dict[str, object]:
    """Every figure by name; None for what these solos cannot tell.

    `tiers` has style_rank and performer_tier, expectations set down before measuring. Raises DataError where nothing
    can be judged.
    """
    judgeable = [heard for heard in solos if heard.solo.style != FREE_STYLE and heard.long.any()]
    if not judgeable:
        raise DataError(f"wanted a solo over changes with a phrase of six notes, found none among {len(solos)}")
    judged = [Judged(heard, hear(heard.phrases, tables, heard.registers)) for heard in judgeable]
    report: dict[str, object] = {"solos": len(judged), "phrases": int(sum(solo.long.sum() for solo in judged))}
    report |= _against_chance(judged, tables, generator)
    report |= _planted("planted_slip", INSIDE_ENOUGH, judged, tables, generator)
    report |= _planted("planted_slip_anywhere", ANYTHING, judged, tables, generator)
    report |= {"ornament_rule_kept": _ornament_rule(judged)}
    report |= _surprise(judged, tables, generator)
    report |= _spread(judged)
    return report | (_rankings(judged, tiers) if tiers else {})


def _auc_by_solo(sides: Sequence[Sides], generator: np.random.Generator) -> Interval | None:
    """AUC over all solos that have both sides, with the 95 % interval of drawing solos again."""
    usable = [side for side in sides if side[0].size and side[1].size]
    if not usable:
        return None
    draws = (generator.integers(len(usable), size=len(usable)) for _ in range(DRAWS))
    drawn = [_auc([usable[i] for i in draw]) for draw in draws]
    low, high = np.quantile(drawn, (0.025, 0.975))
    return {"value": _auc(usable), "ci_low": float(low), "ci_high": float(high)}


def _auc(sides: Sequence[Sides]) -> float:
    return auc(*_joined(sides))


def _joined(sides: Sequence[Sides]) -> Sides:
    high, low = (np.concatenate(values) for values in zip(*sides, strict=True))
    return high, low


# ---------------------------------------------------------------- real phrases against chance


def _against_chance(
    judged: Sequence[Judged], tables: ListeningTables, generator: np.random.Generator
) -> dict[str, Interval | None]:
    """O and G: real phrases should measure lower than the same transposed, or notes drawn at random."""
    transposed = [[_with_pitches(solo, tables, shift) for shift in range(1, 12)] for solo in judged]
    drawn = [[_with_pitches(solo, tables, _random_pitches(solo, generator))] for solo in judged]
    inside = [solo.style in INSIDE_STYLES for solo in judged]

    def compared(measure: Measure, against: Sequence[Sequence[Hearing]], only: Sequence[bool]) -> Interval | None:
        sides = [
            (np.concatenate([measure(other)[solo.long] for other in others]), measure(solo.hearing)[solo.long])
            for solo, others, wanted in zip(judged, against, only, strict=True)
            if wanted
        ]
        return _auc_by_solo(sides, generator)

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


def _with_pitches(solo: Judged, tables: ListeningTables, change: int | Ints) -> Hearing:
    """The solo's phrases transposed by some semitones, or with other pitches."""
    lines = solo.hearing.lines
    pitch = lines.pitch + change if isinstance(change, int) else change
    return hear(lines.with_pitches(pitch), tables, solo.heard.registers)


def _random_pitches(solo: Judged, generator: np.random.Generator) -> Ints:
    """Pitches drawn evenly from the solo's range."""
    low, high = int(solo.heard.solo.pitch.min()), int(solo.heard.solo.pitch.max())
    return generator.integers(low, high + 1, size=solo.hearing.lines.pitch.shape)


# ---------------------------------------------------------------- planted side-slips


def _planted(
    name: str, bound: float, judged: Sequence[Judged], tables: ListeningTables, generator: np.random.Generator
) -> dict[str, object]:
    """Real phrases of inside styles, O at most `bound`, with a segment transposed: is just that heard as outside?"""
    heard = [_heard_slips(solo, bound, tables, generator) for solo in judged if solo.style in INSIDE_STYLES]
    smoothed, online = [g for g, _ in heard], [f for _, f in heard]
    alarms = np.concatenate([np.zeros(0), *(straight > OUTSIDE for _, straight in smoothed)])
    return {
        f"{name}_g_auc": _auc_by_solo(smoothed, generator),
        f"{name}_f_auc": _auc_by_solo(online, generator),
        f"{name}_false_alarms": float(alarms.mean()) if alarms.size else None,
    }


def _heard_slips(
    solo: Judged, bound: float, tables: ListeningTables, generator: np.random.Generator
) -> tuple[Sides, Sides]:
    """G and F of the notes that were slipped, and of the others of the same phrases, in all plantings."""
    smoothed, online = [], []
    for _ in range(PLANTINGS):
        pitch, slipped = _plant(solo, bound, generator)
        hearing = hear(solo.hearing.lines.with_pitches(pitch), tables, solo.heard.registers)
        straight = hearing.lines.valid & ~slipped & slipped.any(axis=1, keepdims=True)
        smoothed.append((hearing.shift.smoothed[slipped], hearing.shift.smoothed[straight]))
        online.append((hearing.shift.online[slipped], hearing.shift.online[straight]))
    return _joined(smoothed), _joined(online)


def _plant(solo: Judged, bound: float, generator: np.random.Generator) -> tuple[Ints, Bools]:
    """Pitches with a side-slip in every phrase that is inside and long enough, and which notes were slipped, (K, N)."""
    lines = solo.hearing.lines
    pitch, slipped = lines.pitch.copy(), np.zeros_like(lines.valid)
    inside = (solo.hearing.static <= bound) & (lines.heard == lines.valid).all(axis=1)
    for row in np.flatnonzero(inside):
        length, shift = int(generator.choice(SLIP_LENGTHS)), int(generator.choice(SLIPS))
        room = int(lines.valid[row].sum()) - length
        if room >= 4:
            first = int(generator.integers(2, room - 1))
            pitch[row, first : first + length] += shift
            slipped[row, first : first + length] = True
    return pitch, slipped


# ---------------------------------------------------------------- rules, surprise, rankings


def _ornament_rule(judged: Sequence[Judged]) -> float | None:
    """Share of chromatic notes at most a beat before a chord tone a step away that have o < .4; must be 1."""
    kept, met = 0, 0
    for solo in judged:
        lines, out = solo.hearing.lines, solo.hearing.outsideness
        step = np.isin(abs(np.diff(lines.pitch, axis=1)), (1, 2))
        soon = np.diff(lines.onset, axis=1) <= RESOLVES_WITHIN
        met_here = out.chromatic[:, :-1] & out.chord_tone[:, 1:] & step & soon
        met += int(met_here.sum())
        kept += int((met_here & (out.o[:, :-1] < 0.4)).sum())
    return kept / met if met else None


def _surprise(judged: Sequence[Judged], tables: ListeningTables, generator: np.random.Generator) -> dict[str, object]:
    """H and M inside outside spans against elsewhere; bits a note of whole solos and of phrases."""
    wholes = [hear(solo.heard.whole, tables).surprise for solo in judged]
    harmony = [_span_sides(solo, solo.hearing.surprise.harmony) for solo in judged]
    melody = [_span_sides(solo, solo.hearing.surprise.melody) for solo in judged]
    phrases = np.concatenate([solo.hearing.bits[solo.long] for solo in judged])

    def bits(name: str) -> float:
        return float(np.concatenate([getattr(whole, name)[whole.counted] for whole in wholes]).mean())

    return {
        "h_span_auc": _auc_by_solo(harmony, generator),
        "m_span_auc": _auc_by_solo(melody, generator),
        "melody_bits": bits("melody"),
        "harmony_bits": bits("harmony"),
        "bits_per_note": bits("both"),
        "phrase_bits_mean": float(phrases.mean()),
        "phrase_bits_sd": float(phrases.std()),
    }


def _span_sides(solo: Judged, values: Floats) -> Sides:
    """A value of the notes in outside spans, and of all others."""
    within = np.zeros_like(solo.hearing.lines.valid)
    for row in range(len(within)):
        for span in solo.hearing.spans(row):
            within[row, span.first : span.last + 1] = True
    counted = solo.hearing.surprise.counted
    return values[counted & within], values[counted & ~within]


def _spread(judged: Sequence[Judged]) -> dict[str, object]:
    """Mean and percentiles of phrase G, and its mean by style."""
    by_style: dict[str, list[Floats]] = {}
    for solo in judged:
        by_style.setdefault(solo.style, []).append(solo.hearing.outside[solo.long])
    every = np.concatenate([g for phrases in by_style.values() for g in phrases])
    percentiles = zip(PERCENTILES, np.percentile(every, PERCENTILES).tolist(), strict=True)
    return {
        "g_mean": float(every.mean()),
        "g_percentiles": {str(percentile): value for percentile, value in percentiles},
        "g_by_style": {style: float(np.concatenate(by_style[style]).mean()) for style in sorted(by_style)},
    }


def _rankings(judged: Sequence[Judged], tiers: Mapping[str, Mapping[str, float]]) -> dict[str, object]:
    """Who plays further out, against what was expected of styles and performers."""
    styles, performers = tiers["style_rank"], tiers["performer_tier"]
    outer = [solo.outside for solo in judged if solo.style in OUTSIDE_STYLES]
    inner = [solo.outside for solo in judged if solo.style in {"TRADITIONAL", "SWING", "COOL"}]
    by_style = dict(_means(judged, lambda solo: solo.style, styles))
    by_performer = dict(_means(judged, lambda solo: solo.heard.solo.performer, performers))
    return {
        "style_spearman": _agreement(by_style, styles),
        "performer_spearman": _agreement(by_performer, performers),
        "performers": len(by_performer),
        "outer_styles_auc": auc(outer, inner) if outer and inner else None,
    }


def _agreement(measured: Mapping[str, float], expected: Mapping[str, float]) -> float | None:
    """Spearman's correlation; None where fewer than two are known, or all are alike."""
    if len(measured) < 2:
        return None
    agreement = spearman(list(measured.values()), [expected[name] for name in measured])
    return None if np.isnan(agreement) else agreement


def _means(
    judged: Sequence[Judged], key: Callable[[Judged], str], known: Mapping[str, float]
) -> Iterator[tuple[str, float]]:
    for name in sorted({key(solo) for solo in judged} & known.keys()):
        yield name, float(np.mean([solo.outside for solo in judged if key(solo) == name]))
