"""How well a soloist's pulse is followed: on annotated solos whose tempo is made to drift, without a click."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from sideslip.listen.following import Follower
from sideslip.listen.pulse import PARTS, TEMPI, Floats
from sideslip.listen.tempo import TempoMap
from sideslip.train.solos import Solo
from sideslip.train.tracker.comping import Struck, shells
from sideslip.train.tracker.hearing import rng_of

DRIFT = 0.06
"""How much faster or slower the tempo becomes."""

DRIFT_BEATS = 64
"""Beats, 16 bars of four, in which it does, and in which it then comes back."""

CLOSE = 0.06
"""Seconds by which a beat may be off."""

HUMAN = 0.01
"""Standard deviation, in seconds, of every note of the left hand about its place."""

_FINE = 16  # points a beat at which a drifting tempo is summed up


def figures(solos: Iterable[Solo], seed: int = 1) -> dict[str, float]:
    """Shares (0..1) of all beats, from the first note of each solo to its last, that the map had within 60 ms.

    At each beat counts the map that was bent by the notes before it, told only the first tempo and bar 1. Drift is
    faster or slower as the solo's index is even or odd. `tempo_phase_60ms`: under drift, with simulated comping on the
    beat; `tempo_steady_60ms`: the same without drift. `_pushed`: half of the strikes a swung eighth before their beat;
    `_offbeat`: all of them. `_line`: by the line alone, and of that `tempo_line_any_beat`: the nearest beat of the map
    counts, so a slip by a whole beat does not. `seed` makes the comping; solos without any
    changes cannot be comped under and are left out.
    """
    off: dict[str, list[Floats]] = defaultdict(list)
    for index, solo in enumerate(solos):
        drift = DRIFT if index % 2 == 0 else -DRIFT
        if solo.harm is None:
            continue
        for style in ("shells", "pushed", "offbeat"):
            suffix = "" if style == "shells" else f"_{style}"
            comping = shells(solo.chord_at_beat, rng_of(seed, 4, index), style)
            off["tempo_phase_60ms" + suffix].append(beats_off(solo, drift, comping, seed)[0])
            off["tempo_steady_60ms" + suffix].append(beats_off(solo, 0.0, comping, seed)[0])
        line, beat = beats_off(solo, drift)
        off["tempo_phase_60ms_line"].append(line)
        off["tempo_steady_60ms_line"].append(beats_off(solo, 0.0)[0])
        off["tempo_line_any_beat"].append((line + beat / 2) % beat - beat / 2)
    return {name: _share(one) for name, one in off.items()} or {"tempo_phase_60ms": 0.0}


def beats_off(solo: Solo, drift: float, comping: Sequence[Struck] = (), seed: int = 1) -> tuple[Floats, Floats]:
    """For each beat of a solo, how many seconds late the map had it, and how long a beat then was, in seconds."""
    rng = np.random.default_rng(seed)
    human = [note.beat + rng.normal(0.0, HUMAN) * solo.tempo / 60 for note in comping]
    origin = np.floor(solo.performed[0])
    played = np.sort(np.concatenate([solo.performed, np.array(human)])) - origin
    moments, beat_moments, lengths = drifting(played[played >= 0], solo.tempo, drift)
    follower, off = Follower(TempoMap(solo.tempo), 0.0), np.zeros(len(beat_moments))
    beats = 0
    for at in moments.tolist():
        while beats < len(off) and beat_moments[beats] <= at:
            off[beats] = follower.tempo.seconds(beats) - beat_moments[beats]
            beats += 1
        follower.hear(at)
    first = int(np.ceil(solo.performed[0] - origin))
    return off[first:beats], lengths[first:beats]


def drifting(performed: Floats, bpm: float, drift: float) -> tuple[Floats, Floats, Floats]:
    """The moments (s) of places in beats from bar 1, at `bpm` times 1 to 1 + `drift` and back as a cosine goes.

    Also those of the beats 0, 1, ... up to the last place, and the length of each beat in seconds.
    """
    grid = np.arange(_FINE * (int(performed[-1]) + 3)) / _FINE
    pace = 60 / (bpm * (1 + drift * (1 - np.cos(np.pi * grid / DRIFT_BEATS)) / 2))
    seconds = np.concatenate([[0.0], np.cumsum((pace[1:] + pace[:-1]) / 2 / _FINE)])
    beats = np.arange(int(performed[-1]) + 1)
    return np.interp(performed, grid, seconds), seconds[beats * _FINE], pace[beats * _FINE]


def places(solos: Iterable[Solo]) -> Floats:
    """How often notes are played at each 24th of a beat, relative to evenly, at each of the `TEMPI`; shape (5, 24).

    A solo between two tempi counts for both, by its nearness as a logarithm. Blurred by half a part.
    """
    counts = np.zeros((len(TEMPI), PARTS))
    for solo in solos:
        where = np.interp(np.log(solo.tempo), np.log(TEMPI), np.arange(len(TEMPI)))
        low = min(int(where), len(TEMPI) - 2)
        found = np.bincount(np.floor(solo.performed * PARTS + 0.5).astype(np.int64) % PARTS, minlength=PARTS)
        counts[low] += (low + 1 - where) * found
        counts[low + 1] += (where - low) * found
    waves = np.exp(-2 * (np.pi * np.arange(PARTS // 2 + 1) * 0.5 / PARTS) ** 2)
    blurred = np.fft.irfft(np.fft.rfft(counts, axis=1) * waves, PARTS, axis=1)
    return np.asarray(blurred / np.maximum(blurred.mean(axis=1, keepdims=True), 1e-9))


def _share(off: Iterable[Floats]) -> float:
    every = np.concatenate([np.zeros(0), *off])
    return float(np.mean(np.abs(every) <= CLOSE)) if len(every) else 0.0
