"""From the grid to moments: what the parts still have to play, laid down as far ahead as the tempo can be relied on."""

from math import inf

from sideslip.band.events import Sound
from sideslip.band.feel import Feel, Performed, perform
from sideslip.band.rhythm_section import PARTS
from sideslip.listen.tempo import TempoMap
from sideslip.music.phrase import Phrase

RELIED_ON, AT_LEAST = 0.5, 0.25
"""Beats, and at least seconds, for which a tempo that may move is relied on: notes are laid down so far ahead, or up to
twice as far. Half a beat kept 10 ms nearer than a beat, at most, to the made-up player of the tests who drifts by 4 %
(measured by hand)."""


class Playing:
    """Keeps what is to be played in beats, until it is laid down in seconds: at once where the tempo is agreed on, beat
    by beat where it is `moving`."""

    def __init__(self, feel: Feel, moving: bool) -> None:
        self._feel, self._moving = feel, moving
        self._left: dict[str, list[Performed]] = {}

    def add(self, part: str, phrase: Phrase, bpm: float) -> None:
        """A part is to play a phrase, with its feel at a tempo (beats a minute); the rhythm section as written."""
        self._left.setdefault(part, []).extend(perform(phrase, self._feel, bpm, accented=part == "partner"))

    def drop(self, part: str) -> None:
        """Forget what a part still has to play."""
        self._left.pop(part, None)

    def clear(self) -> None:
        """Forget everything."""
        self._left.clear()

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
            sounds += [
                Sound(tempo.seconds(on), tempo.seconds(off), part, channel, pitch, velocity)
                for on, off, pitch, velocity in notes
                if on < until
            ]
            notes[:] = [note for note in notes if note[0] >= until]
        return tuple(sounds)

    def _ahead(self, tempo: TempoMap) -> float:
        return max(RELIED_ON, tempo.beats_in(AT_LEAST)) if self._moving else inf
