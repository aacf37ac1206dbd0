"""Superimposing: triads and pentatonics that are not the chord's, laid over it for some notes."""

from collections.abc import Mapping, Sequence

from sideslip.music.changes import Changes
from sideslip.music.devices.through import above, approach, foreign, relead
from sideslip.music.phrase import Phrase

TRIAD_PAIRS: dict[str, tuple[int, ...]] = {
    "maj": (0, 2),
    "maj7": (0, 2),
    "dom": (6, 8),
    "domalt": (6, 8),
    "sus": (1, 3),
    "min7": (3, 5),
    "min": (5, 7),
    "hdim": (6, 8),
}
"""By chord quality, the roots above the chord's of two major triads without a common tone: I and II colour a major
chord lydian, bV and bVI make a dominant altered, bII and bIII a suspended chord phrygian; over minor chords they are
those of the scale: bIII and IV dorian, IV and V melodic minor, bV and bVI locrian."""

PENTATONICS: dict[str, tuple[int, ...]] = {
    "maj": (1,),
    "maj7": (1,),
    "dom": (6,),
    "domalt": (7,),
    "sus": (11,),
    "min7": (4,),
    "min": (4,),
    "hdim": (7,),
}
"""By chord quality, the root above the chord's of a major pentatonic that is outside: a semitone above one that is at
home there (the root's over major chords, bIII's over minor ones, bV's over altered and half-diminished ones, bVII's
over suspended ones), but the tritone's over a plain dominant, all of it alterations and the seventh. So Liebman plays E
over E flat major seventh; over D minor it is F sharp, which players call E flat minor pentatonic."""

_MAJOR_TRIAD = (0, 4, 7)
_PENTATONIC = (0, 2, 4, 7, 9)

SHORTEST, LONGEST = 4, 12
"""Notes under a superimposed harmony."""


def triad_pair(phrase: Phrase, changes: Changes, first: int, last: int) -> Phrase | None:
    """Superimpose two triads on notes `first` to `last` (indices, both included), three notes of each in turn.

    The pair is that of the chord in force at the first note (`TRIAD_PAIRS`). None unless 4 to 12 notes and a note to
    come home to lie within reach of it, or if the chord has no pair.
    """
    return _superimposed(phrase, changes, first, last, TRIAD_PAIRS, _MAJOR_TRIAD)


def pentatonic(phrase: Phrase, changes: Changes, first: int, last: int) -> Phrase | None:
    """Superimpose a pentatonic on notes `first` to `last` (indices, both included).

    It is that of the chord in force at the first note (`PENTATONICS`). None unless 4 to 12 notes and a note to come
    home to lie within reach of it, if the chord has none, or if most of the notes would still be in its scale.
    """
    played = _superimposed(phrase, changes, first, last, PENTATONICS, _PENTATONIC)
    return played if played and 2 * foreign(played, changes, first, last + 1) >= last + 1 - first else None


def falling_pentatonics(phrase: Phrase, changes: Changes, to: int, links: int = 4) -> Phrase | None:
    """Play pentatonics that fall by semitones to the chord in force at tick `to`, one each half bar.

    The last of them is that of the chord (`PENTATONICS`): over the two bars before a C they are E, Eb, D and Db major.
    None where the chord has none, a half bar has no note, or none would be heard (`approach`).
    """
    target = changes.at(to)
    roots = PENTATONICS.get(target.quality)
    if roots is None:
        return None
    last = target.root + roots[0]
    return approach(phrase, changes, to, links, lambda back: above(last + back - 1, _PENTATONIC))


def _superimposed(
    phrase: Phrase,
    changes: Changes,
    first: int,
    last: int,
    table: Mapping[str, tuple[int, ...]],
    degrees: Sequence[int],
) -> Phrase | None:
    """Harmonies of some degrees, three notes each in turn, on the roots that a table has for the chord in force."""
    notes = phrase.notes
    if not (first >= 0 and last + 1 < len(notes) and SHORTEST <= last - first + 1 <= LONGEST):
        return None
    chord = changes.at(notes[first].onset)
    sets = [above(chord.root + root, degrees) for root in table.get(chord.quality, ())]
    return relead(phrase, first, last + 1, lambda i: sets[(i - first) // 3 % len(sets)], changes) if sets else None
