"""From the grid to moments: what the parts still have to play, laid down as far ahead as the tempo can be relied on."""

from collections import deque
from collections.abc import Iterator
from math import inf

from sideslip.band.events import Hush, Sound
from sideslip.band.feel import Feel, Performed, perform
from sideslip.band.rhythm_section import PARTS
from sideslip.listen.tempo import TempoMap
from sideslip.music.phrase import Phrase

RELIED_ON, AT_LEAST = 0.5, 0.25
"""Beats, and at least seconds, for which a tempo that may move is relied on: notes are laid down so far ahead, or up to
twice as far. Half a beat kept 10 ms nearer than a beat, at most, to the made-up player of the tests who drifts by 4 %
(measured by hand)."""


BAND = ("partner", "bass", "drums")
"""The parts that are played here."""

LATELY = 512
"""Notes of a part that are remembered as they were laid down: more than a phrase has."""


class Playing:
    """Keeps what is to be played in beats, until it is laid down in seconds: at once where the tempo is agreed on, beat
    by beat where it is `moving`."""

    def __init__(self, feel: Feel, moving: bool) -> None:
        self._feel, self._moving = feel, moving
        self._left: dict[str, list[Performed]] = {}
        self._laid: dict[str, deque[Sound]] = {}

    def add(self, part: str, phrase: Phrase, bpm: float, begun: int = 0) -> float:
        """A part is to play a phrase, with its feel at a tempo (beats a minute); the rhythm section as written. So many
        notes of it have been added before. The beat of the first that is added."""
        performed = perform(phrase, self._feel, bpm, accented=part == "partner")[begun:]
        self._left.setdefault(part, []).extend(performed)
        return min((note[0] for note in performed), default=inf)

    def take_back(self, part: str, count: int) -> float:
        """Forget the last notes that a part was to play; the moment (s) of the first of those that are laid down
        already, which are to be hushed from then on, never if there are none."""
        left, laid = self._left.get(part, []), self._laid.get(part, deque())
        beyond = max(0, count - len(left))
        del left[max(0, len(left) - count) :]
        return min((laid.pop().on for _ in range(min(beyond, len(laid)))), default=inf)

    def sounds_until(self, part: str, at: float) -> float:
        """The moment (s) at which what a part sounds at a moment ends."""
        return max((sound.off for sound in self._laid.get(part, ()) if sound.on <= at < sound.off), default=at)

    def hush(self, part: str, at: float) -> Hush:
        """A part falls silent and forgets what it still has to play."""
        self._left.pop(part, None)
        return Hush(part, at)

    def hush_all(self, at: float) -> Iterator[Hush]:
        """Everybody falls silent."""
        return (self.hush(part, at) for part in BAND)

    def next_at(self, tempo: TempoMap) -> float | None:
        """The beat at which the next note wants to be laid down."""
        first = min((note[0] for notes in self._left.values() for note in notes), default=None)
        return None if first is None else first - self._ahead(tempo)

    def laid_down(self, tempo: TempoMap, at: float) -> tuple[Sound, ...]:
        """What begins soon after a moment (s), on each part's channel; it is then laid down for good."""
        until = tempo.beat(at) + 2 * self._ahead(tempo)
        sounds: list[Sound] = []
        for part, notes in self._left.items():
            channel = PARTS[part].channel
            laid = [
                Sound(tempo.seconds(on), tempo.seconds(off), part, channel, pitch, velocity)
                for on, off, pitch, velocity in notes
                if on < until
            ]
            sounds += laid
            self._laid.setdefault(part, deque(maxlen=LATELY)).extend(laid)
            notes[:] = [note for note in notes if note[0] >= until]
        return tuple(sounds)

    def _ahead(self, tempo: TempoMap) -> float:
        return max(RELIED_ON, tempo.beats_in(AT_LEAST)) if self._moving else inf
