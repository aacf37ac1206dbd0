"""What was played so far, by both, on the grid."""

from collections import deque
from dataclasses import replace

from sideslip.listen.notes import PERCUSSION, NoteEnded, NotePairer, NoteStarted
from sideslip.listen.quantise import PUSH_SECONDS, Played, to_grid
from sideslip.listen.tempo import TempoMap
from sideslip.music.phrase import Phrase

NOTES = 192
"""Notes remembered of each player: more than the proposer reads."""


class Memory:
    """Pairs the player's notes, keeps the newest of both players, and puts them on the grid when asked."""

    def __init__(self) -> None:
        self._pairer = NotePairer()
        self._played: deque[NoteEnded] = deque(maxlen=NOTES)
        self.partner = Phrase()

    def hear(self, at: float, message: bytes) -> tuple[NoteStarted | NoteEnded, ...]:
        """Take in a message of the player at a moment (s); the notes that it began and ended."""
        changes = self._pairer.feed(at, message)
        melodic = tuple(change for change in changes if change.channel != PERCUSSION)
        self._played.extend(change for change in melodic if isinstance(change, NoteEnded))
        return melodic

    def player(self, tempo: TempoMap, now: float) -> Phrase:
        """The player's newest notes on the grid; one still sounding counts as lasting until `now` (s)."""
        sounding = [NoteEnded(max(now, n.at), n.at, n.channel, n.pitch, n.velocity) for n in self._pairer.sounding]
        notes = [*self._played, *(note for note in sounding if note.channel != PERCUSSION)]
        played = [Played(tempo.beat(n.began), tempo.beat(n.at), n.pitch, n.velocity) for n in notes]
        return to_grid(played, push=tempo.beats_in(PUSH_SECONDS))

    def answered(self, phrase: Phrase) -> None:
        """Remember what the partner plays."""
        self.partner = (self.partner + phrase).last(NOTES)

    def broke_off(self, tick: int) -> None:
        """The partner fell silent at a tick: forget what it did not play."""
        kept = self.partner.between(-(10**9), tick)
        self.partner = Phrase(tuple(replace(n, duration=max(1, min(n.end, tick) - n.onset)) for n in kept))
