"""Controls in words, as a player reads them in the terminal."""

import sys
from collections.abc import Mapping

from sideslip.band.bindings import CONTROLS, Bindings, Control, Knob
from sideslip.band.controls import Value
from sideslip.music.pitch import pitch_name

_SWITCHES: Mapping[Control, tuple[str, str]] = {
    "lay_out": ("with you again", "laying out"),
    "take_over": ("back to trading when this phrase is over", "taking over on the next bar line"),
}
"""What it is when a control is off, and on."""


def tell(words: str) -> None:
    """Say something to the player that is no answer: on standard error."""
    print(words, file=sys.stderr, flush=True)


def named(control: Control) -> str:
    """The name of a control."""
    return control.replace("_", " ")


def knob_words(knob: Knob) -> str:
    """A controller by its number, and its channel if it has one."""
    channel, number = knob
    return str(number) if channel is None else f"{number} on channel {channel + 1}"


def bound_words(bindings: Bindings) -> str:
    """Which controllers do what."""
    rows = sorted(bindings.items(), key=lambda row: CONTROLS.index(row[1]))
    return "controllers: " + (", ".join(f"{named(control)} {knob_words(knob)}" for knob, control in rows) or "none")


def trade_words(trade: Value) -> str:
    """A way of trading."""
    return f"trading {trade}" + ("" if isinstance(trade, str) else " bar" if trade == 1 else " bars")


def changed_words(control: Control, value: Value) -> str:
    """Where a control stands now."""
    if control in _SWITCHES:
        return _SWITCHES[control][bool(value)]
    if control == "trade":
        return f"{trade_words(value)} from the next turn of yours on"
    if value is None:
        return f"{named(control)} as I like"
    if control == "register" and isinstance(value, int):
        return f"register {pitch_name(value)}{value // 12 - 1}"
    return f"{named(control)} {value:g}" + (" notes a beat" if control == "density" else "")
