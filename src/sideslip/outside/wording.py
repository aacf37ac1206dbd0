"""Places and notes in the words of a player: the and of 4 in bar 2; D, the 5th."""

from sideslip.music.changes import Changes
from sideslip.music.chord import Chord
from sideslip.music.meter import TICKS, Meter
from sideslip.music.phrase import Note
from sideslip.music.tension import ANTICIPATION, is_tone
from sideslip.outside.spelling import spelt

_WITHIN = (
    "beat {}",
    "just after beat {}",
    "just after beat {}",
    "the second sixteenth of beat {}",
    "the second triplet of beat {}",
    "just before the and of {}",
    "the and of {}",
    "just after the and of {}",
    "the last triplet of beat {}",
    "the last sixteenth of beat {}",
    "the very end of beat {}",
    "the very end of beat {}",
)
"""By ticks after the beat, where a beat is a quarter; where it is an eighth, what the sixteenths are called is open."""


def moment(tick: int, meter: Meter) -> str:
    """Where a tick lies: "on beat 1 of bar 3", "on the and of 4 in bar 2"."""
    beat, within = divmod(tick % meter.bar, TICKS)
    bar = meter.bar_of(tick)
    if meter.unit > 4 and within not in (0, TICKS // 2):
        return f"on beat {meter.beat_of(tick):.3g} of bar {bar}"
    words = _WITHIN[within].format(beat + 1)
    before = "" if words.startswith("just") else "at " if words.startswith("the very") else "on "
    return f"{before}{words} {'of' if within == 0 else 'in'} bar {bar}"


def meant(note: Note, changes: Changes) -> Chord:
    """The chord that a note belongs to: the one in force, or the next for a tone of it that comes a beat early at most
    and is no tone of this one."""
    chord, (change, coming) = changes.at(note.onset), changes.next(note.onset)
    early = change - note.onset <= ANTICIPATION and is_tone(note.pitch, coming) and not is_tone(note.pitch, chord)
    return coming if early else chord


def note_words(note: Note, chord: Chord, of: str = "") -> str:
    """A note by its name and its degree over a chord: "D, the 5th of G7" where `of` is " of G7"."""
    degree = chord.degree(note.pitch)
    return spelt(note.pitch, chord) + (f", the {degree}{of}" if degree else "")
