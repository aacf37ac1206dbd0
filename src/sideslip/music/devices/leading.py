"""Leading a line: the smallest moves that bring it where the harmony wants it.

Everything here counts in semitones. A cost is semitones moved, plus small fixed sums for what an ear minds more.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from sideslip.music.changes import Changes
from sideslip.music.chord import Chord
from sideslip.music.phrase import Note, Phrase
from sideslip.music.pitch import HIGHEST, LOWEST

LEEWAY = 4
"""A note may be led this far from where it was; beyond that it is another line."""

STRONG = 2
"""Meter.strength of a place where a chord tone is expected: a beat."""

GUIDES = {
    "maj": (4, 9),
    "maj7": (4, 11),
    "min": (3, 9, 11),
    "min7": (3, 10),
    "dom": (4, 10),
    "domalt": (4, 10),
    "sus": (5, 10),
    "hdim": (3, 6, 10),
    "dim": (3, 6, 9),
    "aug": (4, 8),
    "NC": (),
}
"""Guide tones above the root: the thirds, sevenths and their stand-ins that tell a chord from its neighbours."""

_Path = tuple[float, tuple[int, ...]]
"""A cost and the pitches so far."""


class Home(NamedTuple):
    """How a line comes home: its last pitch outside, its first pitch back, and what the moves cost."""

    last: int
    entry: int
    cost: float


def guide_tones(chord: Chord) -> tuple[int, ...]:
    """Pitch classes of the tones that tell the chord from its neighbours (third, seventh, or what stands for them)."""
    guides = ((chord.root + degree) % 12 for degree in GUIDES[chord.quality])
    return tuple(guide for guide in guides if guide in chord.tones)


def near(pitch_classes: Iterable[int], pitch: int, reach: int = LEEWAY) -> tuple[int, ...]:
    """The pitches of some pitch classes at most `reach` semitones from a pitch, in range, low to high."""
    wanted = set(pitch_classes)
    return tuple(p for p in range(max(LOWEST, pitch - reach), min(HIGHEST, pitch + reach) + 1) if p % 12 in wanted)


def changed(phrase: Phrase, notes: Iterable[Note]) -> Phrase | None:
    """The notes as a phrase; None if that is the old phrase again or leaves the range."""
    after = Phrase(tuple(notes))
    return after if after != phrase and all(LOWEST <= pitch <= HIGHEST for pitch in after.pitches) else None


def homes(entry: Note, changes: Changes, after: int | None, guides_only: bool = False) -> dict[int, float]:
    """Where a line may come home at a note: pitches of chord tones within LEEWAY, with what each costs.

    Each costs the semitones from the note as it stands; two more on a beat unless it is a guide tone, and three more
    if it is `after`, the pitch that follows. Empty where no chord is.
    """
    chord = changes.at(entry.onset)
    guides = guide_tones(chord)
    beat = changes.meter.strength(entry.onset) >= STRONG
    return {
        pitch: abs(pitch - entry.pitch) + 3.0 * (pitch == after) + 2.0 * (beat and pitch % 12 not in guides)
        for pitch in near(guides if guides_only else chord.tones, entry.pitch)
    }


def come_home(
    away: Sequence[int], entry: Note, changes: Changes, after: int | None = None, guides_only: bool = False
) -> Home | None:
    """Bring a line that was away home by step.

    `away` are the pitches outside, `entry` the first note back, `after` the pitch that follows it. The last pitch away
    and the entry are moved as little as possible so that the entry is a chord tone (a guide tone if `guides_only`) one
    or two semitones from where the line comes from. None where no chord is, or home is further than LEEWAY.
    """
    before = away[-2] if len(away) > 1 else None
    ways: list[tuple[float, int, int]] = []
    for home, price in homes(entry, changes, after, guides_only).items():
        for step in (-2, -1, 1, 2):
            last = home + step
            if abs(last - away[-1]) <= LEEWAY and LOWEST <= last <= HIGHEST:
                cost = price + 1.5 * abs(last - away[-1]) + (last == before) + 0.25 * (abs(step) == 2)
                ways.append((cost, last, home))
    if not ways:
        return None
    cost, last, home = min(ways)
    return Home(last, home, cost)


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


@dataclass(frozen=True, slots=True)
class Way:
    """How `relead` may go: semitones to try the line at, steps that lead home, and whether home is a guide tone."""

    shifts: tuple[int, ...] = (0,)
    exit_steps: tuple[int, ...] = (1, 2)
    guides_only: bool = False


def relead(
    phrase: Phrase, first: int, home: int, palette: Callable[[int], Iterable[int]], changes: Changes, way: Way = Way()
) -> Phrase | None:
    """Lead notes first..home-1 through the pitch classes `palette(index)`, and note `home` onto a chord tone.

    The line keeps its rhythm and, as far as the pitch classes allow, its contour. None if home cannot be reached, or
    fewer than half of the notes on the way would change.
    """
    notes = phrase.notes
    line = [note.pitch for note in notes[first : home + 1]]
    palettes = [tuple(palette(i)) for i in range(first, home)]
    after = notes[home + 1].pitch if home + 1 < len(notes) else None
    landing = homes(notes[home], changes, after, way.guides_only)
    before = notes[first - 1].pitch if first else None
    found = []
    for shift in way.shifts:
        targets = [(pcs, pitch + shift) for pcs, pitch in zip(palettes, line, strict=False)]
        prices = [{p: float(abs(p - target)) for p in near(pcs, target)} for pcs, target in targets]
        found.append(lead(line, [*prices, landing], before, way.exit_steps))
    best = min((path for path in found if path is not None), default=None)
    if best is None or 2 * sum(a != b for a, b in zip(best[1][:-1], line, strict=False)) < home - first:
        return None
    led = (replace(note, pitch=pitch) for note, pitch in zip(notes[first : home + 1], best[1], strict=True))
    return changed(phrase, (*notes[:first], *led, *notes[home + 1 :]))
