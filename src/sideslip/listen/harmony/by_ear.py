"""Changes made from what was heard, where there is no chart to go by."""

from collections.abc import Sequence

from sideslip.listen.harmony.vocabulary import FAMILIES, Floats, chord_of
from sideslip.music.changes import WRITTEN_OUT, Changes
from sideslip.music.chord import Chord
from sideslip.music.meter import Meter

HEARD = 0.5
"""The probability from which a chord counts as heard; below it the key region is all that is known."""


def likeliest_of(chords: Floats) -> tuple[int, float]:
    """Of beliefs (60,) the likeliest root, and on it the likeliest chord, with its probability."""
    by_root = chords.reshape(12, len(FAMILIES))
    root = int(by_root.sum(axis=1).argmax())
    family = int(by_root[root].argmax())
    return len(FAMILIES) * root + family, min(1.0, float(by_root[root, family]))


def heard_form(past: Sequence[Floats], beat: int, meter: Meter, tonic: Chord) -> Changes:
    """The form as it was heard last: `past` holds beliefs (60,) for each beat of one chorus, the last before `beat`."""
    chords: dict[int, Chord] = {}
    for place, belief in enumerate(past, beat - len(past)):
        index, probability = likeliest_of(belief)
        before = chords.get((place - 1) % len(past), tonic) if place % meter.beats else tonic
        chords[place % len(past)] = chord_of(index) if probability > HEARD else before
    return Changes.by_beat([chords[place] for place in range(len(past))], meter)


def heard_now(chord: Chord, beat: int, meter: Meter, tonic: Chord) -> Changes:
    """A chord for the bar of `beat`, the key region for all others."""
    bar = beat // meter.beats % WRITTEN_OUT
    return Changes.by_beat(
        [chord if place // meter.beats == bar else tonic for place in range(WRITTEN_OUT * meter.beats)], meter
    )
