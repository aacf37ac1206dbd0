"""Candidates as they grow, note by note, all of them at once: sound a note, move on to the next.

What the engine is told here is what training tells it of a played line (`train.pieces`), to the last column.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sideslip.music.dialogue import Turn, Wish
from sideslip.music.phrase import Note, Phrase
from sideslip.propose import tokens
from sideslip.propose.context import Context
from sideslip.propose.engine import Engine
from sideslip.propose.ground import ROOT, Ground
from sideslip.propose.memory import Branches, Floats
from sideslip.propose.tokens import Ints, Line, Turns
from sideslip.propose.views import Trail, duration_views, pitch_views, shift_views
from sideslip.propose.wishes import beats_left, wish_row

VOCABULARY = np.arange(tokens.PITCHES) + tokens.LOWEST_PITCH
"""The MIDI pitches of the model."""

LEFT_OPEN = 6
"""Ticks that a last note sounds at most whose end was not drawn."""

NOT_AT_ONCE = np.arange(len(tokens.SHIFTS)) > 0
"""Mask of shifts: a line has one note at a time."""

ANY_VELOCITY = np.ones(len(tokens.VELOCITIES), dtype=np.bool_)

Mask = NDArray[np.bool_]
Pick = Callable[[Floats, Mask], Ints]
"""Draws a class (K,) a candidate from logits (K, classes) within a mask, (K, classes) or (classes,)."""


def not_overlapping(ticks: Ints) -> Mask:
    """Mask (K, 16) of durations that fit into the `ticks` (K,) up to the next note; the shortest always does."""
    fits: Mask = ticks[:, None] >= tokens.DURATIONS
    fits[:, 0] = True
    return fits


@dataclass(frozen=True, slots=True)
class Start:
    """Where K candidates begin: what they go on from (`trail`), rows (K, len(INPUT)) of the note before, and how long
    it lasted (classes, (K,); the last class: there is none)."""

    trail: Trail
    rows: Ints
    lasted: Ints

    @classmethod
    def of(cls, context: Context, count: int, room: int) -> Self:
        """`count` candidates that all go on from one context, with room for so many notes each."""
        trail = Trail.of(context.line, context.ground, context.silence, count, room)
        return cls(trail, np.repeat(context.rows[-1:], count, axis=0), lasted(context.line, count))

    @classmethod
    def joined(cls, starts: Sequence[Self]) -> Self:
        """The candidates of all, in order."""
        rows, lasting = (np.concatenate([getattr(start, name) for start in starts]) for name in ("rows", "lasted"))
        return cls(Trail.joined([start.trail for start in starts]), rows, lasting)


class Growing:
    """K candidates for a turn, of which the first note is awaited on turn.start."""

    def __init__(
        self,
        engine: Engine,
        branches: Branches,
        turn: Turn,
        ground: Ground,
        start: Start,
        wishes: Sequence[Wish],
        pick: Pick,
        pitches: Mask,
    ) -> None:
        """Candidates that go on from a start over some ground, one for each wish; `pitches` (74,) may be drawn."""
        count = len(wishes)
        self._engine, self._branches, self._turn, self._ground = engine, branches, turn, ground
        self._pick, self._pitches, self._trail = pick, pitches, start.trail
        ends = np.full(count, turn.end)
        self._asked = Turns(np.ones(count, dtype=np.int64), ends, np.stack([wish_row(wish) for wish in wishes]))
        self._h = engine.advance(branches, tokens.awaiting(start.rows, self._trail.tick, self._asked))
        self._heard = self._trail.heard()
        self._tick = np.full(count, turn.start)
        self._shift, self._duration = tokens.nearest(tokens.SHIFTS, turn.start - self._trail.tick), start.lasted
        self._velocity = np.zeros(count, dtype=np.int64)
        self._aim()
        self.alive: Mask = np.full(count, True)
        """Which candidates have a next note."""
        self._notes: list[list[Note]] = [[] for _ in wishes]
        self._resumes = np.full(count, turn.start)

    @property
    def phrases(self) -> tuple[tuple[Phrase, int], ...]:
        """What each has played, and the tick at which its next note would begin."""
        notes = (Phrase(tuple(each)) for each in self._notes)
        return tuple(zip(notes, self._resumes.tolist(), strict=True))

    @property
    def newest(self) -> Ints:
        """The pitches (MIDI) that sound, (K,)."""
        newest: Ints = self._trail.back[:, 0]
        return newest

    @property
    def coming(self) -> Ints:
        """The ticks at which the next notes begin, (K,)."""
        return self._tick

    def sound(self) -> None:
        """Play the note whose place is known."""
        engine, trail = self._engine, self._trail
        p = engine.with_duration(self._aimed, self._duration % len(tokens.DURATIONS))  # none: as in training, the first
        seen = pitch_views(self._heard, self._ground, self._tick, VOCABULARY)
        pitch = self._pick(engine.pitch(p, seen), self._pitches)
        self._velocity = self._pick(engine.velocity(p, pitch), ANY_VELOCITY)
        trail.append(self._tick, pitch + tokens.LOWEST_PITCH, self._shift, self._duration, self._places[:, ROOT])
        note = (pitch, self._shift, self._duration, self._velocity, np.ones_like(pitch), trail.interval)
        places, bpm = self._places, self._turn.tempo
        rows = tokens.input_rows(note, trail.back[:, 0], places, bpm, self._asked, self._tick)
        self._h = engine.advance(self._branches, rows)
        self._heard = trail.heard()

    def move_on(self, end: int | Ints) -> None:
        """Find the place of the next note, and with it the end of the one that sounds; a candidate whose next note
        would begin at `end`, (K,) or one for all, or later is done."""
        engine, sounding = self._engine, self._trail.tick
        seen = shift_views(self._heard, self._ground, self._asked.ends)
        self._shift = self._pick(engine.shift(self._h, seen), NOT_AT_ONCE)
        self._tick = sounding + tokens.SHIFTS[self._shift]
        self._aim()
        fits = not_overlapping(np.minimum(self._tick, self._turn.end) - sounding)
        self._duration = self._pick(engine.duration(self._aimed, duration_views(self._heard, self._tick)), fits)
        self._write(tokens.DURATIONS[self._duration], self._tick)
        self.alive &= self._tick < end

    def leave_off(self) -> None:
        """There is no room for more: the notes that sound are the last for now."""
        over = np.minimum(self._trail.tick + LEFT_OPEN, self._turn.end)
        self._write(over - self._trail.tick, over)

    def _aim(self) -> None:
        """The place of the note to come is known."""
        self._places = self._ground.places(self._tick)
        left = beats_left(self._asked.ends, self._tick)
        self._aimed = self._engine.aim(self._h, tokens.target_rows(self._shift, self._trail.back, self._places, left))

    def _write(self, lengths: Ints, resumes: Ints) -> None:
        """Write down the notes that sound of those who are not done; they sound into the turn's end at most."""
        for k in np.flatnonzero(self.alive):
            tick, pitch = int(self._trail.tick[k]), int(self._trail.back[k, 0])
            length = max(1, min(int(lengths[k]), int(min(resumes[k], self._turn.end)) - tick))
            self._notes[k].append(Note(tick, pitch, length, int(tokens.VELOCITIES[self._velocity[k]])))
            self._resumes[k] = resumes[k]


def lasted(line: Line, count: int) -> Ints:
    """How long the last note of a line lasted, as a class, `count` times; the last class: there is no note."""
    known = len(line.onset) > 0
    duration = tokens.nearest(tokens.DURATIONS, line.duration[-1:])[0] if known else len(tokens.DURATIONS)
    return np.full(count, duration)
