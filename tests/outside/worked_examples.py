"""Lines that musicians would agree about, and a short way to write more."""

from collections.abc import Sequence
from pathlib import Path

from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.phrase import Note, Phrase
from sideslip.music.pitch import parse_pitch_class

SHIPPED = Path(__file__).resolve().parents[2] / "models" / "listening.safetensors"


def one_chord(symbol: str, bars: int = 4) -> Changes:
    """A vamp on one chord in 4/4."""
    return Changes((0,), (parse_chord(symbol),), 48 * bars)


def bar_by_bar(*symbols: str) -> Changes:
    """One chord a bar of 4/4."""
    starts = tuple(48 * i for i in range(len(symbols)))
    return Changes(starts, tuple(parse_chord(symbol) for symbol in symbols), 48 * len(symbols))


def line(names: str, start: int = 0, ticks: int = 6, near: int = 69) -> Phrase:
    """Even notes from names ("E F G Ab"), each in the octave nearest to the note before; the first near a pitch."""
    notes: list[Note] = []
    for i, name in enumerate(names.split()):
        pitch = near + (parse_pitch_class(name) - near + 6) % 12 - 6
        notes.append(Note(start + ticks * i, pitch, ticks))
        near = pitch
    return Phrase(tuple(notes))


def shifted(phrase: Phrase, first: int, last: int, semitones: int) -> Phrase:
    """The phrase with notes `first` to `last` transposed."""
    moved = (n.moved(semitones=semitones if first <= i <= last else 0) for i, n in enumerate(phrase))
    return Phrase(tuple(moved))


def with_pitches(phrase: Phrase, pitches: Sequence[int]) -> Phrase:
    """The same rhythm with other pitches."""
    return Phrase(tuple(Note(n.onset, p, n.duration) for n, p in zip(phrase, pitches, strict=True)))


LIEBMAN = line("E F G Ab B Db Eb Gb Db E D Bb G", ticks=3)
"""David Liebman, Nica's Dream, bar 20, over Ebmaj7: out from Ab to E, back on D, the major 7th."""

LIEBMAN_OUT = slice(3, 10)

PARKER = line("F# D Db C", ticks=6)
"""Charlie Parker, Don't Blame Me, over D7: Db passes to C."""

TWO_FIVE_ONE = bar_by_bar("Dm7", "G7", "Cmaj7", "A7b9")

INSIDE = line("D E F A C A F E D F G B A G F D E G B D C B G E C# E G Bb A G F E")
"""Four bars of eighths inside Dm7 G7 Cmaj7 A7b9."""

SLIPPED = shifted(INSIDE, 9, 14, 1)
"""The same with a side-slip up a semitone over G7; it returns by a leap to D, the 5th, on the last eighth of bar 2."""
