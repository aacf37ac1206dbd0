"""Sampling phrases: K candidates at once, held within the turn by named masks on the logits.

A candidate begins exactly on the first tick of the turn and is over when the next note would fall outside it. That last
shift still tells how long the last note sounds.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sideslip.music.dialogue import Turn
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Note, Phrase
from sideslip.music.pitch import HIGHEST, LOWEST
from sideslip.propose import tokens
from sideslip.propose.engine import Engine, Floats
from sideslip.propose.tokens import Harmony, Ints, Line

MEMORY = 128
"""Notes of both players that are read at most: about ten phrases."""

LONGEST = 32 * TICKS
"""Ticks of a piece of a turn that is drawn at once: eight bars of 4/4."""

MOST_NOTES = 96
"""Notes of a candidate in one piece; a turn of four bars has 21 (median), 69 (99 in 100)."""

NEVER = np.float32(-1e9)

LEFT_OPEN = 5
"""Duration class of a last note whose end was not drawn, half a beat."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How to draw: `temperatures` spread over the candidates (first to last), classes less likely than `floor` times
    the likeliest are not drawn, pitches stay in `lowest`..`highest` (MIDI), and a turn has at most `notes_a_beat` on
    average."""

    temperatures: tuple[float, float] = (0.85, 1.1)
    floor: float = 0.02
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
    scaled = logits / temperature[:, None]
    scaled = np.where(scaled < scaled.max(axis=-1, keepdims=True) + np.log(floor), -np.inf, scaled)
    noise = rng.gumbel(size=scaled.shape)  # argmax of logits + Gumbel noise samples the softmax
    drawn: Ints = np.argmax(scaled + noise, axis=-1)
    return drawn


@dataclass(slots=True)
class _Growth:
    """K candidates as they grow: the newest note of each, its last pitches, and the notes written down.

    `back` (K, RECENT) are the last MIDI pitches, newest first; `fresh` says that nobody has played before.
    """

    tick: Ints
    back: Ints
    velocity: Ints
    alive: NDArray[np.bool_]
    notes: list[list[Note]]
    fresh: bool

    @classmethod
    def after(cls, line: Line, silence: int, count: int) -> "_Growth":
        """All candidates go on from the last note of a line, or from a silence that began at a tick."""
        heard = np.concatenate((np.full(tokens.RECENT, tokens.SILENT_PITCH), line.pitch))
        last = int(line.onset[-1]) if len(line.onset) else silence
        back = np.repeat(heard[None, : -tokens.RECENT - 1 : -1], count, axis=0)
        notes: list[list[Note]] = [[] for _ in range(count)]
        return cls(np.full(count, last), back, np.full(count, 4), np.full(count, True), notes, not len(line.onset))

    def close(self, until: Ints, duration: Ints) -> None:
        """Write down the newest note of each living candidate; it sounds at most until the tick given."""
        for k in np.flatnonzero(self.alive):
            length = max(1, min(int(tokens.DURATIONS[duration[k]]), int(until[k] - self.tick[k])))
            velocity = int(tokens.VELOCITIES[self.velocity[k]])
            self.notes[k].append(Note(int(self.tick[k]), int(self.back[k, 0]), length, velocity))

    def go_on(self, tick: Ints, pitch: Ints, velocity: Ints) -> None:
        """Take the next note of each candidate."""
        self.tick, self.velocity = tick, velocity
        self.back = np.concatenate((pitch[:, None], self.back[:, :-1]), axis=1)

    def rows(self, shift: Ints, duration: Ints, places: Ints, bpm: float) -> Ints:
        """The newest notes as input rows (K, len(tokens.INPUT)); `duration` is that of the notes before them."""
        step = (self.back[:, 0] - self.back[:, 1]).clip(-tokens.REACH, tokens.REACH) + tokens.REACH
        columns = (
            self.back[:, 0] - tokens.LOWEST_PITCH,
            shift,
            duration,
            self.velocity,
            np.ones_like(shift),
            np.full_like(shift, 2 * tokens.REACH + 1) if self.fresh else step,
            (self.back[:, 0] - places[:, tokens.ROOT]) % 12,
            np.full_like(shift, tokens.tempo_class(bpm)),
        )
        self.fresh = False
        return np.concatenate((np.stack(columns, axis=-1), places), axis=1)


class Sampler:
    """Draws candidates for turns from one engine."""

    def __init__(self, engine: Engine, sampling: Sampling = Sampling()) -> None:
        self.engine = engine
        self.sampling = sampling

    def phrases(self, turn: Turn, count: int, rng: np.random.Generator) -> tuple[Phrase, ...]:
        """`count` monophonic phrases from turn.start to at most turn.end, some perhaps alike.

        A turn longer than the model can see at once is drawn piece by piece, each candidate going on from its own.
        """
        bar = turn.changes.meter.bar
        seam = turn.start + max(1, LONGEST // bar) * bar
        phrases = self._drawn(replace(turn, end=min(seam, turn.end)), count, rng)
        if turn.end <= seam:
            return phrases
        later = (replace(turn, start=seam, partner=turn.partner + phrase) for phrase in phrases)
        return tuple(phrase + self.phrases(rest, 1, rng)[0] for phrase, rest in zip(phrases, later, strict=True))

    def _drawn(self, turn: Turn, count: int, rng: np.random.Generator) -> tuple[Phrase, ...]:
        engine, bar = self.engine, turn.changes.meter.bar
        steps = min(round(self.sampling.notes_a_beat * (turn.end - turn.start) / TICKS) + 1, MOST_NOTES)
        line, inputs = read_context(turn, min(MEMORY, engine.config.context - steps - 1))
        memory = engine.read(inputs)
        branches, harmony = engine.fork(memory, count, steps), Harmony.of_changes(turn.changes, turn.start, turn.end)
        growth, pick = _Growth.after(line, turn.start - bar, count), self._picker(count, rng)
        h = np.repeat(memory.vectors[-1:], count, axis=0)
        shift, duration = _entry(line, turn.start - growth.tick)
        tick = np.full(count, turn.start)
        for step in range(steps):
            if step:
                shift = pick(engine.shift(h), not_at_once(len(tokens.SHIFTS)))
                tick = growth.tick + tokens.SHIFTS[shift]
            places = harmony.places(np.minimum(tick, turn.end), tick % bar // TICKS)
            aimed = engine.aim(h, tokens.target_rows(shift, growth.back, places))
            if step:
                over = np.minimum(tick, turn.end)
                duration = pick(engine.duration(aimed), not_overlapping(over - growth.tick))
                growth.close(over, duration)
                growth.alive &= tick < turn.end
                if not growth.alive.any():
                    break
            p = engine.with_duration(aimed, np.minimum(duration, len(tokens.DURATIONS) - 1))
            logits = engine.pitch(p, growth.back[:, 0], places[:, tokens.ROOT])
            pitch = pick(logits, in_range(self.sampling.lowest, self.sampling.highest))
            velocity = pick(engine.velocity(p, pitch), anything(len(tokens.VELOCITIES)))
            growth.go_on(tick, pitch + tokens.LOWEST_PITCH, velocity)
            h = engine.advance(branches, growth.rows(shift, duration, places, turn.tempo))
        else:
            growth.close(np.full(count, turn.end), np.full(count, LEFT_OPEN))
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


def read_context(turn: Turn, most: int = MEMORY) -> tuple[Line, Ints]:
    """What both played lately, at most `most` notes, and its input rows (notes + 1, len(tokens.INPUT)).

    The first row is the silence before the first note.
    """
    line = Line.of(turn.player.between(-(10**9), turn.start), turn.partner.between(-(10**9), turn.start)).last(most)
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
