"""Chord symbols: a grammar and a table.

    symbol     = root [triad] [major] [sus] [number] alteration* ["/" bass]     or N.C.
    triad      = minor (m mi min -), diminished (dim ° o), half-diminished (ø h), augmented (aug +), 5 or 2
    major      = maj ma M j, or Δ ^ which say the seventh too
    number     = 6 69 7 9 11 13
    alteration = b5 #5 b9 #9 #11 b13 sus4 add9 no3 alt ..., also in parentheses: C7(#9,b13)

Every token puts notes on degrees of the chord; what is written out (b9) takes the place of what a number implies (the
natural 9 of C13b9). Degrees 1 to 7 are the chord's tones, 9 to 13 its tensions. A sign after the root's letter
belongs to the root: Ab5 is a fifth on A flat, and a lone alteration needs its parentheses, A(b5).
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from sideslip.errors import ChordError
from sideslip.music.pitch import degree_name, parse_pitch_class, pitch_name
from sideslip.music.scale import SCALES, scale_for

Quality = Literal["maj", "maj7", "min", "min7", "dom", "domalt", "sus", "hdim", "dim", "aug", "NC"]


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord symbol and what it means, all as absolute pitch classes (0 = C).

    `symbol` is spelt as the chart spells it; `tones` run root, third (or suspension), fifth, sixth, seventh; `tensions`
    and `scale` ascend from the root. No chord (N.C.) has root and bass 0 and nothing else.
    """

    symbol: str
    root: int
    bass: int
    quality: Quality
    tones: tuple[int, ...]
    tensions: tuple[int, ...]
    scale: tuple[int, ...]
    scale_name: str

    def transposed(self, semitones: int) -> "Chord":
        """The same chord higher; root and bass are respelt, with sharps if this root has a sharp, else with flats."""
        if semitones % 12 == 0 or self.quality == "NC":
            return self
        root, suffix, bass = _split(self.symbol)
        flats = root[1:2] not in ("#", "♯")
        slash = "/" + pitch_name(self.bass + semitones, flats) if bass else ""
        return parse_chord(pitch_name(self.root + semitones, flats) + suffix + slash)

    def degree(self, pc: int) -> str:
        """What a player calls a pitch or pitch class over this chord: "3rd", "b5", "#11"; "" over N.C."""
        if self.quality == "NC":
            return ""
        interval = (pc - self.root) % 12
        if pc % 12 not in self.tones:
            minor = (self.root + 3) % 12 in self.tones
            return "major 3rd" if interval == 4 and minor else degree_name(pc, self.root)
        return "7th" if interval == 9 and self.quality == "dim" else _TONE_NAMES[interval]


NO_CHORD = Chord("N.C.", 0, 0, "NC", (), (), (), "")

_NO_CHORD_SPELLINGS = frozenset({"N.C.", "N.C", "NC", "n.c.", "n.c", "nc"})
_TONE_NAMES = ("root", "", "2nd", "3rd", "3rd", "4th", "b5", "5th", "#5", "6th", "7th", "major 7th")

# ---------------------------------------------------------------- the tables

_Degrees = tuple[tuple[int, int | None], ...]
"""(degree, semitones above the root); None leaves the degree out."""

_FOLD = str.maketrans({"♭": "b", "♯": "#", "−": "-", "–": "-", "△": "Δ", "∆": "Δ", "^": "Δ", "º": "°", "Ø": "ø"})

_MAJOR_TRIAD: _Degrees = ((3, 4), (5, 7))
_TRIADS: dict[str, _Degrees] = {
    **dict.fromkeys(("m", "mi", "min", "Mi", "Min", "MI", "MIN", "-"), ((3, 3), (5, 7))),
    **dict.fromkeys(("dim", "°", "o"), ((3, 3), (5, 6))),
    **dict.fromkeys(("ø", "h"), ((3, 3), (5, 6), (7, 10))),
    **dict.fromkeys(("aug", "+"), ((3, 4), (5, 8))),
    "5": ((5, 7),),
    "2": ((3, 4), (5, 7), (9, 2)),
}
_DIMINISHED = frozenset({"dim", "°", "o"})
_MAJOR_WORDS = ("maj", "Maj", "MAJ", "ma", "Ma", "MA", "M", "j")
_MAJOR_SIGN = "Δ"

_SEVENTH = -1
"""In _NUMBERS: the seventh that the tokens before the number ask for."""
_NUMBERS: dict[str, _Degrees] = {
    "6": ((6, 9),),
    "69": ((6, 9), (9, 2)),
    "6/9": ((6, 9), (9, 2)),
    "7": ((7, _SEVENTH),),
    "7M": ((7, 11),),
    "9": ((7, _SEVENTH), (9, 2)),
    "11": ((7, _SEVENTH), (9, 2), (11, 5)),
    "13": ((7, _SEVENTH), (9, 2), (13, 9)),
}

_SUSPENSIONS: dict[str, _Degrees] = {"sus": ((3, 5),), "sus4": ((3, 5),), "sus2": ((3, 2),)}
_ADDED: dict[str, _Degrees] = {
    "b5": ((5, 6),),
    "#5": ((5, 8),),
    "b9": ((9, 1),),
    "9": ((9, 2),),
    "#9": ((9, 3),),
    "11": ((11, 5),),
    "#4": ((11, 6),),
    "#11": ((11, 6),),
    "b6": ((13, 8),),
    "b13": ((13, 8),),
    "13": ((13, 9),),
}
_ALTERATIONS: dict[str, _Degrees] = {
    **_SUSPENSIONS,
    **_ADDED,
    **{"-" + name[1:]: notes for name, notes in _ADDED.items() if name[0] == "b"},
    **{"+" + name[1:]: notes for name, notes in _ADDED.items() if name[0] == "#"},
    **{"add" + name: notes for name, notes in _ADDED.items()},
    **dict.fromkeys(("+", "aug"), ((5, 8),)),
    **dict.fromkeys(("no3", "omit3"), ((3, None),)),
    **dict.fromkeys(("no5", "omit5"), ((5, None),)),
    "add2": ((9, 2),),
    "add4": ((11, 5),),
    "add6": ((6, 9),),
    "alt": ((5, None), (7, 10), (9, 1), (9, 3), (13, 8)),
}

