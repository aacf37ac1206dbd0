"""Which port a player means: names as people type them against names as systems give them. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sideslip.errors import PortError

Way = Literal["input", "output"]

OWN = "sideslip"
"""How our own clients' names begin, which nobody means when they do not say so."""

_ALSA_IDS = re.compile(
    r" \d+:\d+$"
)  # ALSA ends a name with its client and port, which change when it is plugged in again


@dataclass(frozen=True, slots=True)
class Choice:
    """A port to open: one that is there, or a virtual one to be made under this name."""

    name: str
    virtual: bool = False


def stem(name: str) -> str:
    """A port's name without the numbers that ALSA gives it anew each time."""
    return _ALSA_IDS.sub("", name)


def match(wanted: str, names: Sequence[str], way: Way) -> str | None:
    """The one port that is meant by a name: equal, equal but for case, or the only one that contains it.

    None if no name contains it. Raises PortError if several do.
    """
    low = wanted.casefold()
    for found in (
        [name for name in names if wanted in (name, stem(name))],
        [name for name in names if low in (name.casefold(), stem(name).casefold())],
        [name for name in names if low in name.casefold()],
    ):
        if len(found) == 1:
            return found[0]
        if found:
            raise PortError(f"several MIDI {way}s match {wanted!r}: {listed(found)}; use more of the name")
    return None


def choose(wanted: str | None, names: Sequence[str], way: Way, can_make_virtual: bool) -> Choice:
    """The port to open for what was asked: a match, or a virtual port of that name where the system can make one.

    Without a wish: the only port there is (ALSA's "Midi Through" and our own aside), or a virtual one if there is none.
    Raises PortError where nothing, or more than one thing, can be meant.
    """
    if wanted is None:
        others = [n for n in names if not n.casefold().startswith((OWN, "midi through"))]
        if len(others) > 1:
            raise PortError(f"several MIDI {way}s are here: {listed(others)}; choose one with {_option(way)}")
        if others:
            return Choice(others[0])
        wanted = OWN
    elif (found := match(wanted, names, way)) is not None:
        return Choice(found)
    if can_make_virtual:
        return Choice(wanted, virtual=True)
    raise PortError(
        f"no MIDI {way} matches {wanted!r}; found: {listed(names)}; this system has no virtual ports of its own: "
        "a loopback port (loopMIDI, Windows MIDI Services) serves as one"
    )


def listed(names: Sequence[str]) -> str:
    """Names in quotes for a message."""
    return ", ".join(f"'{name}'" for name in names) or "none"


def _option(way: Way) -> str:
    return "--in" if way == "input" else "--out"
