"""The shift filter: how surely the line has left the changes, note by note.

A hidden state s in 0..11 says "the line fits the chord in force transposed by s semitones"; 0 is inside. `online` is
F_i = 1 - P(s = 0 | notes up to i), all that can be said of a player who goes on; `smoothed` is
G_i = 1 - P(s = 0 | all notes of the line), for phrases that are over, or not yet played. Trust G, not the name of the
shift: which shift it was is found in less than half of known side-slips.
"""

from dataclasses import dataclass

import numpy as np

from sideslip.music.meter import TICKS
from sideslip.music.tension import NO_QUALITY
from sideslip.outside.chords import BASE, DECAY
from sideslip.outside.lines import Bools, ChordsAt, Floats, Lines

LEAVE, RETURN, WANDER = 0.05, 0.20, 0.01
"""Chance a note of leaving the changes, of coming home, and of slipping from one shift to another."""

SHIFT_PRIOR = np.array([0, 3, 1.5, 1.5, 1.5, 0.3, 3, 0.3, 1.5, 1.5, 1.5, 3])
"""How likely each shift is when the line leaves: a semitone either way and the tritone most, fifths hardly."""

SHARPNESS = 1.5
"""Exponent of a note's likelihood; tuned, like the chances above, on planted side-slips only."""

ORNAMENT_TRUST = 0.7
"""How much an ornament counts, of a note that is none."""

NEAR_NEXT = TICKS // 2
"""Ticks before a change within which a note may belong to the next chord,"""

NEXT_PENALTY = 0.2
"""at this cost in log-likelihood."""


@dataclass(frozen=True, slots=True, eq=False)
class Shift:
    """F and G of every note, (K, N), 0..1; 0 for padding."""

    online: Floats
    smoothed: Floats


def transition() -> Floats:
    """(12, 12): P(next shift | shift), rows sum to 1."""
    share = SHIFT_PRIOR / SHIFT_PRIOR.sum()
    matrix = np.tile(WANDER * share, (12, 1))
    matrix[:, 0] = RETURN
    matrix[0] = LEAVE * share
    np.fill_diagonal(matrix, 0.0)
    np.fill_diagonal(matrix, 1.0 - matrix.sum(axis=1))
    return matrix


def filter_shift(lines: Lines, ornament: Bools, profile: Floats) -> Shift:
    """Forward-backward over all lines at once.

    `ornament` (K, N) marks notes that count less; `profile` (9, 12) is P(degree | quality) of inside playing.
    """
    likelihood = np.exp(_log_emission(lines, ornament, profile))
    step, start = transition(), _stationary()
    forward, backward = np.empty_like(likelihood), np.ones_like(likelihood)
    belief = np.tile(start, (len(likelihood), 1))
    for i in range(likelihood.shape[1]):
        belief = (_stepped(belief, step) if i else belief) * likelihood[:, i]
        belief /= belief.sum(axis=1, keepdims=True)
        forward[:, i] = belief
    message = backward[:, -1]
    for i in range(likelihood.shape[1] - 2, -1, -1):
        message = _stepped(message * likelihood[:, i + 1], step.T)
        message /= message.sum(axis=1, keepdims=True)
        backward[:, i] = message
    posterior = forward * backward
    posterior /= posterior.sum(axis=2, keepdims=True)
    return Shift(*(np.where(lines.valid, 1.0 - states[..., 0], 0.0) for states in (forward, posterior)))


def _stepped(states: Floats, step: Floats) -> Floats:
    """states (K, 12) times step (12, 12), added up in one order on every machine, which a BLAS does not promise."""
    stepped: Floats = (states[:, :, None] * step).sum(axis=1)
    return stepped


def _stationary() -> Floats:
    """Where the chain is before the first note: outside with its long-run share, by the prior of the shifts."""
    outside = LEAVE / (LEAVE + RETURN)
    start: Floats = outside * SHIFT_PRIOR / SHIFT_PRIOR.sum()
    start[0] = 1.0 - outside
    return start


def _log_emission(lines: Lines, ornament: Bools, profile: Floats) -> Floats:
    """(K, N, 12): log-likelihood of each note under each shift, 0 for notes that are not heard."""
    log_profile = np.concatenate((np.log(profile), np.zeros((1, 12))))
    value = _fit(lines, lines.here, log_profile)
    near = (lines.to_next <= NEAR_NEXT) & (lines.after.quality != NO_QUALITY)
    value = np.where(near[..., None], np.maximum(value, _fit(lines, lines.after, log_profile) - NEXT_PENALTY), value)
    trust = (0.6 + 0.4 * lines.metre) * np.where(ornament, ORNAMENT_TRUST, 1.0) * lines.heard
    emission: Floats = SHARPNESS * trust[..., None] * value
    return emission


def _fit(lines: Lines, chords: ChordsAt, log_profile: Floats) -> Floats:
    """(K, N, 12): log-likelihood of each pitch under each shift, by the profile of the chord's quality.

    The chord itself has the last word: what it names is likelier and what it leaves out less likely than usual.
    """
    told = log_profile[chords.quality] + DECAY * (BASE[chords.quality] - chords.foreign)
    told -= np.log(np.exp(told).sum(axis=2, keepdims=True))
    degree = (chords.degree(lines.pitch)[..., None] - np.arange(12)) % 12
    return np.take_along_axis(told, degree, axis=2)
