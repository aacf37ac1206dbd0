"""Patterns that take a line away from the changes: a figure moved on, a chromatic run, approach notes, chained triads.

Each gives the log-likelihood of every note of a passage, (n,). What a pattern does not foretell comes as the line goes
(`as_it_goes`, (n,), log-likelihoods too).
"""

import numpy as np

from sideslip.outside.lines import Floats, Ints
from sideslip.outside.passage import Passage

LAGS = np.arange(2, 7)[:, None]
"""Notes of a figure that is moved on."""

FARTHEST = 7
"""Semitones that it moves at most from one time to the next."""

ECHOED = 0.9
"""Chance a note that a sequence goes on as the figure did."""

RUN_ON = 0.8
"""Chance a note that a chromatic run goes on."""

APPROACHING, ENCLOSING = 0.5, 0.4
"""Share of approach notes in a line that is full of them, and of those the share that lie on the other side of the note
after the next; the others lie a semitone from the next."""

TRIAD_LEFT = 0.3
"""Chance a note that a chain of triads goes on to the next."""


def moved_on(passage: Passage, as_it_goes: Floats) -> Floats:
    """A sequence, (5, n), one row for each length of the figure: the interval is the one that led to the note a figure
    ago, and the note is not. Figures that are one interval all the way, such as runs, are none."""
    pitch, at = passage.pitch, np.arange(passage.first, passage.last + 1)
    steps = np.diff(pitch, prepend=pitch[:1])
    same = _run_lengths(steps)[(at - 1).clip(0)]
    echo = at - LAGS
    known, ago = echo >= 1, echo.clip(0)
    moved = abs(pitch[at] - pitch[ago])
    moves = known & (moved > 0) & (moved <= FARTHEST) & (same < LAGS)
    likely = np.exp(as_it_goes)
    hit = moves & (steps[at] == steps[ago])
    found: Floats = np.log(np.where(known, ECHOED * hit + (1 - ECHOED) * likely, likely))
    return found


def run_on(passage: Passage, as_it_goes: Floats) -> Floats:
    """A chromatic run: by semitone in the direction it has, either way where it begins."""
    steps = np.diff(passage.pitch, prepend=passage.pitch[:1])
    before, step = _at(steps, passage, -1), _at(steps, passage, 0)
    on = np.where(abs(before) == 1, step == before, 0.5 * (abs(step) == 1))
    found: Floats = np.log(RUN_ON * on + (1 - RUN_ON) * np.exp(as_it_goes))
    return found


def approached(passage: Passage, as_it_stands: Floats, as_it_goes: Floats) -> Floats:
    """Approach notes: half of the notes are foretold by those that come after, the others by the chord in force
    (`as_it_stands`, (n,), log-likelihoods)."""
    likely = np.exp(as_it_goes)
    here, soon, later = (_at(passage.pitch, passage, ahead) for ahead in (0, 1, 2))
    at, notes = np.arange(passage.first, passage.last + 1), len(passage.pitch)
    neighbour = np.where(at + 1 < notes, 0.5 * (abs(soon - here) == 1), likely)
    side = np.sign(later - soon)
    beyond = (here - later) * side
    encloses = np.where((at + 2 < notes) & (side != 0), 0.5 * ((beyond == 1) | (beyond == 2)), likely)
    approach = (1 - ENCLOSING) * neighbour + ENCLOSING * encloses
    found: Floats = np.log((1 - APPROACHING) * np.exp(as_it_stands) + APPROACHING * approach)
    return found


def through_triads(by_triads: Floats) -> tuple[Floats, Floats]:
    """One triad after the other, whichever, from the log-likelihood of each note by each triad, (24, n): that of each
    note, (n,), and the share of the notes that each triad has as far as was heard by then, (24,)."""
    likelihood = np.exp(by_triads).T
    left = TRIAD_LEFT / likelihood.shape[1]
    foretold, share = np.empty(len(likelihood)), np.zeros(likelihood.shape[1])
    belief = np.full(likelihood.shape[1], 1 / likelihood.shape[1])
    for i, note in enumerate(likelihood):
        belief = belief * note
        foretold[i] = belief.sum()
        belief /= foretold[i]
        share += belief
        belief = (1 - TRIAD_LEFT) * belief + left
    return np.log(foretold), share / len(likelihood)


def _run_lengths(steps: Ints) -> Ints:
    """(N,): how many intervals in a row, up to and with the one that leads to each note, are the same."""
    places = np.arange(len(steps))
    other = np.concatenate(([True], steps[1:] != steps[:-1]))
    lengths: Ints = places - np.maximum.accumulate(np.where(other, places, 0)) + 1
    return lengths


def _at(values: Ints, passage: Passage, ahead: int) -> Ints:
    """(n,): the value so many notes after each note of a passage; that of the line's own end where there is none."""
    places = np.arange(passage.first, passage.last + 1) + ahead
    found: Ints = values[places.clip(0, len(values) - 1)]
    return found
