"""What a solo's own past says of each outcome of the coming event, as small classes a table can be read by.

A view gives every candidate pitch (or duration) a class: its degree above the root, the interval that would lead to it,
how long ago it sounded, the longest recent pattern that it would complete ... Logits are sums over views of a table,
read off the trunk, at the class of the candidate. So a small model can copy a motif without working out how.
Nothing here looks at the coming event but for its chord and offset, and, for durations, whether it is a rest.
"""

import numpy as np
from numpy.typing import NDArray

from sideslip.train.bebopnet.events import BAR, BEAT, LONGEST, LOWEST, PITCHES, REST, TYPES, Ints, Solo

Bytes = NDArray[np.uint8]

MARGIN = 6
"""Semitones beyond the outcomes on either side, so that views move with a transposition by a shifted slice."""

CANDIDATES = np.arange(LOWEST - MARGIN, LOWEST + PITCHES + MARGIN)
DEEPEST = 6
"""Matches longer than this count as this long."""

REACH = 24
"""Intervals beyond this many semitones count as this many."""

WIDEST = 96
"""Semitones that no interval of the data reaches."""

RESTED = 999
"""Stands for the interval of a rest."""

AGO = np.array([1, 2, 3, 4, 5, 7, 9, 13, 21, 41])
"""Lower ends of the classes of recency, in events; beyond the last they are one class, never another."""

MATCH = 3 * (DEEPEST + 2)
PITCH_VIEWS = {
    "degree": 13,
    "interval_1": 2 * REACH + 3,
    "interval_2": 2 * REACH + 3,
    "interval_3": 2 * REACH + 3,
    "ago": len(AGO) + 2,
    "motif": MATCH + 1,
    "changes": MATCH + 1,
}
"""Views of a pitch and their sizes. The last class of each is the rest's, but for motif, which tells rests too."""

DURATION_VIEWS = {
    "landing": BAR,  # place in the bar where the event would end
    "beats": 4 * BEAT,  # whole beats, and place in the beat where it would end
    "ago": len(AGO) + 2,
    "rhythm": MATCH,  # patterns of durations, of places in the beat, of intervals
    "place": MATCH,
    "melody": MATCH,
}


def pattern(context: Ints, outcome: Ints, classes: int) -> tuple[NDArray[np.int8], Ints]:
    """For each position t, how long a stretch of `context` ending at t was last followed by each outcome before t.

    `context` (n,) and `outcome` (n,), what came at each position, below 0 for nothing. Returns (n, classes), 0 where
    an outcome never came, else 1 + the longest match (0..DEEPEST) of the context up to t with that before it; and (n,)
    the outcome of the latest of the longest matches, -1 before anything came.
    """
    n = len(context)
    found, latest = np.zeros((n, classes), dtype=np.int8), np.full(n, -1, dtype=np.int64)
    run = np.zeros(n + 1, dtype=np.int8)  # run[j + 1]: match of the contexts that end at t and at j
    for t in range(n):
        run[1 : n + 1] = np.where(context == context[t], np.minimum(run[:n] + 1, DEEPEST), 0)
        came = outcome[:t]
        length = np.where(came >= 0, run[1 : t + 1] + 1, 0)
        known = came >= 0
        np.maximum.at(found[t], came[known], length[known].astype(np.int8))
        if t and length.max() > 0:
            latest[t] = came[t - 1 - int(length[::-1].argmax())]
    return found, latest


def ranked(found: NDArray[np.int8], latest: Ints) -> Bytes:
    """Classes below MATCH: three a match length, for candidates with less than the longest, with the longest, and for
    the latest of the longest."""
    place = (found == found.max(-1, keepdims=True)).astype(np.uint8)
    rows = np.nonzero(latest >= 0)[0]
    place[rows, latest[rows]] = 2
    return (3 * found + np.where(found > 0, place, 0)).astype(np.uint8)


def recency(values: Ints, classes: int, of: Ints) -> Bytes:
    """How many events ago each class of `values` (n,) came, seen from each of `of` positions (first position not yet
    seen): (len(of), classes) classes of AGO from 1, 0 = never. Values below 0 are none."""
    last = np.full(classes, -1_000_000)
    table = np.zeros((len(of), classes), dtype=np.uint8)
    seen = 0
    for row, end in enumerate(of):
        for i in range(seen, end):
            if values[i] >= 0:
                last[values[i]] = i
        seen = max(seen, end)
        ago = end - last
        table[row] = np.where(ago > 500_000, 0, np.searchsorted(AGO, ago, side="right"))
    return table


def notes_before(solo: Solo) -> tuple[Ints, Ints]:
    """Indices of the notes among the events (m,), and how many notes come before each event (n,)."""
    sounding = solo.pitch != REST
    return np.nonzero(sounding)[0], np.cumsum(sounding) - sounding


def notes_back(solo: Solo, back: int) -> Ints:
    """The MIDI pitch of the note `back` notes before each event (1 = the last one heard), REST where there is none:
    (n,)."""
    where, before = notes_before(solo)
    return np.append(solo.pitch[where], REST)[np.where(before >= back, before - back, len(where))]


