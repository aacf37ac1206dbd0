"""What happens in a turn, counted one by one: which degrees over which chords, which intervals after which, where the
shifts begin, how legato. A style shows in how often these come."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from sideslip.music.changes import Changes
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Phrase
from sideslip.outside.lines import Ints, Lines

Event = tuple[str, int, int]
"""A kind, and two numbers that say which of its kind."""

Shares = dict[Event, float]
"""How often each event comes among those of its kind; 0 for those left out."""

WIDEST = 5
"""Semitones: wider intervals count as this wide."""

LONGEST = 3 * TICKS
"""Ticks: longer shifts count as this long."""


def events(phrases: Sequence[Phrase], changes: Changes) -> list[Shares]:
    """The events of each phrase."""
    lines = Lines.over(changes, phrases)
    degree = lines.here.degree(lines.pitch)
    return [
        _shares(_told(degree[row, valid], lines.here.quality[row, valid], phrase))
        for row, (phrase, valid) in enumerate(zip(phrases, lines.valid, strict=True))
    ]


def _told(degree: Ints, quality: Ints, phrase: Phrase) -> Iterator[Event]:
    """Every event of one phrase; degree and quality of chord of each of its notes."""
    yield from (("degree", *pair) for pair in zip(degree.tolist(), quality.tolist(), strict=True))
    leaps = np.clip(np.diff(phrase.pitches), -WIDEST, WIDEST).tolist()
    yield from (("intervals", *pair) for pair in pairwise(leaps))
    for note, after in pairwise(phrase):
        shift = after.onset - note.onset
        yield "shift", min(shift, LONGEST), note.onset % TICKS
        yield "legato", min(10, 10 * note.duration // shift), 0


def _shares(told: Iterator[Event]) -> Shares:
    counts = Counter(told)
    kinds: Counter[str] = Counter()
    for (kind, *_), count in counts.items():
        kinds[kind] += count
    return {event: count / kinds[event[0]] for event, count in counts.items()}