# ---------------------------------------------------------------- the grammar


def _any(tokens: dict[str, _Degrees] | tuple[str, ...]) -> str:
    return "|".join(re.escape(token) for token in sorted(tokens, key=len, reverse=True))


_SYMBOL = re.compile(
    r"([A-G](?:(?:bb|##|♭♭|♯♯)(?!\d)|[b#♭♯])?)(?![b#♭♯])"  # "Bbb5" could be two chords: Bb(b5) is one
    r"([^/]*?(?:6/9[^/]*)?)"
    r"(?:/([A-G](?:bb|##|♭♭|♯♯|[b#♭♯])?))?"
)
_SUFFIX = re.compile(
    rf"(?P<triad>{_any(_TRIADS)})?(?P<major>{_any((*_MAJOR_WORDS, _MAJOR_SIGN))})?"
    rf"(?P<sus>{_any(_SUSPENSIONS)})?(?P<number>{_any(_NUMBERS)})?(?P<rest>(?:,?(?:{_any(_ALTERATIONS)}))*)"
)
_ALTERATION = re.compile(_any(_ALTERATIONS))
_LONGEST = 40


@lru_cache(maxsize=4096)
def parse_chord(symbol: str) -> Chord:
    """Read a chord symbol in any of the spellings players write.

    Raises ChordError with one line that says what is possible.
    """
    symbol = symbol.strip()
    if symbol in _NO_CHORD_SPELLINGS:
        return NO_CHORD
    root_name, suffix, bass_name = _split(symbol)
    degrees = _degrees(symbol, suffix)
    tones = tuple(note for degree, note in degrees if degree < 9)
    tensions = tuple(sorted({note for degree, note in degrees if degree >= 9}.difference(tones)))
    quality = _quality(degrees)
    scale_name = scale_for(quality, tones + tensions)
    root = parse_pitch_class(root_name)

    def absolute(notes: tuple[int, ...]) -> tuple[int, ...]:
        return tuple((root + note) % 12 for note in notes)

    bass = parse_pitch_class(bass_name) if bass_name else root
    return Chord(
        symbol, root, bass, quality, absolute(tones), absolute(tensions), absolute(SCALES[scale_name]), scale_name
    )


def _split(symbol: str) -> tuple[str, str, str]:
    """A symbol as root name, suffix and bass name ("" where there is none)."""
    match = _SYMBOL.fullmatch(symbol) if len(symbol) <= _LONGEST else None
    if match is None:
        raise _unknown(symbol)
    return match[1], match[2], match[3] or ""


def _degrees(symbol: str, suffix: str) -> tuple[tuple[int, int], ...]:
    """The (degree, semitones) that a suffix asks for, from the root up."""
    match = _read_suffix(suffix)
    if match is None:
        raise _unknown(symbol)
    triad, major, number = match["triad"], match["major"], match["number"]
    seventh = 11 if major else 9 if triad in _DIMINISHED else 10
    implied = _TRIADS.get(triad, _MAJOR_TRIAD) + _NUMBERS.get(number, ())
    if not number and (major == _MAJOR_SIGN or (major and triad)):  # CΔ and CmMaj need no 7
        implied += ((7, _SEVENTH),)
    written = _SUSPENSIONS.get(match["sus"], ())
    for token in _ALTERATION.findall(match["rest"]):
        written += _ALTERATIONS[token]
    taken = {degree for degree, _ in written}
    notes = {(1, 0), *written, *(note for note in implied if note[0] not in taken)}
    return tuple(sorted({(d, seventh if note == _SEVENTH else note) for d, note in notes if note is not None}))


def _read_suffix(suffix: str) -> re.Match[str] | None:
    return _SUFFIX.fullmatch(re.sub(r"\(([^()]+)\)", r"\1", suffix.translate(_FOLD)))


def _quality(degrees: tuple[tuple[int, int], ...]) -> Quality:
    """The class of chord, from its third, fifth and seventh; a chord without a third counts as major."""
    thirds, fifths, sevenths, ninths = ({note for d, note in degrees if d == degree} for degree in (3, 5, 7, 9))
    if thirds & {2, 5}:
        return "sus"
    if 3 in thirds and 6 in fifths:
        return "hdim" if 10 in sevenths else "dim"
    if 3 in thirds:
        return "min7" if 10 in sevenths else "min"
    if 11 in sevenths:
        return "maj7"
    if 10 in sevenths:
        return "domalt" if 8 in fifths or ninths & {1, 3} else "dom"
    return "aug" if 8 in fifths else "maj"


def _unknown(symbol: str) -> ChordError:
    shown = symbol if len(symbol) <= _LONGEST else symbol[:_LONGEST] + "..."
    capital = shown[:1].upper() + shown[1:]
    match = _SYMBOL.fullmatch(capital)
    if capital != symbol and match and _read_suffix(match[2]):
        return ChordError(f"unknown chord {shown!r}: a root is a capital letter, as in {capital!r}")
    return ChordError(
        f"unknown chord {shown!r}: a chord is a root A to G with b or #, a quality such as m7, 7, maj7, 7alt, m7b5,"
        " dim7, sus4, 7#9, 6/9, and if need be a bass such as /E; N.C. is no chord"
    )
