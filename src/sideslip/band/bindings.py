"""Which controller of the player's keyboard moves which control."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, get_args

from sideslip.errors import SettingError
from sideslip.listen.notes import ALL_SOUND_OFF, PEDAL

Control = Literal["outside", "density", "register", "trade", "lay_out", "take_over", "panic"]
"""What a player can move while a gig goes on; `controls` says to what."""

CONTROLS: tuple[Control, ...] = get_args(Control)

Knob = tuple[int | None, int]
"""A controller: its MIDI channel 0..15, None for any, and its number."""

Bindings = Mapping[Knob, Control]
"""What each controller moves; one of a channel comes before the same one of any."""

UNBOUND: Bindings = MappingProxyType({})

USUAL: Bindings = MappingProxyType(
    {
        (None, 21): "outside",
        (None, 22): "density",
        (None, 23): "register",
        (None, 24): "trade",
        (None, 25): "lay_out",
        (None, 26): "take_over",
        (None, 27): "panic",
    }
)
"""What is bound where nothing was learnt. MIDI 1.0 leaves 20 to 31 undefined, so no keyboard's own wheels, pedals or
sound controls send them; the knobs of some (Novation's Launchkey, 21 to 28 from the left) do out of the box."""

SOSTENUTO = 66

NEVER = frozenset({PEDAL, SOSTENUTO, *range(ALL_SOUND_OFF, 128)})
"""Controllers that are music, or speak of the channel as a whole: pedals that hold notes, and the channel modes."""


def can_be_bound(number: int) -> bool:
    """Whether the controller of a number may move a control."""
    return 0 <= number < 128 and number not in NEVER


def check_bindings(bindings: Bindings) -> None:
    """Raises SettingError for a controller that cannot be bound, or a control that there is not."""
    for (channel, number), control in bindings.items():
        if not can_be_bound(number) or channel not in (None, *range(16)):
            found = f"{number}" + ("" if channel is None else f" of channel {channel + 1}")
            raise SettingError(
                f"a control is moved by a controller 0 to {ALL_SOUND_OFF - 1} other than the pedals {PEDAL} and "
                f"{SOSTENUTO}, of a channel 1 to 16; found {found}"
            )
        if control not in CONTROLS:
            raise SettingError(f"a control is one of {', '.join(CONTROLS)}; found {control!r:.40}")


def bound(bindings: Bindings, message: bytes) -> tuple[Knob, Control] | None:
    """The controller that a message moves, with its control; None for all that is bound to nothing."""
    if len(message) != 3 or message[0] & 0xF0 != 0xB0 or message[2] > 127:
        return None
    knob = message[0] & 0x0F, message[1]
    control = bindings.get(knob) or bindings.get((None, message[1]))
    return None if control is None else (knob, control)


def rebound(bindings: Bindings, control: Control, knob: Knob) -> Bindings:
    """The same with a control on another controller, whatever else either was bound to."""
    channel, number = knob
    kept = {
        old: moved
        for old, moved in bindings.items()
        if moved != control and not (old[1] == number and (channel is None or old[0] in (None, channel)))
    }
    return MappingProxyType({**kept, knob: control})
