"""What is asked of the figures: what they must be, and what is aimed at."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

from sideslip.train.controller.by_solo import Figures


@dataclass(frozen=True, slots=True)
class Goal:
    """Bounds of a figure, described in `words`: it must lie in `must` (lowest, highest) and is aimed at `aim`. `sure`:
    its whole interval must."""

    words: str
    must: tuple[float, float]
    aim: tuple[float, float] | None = None
    sure: bool = False

    @property
    def wanted(self) -> str:
        """What it must be, in words."""
        return _bounds(self.must) + (", surely" if self.sure else "")

    @property
    def aimed(self) -> str:
        """What is aimed at, in words; empty where that is no more."""
        return _bounds(self.aim) if self.aim else ""

    def verdict(self, figure: object) -> str:
        """Whether a figure is as it should be; empty for one that is not known."""
        ends = reach(figure)
        if ends is None:
            return ""
        value, low, high = ends
        if not all(_within(each, self.must) for each in ((low, high) if self.sure else (value,))):
            return "MISSED"
        return "aim met" if self.aim and _within(value, self.aim) else "met"


def at_least(words: str, must: float, aim: float | None = None, sure: bool = False) -> Goal:
    """A figure that should be high."""
    return Goal(words, (must, inf), None if aim is None else (aim, inf), sure)


def at_most(words: str, must: float, aim: float | None = None) -> Goal:
    """A figure that should be low."""
    return Goal(words, (-inf, must), None if aim is None else (-inf, aim))


def between(words: str, low: float, high: float) -> Goal:
    """A figure that should be neither."""
    return Goal(words, (low, high))


def reach(figure: object) -> tuple[float, float, float] | None:
    """A figure's value and the ends of its interval, which are the value where it has none; None if it is no number."""
    if isinstance(figure, dict) and {"value", "ci_low", "ci_high"} <= figure.keys():
        return figure["value"], figure["ci_low"], figure["ci_high"]
    return (float(figure),) * 3 if isinstance(figure, int | float) else None


def verdicts(found: Figures) -> dict[str, dict[str, str]]:
    """For each goal whose figure is there: what it must be, what is aimed at, and whether it is."""
    return {
        name: {"must": goal.wanted, "aim": goal.aimed, "verdict": goal.verdict(found[name])}
        for name, goal in GOALS.items()
        if name in found
    }


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]


def _bounds(bounds: tuple[float, float]) -> str:
    low, high = bounds
    if high == inf:
        return f">= {low:g}"
    if low == -inf:
        return f"<= {high:g}"
    return f"within {high:g}" if low == -high else f"{low:g} to {high:g}"


GOALS: Mapping[str, Goal] = {
    "o_transposed_auc": at_least("O: real phrases told from the same transposed, AUC", 0.83, 0.86),
    "o_random_auc": at_least("O: from random notes, AUC", 0.87, 0.90),
    "g_transposed_auc": at_least("G: from the same transposed, AUC", 0.85, 0.88),
    "g_transposed_inside_styles_auc": at_least("G: the same, inside styles alone, AUC", 0.89, 0.92),
    "planted_slip_g_auc": at_least("planted side-slips, by note, all notes known, AUC", 0.83, 0.87),
    "planted_slip_f_auc": at_least("planted side-slips, by note, only the past, AUC", 0.79, 0.82),
    "planted_slip_false_alarms": at_most("notes beside them that are taken for outside", 0.07, 0.05),
    "ornament_rule_kept": at_least("chromatic notes a step before a chord tone with o < .4", 1.0),
    "h_span_auc": at_least("H in outside spans against elsewhere, AUC", 0.75, 0.78),
    "m_span_auc": at_most("M, the same: must stay low", 0.58, 0.55),
    "style_spearman": at_least("styles in the order expected of them, Spearman", 0.70, 0.78),
    "performer_spearman": at_least("performers in the order expected of them, Spearman", 0.68, 0.78),
    "outer_styles_auc": at_least("solos: post-bop and fusion against traditional, swing, cool, AUC", 0.82, 0.87),
    "proposer_bits": at_most("the proposer's surprise, 25 intervals, bits a note", 3.05, 2.85),
    "resolvability_k1_auc": at_least("R one note ahead on real chromatic notes, AUC", 0.72, 0.76),
    "resolvability_k2_auc": at_least("R two notes ahead, AUC", 0.69, 0.73),
    "resolvability_k1_calibration_error": at_most("R one note ahead, calibration error", 0.04, 0.02),
    "resolvability_k2_calibration_error": at_most("R two notes ahead, calibration error", 0.04, 0.02),
    "critic_win": at_least("critic: pairs in which it prefers the real line, mean over 14 kinds", 0.83, 0.87),
    "critic_gain": at_least("the same, more than by the proposer's likelihood", 0.03),
    "critic_win_alike": at_least("critic, pairs that surprise the proposer alike", 0.68, 0.75),
    "critic_gain_alike": at_least("the same, more than by the proposer's likelihood", 0.10),
    "critic_win_own_alike": at_least("critic, the proposer's own lines, surprising alike", 0.72, 0.80),
    "critic_pairs_own_alike": at_least("pairs of these", 1000),
    "dial_spearman": at_least("dial and G of the phrase chosen, Spearman", 0.85, 0.93),
    "dial_monotone": at_least("pairs of dials in one place whose phrases go out in that order", 0.90),
    "dial_range": at_least("mean G at dial 1 minus at 0", 0.35),
    "dial_melody_gap": between("M at dial .75 and 1 minus real phrases outside (G > .3), bits", -0.4, 0.4),
    "dial_joint_ratio": at_most("joint surprise there, times that of those real phrases", 1.3),
    "dial_bits_gap": between("the proposer's bits of chosen phrases minus real ones in their places", -0.25, 0.25),
    "dial_similarity": between("likeness of chosen phrases to the call", 0.29, 0.51),
    "resolved_over_temperature": at_least("phrases resolved, more than sampling hotter, at equal G", 0.0, sure=True),
    "root_online": at_least("solo and simulated comping, no chart: root at once", 0.70, 0.80),
    "root_lag1": at_least("the same, a bar later", 0.76, 0.85),
    "position_16_bars": at_least("chart known, start unknown: right bar after 16 bars of the line", 0.50, 0.65),
}
"""By the figure's name, in the order in which they are told."""
