"""Two hands: which notes are the line, and which are voicings under it.

Notes that begin within 40 ms are one strike, and a strike is judged as a whole. Three notes or more, or two from below
middle C, are a voicing, but for a top note that stands clear of it and high enough to be sung. A lone note below middle
C belongs to the left hand while that comps, unless it goes on from the line, or from another lone note, by a step or a
small leap. Each channel is a keyboard of its own, so a comping track beside a solo track comes apart by itself.

A player may say where their hands meet instead. Keys below a split are then the left hand's, whatever they play; of
three or more struck from there up, the top one is the line.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

from sideslip.listen.notes import NoteStarted

TOGETHER = 0.04
"""Seconds within which notes are one strike."""

MIDDLE_C = 60

SUNG = 72
"""A top note from here up (C5) is melody even if it lies close to the voicing."""

CLEAR = 8
"""Semitones by which a top note from middle C up stands clear of the voicing."""

NEAR, SOON = 7, 1.0
"""A low note at most this many semitones and seconds from the one before goes on with it."""

COMPS = 8.0
"""Seconds after a voicing during which the left hand counts as comping."""


@dataclass(frozen=True, slots=True)
class Strike:
    """Notes that began together, by hand; both from low to high."""

    line: tuple[NoteStarted, ...]
    voicing: tuple[NoteStarted, ...]


@dataclass(slots=True)
class _Keyboard:
    """One channel."""

    strike: list[NoteStarted] = field(default_factory=list)  # not judged yet
    comped: float = -inf  # the moment of the last voicing
    line: NoteStarted | None = None  # the newest note of the line
    low: NoteStarted | None = None  # the newest lone note of the left hand


class Hands:
    """Told of every note as it begins; judges a strike once it is over. `split` is the MIDI pitch at which the right
    hand begins, None where that is to be heard."""

    def __init__(self, split: int | None = None) -> None:
        self._split = split
        self._keyboards: dict[int, _Keyboard] = {}

    @property
    def settles_at(self) -> float | None:
        """The moment (s) at which the oldest strike that is not judged yet will be."""
        return min((k.strike[0].at + TOGETHER for k in self._keyboards.values() if k.strike), default=None)

    @property
    def line_so_far(self) -> list[NoteStarted]:
        """Notes of strikes that are not judged yet, and would be the line if nothing more were struck with them."""
        struck = [(sorted(k.strike, key=lambda note: note.pitch), k) for k in self._keyboards.values() if k.strike]
        return [note for notes, keyboard in struck for note in notes[len(notes) - self._sung(notes, keyboard) :]]

    def hear(self, note: NoteStarted) -> list[Strike]:
        """A note began; the strikes that are over by now."""
        over = self.settle(note.at)
        self._keyboards.setdefault(note.channel, _Keyboard()).strike.append(note)
        return over

    def settle(self, now: float) -> list[Strike]:
        """The strikes that are over by a moment (s), in order."""
        due = [k for k in self._keyboards.values() if k.strike and now >= k.strike[0].at + TOGETHER]
        return [self._judged(keyboard) for keyboard in sorted(due, key=lambda k: k.strike[0].at)]

    def _judged(self, keyboard: _Keyboard) -> Strike:
        notes, keyboard.strike = sorted(keyboard.strike, key=lambda note: note.pitch), []
        sung = self._sung(notes, keyboard)
        strike = Strike(tuple(notes[len(notes) - sung :]), tuple(notes[: len(notes) - sung]))
        if len(strike.voicing) >= 2:
            keyboard.comped = strike.voicing[0].at
        if strike.line:
            keyboard.line = strike.line[-1]
        elif len(notes) == 1:
            keyboard.low = notes[0]
        return strike

    def _sung(self, notes: Sequence[NoteStarted], keyboard: _Keyboard) -> int:
        """How many notes of a strike, from the top, are the line."""
        if self._split is None:
            return _sung(notes, keyboard)
        right = sum(note.pitch >= self._split for note in notes)
        return 1 if right > 2 else right


def _sung(notes: Sequence[NoteStarted], keyboard: _Keyboard) -> int:
    """The same as far as it can be heard."""
    low, top = notes[0], notes[-1]
    if len(notes) == 1:
        comps = low.at - keyboard.comped <= COMPS
        return int(not comps or low.pitch >= MIDDLE_C or _goes_on(low, keyboard.line) or _goes_on(low, keyboard.low))
    if len(notes) == 2 and low.pitch >= MIDDLE_C:
        return 2
    clear = top.pitch - notes[-2].pitch >= CLEAR
    return int(top.pitch >= SUNG or (top.pitch >= MIDDLE_C and clear))


def _goes_on(note: NoteStarted, last: NoteStarted | None) -> bool:
    return last is not None and note.at - last.at <= SOON and abs(note.pitch - last.pitch) <= NEAR
