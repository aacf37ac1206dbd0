"""Sampling phrases: K candidates at once, held within the turn by named masks on the logits.

A candidate begins exactly on the first tick of the turn and is over when the next note would fall outside it. That last
shift still tells how long the last note sounds.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sideslip.music.dialogue import Turn
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Note, Phrase
from sideslip.propose import tokens
from sideslip.propose.engine import Engine, Floats
from sideslip.propose.tokens import Harmony, Ints, Line

MEMORY = 128
"""Notes of both players that are read at most: about ten phrases."""

NEVER = np.float32(-1e9)


@dataclass(frozen=True, slots=True)
class Sampling:
    """How to draw: `temperatures` spread over the candidates (first to last), classes less likely than `floor` times
    the likeliest are not drawn, pitches stay in `lowest`..`highest` (MIDI), and a turn has at most `notes_a_beat` on
    average."""

    temperatures: tuple[float, float] = (0.85, 1.1)
    floor: float = 0.02
    lowest: int = 48
    highest: int = 88
    notes_a_beat: float = 4.0


def not_at_once(shifts: int) -> NDArray[np.bool_]:
    """Mask of shift classes: a line has one note at a time, so a shift of no ticks is out."""
    return np.arange(shifts) > 0


def anything(classes: int) -> NDArray[np.bool_]:
    """Mask that allows all classes."""
    return np.ones(classes, dtype=np.bool_)


def in_range(lowest: int, highest: int) -> NDArray[np.bool_]:
    """Mask of pitch classes within MIDI pitches lowest..highest."""
    pitches = np.arange(tokens.PITCHES) + tokens.LOWEST_PITCH
    return (pitches >= lowest) & (pitches <= highest)


def not_overlapping(ticks: Ints) -> NDArray[np.bool_]:
    """Mask (K, 16) of durations that fit into the `ticks` (K,) up to the next note; the shortest always does."""
    fits: NDArray[np.bool_] = ticks[:, None] >= tokens.DURATIONS
    fits[:, 0] = True
    return fits


def draw(logits: Floats, temperature: Floats, floor: float, rng: np.random.Generator) -> Ints:
    """One class a row, (K,), from logits (K, classes) at temperatures (K,)."""
    scaled = logits / temperature[:, None]
    scaled = np.where(scaled < scaled.max(axis=-1, keepdims=True) + np.log(floor), -np.inf, scaled)
    noise = rng.gumbel(size=scaled.shape)  # argmax of logits + Gumbel noise samples the softmax
    drawn: Ints = np.argmax(scaled + noise, axis=-1)
    return drawn


@dataclass(slots=True)
class _Growing:
    """The candidates' newest notes, a value a candidate in each array, and the finished notes of each."""

    tick: Ints
    pitch: Ints
    velocity: Ints
    alive: NDArray[np.bool_]
    notes: list[list[Note]] = field(default_factory=list)

    def close(self, until: Ints, duration: Ints) -> None:
        """Write down the newest note of each living candidate; it sounds at most until the tick given."""
        for k in np.flatnonzero(self.alive):
            length = max(1, min(int(tokens.DURATIONS[duration[k]]), int(until[k] - self.tick[k])))
            velocity = int(tokens.VELOCITIES[self.velocity[k]])
            self.notes[k].append(Note(int(self.tick[k]), int(self.pitch[k]), length, velocity))


