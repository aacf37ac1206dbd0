"""The table of trading: who plays when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.band.trading import Signal, State, Trade, Trading, parse_trade
from sideslip.errors import SettingError


def states(trade: Trade, *signals: Signal) -> list[State]:
    trading = Trading(trade)
    found = []
    for signal in signals:
        trading.signal(signal)
        found.append(trading.state)
    return found


def test_fours_change_on_the_line_whatever_is_played() -> None:
    assert states(4, Signal.FIRST_NOTE, Signal.REST, Signal.LINE, Signal.NOTE, Signal.LINE) == [
        State.LISTENING,
        State.LISTENING,
        State.ANSWERING,
        State.ANSWERING,
        State.LISTENING,
    ]


def test_free_trading_answers_a_rest_and_finishes_its_phrase() -> None:
    assert states("free", Signal.FIRST_NOTE, Signal.REST, Signal.NOTE, Signal.ANSWERED) == [
        State.LISTENING,
        State.ANSWERING,
        State.ANSWERING,
        State.LISTENING,
    ]


def test_in_a_duet_the_partner_lays_out_when_the_player_comes_in() -> None:
    assert states("duet", Signal.FIRST_NOTE, Signal.REST, Signal.NOTE)[-1] is State.LISTENING


@pytest.mark.parametrize("trade", [4, "free", "duet"])
def test_who_is_asked_to_lays_out_or_takes_over_until_asked_otherwise(trade: Trade) -> None:
    go_on = Signal.LINE, Signal.REST, Signal.NOTE, Signal.ANSWERED
    assert set(states(trade, Signal.FIRST_NOTE, Signal.LAY_OUT, *go_on, Signal.TAKE_OVER)[1:]) == {State.LAYING_OUT}
    assert set(states(trade, Signal.FIRST_NOTE, Signal.TAKE_OVER, *go_on, Signal.COME_IN)[1:]) == {State.SOLOING}
    assert states(trade, Signal.FIRST_NOTE, Signal.TAKE_OVER, Signal.LAY_OUT, Signal.COME_IN)[-2:] == [
        State.LAYING_OUT,
        State.LISTENING,
    ]
    assert states(trade, Signal.FIRST_NOTE, Signal.TAKE_OVER, Signal.GIVE_BACK)[-1] is State.LISTENING


def test_another_way_of_trading_counts_from_where_it_is_agreed_on() -> None:
    trading = Trading(4)
    trading.signal(Signal.FIRST_NOTE)
    trading.agree("free")
    assert not trading.signal(Signal.LINE) and trading.signal(Signal.REST) and trading.state is State.ANSWERING


@given(st.sampled_from([1, 4, "free", "duet"]), st.lists(st.sampled_from(list(Signal))))
def test_nothing_happens_before_the_first_note_or_after_the_end(trade: Trade, signals: list[Signal]) -> None:
    trading = Trading(trade)
    begun = ended = False
    for signal in signals:
        trading.signal(signal)
        begun |= signal is Signal.FIRST_NOTE
        ended |= signal is Signal.END
        assert (trading.state is State.DONE) == ended
        assert (trading.state is State.WAITING) == (not begun and not ended)


def test_ways_of_trading_are_read_as_they_are_typed() -> None:
    assert [parse_trade(text) for text in ("1", "8", "free", "duet")] == [1, 8, "free", "duet"]


@pytest.mark.parametrize("text", ["0", "65", "-4", "four", "", "4.5", "٤"])
def test_another_way_is_one_clear_line(text: str) -> None:
    with pytest.raises(SettingError, match="number of bars from 1 to 64"):
        parse_trade(text)
