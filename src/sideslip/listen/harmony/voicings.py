"""What a voicing says about the chord: loudly.

Each note weighs by how usual its degree is in a voicing, the lowest by whether it is the root. Whether this left hand
plays roots is learnt as it plays: a third and a seventh alone are another chord's root and fifth to an ear that waits
for roots.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sideslip.listen.harmony.vocabulary import CHORDS, FAMILIES, Floats, index_of
from sideslip.music.chord import Chord

SLIP = 0.05
"""Share of notes in a voicing that are taken to mean nothing."""

# fmt: off
_VOICED = (
    # 1   b2    2    b3    3    4    #4   5    b6    6    b7   7
    (.22, .004, .07, .004, .27, .01, .01, .04, .004, .12, .004, .18),  # maj
    (.22, .004, .06, .28, .004, .05, .01, .04, .004, .06, .20, .02),   # min
    (.22, .015, .06, .015, .26, .03, .015, .06, .015, .06, .26, .004), # dom
    (.20, .01, .02, .26, .004, .04, .22, .004, .02, .004, .22, .004),  # hdim
    (.22, .004, .02, .24, .004, .02, .24, .004, .02, .24, .004, .02),  # dim
)
"""How often each degree is struck in a voicing: shells, rootless A and B, drop 2 of the method books. Set down by hand;
no data of comping were at hand."""
# fmt: on

ROOT_LOWEST = 0.9
"""Share of lowest notes that are the root where the left hand plays roots."""

NO_ROOT, FIFTH, NINTH = 0.02, 0.15, 0.18
"""Where it leaves them to a bass player: share of the root, and at least of fifth and ninth in voicings of three notes
or more; two are a third and a seventh."""

WRITTEN, COLOUR = 0.08, 0.03
"""Share in a voicing, at least, of each tone and tension that a symbol names, and of each other note of its scale."""

ALONE = 0.3
"""What the likelihood of a single low note counts for: a bass walks."""

FITS = 1.0
"""Nats by which a voicing can speak against a chord whose scale holds all its notes, at most: many are another chord's
upper part."""

AGAIN = 0.4
"""What a voicing counts for when it is struck again: the hand has not decided anew."""

HABIT = 0.05
"""Share of doubt that comes back at every strike as to whether the hand plays roots."""


class Voicings:
    """Log-likelihoods (nats) of notes struck together over n chords, whether or not the hand plays roots."""

    def __init__(self, rows: Floats, roots: NDArray[np.int64]) -> None:
        """`rows` (n, 12): how usual each degree is in a voicing; `roots` (n,) as pitch classes."""
        degree = (np.arange(12)[:, None] - roots[None]) % 12  # (pitch class, chord)
        chord = np.arange(len(roots))[None]
        full, shell = _without_roots(rows, FIFTH, NINTH), _without_roots(rows, 0.0, 0.0)

        def likely(*ways: Floats) -> Floats:  # (way, pitch class, chord)
            table: Floats = np.log(np.array([_shares(way)[chord, degree] for way in ways]))
            return table

        self._lowest, self._upper = likely(_lowest(rows), full), likely(rows, full)
        self._lowest_of_two, self._upper_of_two = likely(_lowest(rows), shell), likely(rows, shell)

    @classmethod
    def plain(cls) -> "Voicings":
        """The sixty chords of the vocabulary."""
        kinds = len(FAMILIES)
        return cls(np.tile(np.array(_VOICED), (12, 1)), np.arange(CHORDS) // kinds)

    @classmethod
    def written(cls, chords: Sequence[Chord]) -> "Voicings":
        """Chords as their symbols say, tensions and scale included: G7alt is played with its altered notes."""
        return cls(np.array([_row_of(chord) for chord in chords]), np.array([chord.root for chord in chords]))

    def by_way(self, pitches: Sequence[int]) -> Floats:
        """(2, n): as one who plays roots, and as one who does not."""
        low, *upper = dict.fromkeys(pitch % 12 for pitch in sorted(pitches))
        if len(upper) > 1:
            return np.asarray(self._lowest[:, low] + self._upper[:, upper].sum(axis=1))
        total: Floats = self._lowest_of_two[:, low] + self._upper_of_two[:, upper].sum(axis=1)
        return total if upper else ALONE * total


@dataclass(frozen=True, slots=True)
class Voiced:
    """Log-likelihoods (nats) of a voicing: over the sixty chords by way of playing (2, 60), roots first; whichever the
    way (60,); and over the chords of a chart as they are written (n,)."""

    by_way: Floats
    mixed: Floats
    written: Floats


class LeftHand:
    """Hears voicings, and learns from what is believed whether they have roots."""

    def __init__(self, chart: Sequence[Chord]) -> None:
        """`chart` are the chords that a chart may say, once each."""
        self._plain, self._written = Voicings.plain(), Voicings.written(chart) if chart else None
        self._ways = np.array([0.5, 0.5])
        self._scales = np.array([[_belongs(pitch, chord) for pitch in range(12)] for chord in chart])
        self._last: frozenset[int] = frozenset()

    def hear(self, pitches: Sequence[int], believed: Floats) -> Voiced:
        """Notes struck together, while the chords (60,) are believed in."""
        ways, plain = np.log(self._ways)[:, None], self._plain.by_way(pitches)
        mixed: Floats = np.logaddexp(*(ways + plain))
        again, self._last = frozenset(pitches) == self._last, frozenset(pitches)
        written = np.zeros(0)
        if self._written:
            written = np.logaddexp(*(ways + self._written.by_way(pitches)))
            fits = self._scales[:, [pitch % 12 for pitch in pitches]].all(axis=1)
            written = np.where(fits, np.maximum(written, mixed.max() - (0.0 if again else FITS)), written)
        seen = self._ways * (np.exp(plain - plain.max()) @ believed) + 1e-12
        self._ways = (1 - HABIT) * seen / seen.sum() + HABIT / 2
        counts = AGAIN if again else 1.0
        return Voiced(counts * plain, counts * mixed, counts * written)


def _belongs(pitch: int, chord: Chord) -> bool:
    """Whether a pitch class is in a chord or its scale; over no chord every one is."""
    return chord.quality == "NC" or pitch in (*chord.tones, *chord.tensions, *chord.scale)


def _row_of(chord: Chord) -> Floats:
    index = index_of(chord)
    if index is None:
        return np.full(12, 1 / 12)
    row = np.array(_VOICED[index % len(FAMILIES)])
    for share, notes in ((COLOUR, chord.scale), (WRITTEN, (*chord.tones, *chord.tensions))):
        degrees = [(note - chord.root) % 12 for note in notes]
        row[degrees] = np.maximum(row[degrees], share)
    return row


def _shares(rows: Floats) -> Floats:
    shares: Floats = (1 - SLIP) * rows / rows.sum(axis=-1, keepdims=True) + SLIP / 12
    return shares


def _lowest(rows: Floats) -> Floats:
    """The root most often, else what is usual."""
    others = rows.copy()
    others[:, 0] = 0.0
    lowest: Floats = (1 - ROOT_LOWEST) * others / others.sum(axis=1, keepdims=True)
    lowest[:, 0] = ROOT_LOWEST
    return lowest


def _without_roots(rows: Floats, at_least_fifth: float, at_least_ninth: float) -> Floats:
    rows = rows / rows.sum(axis=1, keepdims=True)
    rows[:, 0] = NO_ROOT
    fifth = np.where(rows[:, 6] > rows[:, 7], 6, 7)
    every = np.arange(len(rows))
    rows[every, fifth] = np.maximum(rows[every, fifth], at_least_fifth)
    rows[:, 2] = np.maximum(rows[:, 2], at_least_ninth)
    return rows