class Sampler:
    """Draws candidates for turns from one engine."""

    def __init__(self, engine: Engine, sampling: Sampling = Sampling()) -> None:
        self.engine = engine
        self.sampling = sampling

    def phrases(self, turn: Turn, count: int, rng: np.random.Generator) -> tuple[Phrase, ...]:
        """`count` monophonic phrases from turn.start to at most turn.end, some perhaps alike."""
        with np.errstate(divide="ignore"):
            return self._phrases(turn, count, rng)

    def _phrases(self, turn: Turn, count: int, rng: np.random.Generator) -> tuple[Phrase, ...]:
        engine, s = self.engine, self.sampling
        line, inputs = read_context(turn)
        harmony = Harmony.of_changes(turn.changes, turn.start, turn.end)
        steps = min(round(s.notes_a_beat * (turn.end - turn.start) / TICKS) + 1, engine.config.context - len(inputs))
        memory = engine.read(inputs)
        branches = engine.fork(memory, count, steps)
        temperature = np.linspace(*s.temperatures, count).astype(np.float32)

        def pick(logits: Floats, allowed: NDArray[np.bool_]) -> Ints:
            return draw(np.where(allowed, logits, NEVER), temperature, s.floor, rng)

        silence = turn.start - turn.changes.meter.bar
        last = (int(line.onset[-1]), int(line.pitch[-1])) if len(line.onset) else (silence, tokens.SILENT_PITCH)
        now = _Growing(np.full(count, last[0]), np.full(count, last[1]), np.full(count, 4), np.full(count, True))
        now.notes = [[] for _ in range(count)]
        h = np.repeat(memory.vectors[-1:], count, axis=0)
        shift = np.full(count, tokens.nearest(tokens.SHIFTS, np.array([turn.start - last[0]]))[0])
        tick = np.full(count, turn.start)
        before = (
            tokens.nearest(tokens.DURATIONS, line.duration[-1:])
            if len(line.onset)
            else np.array([len(tokens.DURATIONS) - 1])
        )
        duration = np.repeat(before, count)
        for step in range(steps):
            if step:
                shift = pick(engine.shift(h), not_at_once(len(tokens.SHIFTS)))
                tick = now.tick + tokens.SHIFTS[shift]
            places = harmony.places(np.minimum(tick, turn.end), tick % turn.changes.meter.bar // TICKS)
            targets = np.column_stack((shift, (now.pitch - places[:, tokens.ROOT]) % 12, places))
            aimed = engine.aim(h, targets)
            if step:
                over = np.minimum(tick, turn.end)
                duration = pick(engine.duration(aimed), not_overlapping(over - now.tick))
                now.close(over, duration)
                now.alive &= tick < turn.end
                if not now.alive.any():
                    break
            p = engine.with_duration(aimed, np.minimum(duration, len(tokens.DURATIONS) - 1))
            pitch = pick(engine.pitch(p, now.pitch, places[:, tokens.ROOT]), in_range(s.lowest, s.highest))
            velocity = pick(engine.velocity(p, pitch), anything(len(tokens.VELOCITIES)))
            now.tick, now.pitch, now.velocity = tick, pitch + tokens.LOWEST_PITCH, velocity
            h = engine.advance(branches, _rows(shift, duration, now, places, turn.tempo))
        else:
            now.close(np.full(count, turn.end), np.full(count, 5))
        return tuple(Phrase(tuple(notes)) for notes in now.notes)


def _rows(shift: Ints, duration: Ints, now: _Growing, places: Ints, bpm: float) -> Ints:
    """The notes just drawn as input rows (K, len(tokens.INPUT))."""
    columns = (
        now.pitch - tokens.LOWEST_PITCH,
        shift,
        duration,
        now.velocity,
        np.ones_like(shift),
        (now.pitch - places[:, tokens.ROOT]) % 12,
        np.full_like(shift, tokens.tempo_class(bpm)),
    )
    return np.concatenate((np.stack(columns, axis=-1), places), axis=1)


def read_context(turn: Turn) -> tuple[Line, Ints]:
    """What both played lately, and its input rows (notes + 1, len(tokens.INPUT)), the silence before it first."""
    line = Line.of(turn.player.between(-(10**9), turn.start), turn.partner.between(-(10**9), turn.start)).last(MEMORY)
    bar = turn.changes.meter.bar
    first = int(line.onset[0]) if len(line.onset) else turn.start
    silence = (first - 1) // bar * bar
    onset = np.concatenate(([silence], line.onset))
    harmony = Harmony.of_changes(turn.changes, silence, int(onset[-1]) + 1)
    inputs, _, _ = tokens.features(line, harmony.places(onset, onset % bar // TICKS), silence, turn.tempo)
    return line, inputs


def well_ended(phrase: Phrase, end: int, rest: int = TICKS, fragment: int = 3) -> Phrase:
    """Without a scrap at the end: at most `fragment` notes that begin a new thought after a `rest`, cut off by the
    turn's end.

    Such a scrap begins in the last two beats before `end`; without it the phrase ends where it breathed.
    """
    notes = phrase.notes
    for index in range(max(1, len(notes) - fragment), len(notes)):
        if notes[index].onset - notes[index - 1].end >= rest and notes[index].onset >= end - 2 * TICKS:
            return Phrase(notes[:index])
    return phrase
