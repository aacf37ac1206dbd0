"""What the model says along lines that are given: of every note, how likely each pitch was."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sideslip.music.dialogue import Turn
from sideslip.music.tension import ANTICIPATION
from sideslip.propose import tokens
from sideslip.propose.context import Context
from sideslip.propose.engine import Engine, Floats, Followed, Memory, softmax
from sideslip.propose.ground import Ground
from sideslip.propose.growing import VOCABULARY
from sideslip.propose.tokens import Ints
from sideslip.propose.walking import Given, Walk

Bools = NDArray[np.bool_]


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
        likely: Floats = (self.chances[:, 1:] * homeward.reshape(lines, notes - 1, -1)).sum(axis=2)
        return likely


def tell(engine: Engine, memory: Memory, context: Context, turn: Turn, given: Given) -> Told:
    """What the model expects along given lines: of every note it is told the line so far, the place of the note, and
    how long the one before lasted.

    The lines go on from a context, of which `memory` is all rows but the last; nothing is wished of them.
    """
    walk, (count, notes) = Walk(context, turn, given), given.onset.shape
    rows, placed = [walk.row], []
    for n in range(notes):
        placed.append(walk.place(n))
        walk.play(n, given.pitch[:, n])
        rows.append(walk.row)
    followed = engine.follow(memory, np.stack(rows[:-1], axis=1))
    targets, durations, views = (
        np.stack([getattr(place, name) for place in placed], axis=1).reshape(count * notes, *shape)
        for name, shape in (("targets", (len(tokens.TARGET),)), ("durations", ()), ("views", placed[0].views.shape[1:]))
    )
    aimed = engine.aim(followed.vectors.reshape(count * notes, -1), targets)
    logits = engine.pitch(engine.with_duration(aimed, durations), views)
    return Told(softmax(logits).reshape(count, notes, -1), followed, np.stack(rows[1:], axis=1))


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