def pitch_views(solo: Solo) -> tuple[Bytes, Ints]:
    """Views of each candidate before each event: (n, len(CANDIDATES) + 1, len(PITCH_VIEWS)), the last candidate the
    rest; and columns for the input (n, 2): the interval the motif foretells (0..48, 49 none) and its length."""
    where, before = notes_before(solo)
    by_motif, hints = _motif(solo)
    table = {
        "degree": (CANDIDATES - solo.root[:, None]) % 12,
        **{f"interval_{back}": _leaps(notes_back(solo, back)) for back in (1, 2, 3)},
        "ago": recency(solo.pitch[where] - CANDIDATES[0], len(CANDIDATES), before),
        "changes": _changes(solo)[:, CANDIDATES % 12],
    }
    views = np.empty((len(solo), len(CANDIDATES) + 1, len(PITCH_VIEWS)), dtype=np.uint8)
    for view, (name, size) in enumerate(PITCH_VIEWS.items()):
        if name == "motif":
            views[..., view] = by_motif
        else:
            views[:, :-1, view], views[:, -1, view] = table[name], size - 1
    return views, hints


def _leaps(last: Ints) -> Ints:
    """Classes of the intervals from the notes `last` (n,) to every candidate: (n, candidates)."""
    leap = np.clip(CANDIDATES - last[:, None], -REACH, REACH) + REACH
    return np.where(last[:, None] == REST, 2 * REACH + 1, leap)


def _motif(solo: Solo) -> tuple[Bytes, Ints]:
    """Patterns of intervals among notes, rests left out: classes below MATCH of each candidate and, last, of the rest
    (which followed like intervals as well), (n, len(CANDIDATES) + 1), and the columns of `pitch_views`."""
    where, before = notes_before(solo)
    pitch = solo.pitch[where]
    interval = np.diff(pitch, prepend=pitch[:1]) + WIDEST
    found, latest = pattern(interval, np.append(interval, -1)[1:], 2 * WIDEST)
    paused = np.where(np.diff(where, append=where[-1:]) > 1, 0, -1)
    rests, _ = pattern(interval, paused, 1)
    views = np.zeros((len(solo), len(CANDIDATES) + 1), dtype=np.uint8)
    hints = np.tile([2 * REACH + 1, 0], (len(solo), 1))
    heard = before > 0
    t = before[heard] - 1
    index = np.clip(CANDIDATES - pitch[t][:, None] + WIDEST, 0, 2 * WIDEST - 1)
    longest, rest = found[t].max(-1), rests[t, 0]
    views[heard, :-1] = np.take_along_axis(ranked(found, latest)[t], index, axis=1)
    views[heard, -1] = 3 * rest + ((rest > 0) & (rest >= longest))
    hints[heard, 0] = np.where(latest[t] < 0, 2 * REACH + 1, np.clip(latest[t] - WIDEST, -REACH, REACH) + REACH)
    hints[heard, 1] = longest
    return views, hints


def _changes(solo: Solo) -> Bytes:
    """Patterns of degrees, each above the root under the event after it: (n, 12), a class below MATCH a pitch class."""
    last = notes_back(solo, 1)
    degree = np.where(last == REST, 12, (last - solo.root) % 12)
    paused = np.append(0, solo.pitch[:-1]) == REST
    came = np.where(solo.pitch == REST, -1, (solo.pitch - solo.root) % 12)
    found, latest = pattern((degree * len(TYPES) + solo.type) * 2 + paused, came, 12)
    return np.take_along_axis(ranked(found, latest), (np.arange(12) - solo.root[:, None]) % 12, axis=1)


def duration_views(solo: Solo) -> tuple[Bytes, Ints]:
    """Views of each candidate duration 1..LONGEST of each event, its pitch known: (n, LONGEST, len(DURATION_VIEWS));
    and columns (n, 2): the duration that the rhythm foretells (0 none) and the length of that pattern."""
    ticks = np.arange(1, LONGEST + 1)
    rest = (solo.pitch == REST).astype(np.int64)
    came = solo.duration - 1
    landing = (solo.offset[:, None] + ticks) % BAR
    now = np.arange(len(solo))
    of_notes, of_rests = (recency(np.where(rest == kind, came, -1), LONGEST, now) for kind in (0, 1))
    last = notes_back(solo, 1)
    interval = np.where(rest == 1, RESTED, np.where(last == REST, 0, solo.pitch - last))
    contexts = {
        "rhythm": np.append(0, solo.duration[:-1]) * 2 + rest,
        "place": solo.offset % BEAT * 2 + rest,
        "melody": interval,
    }
    patterns = {name: pattern(context, came, LONGEST) for name, context in contexts.items()}
    table = {
        "landing": landing,
        "beats": np.minimum(ticks // BEAT, 3) * BEAT + landing % BEAT,
        "ago": np.where(rest[:, None] == 1, of_rests, of_notes),
        **{name: ranked(*each) for name, each in patterns.items()},
    }
    found, latest = patterns["rhythm"]
    views = np.stack([table[name] for name in DURATION_VIEWS], axis=-1).astype(np.uint8)
    return views, np.stack((latest + 1, found.max(-1)), axis=-1)
