"""Leading a line home: the smallest moves that bring it by step to a guide tone.

Everything here counts in semitones. A cost is semitones moved, plus small fixed sums for what an ear minds more.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from sideslip.music.changes import Changes
from sideslip.music.chord import Chord
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Note, Phrase
from sideslip.music.pitch import HIGHEST, LOWEST

LEEWAY = 4
"""A note may be led this far from where it was; beyond that it is another line."""

STRONG = 2
"""Meter.strength of a place where a chord tone is expected: a beat."""

LATEST = TICKS
"""Over a rest of more than a beat nobody hears that a line comes home."""

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


class Home(NamedTuple):
    """How a line comes home: its last pitch outside, its first pitch back, and what the moves cost."""

    last: int
    entry: int
    cost: float


def guide_tones(chord: Chord) -> tuple[int, ...]:
    """Pitch classes of the tones that tell the chord from its neighbours (third, seventh, or what stands for them)."""
    guides = ((chord.root + degree) % 12 for degree in GUIDES[chord.quality])
    return tuple(guide for guide in guides if guide in chord.tones)


@lru_cache(maxsize=1024)
def home_tones(chord: Chord) -> tuple[int, ...]:
    """Pitch classes that are home over a chord: its guide tones, the chord tones of one without (C5), none over N.C."""
    return guide_tones(chord) or chord.tones


def near(pitch_classes: Collection[int], pitch: int, reach: int = LEEWAY) -> list[int]:
    """The pitches of some pitch classes at most `reach` semitones from a pitch, in range, low to high."""
    lowest, highest = max(LOWEST, pitch - reach), min(HIGHEST, pitch + reach)
    return [p for p in range(lowest, highest + 1) if p % 12 in pitch_classes]


def changed(phrase: Phrase, notes: Iterable[Note]) -> Phrase | None:
    """The notes as a phrase; None if that is the old phrase again or leaves the range."""
    after = Phrase(tuple(notes))
    return after if after != phrase and all(LOWEST <= pitch <= HIGHEST for pitch in after.pitches) else None


def homes(entry: Note, changes: Changes, after: int | None) -> dict[int, float]:
    """Where a line may come home at a note: pitches of home tones over the chord in force, with what each costs.

    They lie within LEEWAY of the note. Each costs the semitones from the note as it stands, and three more if it is
    `after`, the pitch that follows.
    """
    tones = home_tones(changes.at(entry.onset))
    return {pitch: abs(pitch - entry.pitch) + 3.0 * (pitch == after) for pitch in near(tones, entry.pitch)}


def is_prompt(left: int, entry: Note) -> bool:
    """Whether a line whose last note away ends at tick `left` is heard to come home at a note."""
    return entry.onset - left <= LATEST


def come_home(away: Sequence[int], left: int, entry: Note, changes: Changes, after: int | None = None) -> Home | None:
    """Bring a line that was away home by step.

    `away` are the pitches outside, over at tick `left`, `entry` the first note back, `after` the pitch that follows it.
    The last pitch away and the entry are moved as little as possible so that the entry is one of `homes`, one or two
    semitones from where the line comes from. None where there is no such way, or home comes too late to be heard.
    """
    if not is_prompt(left, entry):
        return None
    before = away[-2] if len(away) > 1 else None
    ways: list[tuple[float, int, int]] = []
    for home, price in homes(entry, changes, after).items():
        for step in (-2, -1, 1, 2):
            last = home + step
            if abs(last - away[-1]) <= LEEWAY and LOWEST <= last <= HIGHEST:
                cost = price + 1.5 * abs(last - away[-1]) + (last == before) + 0.25 * (abs(step) == 2)
                ways.append((cost, last, home))
    if not ways:
        return None
    cost, last, home = min(ways)
    return Home(last, home, cost)


def brought_home(
    phrase: Phrase, first: int, away: Sequence[Note], rest: int, changes: Changes, octaves: Sequence[int] = (0,)
) -> Phrase | None:
    """The line with the notes `away` in the place of notes first..rest-1, and home at note `rest`.

    The last note away and the first one home move for that (`come_home`); the rest of the phrase may lie any of
    `octaves` (semitones) away, where a line that went far is met sooner. None if home is not near.
    """
    notes, pitches = phrase.notes, [note.pitch for note in away]
    found = []
    for octave in octaves:
        tail = [note.moved(semitones=octave) if octave else note for note in notes[rest:]]
        home = come_home(pitches, away[-1].end, tail[0], changes, tail[1].pitch if len(tail) > 1 else None)
        if home is not None:
            found.append((home.cost + abs(octave) / 6, home, tail))
    if not found:
        return None
    _, home, tail = min(found, key=lambda way: way[0])
    last, entry = replace(away[-1], pitch=home.last), replace(tail[0], pitch=home.entry)
    return changed(phrase, (*notes[:first], *away[:-1], last, entry, *tail[1:]))
