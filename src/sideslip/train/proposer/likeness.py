"""Turns of the model beside those really played in the same places, statistic by statistic."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sideslip.music.dialogue import Turn
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Phrase
from sideslip.outside.lines import Floats, Ints
from sideslip.outside.tables import ListeningTables
from sideslip.train.proposer.traits import breaths, traits


@dataclass(frozen=True, slots=True)
class Statistic:
    """One of the things compared: its name in a Sample, in words, and the edges of the bars it is drawn with."""

    name: str
    words: str
    edges: tuple[float, ...]


def _edges(low: float, high: float, bars: int) -> tuple[float, ...]:
    return tuple(np.linspace(low, high, bars + 1).tolist())


STATISTICS = (
    Statistic("chord_tones_on", "chord tones on the beat (share of a turn)", _edges(0, 1, 10)),
    Statistic("chord_tones_off", "chord tones off the beat (share)", _edges(0, 1, 10)),
    Statistic("outside", "outsideness G of a turn", _edges(0, 1, 20)),
    Statistic("interval", "intervals (semitones)", _edges(-12.5, 12.5, 25)),
    Statistic("shift", "from onset to onset (beats)", _edges(-1 / 24, 4 - 1 / 24, 48)),
    Statistic("density", "density (notes a beat)", _edges(0, 5, 20)),
    Statistic("register", "register (mean MIDI pitch)", _edges(45, 90, 15)),
    Statistic("phrase_notes", "notes of a phrase (to a rest of a beat)", _edges(0.5, 48.5, 24)),
    Statistic("rest_beats", "rests of a beat and more (beats)", _edges(1, 13, 24)),
    Statistic("rest", "silence (share of a turn)", _edges(0, 1, 20)),
    Statistic("repeated_pitch", "repeated pitches (share)", _edges(0, 0.5, 20)),
    Statistic("repeated_cells", "repeated cells of four notes (share)", _edges(0, 0.5, 20)),
    Statistic("pitch_class_entropy", "entropy of pitch classes (bits a turn)", _edges(0, 3.6, 18)),
    Statistic("interval_entropy", "entropy of intervals (bits a turn)", _edges(0, 4.5, 18)),
    Statistic("groove", "groove similarity of bars", _edges(0.6, 1, 20)),
)
"""What is compared. Intervals, shifts, phrases and rests are counted one by one, all else by turn."""

Sample = dict[str, Floats]
"""All values of each statistic in some turns, NaN left out."""


def sample(groups: Iterable[tuple[Sequence[Phrase], Turn]], tables: ListeningTables) -> Sample:
    """From phrases with the turn that each group of them fills."""
    found: dict[str, list[Floats]] = {statistic.name: [] for statistic in STATISTICS}
    for phrases, turn in groups:
        heard = traits(phrases, turn.changes, [turn.start] * len(phrases), tables)
        for name, values in (heard | _one_by_one(phrases, turn)).items():
            if name in found:
                found[name].append(values[~np.isnan(values)])
    return {name: np.concatenate(values) if values else np.zeros(0) for name, values in found.items()}


def _one_by_one(phrases: Sequence[Phrase], turn: Turn) -> dict[str, Floats]:
    parts = [breaths(phrase, turn.end) for phrase in phrases]
    lists: dict[str, list[Sequence[float] | Ints]] = {
        "interval": [np.diff(phrase.pitches) for phrase in phrases],
        "shift": [np.diff([note.onset for note in phrase]) for phrase in phrases],
        "phrase_notes": [counts for counts, _ in parts],
        "rest_beats": [rests for _, rests in parts],
    }
    found = {name: np.array([value for each in values for value in each]) for name, values in lists.items()}
    return found | {"shift": found["shift"] / TICKS}


def kolmogorov_smirnov(one: Floats, other: Floats) -> float | None:
    """The largest distance of two empirical distributions, 0..1; None where one is empty."""
    if not len(one) or not len(other):
        return None
    every = np.concatenate((one, other))
    below = [np.searchsorted(np.sort(values), every, side="right") / len(values) for values in (one, other)]
    return float(abs(below[0] - below[1]).max())


def side_by_side(own: Sample, real: Sample, elsewhere: Sample) -> dict[str, dict[str, float | None]]:
    """For each statistic the mean of the model's turns and of the real ones, how far apart the two lie
    (Kolmogorov-Smirnov), and how far real turns elsewhere (those of the training set) lie from the real ones."""
    return {
        name: {
            "model": _mean(own[name]),
            "real": _mean(real[name]),
            "ks": kolmogorov_smirnov(own[name], real[name]),
            "ks_of_other_real_turns": kolmogorov_smirnov(elsewhere[name], real[name]),
        }
        for name in real
    }


def _mean(values: Floats) -> float | None:
    return float(values.mean()) if len(values) else None
