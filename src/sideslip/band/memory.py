"""What was played so far, by both, on the grid."""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from math import inf

from sideslip.listen.hands import Hands, Strike
from sideslip.listen.notes import PERCUSSION, NoteEnded, NotePairer, NoteStarted
from sideslip.listen.quantise import PUSH_SECONDS, Played, to_grid
from sideslip.listen.tempo import TempoMap
from sideslip.music.phrase import Phrase

NOTES = 192
"""Notes remembered of each player: more than the proposer reads."""

Key = tuple[int, int, float]
"""Channel, pitch and beginning (s) of a note."""

Change = Strike | NoteEnded
"""What is told of the player: notes that began together, or the end of a note of the line."""


class Memory:
    """Pairs the player's notes, tells the hands apart, keeps the newest of both players' lines."""

    def __init__(self, split: int | None = None) -> None:
        self._pairer, self._hands = NotePairer(), Hands(split)
        self._open: dict[Key, None] = {}  # notes whose hand is not known yet
        self._ended: deque[NoteEnded] = deque()  # not told yet, because of those
        self._line: dict[Key, NoteStarted] = {}  # what sounds in the player's line
        self._played: deque[NoteEnded] = deque(maxlen=NOTES)
        self._since = -inf
        self.partner = Phrase()
        self.heard_at = -inf
        """The moment (s) of the latest beginning or end of a note, with either hand."""

    @property
    def is_sounding(self) -> bool:
        """Whether the player holds anything."""
        return bool(self._pairer.sounding)

    @property
    def settles_at(self) -> float | None:
        """The moment (s) at which more can be told of what was heard."""
        return self._hands.settles_at

    def hear(self, at: float, message: bytes) -> Iterator[Change]:
        """Take in a message of the player at a moment (s); what can be told by then, drums left out."""
        for change in self._pairer.feed(at, message):
            if change.channel == PERCUSSION:
                continue
            self.heard_at = at
            if isinstance(change, NoteStarted):
                strikes = self._hands.hear(change)
                self._open[_key(change)] = None
                yield from self._told(strikes)
            else:
                self._ended.append(change)
        yield from self.settle(at)

    def settle(self, now: float) -> Iterator[Change]:
        """What can be told by a moment (s), in order."""
        yield from self._told(self._hands.settle(now))
        yield from self._ends(next((began for _, _, began in self._open), inf))

    def _told(self, strikes: list[Strike]) -> Iterator[Change]:
        for strike in strikes:
            notes = (*strike.line, *strike.voicing)
            yield from self._ends(min(note.at for note in notes))
            for note in notes:
                self._open.pop(_key(note), None)
            line = {_key(note): note for note in strike.line}
            self._line |= line
            yield Strike(tuple(line.values()), strike.voicing)

    def _ends(self, until: float) -> Iterator[NoteEnded]:
        """The ends of the line's notes, up to a moment (s)."""
        while self._ended and self._ended[0].at <= until and _key(self._ended[0]) not in self._open:
            ended = self._ended.popleft()
            if self._line.pop(_key(ended), None) is not None:
                self._played.append(ended)
                yield ended

    def forget(self, before: float) -> None:
        """What the player began before a moment (s) is no music any more, and nothing of the partner's is."""
        self._since = before
        self.partner = Phrase()

    def player(self, tempo: TempoMap, now: float) -> Phrase:
        """The newest notes of the player's line on the grid, also those that have just begun; one still sounding counts
        as lasting until `now` (s)."""
        held = [*self._line.values(), *self._hands.line_so_far][-NOTES:]
        sounding = [NoteEnded(max(now, n.at), n.at, n.channel, n.pitch, n.velocity) for n in held]
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


def _key(note: NoteStarted | NoteEnded) -> Key:
    return note.channel, note.pitch, note.at if isinstance(note, NoteStarted) else note.began
