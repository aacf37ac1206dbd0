"""The headline picture: how far out phrases go, and how well they come home. SVG, for light and dark."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from sideslip.train.controller.ways import (
    CONTROLLER,
    LIKELIEST,
    NUCLEUS,
    RANDOM,
    TEMPERATURE,
    WITHOUT_DEVICES,
)

TITLE = "How far out phrases go, and how well they come home"

STYLE = """
svg { --paper: #fbf9f4; --ink: #1e1b16; --soft: #655e52; --rule: #e4ddcf;
  --own: #a86a00; --players: #14708c; --hot: #e0005a; --nucleus: #7a5bb5; --plain: #857d70; }
@media (prefers-color-scheme: dark) { svg { --paper: #15161a; --ink: #ece7dc; --soft: #aaa497; --rule: #2c2e35;
  --own: #efb24a; --players: #58bfdd; --hot: #ff4d8d; --nucleus: #b79cf2; --plain: #8f8a80; } }
text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; fill: var(--ink); }
.title { font: 600 18px "Iowan Old Style", Palatino, "URW Palladio L", Georgia, serif; }
.soft { fill: var(--soft); } .end { text-anchor: end; } .middle { text-anchor: middle; }
.tag { font-size: 12px; font-weight: 600; paint-order: stroke; stroke: var(--paper);
  stroke-width: 3px; stroke-linejoin: round; }
.grid { stroke: var(--rule); } .axis { stroke: var(--soft); }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; } .whole { stroke-width: 3; }
.dashed { stroke-dasharray: 5 4; } .band { opacity: .15; }
.dot { stroke: var(--paper); stroke-width: 1.5; } .cross { stroke-width: 2; }
"""
"""Looks by class; the colours are those of a session's page."""

COLOURS = ("own", "players", "hot", "nucleus", "plain")

WIDTH, HEIGHT = 960, 546
PANEL_WIDTH, PANEL_HEIGHT = 386, 318
LEFTS, TOP = (66, 546), 156
ACROSS = "how far outside the changes (G)"
FURTHEST = 0.8
"""G at the right edge."""

ENDS = ("ci_high", "ci_low")

Interval = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Panel:
    """A column against G: its title and unit, the ends and steps of its axis, and what its top and bottom mean."""

    column: str
    title: str
    unit: str
    low: float
    high: float
    step: float
    top: str = ""
    bottom: str = ""


PANELS = (
    Panel("resolved", "Comes home as one idea", "share of phrases", 0.0, 1.0, 0.2),
    Panel("melody", "Surprise of the line", "bits a note, chords unheard (M)", 2.0, 5.0, 0.5, "noise", "routine"),
)


@dataclass(frozen=True, slots=True)
class Curve:
    """Points with their intervals, from left to right, drawn as a line or as crosses; the `tags` of the points, if any,
    are told above them or on their left."""

    label: str
    colour: str
    points: Sequence[Mapping[str, Interval]]
    tags: Sequence[str] = ()
    above: bool = True
    banded: bool = False
    dashed: bool = False
    crosses: bool = False


def picture(found: Mapping[str, Any]) -> str:
    """The picture, from the figures of the group `dial`."""
    drawn = curves(found)
    colours = "".join(
        f".{name}.line, .{name}.cross {{ stroke: var(--{name}); }}\n"
        f".{name}.band, .{name}.dot, .{name}.tag {{ fill: var(--{name}); }}\n"
        for name in COLOURS
    )
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">']
    parts += [f"<title>{TITLE}</title>", f"<style>{STYLE}{colours}</style>"]
    parts.append(f'<rect width="{WIDTH}" height="{HEIGHT}" rx="8" style="fill: var(--paper)"/>')
    parts += _legend(drawn)
    for left, panel in zip(LEFTS, PANELS, strict=True):
        parts += _axes(panel, left)
        for curve in drawn:
            parts += _curve(curve, panel, left)
    return "\n".join([*parts, "</svg>\n"])


def curves(found: Mapping[str, Any]) -> list[Curve]:
    """What is drawn, the last on top."""
    ways = found["ways"]

    def of(name: str, label: str, colour: str, **looks: Any) -> Curve:
        return Curve(label, colour, list(ways[name].values()), **looks)

    heats, dials = ([_setting(key) for key in ways[name]] for name in (TEMPERATURE, CONTROLLER))
    players, spoilt = list(found["real_phrases"].values()), found["spoilt"]
    return [
        of(LIKELIEST, "likelihood alone", "plain", crosses=True),
        of(NUCLEUS, "top-p .8 to .95", "nucleus"),
        of(TEMPERATURE, "temperature .8 to 1.5", "hot", tags=heats, above=False, banded=True),
        Curve("real phrases, spoilt", "players", list(spoilt.values()), tuple(spoilt), crosses=True),
        Curve("real players", "players", players, banded=True),
        of(RANDOM, "one of its ideas by chance", "plain", dashed=True),
        of(WITHOUT_DEVICES, "without devices", "own", dashed=True),
        of(CONTROLLER, "controller, dial 0 to 1", "own", tags=dials, banded=True),
    ]


def _setting(key: str) -> str:
    """A knob's setting as it is said."""
    return {"0.25": "¼", "0.5": "½", "0.75": "¾", "0": "0"}.get(key) or key.removeprefix("0")


def _legend(drawn: Sequence[Curve]) -> list[str]:
    """What each look stands for, in four columns, the last curve first."""
    parts = []
    for number, curve in enumerate(reversed(drawn)):
        x, y = LEFTS[0] + 228 * (number % 4), 34 + 24 * (number // 4)
        parts.append(_cross(curve.colour, x + 13, y) if curve.crosses else _line(curve, [(x, y), (x + 26, y)]))
        parts.append(f'<text x="{x + 34}" y="{y + 4.5}">{escape(curve.label)}</text>')
    return parts


def _axes(panel: Panel, left: float) -> list[str]:
    """Title, grid, and the words along both axes."""
    right, floor = left + PANEL_WIDTH, TOP + PANEL_HEIGHT
    parts = [
        f'<text class="title" x="{left}" y="{TOP - 48}">{panel.title}</text>',
        f'<text class="soft" x="{left}" y="{TOP - 29}">{panel.unit}</text>',
        f'<text class="soft middle" x="{left + PANEL_WIDTH / 2}" y="{floor + 44}">{ACROSS}</text>',
    ]
    for number in range(round((panel.high - panel.low) / panel.step) + 1):
        value = panel.low + number * panel.step
        y = _y(panel, value)
        parts.append(f'<line class="{"axis" if number == 0 else "grid"}" x1="{left}" x2="{right}" y1="{y}" y2="{y}"/>')
        parts.append(f'<text class="soft end" x="{left - 10}" y="{y + 4.5}">{value:.1f}</text>')
    for word, y in ((panel.top, TOP + 16), (panel.bottom, floor - 8)):
        parts.append(f'<text class="soft end" x="{right}" y="{y}">{word}</text>')
    for tenth in range(int(FURTHEST * 10) + 1):
        x = _x(left, tenth / 10)
        parts.append(f'<line class="axis" x1="{x}" x2="{x}" y1="{floor}" y2="{floor + 5}"/>')
        parts.append(f'<text class="soft middle" x="{x}" y="{floor + 22}">{f".{tenth}" if tenth else "0"}</text>')
    return parts


def _curve(curve: Curve, panel: Panel, left: float) -> list[str]:
    """A curve with its 95 % band, its points and their tags; without the points that lie outside the panel."""
    tags = curve.tags or [""] * len(curve.points)
    known = [
        (_x(left, point["outside"]["value"]), point[panel.column], tag)
        for point, tag in zip(curve.points, tags, strict=True)
        if point[panel.column] and panel.low <= point[panel.column]["value"] <= panel.high
    ]
    at = [(x, _y(panel, figure["value"])) for x, figure, _ in known]
    if curve.crosses:
        parts = [_cross(curve.colour, x, y) for x, y in at]
        return parts + [_beside(curve.colour, x, y, tag, left) for (x, y), (_, _, tag) in zip(at, known, strict=True)]
    parts = []
    if curve.banded:
        over, under = ([(x, _y(panel, figure[end])) for x, figure, _ in known] for end in ENDS)
        parts.append(f'<polygon class="{curve.colour} band" points="{_points([*over, *reversed(under)])}"/>')
    parts.append(_line(curve, at))
    for (x, y), (_, _, tag) in zip(at, known, strict=True):
        if tag:
            side, across, down = ("middle", x, y - 11) if curve.above else ("end", x - 10, y + 4.5)
            parts.append(f'<circle class="{curve.colour} dot" cx="{x}" cy="{y}" r="5"/>')
            parts.append(f'<text class="{curve.colour} tag {side}" x="{across:g}" y="{down:g}">{escape(tag)}</text>')
    return parts


def _beside(colour: str, x: float, y: float, tag: str, left: float) -> str:
    """Words on the right of a cross, or under it where there is no room; never on the axis."""
    side, across, down = ("middle", x, y + 20) if x > left + 0.7 * PANEL_WIDTH else ("", x + 11, y + 4.5)
    down = min(down, TOP + PANEL_HEIGHT - 6)
    return f'<text class="{colour} tag {side}" x="{across:g}" y="{down:g}">{escape(tag)}</text>' if tag else ""


def _line(curve: Curve, at: Sequence[tuple[float, float]]) -> str:
    looks = [curve.colour, "line", *(["dashed"] if curve.dashed else []), *(["whole"] if curve.banded else [])]
    return f'<polyline class="{" ".join(looks)}" points="{_points(at)}"/>'


def _cross(colour: str, x: float, y: float) -> str:
    return f'<path class="{colour} cross" d="M{x - 5:g} {y - 5:g}l10 10m0 -10l-10 10"/>'


def _points(at: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in at)


def _x(left: float, outside: float) -> float:
    return round(left + PANEL_WIDTH * min(outside, FURTHEST) / FURTHEST, 1)


def _y(panel: Panel, value: float) -> float:
    share = (min(max(value, panel.low), panel.high) - panel.low) / (panel.high - panel.low)
    return round(TOP + PANEL_HEIGHT * (1 - share), 1)
