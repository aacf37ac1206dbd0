"""What an answer to the player's wrong note is worth, and what it is called.

Whoever is asked to answer a wrong note does so: ideas that answer it come before all that do not. Which of the moves it
is, is weighed by how usual they are meant to be, by how well the line comes home, and by the dial.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from sideslip.music.changes import Changes
from sideslip.music.devices.stand_in import stand_ins
from sideslip.music.dialogue import Idea, Mending, Move, Turn
from sideslip.outside.hearing import Hearing
from sideslip.outside.lines import Floats
from sideslip.outside.score import repeats
from sideslip.outside.spelling import spelt

WEIGHTS: Mapping[Move, float] = {"resolve": 0.45, "echo": 0.25, "reharmonise": 0.2, "commit": 0.1}
"""How often each move is to be made; a proposal, for what partners do about another's wrong note nobody has measured.
Soloists commit to a tenth of their own: it is a deliberate effect. Beside the other terms the logarithms of these make
about these shares of the answers at the middle of the dial (`scripts/evaluate_mistakes.py`)."""

TILTS: Mapping[Move, float] = {"resolve": -3.0, "echo": 0.0, "reharmonise": 3.0, "commit": 4.0}
"""What a dial that is 1 higher adds to the logarithm of a weight."""

MIDDLE = 0.5
"""The dial at which the weights hold as they are."""

ANSWERS = 100.0
"""More than the other terms can take from a line that can be played."""

RESOLVABLE = 0.3
"""Resolvability below which nothing is committed to."""

STUCK = 2
"""Notes that repeat a pitch more often than it may be repeated, from more of which on a line sounds stuck."""

COMING_HOME = 2.0
"""What full resolvability is worth to an answer, beside what it is to any line."""


def mending(turn: Turn, ideas: Sequence[Idea], hearing: Hearing) -> Floats:
    """What each idea, a line of the hearing, is worth as an answer to the wrong note to be answered, (K,); 0 for one
    that answers none, sounds stuck, or commits to what will not resolve."""
    resolvability, stuck = hearing.resolution.resolvability, repeats(hearing.lines) > STUCK
    worth = np.zeros(len(ideas))
    for row, idea in enumerate(ideas):
        if idea.mending is not None and idea.answers(turn.unresolved) and not stuck[row]:
            move = idea.mending.move
            if move != "commit" or resolvability[row] >= RESOLVABLE:
                usual = np.log(WEIGHTS[move]) + TILTS[move] * (turn.dial - MIDDLE)
                worth[row] = ANSWERS + usual + COMING_HOME * resolvability[row]
    return worth


def mended(turn: Turn, idea: Idea) -> tuple[str, ...]:
    """What an idea does about the player's wrong note, as the first clause of why it was chosen; none if nothing."""
    told = idea.mending
    if told is None or not idea.answers(turn.unresolved):
        return ()
    name = spelt(told.note.pitch, turn.changes.at(told.note.onset))
    match told.move:
        case "resolve":
            return (f"resolves your {name}{_home(idea, turn.changes)} for you",)
        case "echo":
            return (f"echoes your figure and resolves its {name}",)
        case "reharmonise":
            return (_heard_as(told, turn),)
        case "commit":
            return (f"takes up your {name} in sequence {'up' if told.shift > 0 else 'down'} a semitone",)


def _home(idea: Idea, changes: Changes) -> str:
    """Where the wrong note is led, the second note of an answer that resolves it: " to F"."""
    landing = idea.phrase.notes[1:2]
    return "".join(f" to {spelt(note.pitch, changes.at(note.onset))}" for note in landing)


def _heard_as(told: Mending, turn: Turn) -> str:
    """The chord that a wrong note is heard over, what it is there, and how it is called to play that chord."""
    over, written = told.over, turn.changes.at(turn.start)
    name = spelt(told.note.pitch, over)
    stands_in = next((f" ({what})" for what, chord in stand_ins(written).items() if chord == over), "")
    return f"hears your {name} as the {over.degree(told.note.pitch)} of {over.symbol}{stands_in}"
