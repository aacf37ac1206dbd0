"""What passes between the players: a turn to be filled, and ideas to fill it with."""

from dataclasses import dataclass
from typing import Literal

from sideslip.music.changes import Changes
from sideslip.music.chord import Chord
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Note, Phrase

Source = Literal["model", "device", "lick"]
"""Where an idea came from: the transformer, a device applied to one of its phrases, or the stored licks."""

Move = Literal["resolve", "echo", "reharmonise", "commit"]
"""How a wrong note of the player is answered: resolved for them; their figure echoed and resolved; heard as a tone of
another chord; or committed to, their figure taken up in sequence."""


@dataclass(frozen=True, slots=True)
class WrongNote:
    """A note of the player that stood out as foreign to the changes.

    `over` is the chord in force where it began, `foreign` how foreign it is there (b, 0..1). `expected` are the pitches
    of the chord tones that it leans on, the likeliest first; whether it leans up or down is told by where they lie.
    `resolved` says that it came home: then it wants no answer.
    """

    note: Note
    over: Chord
    foreign: float
    expected: tuple[int, ...]
    resolved: bool


STYLES = ("TRADITIONAL", "SWING", "BEBOP", "COOL", "HARDBOP", "POSTBOP", "FUSION", "FREE")
"""Names of styles, in the spelling of the Weimar Jazz Database."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a phrase; None leaves it to whoever plays it.

    `outside` is how far it leaves the changes as a line (G, 0..1), `density` notes a beat from the first onset to the
    end of the last note, `register` the mean MIDI pitch, `style` one of STYLES.
    """

    outside: float | None = None
    density: float | None = None
    register: float | None = None
    style: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """The partner's coming turn and all that is known when it is invented.

    `start` and `end` are ticks: an answer begins exactly at `start` and is over by `end`. `player` and `partner` are
    what each has played so far, on the grid, newest last (a bounded memory); `call` is what the player said last, the
    part of `player` that is answered, and `mistakes` are its wrong notes, in order. `dial` is 0 (inside) to 1 (as far
    out as it can still resolve); `tempo` is in beats a minute; `wish` is what the player wants of answers (its
    `outside` is left to the dial).
    """

    start: int
    end: int
    changes: Changes
    call: Phrase = Phrase()
    player: Phrase = Phrase()
    partner: Phrase = Phrase()
    dial: float = 0.4
    tempo: float = 120.0
    mistakes: tuple[WrongNote, ...] = ()
    wish: Wish = Wish()

    @property
    def unresolved(self) -> WrongNote | None:
        """The wrong note to be answered: the last of those that have not come home, for it is still in the ear."""
        return next((mistake for mistake in reversed(self.mistakes) if not mistake.resolved), None)


@dataclass(frozen=True, slots=True)
class Mending:
    """How an idea answers a wrong note of the player: by which move, and the note as it was known then.

    `over` is the chord that the note is heard over: the one that stands in for the written one where the harmony is
    changed, else the one in force when the answer begins. `shift` is how many semitones a figure is moved by where it
    is taken up in sequence.
    """

    move: Move
    note: Note
    over: Chord
    shift: int = 0


@dataclass(frozen=True, slots=True)
class Foresight:
    """What a model foresaw of a phrase, note by note.

    `bits` is how much each pitch surprised it, `doubt` how much it expected to be surprised; `home` (one fewer) how
    likely it thought, after each note, that the next would be a chord tone reached by step. `open_end` is the share of
    its own continuations that come home within two beats, None where the phrase does not end on a foreign note. A
    phrase that goes on too long is foreseen in part.
    """

    bits: tuple[float, ...]
    doubt: tuple[float, ...]
    home: tuple[float, ...]
    open_end: float | None = None


@dataclass(frozen=True, slots=True)
class Outing:
    """What a device did in a phrase: its name, the tick of the first note that it changed, and that of the note with
    which the line is home again."""

    device: str
    out: int
    home: int


@dataclass(frozen=True, slots=True)
class Idea:
    """One candidate answer. `label` names the device in words ("side-slip +1"), empty for a plain phrase; `foresight`
    is None where no model was asked. `mending` tells which wrong note it begins by answering, if it does: `source` is
    then where it goes on from there. `outings` are what devices did, in order of time."""

    phrase: Phrase
    source: Source
    label: str = ""
    foresight: Foresight | None = None
    mending: Mending | None = None
    outings: tuple[Outing, ...] = ()

    def answers(self, wrong: WrongNote | None) -> bool:
        """Whether this answers a wrong note; its onset may have moved on the grid since the idea was made."""
        mending = self.mending
        if mending is None or wrong is None:
            return False
        return mending.note.pitch == wrong.note.pitch and abs(mending.note.onset - wrong.note.onset) < TICKS
