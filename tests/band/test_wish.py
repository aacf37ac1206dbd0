"""What a player wishes for reaches the proposer, and how far outside is wished for by the dial alone."""

from dataclasses import replace
from typing import Any

import pytest

from sideslip.band.events import Ask, Decided, Turned
from sideslip.band.settings import GigSettings
from sideslip.errors import SettingError
from sideslip.listen.tempo import TempoMap
from sideslip.music.dialogue import STYLES, Wish
from sideslip.outside.arc import shaped_dial, wanted_outsideness
from sideslip.testing import ScriptedProposer

from .players import BAR, BLUES, NO_CHART, comping, eighths, of, play

GIG = GigSettings(BLUES, 120.0, starts_at=0.0, ends=2 * BLUES.length)
WISH = Wish(density=2.5, register=67.0, style="BEBOP")
TIME = TempoMap(120.0)


def asked(turn: Any) -> float:
    """What the controller will look for in answers to a turn."""
    return wanted_outsideness(shaped_dial(turn.dial, turn.changes, turn.start, turn.end))


@pytest.mark.parametrize("trade", [2, 4, "free", "duet"])
@pytest.mark.parametrize("changes", [BLUES, NO_CHART], ids=["chart", "by ear"])
def test_every_ask_and_every_decision_carries_the_wish(trade: Any, changes: Any) -> None:
    proposer = ScriptedProposer()
    gig = replace(GIG, trade=trade, changes=changes, wish=WISH, dial=0.7)
    _, told = play(gig, eighths(TIME, 0, 7), eighths(TIME, 16, 23), comping(TIME, 0, 12), proposer=proposer)
    turns = [*proposer.turns, *(ask.turn for ask in of(Ask, told)), *(one.turn for one in of(Decided, told))]
    assert len(proposer.turns) > 1 and of(Decided, told)
    assert {turn.wish for turn in turns} == {replace(WISH, outside=asked(turn)) for turn in turns}
    assert all(turn.wish.outside == asked(turn) for turn in turns)


def test_who_wishes_for_nothing_asks_for_the_dial_alone() -> None:
    found = []
    for dial in (0.0, 0.5, 1.0):
        proposer = ScriptedProposer()
        play(replace(GIG, dial=dial), eighths(TIME, 0, 7), proposer=proposer)
        wishes = [turn.wish for turn in proposer.turns]
        assert all(wish == Wish(outside=wish.outside) for wish in wishes)
        found.append(wishes[0].outside)
    assert found[0] == pytest.approx(0.02) and found[0] < found[1] < found[2]


def test_a_dial_that_is_turned_is_asked_for_from_then_on() -> None:
    turned: Any = [Turned(TIME.seconds(18), "outside", 1.0)]  # before the second answer is asked for
    proposer = ScriptedProposer()
    play(replace(GIG, trade=2, dial=0.0, wish=WISH), eighths(TIME, 0, 7), turned, proposer=proposer)
    first, second = ([turn.wish for turn in proposer.turns if turn.start == bar * BAR][-1] for bar in (2, 6))
    assert first.outside == pytest.approx(0.02) and second.outside > 0.2
    assert replace(first, outside=None) == replace(second, outside=None) == WISH


def test_a_dial_turned_after_ideas_were_asked_for_has_them_asked_for_again() -> None:
    asks = []
    for turned in (
        [],
        [Turned(TIME.seconds(6.5), "outside", 1.0)],
    ):  # a bar before the answer ideas were asked for already
        proposer: Any = ScriptedProposer()
        play(replace(GIG, trade=2, dial=0.0), eighths(TIME, 0, 3), turned, proposer=proposer)
        asks.append([turn.dial for turn in proposer.turns if turn.start == 2 * BAR])
    assert asks == [[0.0], [0.0, 1.0]]


def test_a_dial_turned_while_the_partner_plays_changes_nothing_that_sounds() -> None:
    still, turned = (
        play(replace(GIG, trade=2), eighths(TIME, 0, 7), dial)[0].part("partner")
        for dial in ([], [Turned(TIME.seconds(10), "outside", 1.0)])
    )
    begun = TIME.seconds(16)  # the end of the first answer
    assert [s for s in still if s.on < begun] == [s for s in turned if s.on < begun] != []


@pytest.mark.parametrize("wish", [WISH, *(Wish(style=style) for style in STYLES), Wish(density=0.2), Wish(density=6.0)])
def test_what_can_be_wished_for(wish: Wish) -> None:
    assert GigSettings(BLUES, wish=wish).wish == wish


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        (Wish(density=0.1), "notes a beat can be wished for from 0.2 to 6, found 0.1"),
        (Wish(density=6.5), "from 0.2 to 6, found 6.5"),
        (Wish(density=float("nan")), "from 0.2 to 6, found nan"),
        (Wish(register=35.0), "a middle pitch can be wished for from 36 to 96, found 35"),
        (Wish(register=97.0), "from 36 to 96, found 97"),
        (Wish(style="bebop"), "a style is one of TRADITIONAL, .*FREE; found 'bebop'"),
        (Wish(style=""), "a style is one of"),
        (Wish(outside=0.3), "asked for by the dial, not by a wish; found 0.3"),
    ],
)
def test_what_cannot_be_wished_for_is_one_clear_line(wish: Wish, says: str) -> None:
    with pytest.raises(SettingError, match=says) as caught:
        GigSettings(BLUES, wish=wish)
    assert "\n" not in str(caught.value)
