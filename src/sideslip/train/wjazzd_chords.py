"""Chords as the Weimar Jazz Database writes them, in the spelling of lead sheets.

    symbol  = root [triad] [seventh tension*] ["/" bass]    or one of the two words m7b5 and 7alt after the root
    triad   = minor -, augmented +, diminished o, suspended sus
    seventh = 6 7 j7                                         j7 is the major seventh
    tension = 9 11 13, each with b or # behind it: 79b is 7b9, 7911# is 9#11, sus7913 is 13sus4

The grammar reads all 419 symbols that the database holds. Source: the database's own documentation (The Jazzomat
Research Project, jazzomat.hfm-weimar.de) and its chord columns.
"""

import re

from sideslip.errors import ChordError
from sideslip.train.solo_records import NO_CHORD

_WORDS = ("m7b5", "7alt")
_NOTE = "[A-G][b#]?"
_SYMBOL = re.compile(
    rf"({_NOTE})(?:({'|'.join(_WORDS)})|([-+o]|sus)?(?:(6|7|j7)((?:(?:9|11|13)[b#]?)*))?)(/{_NOTE})?", re.ASCII
)
_TENSION = re.compile(r"(9|11|13)([b#]?)")

_TRIADS = {"": ("", ""), "-": ("m", ""), "+": ("", "#5"), "o": ("dim", ""), "sus": ("", "sus4")}
"""What a triad puts before the number and after it; a lone + is aug."""

_NUMBERS = {
    "6": (("69", {"9"}),),
    "7": (("13", {"13", "9"}), ("11", {"11", "9"}), ("9", {"9"})),
}
"""What can stand for a seventh with tensions, and for which: the first that fits says the most."""


def lead_sheet_spelling(symbol: str) -> str:
    """Spell a chord as `music.chord` reads it: "Gsus7913" is "G13sus4". Raises ChordError for what is no such chord."""
    if symbol == NO_CHORD:
        return symbol
    match = _SYMBOL.fullmatch(symbol)
    if match is None:
        raise ChordError(
            f"unknown chord {symbol[:40]!r}: the database writes a root, - + o or sus, then 6, 7 or j7 with tensions "
            "such as 9, 9b, 11#, 13b, or m7b5 or 7alt, and a bass such as /E; NC is no chord"
        )
    root, word, triad, seventh, tensions, bass = (part or "" for part in match.groups())
    return root + (word or _suffix(triad, seventh, tensions)) + bass


def _suffix(triad: str, seventh: str, tensions: str) -> str:
    if not seventh:
        return "aug" if triad == "+" else "".join(_TRIADS[triad])
    before, after = _TRIADS[triad]
    major = "" if seventh != "j7" else "Maj" if before else "maj"
    number, rest = _number(seventh[-1], _TENSION.findall(tensions))
    return before + major + number + after + rest


def _number(seventh: str, tensions: list[tuple[str, str]]) -> tuple[str, str]:
    """The number that says the most of a 6 or 7 and its tensions, (degree, sign), and the rest written out.

    A number says its highest degree as it is, and the ninth below unless that is written with a sign.
    """
    plain, degrees = {degree for degree, sign in tensions if not sign}, {degree for degree, _ in tensions}
    fitting = (pair for pair in _NUMBERS[seventh] if pair[0].removeprefix("6") in plain and pair[1] <= degrees)
    number, said = next(fitting, (seventh, set[str]()))
    rest = [sign + degree if sign else f"add{degree}" for degree, sign in tensions if sign or degree not in said]
    return number, "".join(rest)
