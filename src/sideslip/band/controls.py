"""To what each control can be moved: by name, by steps, by a knob.

Every control has its positions, from low to high. A knob's way is shared out among them, so that its jitter moves
nothing; a key goes from one to the next. Halfway up, density and register are left to the band.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from sideslip.band.bindings import Control
from sideslip.band.settings import DENSITIES, REGISTERS
from sideslip.band.trading import MOST_BARS
from sideslip.errors import SettingError

Value = float | bool | str | None
"""Where a control stands: outside 0..1, notes a beat, a middle MIDI pitch, a way of trading, on or off; None leaves it
to the band."""

POSITIONS: Mapping[Control, Sequence[Value]] = MappingProxyType(
    {
        "outside": tuple(step / 20 for step in range(21)),
        "density": (0.5, 0.75, 1.0, 1.25, 1.5, None, 2.5, 3.0, 3.5, 4.0, 5.0),  # as it likes, it plays 1.9
        "register": (48, 51, 54, 57, 60, 63, None, 69, 72, 75, 78, 81, 84),
        "trade": (1, 2, 4, 8, 16, "free", "duet"),
        "lay_out": (False, True),
        "take_over": (False, True),
        "panic": (True,),
    }
)
"""Of each control, from low to high."""

ROUND: frozenset[Control] = frozenset({"trade", "lay_out", "take_over", "panic"})
"""Controls that begin again where their positions end."""

BUTTONS: frozenset[Control] = ROUND - {"trade"}
"""Controls that are pressed, not turned."""


def turned(control: Control, reading: int) -> Value:
    """The position to which a knob that reads 0..127 turns a control."""
    positions = POSITIONS[control]
    return positions[reading * len(positions) // 128]


def nudged(control: Control, value: Value, by: int) -> Value:
    """The position so many steps above or below a value, which may lie between two."""
    positions = POSITIONS[control]
    if value in positions:
        place = positions.index(value) + by
    else:
        above = 1 + max((i for i, position in enumerate(positions) if _is_below(position, value)), default=-1)
        place = above + by - (by > 0)
    return positions[place % len(positions) if control in ROUND else min(max(place, 0), len(positions) - 1)]


def _is_below(position: Value, value: Value) -> bool:
    return isinstance(position, float | int) and isinstance(value, float | int) and position < value


def check(control: Control, value: Value) -> None:
    """Raises SettingError for a value that a control cannot have."""
    words, fits = _WANTED[control]
    if not fits(value):
        raise SettingError(f"{control} can be {words}; found {value!r:.40}")


def _within(value: Value, low: float, high: float) -> bool:
    return isinstance(value, float | int) and not isinstance(value, bool) and low <= value <= high


def _is_trade(value: Value) -> bool:
    return value in ("free", "duet") or (isinstance(value, int) and _within(value, 1, MOST_BARS))


_SWITCH = "on (true) or off (false)", lambda value: isinstance(value, bool)

_WANTED: Mapping[Control, tuple[str, Callable[[Value], bool]]] = {
    "outside": ("0 to 1", lambda value: _within(value, 0, 1)),
    "density": (
        "{:g} to {:g} notes a beat, or nothing".format(*DENSITIES),
        lambda value: value is None or _within(value, *DENSITIES),
    ),
    "register": (
        "a MIDI pitch {} to {}, or nothing".format(*REGISTERS),
        lambda value: value is None or _within(value, *REGISTERS),
    ),
    "trade": (f"1 to {MOST_BARS} bars, 'free' or 'duet'", _is_trade),
    "lay_out": _SWITCH,
    "take_over": _SWITCH,
    "panic": ("pressed (true)", lambda value: value is True),
}
