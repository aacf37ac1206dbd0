"""What the band plays, handed over in time; and the partner's answer, which stands by its notes.

The harmony may move from under an answer: another chord is heard, or another bar of the form. Nothing is dropped then.
The note that turned out wrong stays, and what follows is led from it, by step, to a guide tone of what is played now.
"""

from collections.abc import Iterator
from dataclasses import replace
from math import ceil, floor

from sideslip.band.agenda import Agenda
from sideslip.band.events import Command, Hush, Mended, Play
from sideslip.band.listening import Listening
from sideslip.band.playing import Playing
from sideslip.band.settings import GigSettings
from sideslip.listen.harmony.by_ear import HEARD
from sideslip.listen.tempo import TempoMap
from sideslip.music.changes import Changes
from sideslip.music.chord import Chord
from sideslip.music.devices.amends import Amend, amended
from sideslip.music.dialogue import Turn
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Phrase
from sideslip.outside.spelling import spelt

SOON = 0.05
"""Seconds ahead up to which notes are left as they are: they may be on their way to the ports."""

LOOK = 0.08
"""Seconds before each beat of an answer at which it is looked whether it is still over the chords that are played."""


class Performing:
    """Hands over what is to sound, and knows what the partner answers and over which changes that was made."""

    def __init__(self, settings: GigSettings, listening: Listening, agenda: Agenda) -> None:
        self._playing = Playing(settings.feel, moving=settings.timing in ("follow", "clock"))
        self._listening, self._agenda, self._charted = listening, agenda, settings.charted
        self._turn: Turn | None = None  # with the changes that the answer is over now
        self._line = Phrase()

    def play(self, part: str, phrase: Phrase, at: float) -> Iterator[Command]:
        """A part is to play a phrase."""
        self._playing.add(part, phrase, self._tempo.bpm)
        yield from self._lay_down(at)

    def answer(self, turn: Turn, phrase: Phrase, at: float) -> Iterator[Command]:
        """The partner is to answer; it is looked after until the turn is over."""
        self._turn, self._line = turn, phrase
        self._listening.memory.answered(phrase)
        yield from self.play("partner", phrase, at)
        self._look_again(at)

    def break_off(self, at: float, tick: int) -> Hush:
        """The partner falls silent at a moment (s), which is a tick."""
        self._turn = None
        self._listening.memory.broke_off(tick)
        return self._playing.hush("partner", at)

    def leave_off(self, at: float) -> Hush:
        """The partner stops as a player does who is asked to: with the note that sounds, within a beat."""
        until = min(self._playing.sounds_until("partner", at), at + 60 / self._tempo.bpm)
        return self.break_off(until, round(self._tempo.beat(until) * TICKS))

    def hush(self, at: float) -> Iterator[Command]:
        """All fall silent."""
        self._turn = None
        return self._playing.hush_all(at)

    def _lay_down(self, at: float) -> Iterator[Command]:
        """Hand over what is to sound as far ahead as the tempo is relied on, and come back for the rest."""
        if sounds := self._playing.laid_down(self._tempo, at):
            yield Play(sounds)
        if (beat := self._playing.next_at(self._tempo)) is not None:
            self._agenda.plan(self._lay_down, beat)

    def _look_again(self, at: float) -> None:
        beat = floor(self._tempo.beat(at + LOOK) + 1e-6) + 1
        if self._turn is not None and beat * TICKS < self._turn.end:
            self._agenda.plan(self._look, beat, LOOK)

    def _look(self, at: float) -> Iterator[Command]:
        """Lead the answer home if the harmony that is known now is not the one that it is over.

        What is laid down is hushed from the first note on that may still change.
        """
        turn, now = self._turn, ceil(self._tempo.beat(at + SOON) * TICKS)
        if turn is None:
            return
        changes = self._heard(turn, now, self._tempo.beat(at))
        if _chords(turn.changes, now, turn.end) != _chords(changes, now, turn.end):
            self._turn = replace(turn, changes=changes)
            line, amends = amended(self._line, turn.changes, changes, now, turn.end)
            if amends:
                yield self._replaced(line, now)
                yield from self._lay_down(at)
                yield Mended(amends, line.between(now, turn.end), _words(amends, changes), at)
        self._look_again(at)

    def _heard(self, turn: Turn, now: int, beat: float) -> Changes:
        """The changes of a turn as they are known at a beat: those of the place in the chart, and what the ear is sure
        of; without a chart no more than the chord that is heard, up to the end of its bar. Who is lost knows nothing
        new."""
        belief = self._listening.belief(beat)
        if belief.stance == "lost":
            return turn.changes
        if self._charted:
            return self._listening.changes(beat)
        bar = turn.changes.meter.bar
        ends = now - now % bar + bar
        return turn.changes.replaced(now, ends, belief.chord) if belief.probability > HEARD else turn.changes

    def _replaced(self, line: Phrase, now: int) -> Hush:
        """Take back what of the old line begins at a tick or later, and have the new one played instead."""
        begun, memory = sum(note.onset < now for note in line), self._listening.memory
        void = self._playing.take_back("partner", len(self._line) - begun)
        first = self._playing.add("partner", line, self._tempo.bpm, begun)
        memory.broke_off(line.notes[begun].onset)
        memory.answered(Phrase(line.notes[begun:]))
        self._line = line
        return Hush("partner", min(void, self._tempo.seconds(first)))

    @property
    def _tempo(self) -> TempoMap:
        tempo = self._listening.tempo
        assert tempo is not None, "nothing is played where there is no beat"
        return tempo


def _chords(changes: Changes, start: int, end: int) -> tuple[tuple[int, Chord], ...]:
    return tuple(changes.between(start, end))


def _words(amends: tuple[Amend, ...], changes: Changes) -> str:
    """What was done about notes that turned out wrong."""
    done = dict.fromkeys(
        f"its {spelt(one.note.pitch, one.over)} over {one.over.symbol}"
        f" and leads it to {spelt(one.landing.pitch, changes.at(one.landing.onset))}"
        for one in amends
    )
    return "keeps " + ", ".join(done)
