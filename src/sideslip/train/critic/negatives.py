"""Almost real phrases: what real ones are told from. They keep the rhythm and the chords of a real one and change its
pitches, coarsely (wrong notes) or as finely as the models can."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sideslip.music.dialogue import Turn, Wish
from sideslip.music.tension import CHROMATIC
from sideslip.outside.intervals import ORDER, WIDEST
from sideslip.outside.lines import Bools, Floats, Ints, Lines
from sideslip.outside.surprise import REGISTER_RATE, degree_rows, expected
from sideslip.outside.tables import ListeningTables
from sideslip.propose import tokens
from sideslip.propose.context import Context
from sideslip.propose.drawing import NEVER, draw
from sideslip.propose.engine import Engine
from sideslip.propose.given import Given, known
from sideslip.propose.ground import FAR
from sideslip.propose.growing import Growing, Start
from sideslip.propose.memory import Memory

NEAR = 6
"""Semitones at most from a note to the wrong one in its place."""

FURTHEST = 6
"""Semitones at most by which a phrase is transposed."""


def tables_draw(
    lines: Lines, tables: ListeningTables, register: Floats, temperature: Floats, rng: np.random.Generator
) -> Ints:
    """Pitches (K, N) drawn from the interval model and the table of degrees together (C), at temperatures (K,); the
    first note of each line stays. `register` (K,) is the middle pitch before."""
    pitch, middle, rows = lines.pitch.copy(), register.astype(np.float64), np.arange(len(lines.pitch))
    for n in range(1, pitch.shape[1]):
        middle = middle + REGISTER_RATE * (pitch[:, n - 1] - middle)
        pitch[:, n] = pitch[:, n - 1]
        begin = max(0, n - ORDER - 1)
        near = lines.with_pitches(pitch).part(rows, slice(begin, n + 1))
        melody = np.log2(tables.intervals.predict(near.pitch))
        around = np.repeat(middle[:, None], n + 1 - begin, axis=1)
        logs = expected(near, melody, np.log2(degree_rows(near, tables.degrees)), around)
        drawn = draw((logs[:, -1] * np.log(2)).astype(np.float32), temperature.astype(np.float32), 0.0, rng)
        pitch[:, n] = known(pitch[:, n - 1] + drawn - WIDEST)
    return np.where(lines.valid, pitch, lines.pitch)


def model_draw(
    engine: Engine,
    memory: Memory,
    context: Context,
    turn: Turn,
    given: Given,
    temperature: Floats,
    rng: np.random.Generator,
) -> Ints:
    """Pitches (K, N) that the proposer draws along given rhythms, which begin on turn.start, at temperatures (K,)."""
    count, notes = given.onset.shape
    shifts, lasting = (np.diff(given.onset, axis=1), tokens.SHIFTS), (given.duration, tokens.DURATIONS)
    rhythm = {len(table): iter(tokens.nearest(table, ticks).T) for ticks, table in (shifts, lasting)}
    rhythm[len(tokens.VELOCITIES)] = iter(tokens.nearest(tokens.VELOCITIES, given.velocity).T)
    warmth, pitches = temperature.astype(np.float32), []

    def pick(logits: NDArray[np.float32], allowed: Bools) -> Ints:
        """Only pitches are drawn."""
        if logits.shape[1] in rhythm:
            return next(rhythm[logits.shape[1]])
        pitches.append(draw(np.maximum(logits, NEVER), warmth, 0.0, rng))
        return pitches[-1]

    everything = np.ones(tokens.PITCHES, dtype=np.bool_)
    start, branches = Start.of(context, count, notes), engine.fork(memory, count, notes + 1)
    growing = Growing(engine, branches, turn, context.ground, start, [Wish()] * count, pick, everything)
    growing.sound()
    for _ in range(notes - 1):
        growing.move_on(FAR)
        growing.sound()
    return np.stack(pitches, axis=1) + tokens.LOWEST_PITCH


def wrong_notes(line: Lines, places: Sequence[int], rng: np.random.Generator) -> Ints:
    """The pitches (N,) of one line with foreign notes at some places, at most NEAR semitones from what was played."""
    pitch: Ints = line.pitch[0].copy()
    for place in places:
        ways = np.array([step for step in range(-NEAR, NEAR + 1) if step])
        degree = (pitch[place] + ways - line.here.root[0, place]) % 12
        foreign = line.here.foreign[0, place, degree] >= CHROMATIC
        pitch[place] += rng.choice(ways[foreign] if foreign.any() else ways)
    return pitch


def shuffled(pitch: Ints, within: Bools, rng: np.random.Generator) -> Ints:
    """Pitches (N,), those of some notes in another order."""
    mixed = pitch.copy()
    places = np.flatnonzero(within)
    mixed[places] = pitch[rng.permutation(places)]
    return mixed


def borrowed(pitch: Ints, other: Ints) -> Ints:
    """The pitches (N,) of another phrase, as long at least, moved by octaves to where this one lies."""
    taken = other[: len(pitch)]
    octaves: int = round(float(pitch.mean() - taken.mean()) / 12)
    moved: Ints = taken + 12 * octaves
    return moved
