"""Leading a line through other harmonies: the smoothest way that keeps near its contour, and home by step."""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from sideslip.music.changes import Changes
from sideslip.music.devices.leading import LATEST, changed, homes, is_prompt, near
from sideslip.music.meter import Meter
from sideslip.music.phrase import Phrase

_Path = tuple[float, tuple[int, ...]]
"""A cost and the pitches so far."""


def above(root: int, degrees: Iterable[int]) -> tuple[int, ...]:
    """Pitch classes some semitones above a root."""
    return tuple((root + degree) % 12 for degree in degrees)


def lead(
    line: Sequence[int], prices: Sequence[Mapping[int, float]], before: int | None, exit_steps: tuple[int, ...]
) -> _Path | None:
    """The smoothest way through allowed pitches that keeps near the contour of a line, with its cost.

    `prices` are each note's allowed pitches and what they cost; the last note is home and is reached by one of
    `exit_steps` (semitones either way). `before` is the pitch that leads in. Every interval pays its difference from
    the line's own; no pitch is repeated that was not. None if nothing fits.
    """
    intervals = [0 if before is None else line[0] - before] + [b - a for a, b in pairwise(line)]
    paths: dict[int | None, _Path] = {before: (0.0, ())}
    for i, (allowed, wanted) in enumerate(zip(prices, intervals, strict=True)):
        homing = i == len(prices) - 1
        further: dict[int | None, _Path] = {}
        for pitch, price in allowed.items():
            offers = []
            for last, (cost, path) in paths.items():
                interval = wanted if last is None else pitch - last
                stuck = interval == 0 != wanted
                if not stuck and (not homing or abs(interval) in exit_steps):
                    offers.append((cost + price + abs(interval - wanted), (*path, pitch)))
            if offers:
                further[pitch] = min(offers)
        paths = further
    return min(paths.values(), default=None)


def relead(
    phrase: Phrase,
    first: int,
    home: int,
    palette: Callable[[int], Collection[int]],
    changes: Changes,
    shifts: Sequence[int] = (0,),
    exit_steps: tuple[int, ...] = (1, 2),
) -> Phrase | None:
    """Lead notes first..home-1 through the pitch classes `palette(index)`, and note `home` by step onto a home tone.

    The line keeps its rhythm and, as far as the pitch classes allow, its contour, at the best of some `shifts`
    (semitones). None if home cannot be reached, or fewer than half of the notes on the way would change.
    """
    notes = phrase.notes
    after = notes[home + 1].pitch if home + 1 < len(notes) else None
    landing = homes(notes[home], changes, after) if is_prompt(notes[home - 1].end, notes[home]) else {}
    if not landing:
        return None
    line = [note.pitch for note in notes[first : home + 1]]
    palettes = [palette(i) for i in range(first, home)]
    before = notes[first - 1].pitch if first else None
    found = []
    for shift in shifts:
        targets = [(pcs, pitch + shift) for pcs, pitch in zip(palettes, line, strict=False)]
        prices = [{p: float(abs(p - target)) for p in near(pcs, target)} for pcs, target in targets]
        found.append(lead(line, [*prices, landing], before, exit_steps))
    best = min((path for path in found if path is not None), default=None)
    if best is None or 2 * sum(a != b for a, b in zip(best[1][:-1], line, strict=False)) < home - first:
        return None
    led = (replace(note, pitch=pitch) for note, pitch in zip(notes[first : home + 1], best[1], strict=True))
    return changed(phrase, (*notes[:first], *led, *notes[home + 1 :]))


def segment(phrase: Phrase, start: int, end: int) -> tuple[int, int] | None:
    """Indices of the first note in start <= tick < end and of the first after it; None if home is missing or late."""
    onsets = [note.onset for note in phrase.notes]
    first, home = bisect_left(onsets, start), bisect_left(onsets, end)
    return (first, home) if first < home < len(onsets) and onsets[home] <= end + LATEST else None


def half_bar(meter: Meter) -> int:
    """Ticks in half a bar, or in a bar that does not fall into two halves of two beats at least."""
    return meter.bar // 2 if meter.beats % 2 == 0 and meter.beats >= 4 else meter.bar


def approach(
    phrase: Phrase, changes: Changes, to: int, links: int, palette: Callable[[int], Collection[int]]
) -> Phrase | None:
    """Lead a line to tick `to` through another harmony each half bar: `palette(k)` are the pitch classes k before it.

    None unless each of the last `links` half bars has a note, the phrase begins before them, home is met within a beat,
    and two notes at least are foreign to the chord in force.
    """
    half = half_bar(changes.meter)
    found = segment(phrase, to - links * half, to)
    if found is None or found[0] < 1:
        return None
    back = [-((note.onset - to) // half) for note in phrase.notes]
    if set(back[slice(*found)]) != set(range(1, links + 1)):
        return None
    led = relead(phrase, *found, lambda i: palette(back[i]), changes)
    return led if led is not None and foreign(led, changes, *found) >= 2 else None


def foreign(phrase: Phrase, changes: Changes, first: int, end: int) -> int:
    """How many of notes first..end-1 are not in the scale of the chord in force."""
    chords = ((note, changes.at(note.onset)) for note in phrase.notes[first:end])
    return sum(note.pitch % 12 not in chord.scale for note, chord in chords if chord.quality != "NC")
