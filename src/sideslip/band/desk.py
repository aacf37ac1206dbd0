"""Where every control stands, and what the player's controllers do to it.

A knob sends a hundred messages on its way: what it has done is told, and asked for, once it has come to rest. A button
turns its control on or off each time it is pressed; let go of half a second later or after, it turns it off. So a pad
that stays down until it is pressed again does what it shows, and any other may be held for as long as is meant.
"""

from math import inf

from sideslip.band.bindings import Control, Knob, bound
from sideslip.band.controls import BUTTONS, Value, check, turned
from sideslip.band.settings import GigSettings
from sideslip.music.dialogue import Wish

AT_REST, AT_MOST = 0.15, 1.0
"""Seconds without a move after which a control has come to rest, and after which it counts as come to rest anyhow."""

PRESSED = 64
"""What a controller reads from here up is pressed (MIDI 1.0, on and off of switches)."""

HELD = 0.5
"""Seconds after which letting go of a button turns its control off."""

Move = tuple[Control, Value]
"""A control, and to what it is turned."""


class Desk:
    """Each control is an attribute of its name."""

    def __init__(self, settings: GigSettings) -> None:
        self.outside, self.trade = settings.dial, settings.trade
        self.density, self.register = settings.wish.density, settings.wish.register
        self.lay_out = self.take_over = False
        self._style, self._bindings = settings.wish.style, settings.controls
        self._down: dict[Knob, float] = {}  # buttons that are pressed, since when (s)
        self._before: dict[Control, Value] = {}  # where those that have not come to rest stood
        self._moved, self._latest = inf, inf  # when the first of these was moved, and the latest move (s)

    @property
    def wish(self) -> Wish:
        """What answers are asked to be like."""
        return Wish(density=self.density, register=self.register, style=self._style)

    @property
    def settles_at(self) -> float | None:
        """The moment (s) at which all will have come to rest; None where all has."""
        return min(self._latest + AT_REST, self._moved + AT_MOST) if self._before else None

    def value(self, control: Control) -> Value:
        """Where a control stands; a panic button is never down for longer than a moment."""
        value: Value = getattr(self, control, False)
        return value

    def hear(self, at: float, message: bytes) -> tuple[Move, ...] | None:
        """What a message of the player's at a moment (s) asks for, perhaps nothing; None if it is music."""
        found = bound(self._bindings, message)
        if found is None:
            return None
        knob, control = found
        if control not in BUTTONS:
            return ((control, turned(control, message[2])),)
        return self._button(at, knob, control, message[2] >= PRESSED)

    def _button(self, at: float, knob: Knob, control: Control, down: bool) -> tuple[Move, ...]:
        since = self._down.pop(knob, None)
        if down:
            self._down[knob] = at if since is None else since
            return ((control, not self.value(control)),) if since is None else ()
        held = since is not None and at - since >= HELD
        return ((control, False),) if held and control != "panic" else ()

    def move(self, at: float, control: Control, value: Value) -> bool:
        """Turn a control at a moment (s); whether it stood elsewhere. Raises SettingError for what it cannot be."""
        check(control, value)
        before = self.value(control)
        if value == before:
            return False
        if control != "panic":
            setattr(self, control, value)
            self._moved = min(self._moved, at)
            self._latest = at
            self._before.setdefault(control, before)
        return True

    def settled(self, at: float) -> tuple[Control, ...]:
        """The controls that stand elsewhere than when they came to rest last, if they have by a moment (s)."""
        if self.settles_at is None or at < self.settles_at:
            return ()
        changed = tuple(control for control, before in self._before.items() if self.value(control) != before)
        self._before.clear()
        self._moved = inf
        return changed
