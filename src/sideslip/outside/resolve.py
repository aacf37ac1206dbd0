"""Whether a line comes home: how its chromatic notes resolve, and where it ends.

Reaching some chord tone soon after is nearly vacuous (random wrong notes do so 95 times in 100), so what counts is how
a run of chromatic notes is left, and whether the line has come back to the changes when it ends.
"""

from dataclasses import dataclass

import numpy as np

from sideslip.outside.lines import Bools, Floats, Lines
from sideslip.outside.outsideness import Outsideness

STEP_TO_CHORD_TONE, STEP_INSIDE, LEAP_TO_CHORD_TONE, LEAP_INSIDE, LEFT_OPEN = 1.0, 0.6, 0.5, 0.2, 0.0
"""What the way out of a run of chromatic notes is worth."""

NOTHING_TO_RESOLVE = 0.65
"""Worth of a line without a chromatic note: about the mean of real lines with some."""

ENDS_ON_CHORD_TONE, ENDS_INSIDE = 1.0, 0.5
"""How much at home the last note is by itself; a chromatic one not at all."""

EXITS_SHARE, HOME_SHARE = 0.6, 0.4


@dataclass(frozen=True, slots=True, eq=False)
class Resolution:
    """How each line resolves, arrays (K,).

    `exits` is the mean worth of the ways out of chromatic runs, `home` how much at home the end is, both 0..1;
    `resolvability` = .6 exits + .4 home.
    """

    exits: Floats
    home: Floats
    last_chord_tone: Bools

    @property
    def resolvability(self) -> Floats:
        """0..1, how well the line resolves."""
        return EXITS_SHARE * self.exits + HOME_SHARE * self.home


def measure_resolution(lines: Lines, outsideness: Outsideness, smoothed: Floats) -> Resolution:
    """Resolution of K closed lines; `smoothed` is G (K, N).

    `home` = (1 on a chord tone, .5 on another inside note, 0 on a chromatic one) * (1 - G of the last note): a chord
    tone met by chance in a line that is still shifted is not home. A silent line resolves nothing and is not home.
    """
    at = lines.last
    worth = np.where(outsideness.chord_tone[at], ENDS_ON_CHORD_TONE, ENDS_INSIDE) * lines.heard[at]
    home = np.where(outsideness.chromatic[at], 0.0, worth) * (1.0 - smoothed[at])
    return Resolution(_exits(lines, outsideness), home, outsideness.chord_tone[at])


def _exits(lines: Lines, outsideness: Outsideness) -> Floats:
    """Mean worth of the exits of each line, (K,)."""
    worth = np.where(outsideness.chord_tone, LEAP_TO_CHORD_TONE, LEAP_INSIDE)
    by_step = np.where(outsideness.chord_tone, STEP_TO_CHORD_TONE, STEP_INSIDE)
    into = np.where(abs(np.diff(lines.pitch, axis=1, prepend=0)) <= 2, by_step, worth)
    chromatic, inside = outsideness.chromatic, lines.valid & ~outsideness.chromatic
    leaves = chromatic[:, :-1] & inside[:, 1:]
    ends_open = chromatic[lines.last]
    runs = leaves.sum(axis=1) + ends_open
    total = (leaves * into[:, 1:]).sum(axis=1) + LEFT_OPEN * ends_open
    return np.where(runs > 0, total / np.maximum(1, runs), np.where(lines.valid.any(axis=1), NOTHING_TO_RESOLVE, 0.0))
