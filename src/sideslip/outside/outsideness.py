"""How far outside single notes are, and phrases note by note: b, the ornament rule, o and O.

`b` says how foreign a pitch is to the chord in force (0..1), forgiving what belongs to a neighbouring chord. `o` is b
unless the note is an ornament: a chromatic note that resolves at once is decoration, not outside playing.
"""

from dataclasses import dataclass

import numpy as np

from sideslip.music.tension import ANTICIPATION, CHROMATIC, DELAY, FORGIVENESS, NO_QUALITY, RESOLVES_WITHIN
from sideslip.outside.lines import Bools, Floats, Ints, Lines

ORNAMENT_SHARE = 0.2
"""What is left of the outsideness of an ornament."""


@dataclass(frozen=True, slots=True, eq=False)
class Outsideness:
    """Note by note, all (K, N): `b` and `o` in 0..1; which are `chromatic` (b >= .4), an `ornament`, a `chord_tone`."""

    b: Floats
    o: Floats
    chromatic: Bools
    ornament: Bools
    chord_tone: Bools


def measure_outsideness(lines: Lines) -> Outsideness:
    """b, o and what they rest on, for every note; 0 and False for notes that are not heard."""
    b = _static(lines)
    chord_tone = lines.heard & is_chord_tone(lines)
    chromatic = lines.heard & (b >= CHROMATIC)
    ornament = chromatic & _resolves_at_once(lines, chord_tone)
    return Outsideness(b, np.where(ornament, ORNAMENT_SHARE * b, b), chromatic, ornament, chord_tone)


def is_chord_tone(lines: Lines) -> Bools:
    """Chord tones of the chord in force, or of the next one where that is at most a beat away."""
    soon = (lines.to_next <= ANTICIPATION) & lines.after.has(lines.pitch)
    either: Bools = lines.here.has(lines.pitch) | soon
    return either


def _static(lines: Lines) -> Floats:
    """b: how foreign a note is to the chord in force, or under a close neighbour and a little more if that is less."""
    b = lines.here.foreignness(lines.pitch)
    for chords, near in ((lines.after, lines.to_next <= ANTICIPATION), (lines.before, lines.since < DELAY)):
        near = near & (chords.quality != NO_QUALITY)
        b = np.where(near, np.minimum(b, chords.foreignness(lines.pitch) + FORGIVENESS), b)
    return np.where(lines.heard, b, 0.0)


def _resolves_at_once(lines: Lines, chord_tone: Bools) -> Bools:
    """Whether each note steps, runs chromatically or is enclosed into a chord tone within a beat."""
    ahead = [_ahead(lines, chord_tone, k) for k in (1, 2, 3)]
    (step1, in_time1), (step2, in_time2), (step3, in_time3) = ahead
    direct = in_time1 & _is_step(step1)
    run2 = in_time2 & (abs(step1) == 1) & (step2 == 2 * step1)
    run3 = in_time3 & (abs(step1) == 1) & (step2 == 2 * step1) & (step3 == 3 * step1)
    other_side = np.sign(step2) * np.sign(step2 - step1) < 0
    enclosed = in_time2 & _is_step(step2) & _is_step(step2 - step1) & other_side
    resolves: Bools = direct | run2 | run3 | enclosed
    return resolves


def _ahead(lines: Lines, chord_tone: Bools, k: int) -> tuple[Ints, Bools]:
    """The interval to the k-th note after each note, and whether that is a chord tone within a beat."""
    interval = np.zeros_like(lines.pitch)
    in_time = np.zeros_like(lines.valid)
    interval[:, :-k] = lines.pitch[:, k:] - lines.pitch[:, :-k]
    in_time[:, :-k] = chord_tone[:, k:] & (lines.onset[:, k:] - lines.onset[:, :-k] <= RESOLVES_WITHIN)
    return interval, in_time


def _is_step(interval: Ints) -> Bools:
    size = abs(interval)
    step: Bools = (size == 1) | (size == 2)
    return step
