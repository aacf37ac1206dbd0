"""How the grid is played: swing and accents, added at playback and never written on the grid.

Beats are counted from 0.0 at bar 1 beat 1, so tick 12 is beat 1.0. Swing bends each beat by itself: its two ends stay
where they are and only what lies between moves, so an answer that begins on the beat begins exactly on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat

from sideslip.music.meter import TICKS
from sideslip.music.phrase import Phrase

Performed = tuple[float, float, int, int]
"""(on in beats, off in beats, MIDI pitch, velocity 1..127)."""

_SWING = ((220.0, 0.57), (260.0, 0.55))
"""(below this tempo in beats a minute, where in its beat the offbeat eighth falls)."""
_FASTEST_SWING = 0.53

_TERNARY = frozenset({2, 4, 8, 10})
"""Places in a beat that only triplets and their halves reach."""

_HALF_BEAT = TICKS // 2


@dataclass(frozen=True, slots=True)
class Feel:
    """A way to place eighths: swung, or straight as written."""

    swung: bool = True

    def swing_fraction(self, bpm: float) -> float:
        """Where in its beat (0..1) an offbeat eighth falls at a tempo in beats a minute; 0.5 is straight.

        The ratio of the first eighth to the second falls from 1.3 to 1.1 as the tempo rises (Weimar Jazz Database
        statistics, annotated pairs of binary eighths).
        """
        if not self.swung:
            return 0.5
        return next((fraction for below, fraction in _SWING if bpm < below), _FASTEST_SWING)

    def performed_beat(self, tick: int, bpm: float, *, ternary: bool = False) -> float:
        """The beat at which a tick is played; `ternary` says that its beat holds triplets, which already swing.

        Each beat is bent in two straight pieces that meet at the half beat, so order is kept everywhere.
        """
        beat, place = divmod(tick, TICKS)
        if ternary:
            return beat + place / TICKS
        half = self.swing_fraction(bpm)
        if place <= _HALF_BEAT:
            return beat + half * place / _HALF_BEAT
        return beat + half + (1 - half) * (place - _HALF_BEAT) / _HALF_BEAT


SWING = Feel()
STRAIGHT = Feel(swung=False)


def perform(phrase: Phrase, feel: Feel, bpm: float, *, accented: bool = True) -> list[Performed]:
    """A phrase as it is played at a tempo in beats a minute, in the order of its notes.

    A beat in which a note begins on a triplet place is left as written. Onsets and ends go through the same bend, so a
    note that is over by the next onset on the grid is over by it in performance too. Only a line is `accented`: the
    pitches of a drum part are no melody.
    """
    ternary = {note.onset // TICKS for note in phrase if note.onset % TICKS in _TERNARY}

    def beat(tick: int) -> float:
        return feel.performed_beat(tick, bpm, ternary=tick // TICKS in ternary)

    accents = _accents(phrase) if accented else repeat(0, len(phrase))
    return [
        (beat(note.onset), beat(note.end), note.pitch, min(max(note.velocity + accent, 1), 127))
        for note, accent in zip(phrase, accents, strict=True)
    ]


def _accents(phrase: Phrase) -> Iterator[int]:
    """What to add to each velocity: players lean on the top of a line, most of all off the beat, and ghost its dips."""
    pitches = phrase.pitches
    for index, note in enumerate(phrase):
        before, after = pitches[max(index - 1, 0)], pitches[min(index + 1, len(pitches) - 1)]
        if note.pitch > max(before, after):
            yield 4 if note.onset % TICKS == 0 else 8
        elif note.pitch < min(before, after):
            yield -6
        else:
            yield 0
