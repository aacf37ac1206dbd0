"""What a player sounds like to the tracker: annotated solos, with or without a simulated left hand, note by note.

What is heard goes through the same ears as live: notes in order of time, the hands told apart by `listen.hands`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sideslip.listen.hands import Hands
from sideslip.listen.harmony.tracker import Belief, HarmonyTracker
from sideslip.listen.notes import NoteStarted
from sideslip.music.changes import Changes
from sideslip.music.meter import TICKS
from sideslip.train.solos import Solo
from sideslip.train.tracker.comping import Struck

FEWEST_BARS = 8
"""A shorter chorus has no place to find."""


@dataclass(frozen=True, slots=True)
class Note:
    """What a player plays at a beat of the solo's own count, as seconds want it too."""

    beat: float
    pitch: int


def played(solo: Solo, comping: Sequence[Struck] = ()) -> list[Note]:
    """The solo as performed and a left hand under it, in order of time."""
    line = [Note(beat, pitch) for beat, pitch in zip(solo.performed.tolist(), solo.pitch.tolist(), strict=True)]
    return sorted([*line, *(Note(note.beat, note.pitch) for note in comping)], key=lambda note: (note.beat, note.pitch))


def follow(tracker: HarmonyTracker, notes: Sequence[Note], tempo: float, beats: range) -> Iterator[Belief]:
    """The belief at the end of every beat; notes and beats count from bar 1, each note comes in its time."""
    hands, at = Hands(), 0
    for beat in beats:
        strikes = []
        while at < len(notes) and notes[at].beat < beat + 1:
            note = notes[at]
            strikes += hands.hear(NoteStarted(note.beat * 60 / tempo, 0, note.pitch, 80))
            at += 1
        for strike in (*strikes, *hands.settle((beat + 1) * 60 / tempo)):
            if strike.voicing:
                tracker.strike(strike.voicing[0].at * tempo / 60, [note.pitch for note in strike.voicing])
            for sung in strike.line:
                tracker.hear(sung.at * tempo / 60, sung.pitch)
        yield tracker.belief(beat + 1 - 1e-6)


def rng_of(seed: int, experiment: int, number: int) -> np.random.Generator:
    """The generator of one experiment on one solo (by its number): the same whatever else is measured."""
    return np.random.default_rng([seed, experiment, number])


@dataclass(frozen=True, slots=True)
class Form:
    """A solo's tune: its chart, and the beats (indices of the solo) at which whole choruses of it begin."""

    chart: Changes
    choruses: tuple[int, ...]

    @property
    def beats(self) -> int:
        """Beats of a chorus."""
        return self.chart.length // TICKS

    @property
    def unbroken(self) -> int:
        """Beats of the whole choruses that follow one another from the first on."""
        end = self.choruses[0]
        while end in self.choruses:
            end += self.beats
        return end - self.choruses[0]


def form_of(solo: Solo) -> Form | None:
    """The first chorus of the usual length as the chart; None where no chorus is whole, or a bar has other beats."""
    begins = (np.diff(solo.chorus, prepend=0) != 0) & (solo.chorus > 0)
    starts = np.flatnonzero(begins).tolist()
    lengths = np.diff([*starts, len(solo.chorus)]).tolist()
    usual = Counter(lengths[:-1] or lengths).most_common(1)
    if not usual or usual[0][0] % solo.meter.beats or usual[0][0] < FEWEST_BARS * solo.meter.beats:
        return None
    length = usual[0][0]
    whole = [start for start, beats in zip(starts, lengths, strict=True) if beats == length and solo.beat[start] == 1]
    whole = [start for start in whole if (solo.num[start : start + length] == solo.meter.beats).all()]
    if not whole:
        return None
    chords = solo.chord_at_beat[whole[0] : whole[0] + length]
    return Form(Changes.by_beat(chords, solo.meter), tuple(whole))
