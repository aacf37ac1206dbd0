"""Notes and phrases on the tick grid."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """One note: onset and duration in ticks (12 a beat, tick 0 = bar 1 beat 1), MIDI pitch, velocity 1..127."""

    onset: int
    pitch: int
    duration: int
    velocity: int = 80

    @property
    def end(self) -> int:
        """The tick at which the note is over."""
        return self.onset + self.duration

    def moved(self, ticks: int = 0, semitones: int = 0) -> "Note":
        """The same note later (ticks) or higher (semitones)."""
        return Note(self.onset + ticks, self.pitch + semitones, self.duration, self.velocity)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Notes in order of onset. An empty phrase is silence."""

    notes: tuple[Note, ...] = ()

    @classmethod
    def of(cls, notes: Iterable[Note]) -> "Phrase":
        """A phrase from notes in any order."""
        return cls(tuple(sorted(notes)))

    @property
    def start(self) -> int:
        """Onset of the first note in ticks; 0 for silence."""
        return self.notes[0].onset if self.notes else 0

    @property
    def end(self) -> int:
        """Tick at which the last note is over; 0 for silence."""
        return max((note.end for note in self.notes), default=0)

    @property
    def pitches(self) -> tuple[int, ...]:
        """MIDI pitches in order."""
        return tuple(note.pitch for note in self.notes)

    def moved(self, ticks: int = 0, semitones: int = 0) -> "Phrase":
        """The same phrase later (ticks) or higher (semitones)."""
        return Phrase(tuple(note.moved(ticks, semitones) for note in self.notes))

    def between(self, start: int, end: int) -> "Phrase":
        """The notes that begin in start <= tick < end."""
        return Phrase(tuple(note for note in self.notes if start <= note.onset < end))

    def last(self, count: int) -> "Phrase":
        """The last `count` notes."""
        return Phrase(self.notes[-count:] if count else ())

    def monophonic(self) -> "Phrase":
        """One note at a time: of notes that begin together the highest stays, and each ends by the next onset."""
        top = {note.onset: note for note in self.notes}  # sorted by onset, then pitch: the highest wins
        line = list(top.values())
        ends = [after.onset for after in line[1:]] + [line[-1].end] if line else []
        held = zip(line, ends, strict=True)
        return Phrase(tuple(replace(note, duration=max(1, min(note.end, end) - note.onset)) for note, end in held))

    def __iter__(self) -> Iterator[Note]:
        return iter(self.notes)

    def __len__(self) -> int:
        return len(self.notes)

    def __add__(self, other: "Phrase") -> "Phrase":
        return Phrase.of(self.notes + other.notes)
