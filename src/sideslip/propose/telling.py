"""What the model says along lines that are given: of every note, how likely each pitch was."""

from dataclasses import dataclass

import numpy as np

from sideslip.music.dialogue import Turn
from sideslip.music.tension import ANTICIPATION
from sideslip.propose import tokens
from sideslip.propose.context import Context
from sideslip.propose.engine import Engine, softmax
from sideslip.propose.given import Given
from sideslip.propose.ground import ROOT, Ground
from sideslip.propose.growing import VOCABULARY, lasted
from sideslip.propose.memory import Bools, Floats, Followed, Memory
from sideslip.propose.tokens import Ints, Turns
from sideslip.propose.views import OF_PITCH, Heard, Trail, pitch_views
from sideslip.propose.wishes import FREE, beats_left


@dataclass(frozen=True, slots=True)
class Told:
    """What the model said of K lines of N notes: `chances` (K, N, 74) of every pitch for each, and all that it needs to
    go on from there; `next_rows` (K, N, len(INPUT)) await the note after each."""

    chances: Floats
    followed: Followed
    next_rows: Ints

    def bits(self, given: Given) -> Floats:
        """How much each pitch surprised the model, (K, N)."""
        own = np.take_along_axis(self.chances, (given.pitch - tokens.LOWEST_PITCH)[..., None], axis=2)[..., 0]
        surprise: Floats = -np.log2(np.maximum(own, np.finfo(np.float32).tiny))
        return surprise

    def doubt(self) -> Floats:
        """How much the model expected to be surprised by each pitch: the entropy of its chances, (K, N) bits."""
        doubt: Floats = -(self.chances * np.log2(np.maximum(self.chances, np.finfo(np.float32).tiny))).sum(axis=2)
        return doubt

    def home(self, given: Given, ground: Ground) -> Floats:
        """How likely the model thought, after each note but the last, that the next would be a chord tone reached by
        step, (K, N - 1)."""
        lines, notes = given.onset.shape
        homeward = steps_home(ground, given.onset[:, 1:].ravel(), given.pitch[:, :-1].ravel())
        likely: Floats = (self.chances[:, 1:] * homeward.reshape(lines, notes - 1, tokens.PITCHES)).sum(axis=2)
        return likely


def tell(engine: Engine, memory: Memory, context: Context, turn: Turn, given: Given) -> Told:
    """What the model expects along given lines: of every note it is told the line so far, the place of the note, and
    how long the one before lasted.

    The lines go on from a context, of which `memory` is all rows but the last; nothing is wished of them.
    """
    rows, targets, durations, views = _rows(context, turn, given)
    followed = engine.follow(memory, rows[:, :-1])
    # notes come first in what follows: (N, K, ...) as they were heard, one after the other
    heads = engine.aim(followed.vectors.swapaxes(0, 1).reshape(len(targets), -1), targets)
    logits = engine.pitch(engine.with_duration(heads, durations), views)
    chances = softmax(logits).reshape(*given.onset.T.shape, -1).swapaxes(0, 1)
    return Told(chances, followed, rows[:, 1:])


def _rows(context: Context, turn: Turn, given: Given) -> tuple[Ints, Ints, Ints, Ints]:
    """Input rows before each note and after the last, (K, N + 1, len(INPUT)); and of all first notes, then all second
    ones, and so on (N * K, ...): targets, classes of how long the note before lasted, views of the pitch."""
    ground, (lines, notes) = context.ground, given.onset.shape
    trail = Trail.of(context.line, ground, context.silence, lines, notes, OF_PITCH)
    tick, pitch = given.onset.T, given.pitch.T  # (N, K) from here on
    shift = tokens.nearest(tokens.SHIFTS, np.diff(tick, axis=0, prepend=trail.tick[None]))
    own = tokens.nearest(tokens.DURATIONS, given.duration.T)
    before = np.concatenate((lasted(context.line, lines)[None], own[:-1]))
    places = ground.places(tick.ravel())
    root = places[:, ROOT].reshape(tick.shape)
    free = Turns(*(np.ones(lines, dtype=np.int64), np.full(lines, turn.end), np.repeat(FREE[None], lines, axis=0)))
    asked = Turns(*(np.concatenate([part] * notes) for part in (free.who, free.ends, free.wishes)))
    moments, intervals = [], []
    first = tokens.awaiting(np.repeat(context.rows[-1:], lines, axis=0), trail.tick, free)
    for n in range(notes):
        moments.append(trail.heard())
        trail.append(tick[n], pitch[n], shift[n], before[n], root[n])
        intervals.append(trail.interval)
    heard, flat = Heard.joined(moments), tick.ravel()
    velocity = tokens.nearest(tokens.VELOCITIES, given.velocity.T)
    classes = (pitch - tokens.LOWEST_PITCH, shift, before, velocity)
    note = (*(each.ravel() for each in classes), asked.who, np.concatenate(intervals))
    inputs = tokens.input_rows(note, pitch.ravel(), places, turn.tempo, asked, flat)
    rows = np.concatenate((first, inputs)).reshape(notes + 1, lines, -1).swapaxes(0, 1)
    targets = tokens.target_rows(shift.ravel(), heard.back, places, beats_left(asked.ends, flat))
    return rows, targets, before.ravel() % len(tokens.DURATIONS), pitch_views(heard, ground, flat, VOCABULARY)


def steps_home(ground: Ground, tick: Ints, before: Ints) -> Bools:
    """Which pitches of the vocabulary, sounded at `tick`, are chord tones one or two semitones from the pitch `before`:
    (n,) each -> (n, 74). Tones of the next chord count where it is at most a beat away."""
    chords, lines = ground.chords(tick), np.arange(len(tick))[:, None]
    here = chords.standing[lines, (VOCABULARY - chords.root[:, None]) % 12] == 0
    coming = chords.next_standing[lines, (VOCABULARY - chords.next_root[:, None]) % 12] == 0
    soon = (chords.change - tick <= ANTICIPATION)[:, None]
    size = abs(VOCABULARY - before[:, None])
    home: Bools = (here | (coming & soon)) & (size >= 1) & (size <= 2)
    return home
