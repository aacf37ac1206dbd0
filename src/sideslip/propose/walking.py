"""Going along phrases that are given: what the engine is told of each of their notes, whoever chose the pitches."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sideslip.music.dialogue import Turn, Wish
from sideslip.music.phrase import Phrase
from sideslip.propose import tokens
from sideslip.propose.context import Context
from sideslip.propose.ground import ROOT
from sideslip.propose.growing import VOCABULARY, entry
from sideslip.propose.tokens import Ints, Turns
from sideslip.propose.views import Trail, pitch_views
from sideslip.propose.wishes import beats_left, wish_row


@dataclass(frozen=True, slots=True)
class Given:
    """K phrases as notes, (K, N) each, shorter ones filled up with their last note: `onset` and `duration` (ticks),
    `pitch` (MIDI, as near as the model knows it), `velocity`; `length` (K,) notes are their own."""

    onset: Ints
    pitch: Ints
    duration: Ints
    velocity: Ints
    length: Ints

    @classmethod
    def of(cls, phrases: Sequence[Phrase]) -> "Given":
        """Phrases of at least one note, one at a time."""
        length = np.array([len(phrase) for phrase in phrases])
        rows = [(note.onset, note.pitch, note.duration, note.velocity) for phrase in phrases for note in phrase]
        begins = np.concatenate(([0], np.cumsum(length)[:-1]))
        index = begins[:, None] + np.minimum(np.arange(length.max()), length[:, None] - 1)
        onset, pitch, duration, velocity = np.moveaxis(np.array(rows, dtype=np.int64)[index], -1, 0)
        return cls(onset, known(pitch), duration, velocity, length)


def known(pitch: Ints) -> Ints:
    """MIDI pitches as near as the model knows them."""
    return np.clip(pitch, tokens.LOWEST_PITCH, tokens.LOWEST_PITCH + tokens.PITCHES - 1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where note n of K lines falls: rows (K, len(TARGET)), classes of how long the note before lasted (K,), and views
    of every pitch (K, views, 74)."""

    targets: Ints
    durations: Ints
    views: Ints


class Walk:
    """K lines on their way along given rhythms, going on from a context, nothing wished of them: `row`
    (K, len(INPUT)) awaits the next note."""

    def __init__(self, context: Context, turn: Turn, given: Given) -> None:
        count, notes = given.onset.shape
        self._context, self._turn, self._given = context, turn, given
        self._trail = Trail.of(context.line, context.ground, context.silence, count, notes)
        wishes = np.repeat(wish_row(Wish())[None], count, axis=0)
        self._asked = Turns(np.ones(count, dtype=np.int64), np.full(count, turn.end), wishes)
        self._lasted = tokens.nearest(tokens.DURATIONS, given.duration)
        self._velocity = tokens.nearest(tokens.VELOCITIES, given.velocity)
        self.row = tokens.awaiting(np.repeat(context.rows[-1:], count, axis=0), self._trail.tick, self._asked)

    def place(self, n: int) -> Place:
        """Where note n falls, all notes before it played."""
        ground, tick = self._context.ground, self._given.onset[:, n]
        self._shift, self._before = entry(self._context.line, tick - self._trail.tick)
        if n:
            self._before = self._lasted[:, n - 1]
        self._places = ground.places(tick)
        left = beats_left(self._asked.ends, tick)
        targets = tokens.target_rows(self._shift, self._trail.back, self._places, left)
        views = pitch_views(self._trail.heard(), ground, tick, VOCABULARY)
        return Place(targets, self._before % len(tokens.DURATIONS), views)

    def play(self, n: int, pitch: Ints) -> None:
        """Play note n, placed just now, with some MIDI pitches (K,)."""
        tick = self._given.onset[:, n]
        self._trail.append(tick, pitch, self._shift, self._before, self._places[:, ROOT])
        who, interval = self._asked.who, self._trail.interval
        note = (pitch - tokens.LOWEST_PITCH, self._shift, self._before, self._velocity[:, n], who, interval)
        self.row = tokens.input_rows(note, pitch, self._places, self._turn.tempo, self._asked, tick)
