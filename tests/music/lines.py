"""Lines and changes that devices are held against: worked ones, and any."""

from itertools import accumulate, pairwise

from hypothesis import strategies as st

from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.devices import guide_tones
from sideslip.music.meter import Meter
from sideslip.music.phrase import Note, Phrase
from sideslip.music.pitch import HIGHEST, LOWEST, parse_pitch_class

SYMBOLS = (
    "C6",
    "Dbmaj7",
    "Dm7",
    "Eb7",
    "E7alt",
    "F#m7b5",
    "G7",
    "Abdim7",
    "A7b9",
    "Bb7",
    "Bm",
    "C7sus4",
    "Faug",
    "C5",
    "N.C.",
)
"""A chord of every quality, one without a guide tone, and none."""

BARS = (
    *SYMBOLS,
    *("G7 C6", "Bb7 Eb7", "E7alt A7b9", "A7b9 Dm7", "Dm7 G7", "C6 N.C."),
    "Cm7 F7 Bbm7 Eb7 Abmaj7 N.C. Dm7b5 G7",
)
"""Bars of one chord, of cadences, and of chords shorter than a beat."""

FOUR = Meter(4, 4)


def changes(*bars: str, meter: Meter = FOUR) -> Changes:
    """One or more chords a bar, evenly spread; a chord that stays is not struck again."""
    starts: dict[int, str] = {}
    for number, bar in enumerate(bars):
        symbols = bar.split()
        for i, symbol in enumerate(symbols):
            if list(starts.values())[-1:] != [symbol]:
                starts[number * meter.bar + i * meter.bar // len(symbols)] = symbol
    return Changes(tuple(starts), tuple(map(parse_chord, starts.values())), len(bars) * meter.bar, meter)


def eighths(names: str, near: int = 72) -> Phrase:
    """Swing eighths from tick 0, each the octave nearest to the note before; "-" is an eighth of rest."""
    notes, pitch = [], near
    for i, name in enumerate(names.split()):
        if name != "-":
            pitch = min(range(pitch - 6, pitch + 6), key=lambda p: ((p - parse_pitch_class(name)) % 12, abs(p - pitch)))
            notes.append(Note(i * 6, pitch, 6))
    return Phrase(tuple(notes))


def by_step(a: int, b: int) -> bool:
    return 1 <= abs(a - b) <= 2


def at_home(line: Phrase, index: int, tune: Changes) -> bool:
    """Whether a line comes home at a note: by step, to a guide tone of the chord in force, over no rest of more than a
    beat."""
    away, entry = line.notes[index - 1], line.notes[index]
    chord = tune.at(entry.onset)
    home = entry.pitch % 12 in (guide_tones(chord) or chord.tones)
    return index > 0 and home and by_step(away.pitch, entry.pitch) and entry.onset - away.end <= 12


def is_one_line(line: Phrase) -> bool:
    """Whether a line is one note at a time, in the range, of notes that can be played."""
    apart = all(a.onset < b.onset and a.end <= b.onset for a, b in pairwise(line))
    return apart and all(n.duration > 0 and LOWEST <= n.pitch <= HIGHEST and 1 <= n.velocity <= 127 for n in line)


BLUES = changes("Bb7", "Eb7", "Bb7", "Fm7 Bb7")
CADENCE = changes("Dm7", "G7", "Cmaj7", "Cmaj7")
LINE = eighths("D E F A C B A G F E D F A G F D E - G - E D C")
BLUES_LINE = eighths("D F Ab D C Bb Ab F G Bb Db F Eb Db C Bb Ab G F D C D F Ab Bb")


@st.composite
def tunes(draw: st.DrawFn) -> Changes:
    """One to six bars of `BARS` in 4/4, 3/4 or 5/4."""
    bars = draw(st.lists(st.sampled_from(BARS), min_size=1, max_size=6))
    return changes(*bars, meter=Meter(draw(st.sampled_from((4, 3, 5)))))


@st.composite
def eighth_lines(draw: st.DrawFn) -> Phrase:
    """A bebop line: two bars and more of eighths from the top of the form, in small intervals."""
    pitches = accumulate(draw(st.lists(st.integers(-4, 4), min_size=17, max_size=34)), initial=66)
    return Phrase(tuple(Note(6 * i, min(HIGHEST, max(LOWEST, pitch)), 6) for i, pitch in enumerate(pitches)))


@st.composite
def rough_lines(draw: st.DrawFn) -> Phrase:
    """Up to 24 notes, one at a time, of any length, with rests, anywhere in the range."""
    notes, tick, pitch = [], draw(st.integers(-48, 96)), draw(st.integers(LOWEST, HIGHEST))
    for _ in range(draw(st.sampled_from((16, 24, 9, 5, 2, 1, 0)))):
        duration = draw(st.sampled_from((6, 6, 6, 1, 3, 4, 12, 24)))
        notes.append(Note(tick, pitch, duration, draw(st.integers(1, 127))))
        tick += duration + draw(st.sampled_from((0, 0, 0, 6, 30)))
        pitch = min(HIGHEST, max(LOWEST, pitch + draw(st.integers(-5, 5))))
    return Phrase(tuple(notes))


def lines() -> st.SearchStrategy[Phrase]:
    return eighth_lines() | rough_lines()
