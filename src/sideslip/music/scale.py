"""Chord scales by name, in semitones above the root, and which of them each quality of chord is played with.

Names and choices are those of the jazz theory books (Levine, "The Jazz Theory Book"; Nettles and Graf, "The Chord
Scale Theory and Jazz Harmony"): phrygian dominant over 7b9, half-whole diminished over 7#9 and 13b9, and so on.
"""

from collections.abc import Iterable

SCALES: dict[str, tuple[int, ...]] = {
    "ionian": (0, 2, 4, 5, 7, 9, 11),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "aeolian": (0, 2, 3, 5, 7, 8, 10),
    "locrian": (0, 1, 3, 5, 6, 8, 10),
    "melodic_minor": (0, 2, 3, 5, 7, 9, 11),
    "dorian_b2": (0, 1, 3, 5, 7, 9, 10),
    "lydian_aug": (0, 2, 4, 6, 8, 9, 11),
    "lydian_dom": (0, 2, 4, 6, 7, 9, 10),
    "mixolydian_b6": (0, 2, 4, 5, 7, 8, 10),
    "locrian#2": (0, 2, 3, 5, 6, 8, 10),
    "altered": (0, 1, 3, 4, 6, 8, 10),
    "harmonic_minor": (0, 2, 3, 5, 7, 8, 11),
    "harmonic_major": (0, 2, 4, 5, 7, 8, 11),
    "dorian#4": (0, 2, 3, 6, 7, 9, 10),
    "phrygian_dom": (0, 1, 4, 5, 7, 8, 10),
    "lydian#9": (0, 3, 4, 6, 7, 9, 11),
    "lydian_b3": (0, 2, 3, 6, 7, 9, 11),
    "whole_tone": (0, 2, 4, 6, 8, 10),
    "half_whole": (0, 1, 3, 4, 6, 7, 9, 10),
    "whole_half": (0, 2, 3, 5, 6, 8, 9, 11),
}

PREFERENCES: dict[str, tuple[str, ...]] = {
    "maj": ("ionian", "lydian", "lydian#9", "lydian_aug", "harmonic_major"),
    "maj7": ("ionian", "lydian", "lydian#9", "lydian_aug", "harmonic_major"),
    "min": ("melodic_minor", "lydian_b3", "aeolian", "harmonic_minor", "phrygian"),
    "min7": ("dorian", "aeolian", "phrygian", "dorian_b2", "dorian#4"),
    "dom": ("mixolydian", "mixolydian_b6", "lydian_dom", "whole_tone"),
    "domalt": ("whole_tone", "altered", "phrygian_dom", "half_whole"),
    "sus": ("mixolydian", "mixolydian_b6", "phrygian", "dorian_b2", "ionian", "lydian_dom", "lydian"),
    "hdim": ("locrian", "locrian#2"),
    "dim": ("whole_half",),
    "aug": ("whole_tone", "lydian_aug"),
}
"""By chord quality, the scales to try, the most usual first."""

_FIFTHS = frozenset({6, 7, 8})


def scale_for(quality: str, notes: Iterable[int]) -> str:
    """The name of the scale to play over a chord of this quality with these notes (semitones above the root).

    The first preference that holds every note; failing that, the fifth gives way first (C7#9b13 is played with the
    altered scale although it names no b5); failing that, the scale that misses the fewest.
    """
    wanted = set(notes)

    def misfit(name: str) -> tuple[int, int]:
        missing = wanted.difference(SCALES[name])
        return len(missing - _FIFTHS), len(missing)

    return min(PREFERENCES[quality], key=misfit)
