"""What a choice costs on this machine: 32 candidates of 24 notes, one thread."""

from collections.abc import Callable

import numpy as np

from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.dialogue import Foresight, Idea, Turn
from sideslip.music.phrase import Note, Phrase
from sideslip.outside.controller import Controller
from sideslip.train.controller.by_solo import Figures
from sideslip.train.controller.ways import CANDIDATES, DIALS

NOTES, SHIFT = 24, 6
"""Notes of a candidate, and ticks from each to the next: eighths, three bars of them."""

TURNS, WARMING = 200, 5
STANDARD = 256
"""Rows of the square matrices whose product is the measure of this machine."""

FORESEEN = Foresight((3.0,) * NOTES, (3.0,) * NOTES, (0.4,) * (NOTES - 1))
"""As a proposer says it of each candidate."""

CHANGES = Changes(tuple(range(0, 768, 48)), tuple(map(parse_chord, ("Dm7", "G7", "Cmaj7", "A7alt") * 4)), 768)


def figures(controller: Controller, clock: Callable[[], float], generator: np.random.Generator) -> Figures:
    """Milliseconds of `Controller.choose`, median and 99 in 100 of TURNS turns, and how many times a product of two
    matrices of STANDARD rows the median is: quote that one, the others differ from machine to machine."""
    square = generator.normal(size=(STANDARD, STANDARD))
    spent, standard = [], []
    for number in range(-WARMING, TURNS):
        turn, ideas = _turn(number % len(DIALS), generator)
        begun = clock()
        controller.choose(turn, ideas)
        chosen = clock()
        np.matmul(square, square)
        spent.append(chosen - begun)
        standard.append(clock() - chosen)
    times, measure = np.array(spent[WARMING:]) * 1000, float(np.median(standard[WARMING:])) * 1000
    median = float(np.median(times))
    return {
        "choose_32_ms": median,
        "choose_32_p99_ms": float(np.quantile(times, 0.99)),
        "choose_32_ratio": median / measure if measure else None,
    }


def _turn(number: int, generator: np.random.Generator) -> tuple[Turn, list[Idea]]:
    """A turn of four bars after a call of four, and candidates for it: lines that wander."""
    start = 4 * 48
    call, *phrases = (_line(0 if number == 0 else start, generator) for number in range(1 + CANDIDATES))
    turn = Turn(start, 2 * start, CHANGES, call, call, dial=DIALS[number])
    return turn, [Idea(phrase, "model", foresight=FORESEEN) for phrase in phrases]


def _line(start: int, generator: np.random.Generator) -> Phrase:
    pitches = 60 + abs(np.cumsum(generator.choice((-3, -2, -1, 1, 2, 3), size=NOTES))) % 20
    return Phrase(tuple(Note(start + SHIFT * place, pitch, SHIFT) for place, pitch in enumerate(pitches.tolist())))
