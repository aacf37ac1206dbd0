"""Two hands: which notes are the line, and which are voicings under it.

Notes that begin within 40 ms are one strike. A strike of three or more, or of two from below middle C, is a voicing,
but for a top note that stands clear of it and high enough to be sung. Once a player comps, everything struck low is a
voicing too, unless it goes on from the line by a step or a small leap. Each channel is a keyboard of its own, so a
comping track beside a solo track comes apart by itself.
"""

from dataclasses import dataclass
from typing import Literal

from sideslip.listen.notes import NoteStarted

Hand = Literal["line", "voicing"]

TOGETHER = 0.04
"""Seconds within which notes are one strike."""

MIDDLE_C = 60

SUNG = 72
"""A top note from here up (C5) is melody even if it lies close to the voicing."""

CLEAR = 8
"""Semitones by which a top note from middle C up stands clear of the voicing."""

NEAR, SOON = 7, 1.0
"""A low note at most this many semitones and seconds from the last of the line goes on with the line."""


@dataclass(slots=True)
class _Keyboard:
    """One channel."""

    began: float = float("-inf")
    strike: tuple[int, ...] = ()
    split: int | None = None  # pitches below belong to the comping hand; None: nobody comps
    last: tuple[float, int] | None = None  # the newest note of the line


class Hands:
    """Tells for every note, as it begins, which hand plays it."""

    def __init__(self) -> None:
        self._keyboards: dict[int, _Keyboard] = {}

    def hear(self, note: NoteStarted) -> Hand:
        """The hand of a note. The first notes of a player's first voicing are taken for a line: nobody knows better."""
        keyboard = self._keyboards.setdefault(note.channel, _Keyboard())
        if note.at - keyboard.began > TOGETHER:
            keyboard.began, keyboard.strike = note.at, ()
        keyboard.strike += (note.pitch,)
        hand = _hand(keyboard, note)
        if hand == "line":
            keyboard.last = (note.at, note.pitch)
        return hand


def _hand(keyboard: _Keyboard, note: NoteStarted) -> Hand:
    pitches = sorted(keyboard.strike)
    if len(pitches) >= 3 or (len(pitches) == 2 and pitches[0] < MIDDLE_C):
        sung = _is_sung(pitches, keyboard.split)
        voicing = pitches[:-1] if sung else pitches
        if len(voicing) >= 2:
            keyboard.split = max(voicing) + 1
        return "line" if sung and note.pitch == pitches[-1] else "voicing"
    if keyboard.split is None or note.pitch >= keyboard.split:
        return "line"
    if len(pitches) == 1 and keyboard.last is not None:
        at, pitch = keyboard.last
        if note.at - at <= SOON and abs(note.pitch - pitch) <= NEAR:
            return "line"
    return "voicing"


def _is_sung(pitches: list[int], split: int | None) -> bool:
    top, below = pitches[-1], pitches[-2]
    return top >= SUNG or (top >= MIDDLE_C and (top - below >= CLEAR or (split is not None and top >= split + NEAR)))
