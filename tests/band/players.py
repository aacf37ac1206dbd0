"""Players for the partner: count-ins, lines and voicings on a tempo of their own, MIDI clocks; and who keeps watch."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from sideslip.band.events import Command, Decided, Event, Heard
from sideslip.band.partner import Partner
from sideslip.band.settings import GigSettings
from sideslip.listen.tempo import TempoMap
from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.dialogue import Idea
from sideslip.music.leadsheet import parse_chart
from sideslip.music.phrase import Note, Phrase
from sideslip.outside.controller import Controller
from sideslip.outside.tables import ListeningTables
from sideslip.propose.licks import LickProposer
from sideslip.testing import Performance, ScriptedProposer, notes, rehearse

BAR = 48
"""Ticks of a bar in four."""

BLUES = parse_chart(
    "| F7 | Bb7 | F7 | Cm7 F7 |\n| Bb7 | Bdim7 | F7 | D7alt |\n| Gm7 | C7 | F7 D7 | Gm7 C7 |\n"
).changes()
WALTZ = parse_chart("time: 3/4\n| Gmaj7 | E7 | Am7 | D7 |\n").changes()
NO_CHART = Changes((0,), (parse_chord("N.C."),), BAR)

CLOCK, START, CONTINUE, STOP = b"\xf8", b"\xfa", b"\xfb", b"\xfc"
PRESS, LIFT = b"\xb0\x40\x7f", b"\xb0\x40\x00"

RUN = Phrase(tuple(Note(6 * i, 60 + i, 5) for i in range(8)))
"""Eighths that differ, so that each can be found again: a bar of four."""

Part = Sequence[Heard]


def partner(gig: GigSettings) -> Partner:
    return Partner(gig, Controller(ListeningTables.unlearnt()), LickProposer())


def runs() -> ScriptedProposer:
    """Answers every turn with `RUN`."""
    return ScriptedProposer([[Idea(RUN, "model")]])


def play(
    gig: GigSettings, *parts: Part, proposer: Any = None, **options: Any
) -> tuple[Performance, list[Event | Command]]:
    """A rehearsal of several parts together, and all that passed."""
    told: list[Event | Command] = []
    heard = together(*parts)
    performance = rehearse(partner(gig), heard, proposer or ScriptedProposer(), listeners=[told.append], **options)
    return performance, told


def together(*parts: Part) -> list[Heard]:
    """Parts in one order of time."""
    return sorted((event for part in parts for event in part), key=lambda event: event.at)


def said(*moments_and_messages: tuple[float, bytes]) -> Part:
    """Messages at moments (s)."""
    return tuple(Heard(at, message) for at, message in moments_and_messages)


def taps(first: float, gap: float, count: int, pitch: int = 76) -> Part:
    """A key struck evenly, every `gap` seconds."""
    return notes(*((first + k * gap, first + k * gap + 0.1, pitch) for k in range(count)))


def line(tempo: TempoMap, *beats_and_pitches: tuple[float, int], length: float = 0.45, channel: int = 0) -> Part:
    """Notes at beats of a player's own tempo, `length` beats long."""
    return notes(
        *((tempo.seconds(beat), tempo.seconds(beat + length), pitch) for beat, pitch in beats_and_pitches),
        channel=channel,
    )


def eighths(tempo: TempoMap, begin: float, end: float, pitches: Sequence[int] = (72, 74, 76, 77, 79)) -> Part:
    """An even line from beat to beat, in the right hand's place."""
    count = round(2 * (end - begin))
    return line(tempo, *((begin + k / 2, pitches[k % len(pitches)]) for k in range(count)))


def comping(tempo: TempoMap, begin: float, end: float, pitches: Sequence[int] = (51, 55, 58)) -> Part:
    """A voicing on every other beat, its notes some milliseconds apart as a hand plays them."""
    struck = [tempo.seconds(beat) for beat in np.arange(begin, end, 2.0)]
    return notes(*((at + 0.006 * k, at + 0.3, pitch) for at in struck for k, pitch in enumerate(pitches)))


def clocks(tempo: TempoMap, begin: float, end: float, jitter: float = 0.0, unit: int = 4) -> Part:
    """A MIDI clock from beat to beat, early or late by up to `jitter` seconds."""
    per_beat = 96 // unit
    numbers = np.arange(round(begin * per_beat), round(end * per_beat))
    exact = np.array([tempo.seconds(number / per_beat) for number in numbers])
    stamped = np.maximum.accumulate(exact + np.random.default_rng(1).uniform(-jitter, jitter, len(exact)))
    return said(*((float(at), CLOCK) for at in stamped))


def position(sixteenths: int) -> bytes:
    return bytes((0xF2, sixteenths & 127, sixteenths >> 7))


def chosen(decided: Decided) -> Phrase:
    return decided.choice.scored[decided.choice.index].idea.phrase


def of(kind: type, told: Iterable[Event | Command]) -> list[Any]:
    return [what for what in told if isinstance(what, kind)]
