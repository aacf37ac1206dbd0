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

SCALED = 8
"""Notes after which beliefs are made to sum to 1 again, lest they vanish."""

NEAR_NEXT = TICKS // 2
"""Ticks before a change within which a note may belong to the next chord,"""

NEXT_PENALTY = 0.2
"""at this cost in log-likelihood."""


@dataclass(frozen=True, slots=True, eq=False)
class Shift:
    """F and G of every note, (K, N), 0..1; 0 for padding. `fit` (K, 12) is how well each shift fits a line as a whole:
    the mean log-likelihood of its notes."""

    online: Floats
    smoothed: Floats
    fit: Floats


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
    emission = _log_emission(lines, ornament, profile)
    likelihood, fit = np.exp(emission), emission.sum(axis=1) / np.maximum(1, lines.heard.sum(axis=1))[:, None]
    forward, backward = _both_ways(likelihood)
    posterior = forward * backward / likelihood  # both have heard the note itself
    posterior /= posterior.sum(axis=2, keepdims=True)
    online, smoothed = (np.where(lines.valid, 1.0 - states[..., 0], 0.0) for states in (forward, posterior))
    return Shift(online, smoothed, fit)


def _both_ways(likelihood: Floats) -> Floats:
    """What is believed of the shift at each note after it and all before were heard, and after it and all that follow:
    (2, K, N, 12), from likelihoods (K, N, 12).

    Both ways are gone at once. Sums are added up in one order on every machine, which a BLAS does not promise.
    """
    step, (lines, notes, _) = transition(), likelihood.shape
    steps = np.stack((step, step.T))[:, None]
    heard = np.stack((likelihood, likelihood[:, ::-1])).swapaxes(1, 2)
    found = np.empty((2, lines, notes, 12))
    states = np.ones((2, lines, 12))
    states[0] = _stationary()
    for i in range(notes):
        states = ((states[..., None] * steps).sum(axis=2) if i else states) * heard[:, i]
        if i % SCALED == 0:
            states /= states.sum(axis=2, keepdims=True)
        found[:, :, i] = states
    found[1] = found[1, :, ::-1].copy()
    found /= found.sum(axis=3, keepdims=True)
    return found


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
