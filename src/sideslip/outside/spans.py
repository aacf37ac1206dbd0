"""Outside spans: the places where a line has really left the changes."""

from dataclasses import dataclass

import numpy as np

from sideslip.outside.lines import Bools, Floats, Lines
from sideslip.outside.outsideness import Outsideness

OUTSIDE = 0.5
"""A note is outside where G exceeds this."""

LONGEST_GAP = 1
"""Notes that may lie between two parts of one span."""

FEWEST_CHROMATIC = 2
"""Chromatic notes, ornaments not counted, without which nothing has been left."""


@dataclass(frozen=True, slots=True)
class Span:
    """Notes `first` to `last` of a line, both outside (indices)."""

    first: int
    last: int


def outside_spans(smoothed: Floats, outsideness: Outsideness, lines: Lines, row: int) -> tuple[Span, ...]:
    """The spans of one line in order: G > .5, merged over gaps of one note, trimmed to chromatic notes."""
    outside = np.flatnonzero((smoothed[row] > OUTSIDE) & lines.valid[row])
    if not outside.size:
        return ()
    chromatic = outsideness.chromatic[row]
    bare = chromatic & ~outsideness.ornament[row]
    parts = np.split(outside, np.flatnonzero(np.diff(outside) > LONGEST_GAP + 1) + 1)
    spans = []
    for part in parts:
        first, last = int(part[0]), int(part[-1])
        if bare[first : last + 1].sum() >= FEWEST_CHROMATIC:
            trimmed = first + np.flatnonzero(chromatic[first : last + 1])
            spans.append(Span(int(trimmed[0]), int(trimmed[-1])))
    return tuple(spans)


def whole(span: Span, smoothed: Floats) -> Span:
    """A span with the notes at its ends that are out with it, though the chord has them; `smoothed` (N,) is G."""
    first, last, out = span.first, span.last, smoothed > OUTSIDE
    while first > 0 and out[first - 1]:
        first -= 1
    while last + 1 < len(out) and out[last + 1]:
        last += 1
    return Span(first, last)


def landing(span: Span, chord_tone: Bools) -> int | None:
    """The first chord tone after a span of a line, `chord_tone` (N,) telling which notes are; None if none follows."""
    after = np.flatnonzero(chord_tone[span.last + 1 :])
    return span.last + 1 + int(after[0]) if after.size else None
