"""The figures as a table for people."""

from collections.abc import Mapping

from sideslip.train.controller.by_solo import Figures
from sideslip.train.controller.goals import GOALS, reach

WIDTH = 38

COLUMNS = ("outside", "resolved", "landed", "resolvability", "melody", "joint", "bits", "similarity")
"""What is told of each way to fill a turn."""

TABLES = ("ways", "real_turns", "real_phrases", "real_phrases_all", "real_phrases_outside", "spoilt")


def table(found: Figures) -> str:
    """A figure a line, beside what is asked of it; ways to fill a turn as rows of means."""
    lines = []
    for name, figure in found.items():
        if name not in TABLES:
            lines += _lines(name, figure, "")
    return "\n".join(lines + _ways(found))


def _lines(name: str, figure: object, indent: str) -> list[str]:
    if isinstance(figure, Mapping) and reach(figure) is None:
        inner = [line for key, value in figure.items() for line in _lines(key, value, indent + "  ")]
        return [f"{indent}{name}", *inner]
    return [f"{indent}{name:{WIDTH - len(indent)}} {short(figure)}{_goal(name, figure) if not indent else ''}".rstrip()]


def short(figure: object, digits: int = 3) -> str:
    """A figure with its interval."""
    ends = reach(figure)
    if ends is None or isinstance(figure, int):
        return "-" if figure is None else str(figure)
    value, low, high = (f"{end:.{digits}f}" for end in ends)
    return f"{value} [{low}, {high}]" if isinstance(figure, dict) else value


def _goal(name: str, figure: object) -> str:
    goal = GOALS.get(name)
    if goal is None or not (verdict := goal.verdict(figure)):
        return ""
    return f"   {goal.wanted}{f' (aim {goal.aimed})' if goal.aimed else ''}: {verdict}"


def _ways(found: Figures) -> list[str]:
    rows = [row for name in TABLES if name in found for row in _rows(name, found[name])]
    head = f"{'means':{WIDTH}} " + " ".join(f"{name[:8]:>8}" for name in COLUMNS)
    return [head, *rows] if rows else []


def _rows(name: str, figures: object) -> list[str]:
    """A row for each innermost table of means."""
    if not isinstance(figures, Mapping):
        return []
    if "outside" in figures:
        ends = [reach(figures.get(column)) for column in COLUMNS]
        return [f"{name:{WIDTH}} " + " ".join(f"{end[0]:8.3f}" if end else f"{'-':>8}" for end in ends)]
    prefix = "" if name == "ways" else f"{name} "
    return [row for key, value in figures.items() for row in _rows(f"{prefix}{key}", value)]
