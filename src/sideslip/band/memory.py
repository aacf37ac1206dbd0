"""What was played so far, by both, on the grid."""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from math import inf

from sideslip.listen.hands import Hand, Hands
from sideslip.listen.notes import PERCUSSION, Key, NoteEnded, NotePairer, NoteStarted
from sideslip.listen.quantise import PUSH_SECONDS, Played, to_grid
from sideslip.listen.tempo import TempoMap
from sideslip.music.phrase import Phrase

NOTES = 192
"""Notes remembered of each player: more than the proposer reads."""


class Memory:
    """Pairs the player's notes, tells the hands apart, keeps the newest of both players' lines."""

    def __init__(self) -> None:
        self._pairer, self._hands = NotePairer(), Hands()
        self._line: dict[Key, None] = {}  # keys that sound in the player's line
        self._played: deque[NoteEnded] = deque(maxlen=NOTES)
        self._since = -inf
        self.partner = Phrase()

    def hear(self, at: float, message: bytes) -> Iterator[tuple[NoteStarted | NoteEnded, Hand]]:
        """Take in a message of the player at a moment (s); the notes that it began and ended, drums left out."""
        for change in self._pairer.feed(at, message):
            if change.channel == PERCUSSION:
                continue
            key = change.channel, change.pitch
            if isinstance(change, NoteStarted):
                hand = self._hands.hear(change)
                if hand == "line":
                    self._line[key] = None
                yield change, hand
            elif key in self._line:
                del self._line[key]
                self._played.append(change)
                yield change, "line"
            else:
                yield change, "voicing"

    def forget(self, before: float) -> None:
        """What the player began before a moment (s) is no music any more, and nothing of the partner's is."""
        self._since = before
        self.partner = Phrase()

    def player(self, tempo: TempoMap, now: float) -> Phrase:
        """The newest notes of the player's line on the grid; one still sounding counts as lasting until `now` (s)."""
        held = [note for note in self._pairer.sounding if (note.channel, note.pitch) in self._line]
        sounding = [NoteEnded(max(now, n.at), n.at, n.channel, n.pitch, n.velocity) for n in held[-NOTES:]]
        notes = [note for note in (*self._played, *sounding) if note.began >= self._since]
        played = [Played(tempo.beat(n.began), tempo.beat(n.at), n.pitch, n.velocity) for n in notes]
        return to_grid(played, push=tempo.beats_in(PUSH_SECONDS))

    def answered(self, phrase: Phrase) -> None:
        """Remember what the partner plays."""
        self.partner = (self.partner + phrase).last(NOTES)

    def broke_off(self, tick: int) -> None:
        """The partner fell silent at a tick: forget what it did not play."""
        kept = self.partner.between(-(10**9), tick)
        self.partner = Phrase(tuple(replace(n, duration=max(1, min(n.end, tick) - n.onset)) for n in kept))
