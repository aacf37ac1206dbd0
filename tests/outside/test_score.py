"""What was wished for is not held against an answer, and without a wish nothing is different."""

from dataclasses import replace

import pytest

from sideslip.music.dialogue import Wish
from sideslip.music.phrase import Note, Phrase
from sideslip.outside.controller import Controller
from sideslip.outside.tables import ListeningTables

from .test_controller import FAR_OUT, TURN, ideas, term
from .worked_examples import INSIDE, SLIPPED


@pytest.fixture
def controller(tables: ListeningTables) -> Controller:
    return Controller(tables)


SPARSE = Phrase(tuple(Note(-192 + 12 * i, 60 + i % 5, 12) for i in range(16)))
"""A call of a note a beat, to which no more than 1.5 notes a beat are an answer."""


@pytest.mark.parametrize(
    ("wished", "worth"),
    [
        (None, -2 * (2 / 1.5 - 1)),
        (0.2, -2 * (2 / 1.5 - 1)),  # who wishes for little may still be answered as before
        (1.2, -2 * (2 / 1.5 - 1)),
        (1.5, -2 * (2 / 1.875 - 1)),
        (1.6, 0),
        (6.0, 0),
    ],
)
def test_a_density_that_was_wished_for_is_no_fault(controller: Controller, wished: float | None, worth: float) -> None:
    two_a_beat = Phrase(tuple(Note(6 * i, 60 + i % 5, 6) for i in range(32)))
    turn = replace(TURN, call=SPARSE, wish=Wish(density=wished))
    choice = controller.choose(turn, ideas(two_a_beat))
    assert term(choice, 0, "density") == pytest.approx(worth)


def test_a_busy_player_may_be_answered_busily_whatever_was_wished_for(controller: Controller) -> None:
    busy = Phrase(tuple(Note(-192 + 4 * i, 60 + i % 5, 4) for i in range(48)))
    turn, lines = replace(TURN, call=busy), ideas(INSIDE, SLIPPED, busy.moved(192))
    assert controller.choose(replace(turn, wish=Wish(density=1.0)), lines) == controller.choose(turn, lines)


def test_a_register_that_was_wished_for_comes_in_place_of_the_one_played_in(controller: Controller) -> None:
    low, high = INSIDE.moved(semitones=-12), INSIDE
    middle = sum(high.pitches) / len(high.pitches)
    turn = replace(TURN, player=low.moved(-192), dial=0.2)
    assert controller.choose(turn, ideas(low, high)).index == 0
    choice = controller.choose(replace(turn, wish=Wish(register=middle)), ideas(low, high))
    assert choice.index == 1
    assert term(choice, 0, "register") == pytest.approx(-0.5 * (12 / 4.9) ** 2)
    assert term(choice, 1, "register") == pytest.approx(0)
    unheard = controller.choose(replace(TURN, wish=Wish(register=middle)), ideas(low))
    assert term(unheard, 0, "register") == term(choice, 0, "register")


@pytest.mark.parametrize("wish", [Wish(outside=0.7), Wish(style="FREE")])
def test_how_far_outside_is_the_dials_to_say_and_style_the_proposers(controller: Controller, wish: Wish) -> None:
    turn, lines = replace(TURN, call=SPARSE, player=SPARSE), ideas(INSIDE, SLIPPED, FAR_OUT)
    assert controller.choose(replace(turn, wish=wish), lines) == controller.choose(turn, lines)
