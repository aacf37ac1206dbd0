"""Who plays now: the rules of trading as a table.

Trading starts with the player. In bars (fours, eights ...) the turns change on bar lines whatever is played; freely, an
answer follows the end of the player's phrase; in a duet the partner fills the gaps and lays out as soon as the player
comes in again. A partner who lays out does not answer; one who has taken over plays on, turn after turn.
"""

import re
from collections.abc import Mapping
from enum import Enum, auto
from math import ceil
from typing import Literal

from sideslip.errors import SettingError
from sideslip.music.changes import Changes
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Phrase

Trade = int | Literal["free", "duet"]
"""Bars a turn (1 to 64), or one of the two ways without bars."""

MOST_BARS = 64

LONGEST_ANSWER = 4
"""Bars of an answer at most where turns are not counted in bars."""


class State(Enum):
    """Where the conversation is."""

    WAITING = auto()  # before the player's first note: bar 1 has not begun
    LISTENING = auto()
    ANSWERING = auto()
    SOLOING = auto()
    LAYING_OUT = auto()
    DONE = auto()


class Signal(Enum):
    """What can move it on."""

    FIRST_NOTE = auto()
    LINE = auto()  # the bar line that ends a turn counted in bars
    REST = auto()  # the player's phrase is over
    NOTE = auto()  # the player begins a note
    ANSWERED = auto()  # the partner's phrase is over
    LAY_OUT = auto()  # asked for by the player, as the three that follow
    COME_IN = auto()
    TAKE_OVER = auto()
    GIVE_BACK = auto()
    END = auto()


Rules = Mapping[tuple[State, Signal], State]

_ALWAYS: Rules = {
    (State.WAITING, Signal.FIRST_NOTE): State.LISTENING,
    (State.LISTENING, Signal.LAY_OUT): State.LAYING_OUT,
    (State.ANSWERING, Signal.LAY_OUT): State.LAYING_OUT,
    (State.SOLOING, Signal.LAY_OUT): State.LAYING_OUT,
    (State.LAYING_OUT, Signal.COME_IN): State.LISTENING,
    (State.LISTENING, Signal.TAKE_OVER): State.SOLOING,
    (State.ANSWERING, Signal.TAKE_OVER): State.SOLOING,
    (State.SOLOING, Signal.GIVE_BACK): State.LISTENING,
    **{(state, Signal.END): State.DONE for state in State},
}
_BARS: Rules = {
    **_ALWAYS,
    (State.LISTENING, Signal.LINE): State.ANSWERING,
    (State.ANSWERING, Signal.LINE): State.LISTENING,
}
_FREE: Rules = {
    **_ALWAYS,
    (State.LISTENING, Signal.REST): State.ANSWERING,
    (State.ANSWERING, Signal.ANSWERED): State.LISTENING,
}
_DUET: Rules = {
    **_FREE,
    (State.ANSWERING, Signal.NOTE): State.LISTENING,
}


def rules(trade: Trade) -> Rules:
    """The table of a way of trading; a pair that is not in it changes nothing."""
    return _BARS if isinstance(trade, int) else {"free": _FREE, "duet": _DUET}[trade]


def parse_trade(text: str) -> Trade:
    """Read "4", "free" or "duet". Raises SettingError for anything else."""
    if text == "free":
        return "free"
    if text == "duet":
        return "duet"
    if re.fullmatch("[0-9]{1,3}", text) and 1 <= int(text) <= MOST_BARS:
        return int(text)
    raise SettingError(f"trading is a number of bars from 1 to {MOST_BARS}, 'free' or 'duet'; found {text[:40]!r}")


class Trading:
    """The state machine: a table and where it stands."""

    def __init__(self, trade: Trade) -> None:
        self.state = State.WAITING
        self.agree(trade)

    def agree(self, trade: Trade) -> None:
        """Another way of trading, from here on."""
        self.trade, self._rules = trade, rules(trade)

    def signal(self, signal: Signal) -> bool:
        """Move on by the table; whether the state changed."""
        before = self.state
        self.state = self._rules.get((before, signal), before)
        return self.state is not before


def coming_call(tick: float, length: int) -> int:
    """The tick at which the call begins whose answer comes next after a tick, turns being `length` ticks long."""
    return 2 * length * max(0, ceil((tick - length) / (2 * length)))


def answer_by_ear(call: Phrase, start: int, bar: int, ends: int | None) -> tuple[int, int]:
    """The ticks of an answer that begins at `start`: as long as the call in beats, at least a bar, at most four.

    `bar` is in ticks; `ends` the tick at which the gig is over, after `start`.
    """
    spoken = -(-(call.end - call.start) // TICKS) * TICKS
    end = start + min(max(spoken, bar), LONGEST_ANSWER * bar)
    return start, end if ends is None else min(end, ends)


def answered_by(trade: Trade, call_end: int, changes: Changes) -> int:
    """The tick by which a call that ends at a tick has been answered, at least one chorus.

    In bars that is the end of the partner's turn after the last one in which the player played; by ear, the end of the
    longest answer after a bar's rest.
    """
    bar = changes.meter.bar
    if isinstance(trade, int):
        rounds = -(-call_end // (2 * trade * bar))
        return max(changes.length, 2 * trade * bar * rounds)
    return max(changes.length, (-(-call_end // bar) + 1 + LONGEST_ANSWER) * bar)
