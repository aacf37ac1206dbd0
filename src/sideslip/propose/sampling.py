"""Sampling phrases: K candidates at once, held within the turn by named masks on the logits.

A candidate begins exactly on the first tick of the turn and is over when the next note would fall outside it. That last
shift still tells how long the last note sounds.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sideslip.music.dialogue import Turn, Wish
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Note, Phrase
from sideslip.music.pitch import HIGHEST, LOWEST
from sideslip.propose import tokens
from sideslip.propose.context import Context
from sideslip.propose.engine import Engine, Floats, Memory
from sideslip.propose.ground import ROOT
from sideslip.propose.tokens import Ints, Line, Turns
from sideslip.propose.views import Trail, duration_views, pitch_views, shift_views
from sideslip.propose.wishes import beats_left, wish_row

MEMORY = 128
"""Notes of both players that are read at most: about ten phrases."""

LONGEST = 32 * TICKS
"""Ticks of a piece of a turn that is drawn at once: eight bars of 4/4."""

MOST_NOTES = 96
"""Notes of a candidate in one piece; a turn of four bars has 21 (median), 69 (99 in 100)."""

NEVER = np.float32(-1e9)

VOCABULARY = np.arange(tokens.PITCHES) + tokens.LOWEST_PITCH
"""The MIDI pitches of the model."""

LEFT_OPEN = 5
"""Duration class of a last note whose end was not drawn, half a beat."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How to draw: `temperatures` spread over the candidates (first to last), classes less likely than `floor` times
    the likeliest are not drawn, pitches stay in `lowest`..`highest` (MIDI), and a turn has at most `notes_a_beat` on
    average."""

    temperatures: tuple[float, float] = (0.9, 1.1)
    floor: float = 0.002
    lowest: int = LOWEST
    highest: int = HIGHEST
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
    odds = np.exp((logits - np.maximum.reduce(logits, axis=-1, keepdims=True)) / temperature[:, None])
    odds[odds < floor] = 0.0
    up_to = np.cumsum(odds, axis=-1)
    at = rng.random(len(odds))[:, None] * up_to[:, -1:]
    drawn: Ints = np.minimum((up_to <= at).sum(axis=-1), odds.shape[-1] - 1)
    return drawn


@dataclass(slots=True)
class _Growth:
    """K candidates as they grow: the trail of each, what its newest note is like, and the notes written down."""

    trail: Trail
    velocity: Ints
    alive: NDArray[np.bool_]
    notes: list[list[Note]]

    @classmethod
    def after(cls, trail: Trail) -> "_Growth":
        """All candidates go on from one trail."""
        count = len(trail.tick)
        return cls(trail, np.full(count, 4), np.full(count, True), [[] for _ in range(count)])

    def close(self, until: Ints, duration: Ints) -> None:
        """Write down the newest note of each living candidate; it sounds at most until the tick given."""
        for k in np.flatnonzero(self.alive):
            tick, pitch = int(self.trail.tick[k]), int(self.trail.back[k, 0])
            length = max(1, min(int(tokens.DURATIONS[duration[k]]), int(until[k]) - tick))
            self.notes[k].append(Note(tick, pitch, length, int(tokens.VELOCITIES[self.velocity[k]])))


class Sampler:
    """Draws candidates for turns from one engine. What it has read it remembers, so that the next turn of the same
    conversation reads only what is new; what it draws does not depend on that."""

    def __init__(self, engine: Engine, sampling: Sampling = Sampling()) -> None:
        self.engine = engine
        self.sampling = sampling
        self._rows: Ints = np.zeros((0, len(tokens.INPUT)), dtype=np.int64)
        self._memory: Memory | None = None

    def phrases(self, turn: Turn, wishes: Sequence[Wish], rng: np.random.Generator) -> tuple[Phrase, ...]:
        """A monophonic phrase for each wish, from turn.start to at most turn.end, some perhaps alike.

        A turn longer than the model can see at once is drawn piece by piece, each candidate going on from its own.
        """
        bar = turn.changes.meter.bar
        seam = turn.start + max(1, LONGEST // bar) * bar
        phrases = self._drawn(turn, min(seam, turn.end), wishes, rng)
        if turn.end <= seam:
            return phrases
        later = (replace(turn, start=seam, partner=turn.partner + phrase) for phrase in phrases)
        rest = (self.phrases(turn, [wish], rng)[0] for turn, wish in zip(later, wishes, strict=True))
        return tuple(phrase + more for phrase, more in zip(phrases, rest, strict=True))

    def read(self, rows: Ints) -> Memory:
        """Read what was played: rows (T, len(tokens.INPUT)), of which only what was not read last is read now."""
        same = min(len(rows), len(self._rows))
        differs = np.flatnonzero((rows[:same] != self._rows[:same]).any(axis=1))
        known = None if self._memory is None else self._memory.first(int(differs[0]) if len(differs) else same)
        self._rows, self._memory = rows, self.engine.read(rows, known)
        return self._memory

    def _drawn(self, turn: Turn, end: int, wishes: Sequence[Wish], rng: np.random.Generator) -> tuple[Phrase, ...]:
        """Phrases from turn.start to a tick at or before turn.end."""
        engine, count = self.engine, len(wishes)
        steps = min(round(self.sampling.notes_a_beat * (end - turn.start) / TICKS) + 1, MOST_NOTES)
        context = Context.of(turn, min(MEMORY, engine.config.context - steps - 1))
        memory = self.read(context.rows[:-1])
        branches = engine.fork(memory, count, steps + 1)
        trail = Trail.of(context.line, context.ground, context.silence, count, steps)
        growth, ground = _Growth.after(trail), context.ground
        asked = Turns(np.ones(count, dtype=np.int64), np.full(count, turn.end), np.stack([*map(wish_row, wishes)]))
        pick = self._picker(count, rng)
        h = engine.advance(branches, tokens.awaiting(np.repeat(context.rows[-1:], count, axis=0), trail.tick, asked))
        shift, duration = _entry(context.line, turn.start - trail.tick)
        tick = np.full(count, turn.start)
        for step in range(steps):
            heard = trail.heard()
            if step:
                logits = engine.shift(h, shift_views(heard, ground, asked.ends))
                shift = pick(logits, not_at_once(len(tokens.SHIFTS)))
                tick = trail.tick + tokens.SHIFTS[shift]
            lands = np.minimum(tick, end)
            places = ground.places(lands)
            aimed = engine.aim(h, tokens.target_rows(shift, trail.back, places, beats_left(asked.ends, lands)))
            if step:
                logits = engine.duration(aimed, duration_views(heard, tick))
                duration = pick(logits, not_overlapping(lands - trail.tick))
                growth.close(lands, duration)
                growth.alive &= tick < end
                if not growth.alive.any():
                    break
            p = engine.with_duration(aimed, np.minimum(duration, len(tokens.DURATIONS) - 1))
            logits = engine.pitch(p, pitch_views(heard, ground, lands, VOCABULARY))
            pitch = pick(logits, in_range(self.sampling.lowest, self.sampling.highest))
            growth.velocity = pick(engine.velocity(p, pitch), anything(len(tokens.VELOCITIES)))
            trail.append(tick, pitch + tokens.LOWEST_PITCH, shift, duration, places[:, ROOT])
            interval = trail.interval
            note = (pitch, shift, duration, growth.velocity, np.ones_like(shift), interval)
            h = engine.advance(branches, tokens.input_rows(note, trail.back[:, 0], places, turn.tempo, asked, tick))
        else:
            growth.close(np.full(count, end), np.full(count, LEFT_OPEN))
        return tuple(Phrase(tuple(notes)) for notes in growth.notes)

    def _picker(self, count: int, rng: np.random.Generator) -> Callable[[Floats, NDArray[np.bool_]], Ints]:
        """Draws a class a candidate from logits within a mask, each candidate at its own temperature."""
        temperature = np.linspace(*self.sampling.temperatures, count).astype(np.float32)

        def pick(logits: Floats, allowed: NDArray[np.bool_]) -> Ints:
            return draw(np.where(allowed, logits, NEVER), temperature, self.sampling.floor, rng)

        return pick


def _entry(line: Line, wait: Ints) -> tuple[Ints, Ints]:
    """Shift to the first note of the turn, which is given, and duration of the note before, which is known, both
    (K,)."""
    known = len(line.onset) > 0
    duration = tokens.nearest(tokens.DURATIONS, line.duration[-1:])[0] if known else len(tokens.DURATIONS)
    return tokens.nearest(tokens.SHIFTS, wait), np.full(len(wait), duration)


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
