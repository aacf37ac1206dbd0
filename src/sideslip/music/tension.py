"""How foreign each degree is to a chord, quality by quality, and a pitch to the place where it is played.

A chord has the last word: what its symbol names is inside, whatever is usual over its quality. Degrees are semitones
above the root. Source of the tables and of the forgiveness: a study of the Weimar Jazz Database (456 solos), set down
before measuring.
"""

from functools import lru_cache

from sideslip.music.changes import Changes
from sideslip.music.chord import Chord
from sideslip.music.meter import TICKS

QUALITIES = ("maj", "dom", "domalt", "min7", "min", "sus", "hdim", "dim", "aug")
"""Rows of the tables below."""

NO_QUALITY = len(QUALITIES)
"""The row of "no chord": nothing is outside where nothing is inside."""

_ROW_OF = {quality: row for row, quality in enumerate(QUALITIES)} | {"maj7": 0, "NC": NO_QUALITY}

# fmt: off
BASE: tuple[tuple[float, ...], ...] = (
    # 1   b2   2    b3   3    4    #4   5    b6   6    b7   7
    ( 0, 1.0, .10, .50,  0,  .30, .30,  0,  .90, .05, .60, .05),  # maj
    ( 0, .50, .10, .40,  0,  .25, .45,  0,  .50, .10,  0,  .90),  # dom
    ( 0, .10, .40, .10,  0,  .25, .20, .10, .10, .50,  0,  .90),  # domalt
    ( 0, .90, .10,  0,  .90, .10, .60,  0,  .50, .15,  0,  .70),  # min7
    ( 0, 1.0, .10,  0,  .90, .15, .60,  0,  .40, .10, .20, .15),  # min
    ( 0, .60, .10, .40, .30,  0,  .90,  0,  .60, .10,  0,  .90),  # sus
    ( 0, .30, .30,  0,  .90, .10,  0,  .60, .15, .60,  0,  .80),  # hdim
    ( 0, .70, .10,  0,  .70, .10,  0,  .70, .10,  0,  .70, .10),  # dim
    ( 0, .50, .10, .60,  0,  .50, .10, .30,  0,  .40, .10, .30),  # aug
    ( 0,  0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0 ),  # no chord
)
"""(10, 12): how foreign a degree is to a quality, 0 a chord tone .. 1 foreign; the last row is "no chord"."""

_CHORD_TONES = (
    (0, 4, 7, 11), (0, 4, 7, 10), (0, 4, 7, 8, 10), (0, 3, 7, 10), (0, 3, 7, 9, 11),
    (0, 5, 7, 10), (0, 3, 6, 10), (0, 3, 6, 9), (0, 4, 8), (),
)  # fmt: skip
# fmt: on

CHROMATIC = 0.4
"""A note at least this foreign is "chromatic": it wants to be resolved."""

TENSION = 0.1
"""The most that a tension costs which is written: what the natural 9th costs over most chords."""

LEFT_OUT = 0.3
"""The least that a tone costs which the chord leaves out: what the 3rd costs where it is suspended, and the 5th over an
augmented chord."""

ANTICIPATION = TICKS
"""Ticks: a note may belong to the next chord when that is at most a beat away,"""

DELAY = TICKS // 2
"""or to the last one when that ended less than half a beat ago."""

FORGIVENESS = 0.05
"""What a note of a neighbouring chord costs more than a note of the chord in force."""

RESOLVES_WITHIN = TICKS
"""Ticks from a chromatic note to the chord tone that makes it an ornament."""

_ALWAYS_MEANT = frozenset({3, 4, 5, 7})
"""Thirds, the suspension and the natural 5th: a symbol that does not have them leaves them out."""

_SEVENTHS = frozenset({10, 11})
"""One seventh leaves out the other; a triad is silent about both."""

_FIFTHS, _SHARP_FIFTH = frozenset({6, 7}), frozenset({8})
"""Where one of the first is named, the last is the b13, a colour and no chord tone."""


@lru_cache(maxsize=1024)
def chord_tones(chord: Chord) -> frozenset[int]:
    """The degrees that are chord tones: those the chord names, and those of its quality that it does not leave out."""
    named = _named(chord.tones, chord)
    colours = _SHARP_FIFTH if named & _FIFTHS else frozenset()
    return named | (_usual_tones(chord) - _left_out(chord) - colours)


@lru_cache(maxsize=1024)
def foreignness(chord: Chord) -> tuple[float, ...]:
    """(12,): how foreign each degree is to a chord, 0 a tone it names .. 1 foreign; all 0 over no chord."""
    foreign = list(BASE[quality_of(chord)])
    for degree in _left_out(chord):
        foreign[degree] = max(foreign[degree], LEFT_OUT)
    for degree in _named(chord.tensions, chord):
        foreign[degree] = min(foreign[degree], TENSION)
    for degree in _named(chord.tones, chord):
        foreign[degree] = 0.0
    return tuple(foreign)


def is_tone(pitch: int, chord: Chord) -> bool:
    """Whether a pitch is a chord tone."""
    return (pitch - chord.root) % 12 in chord_tones(chord)


def foreign_at(pitch: int, tick: int, changes: Changes) -> float:
    """b: how foreign a pitch is to the chord in force at a tick, or under a close neighbour and a little more if that
    is less; 0 over no chord."""
    chord = changes.at(tick)
    if chord.quality == "NC":
        return 0.0
    foreign = _foreign(pitch, chord)
    change, coming = changes.next(tick)
    began = changes.began(tick)
    for near, neighbour in ((change - tick <= ANTICIPATION, coming), (tick - began < DELAY, changes.at(began - 1))):
        if near and neighbour.quality != "NC":
            foreign = min(foreign, _foreign(pitch, neighbour) + FORGIVENESS)
    return foreign


def is_tone_at(pitch: int, tick: int, changes: Changes) -> bool:
    """Whether a pitch is a tone of the chord in force at a tick, or of the next one where that is at most a beat away;
    never over no chord."""
    chord = changes.at(tick)
    change, coming = changes.next(tick)
    early = change - tick <= ANTICIPATION and is_tone(pitch, coming)
    return chord.quality != "NC" and (is_tone(pitch, chord) or early)


def quality_of(chord: Chord) -> int:
    """The row of a chord in the tables, NO_QUALITY for no chord."""
    return _ROW_OF[chord.quality]


def _foreign(pitch: int, chord: Chord) -> float:
    return foreignness(chord)[(pitch - chord.root) % 12]


def _named(pitch_classes: tuple[int, ...], chord: Chord) -> frozenset[int]:
    return frozenset((pc - chord.root) % 12 for pc in pitch_classes)


def _usual_tones(chord: Chord) -> frozenset[int]:
    return frozenset(_CHORD_TONES[quality_of(chord)])


def _left_out(chord: Chord) -> frozenset[int]:
    """Tones of the quality that this chord has not."""
    named = _named(chord.tones, chord)
    meant = _ALWAYS_MEANT | (_SEVENTHS if named & _SEVENTHS else frozenset())
    return (_usual_tones(chord) & meant) - named
