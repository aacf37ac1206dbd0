"""`sideslip jam --learn`: the player shows which controller is to move which control."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from sideslip.band.bindings import Bindings, Control, Knob, can_be_bound, rebound
from sideslip.band.controls import BUTTONS
from sideslip.band.desk import PRESSED
from sideslip.band.events import Event, Heard, Stopped
from sideslip.commands.control_words import knob_words, named, tell
from sideslip.stage.files.controllers import keep_controllers, read_controllers
from sideslip.stage.inbox import Inbox
from sideslip.stage.terminal import Keys

FAR = 16
"""By how much a knob must move to be meant: one that only trembles is not."""


def controllers(device: str, asked: Sequence[Control], inbox: Inbox) -> Bindings:
    """What the controllers of a device do, kept from before; first some of it is asked for anew. A player who leaves
    then will be found in the inbox."""
    bindings = read_controllers(device)
    if not asked:
        return bindings

    def heard() -> Iterator[Event]:
        while (event := inbox.take()) is not None:
            yield event

    tell(f"learning the controllers of {device!r}; Enter leaves a control as it is, q ends")
    with Keys() as keys:
        learnt = learn(asked, bindings, keys.read, heard)
    if learnt is None:
        inbox.put(Stopped(0.0))
        return bindings
    if learnt != bindings:
        tell(f"kept in {keep_controllers(device, learnt)}")
    return learnt


class Shown:
    """Hears which controller a player moves for a control; those `taken` for others before may still be moving."""

    def __init__(self, control: Control, taken: Collection[Knob]) -> None:
        self._is_button, self._taken = control in BUTTONS, taken
        self._readings: dict[Knob, tuple[int, int]] = {}  # the lowest and the highest

    def hear(self, message: bytes) -> Knob | None:
        """The controller that is meant, once a message makes it clear."""
        if len(message) != 3 or message[0] & 0xF0 != 0xB0 or not can_be_bound(message[1]):
            return None
        knob, reading = (message[0] & 0x0F, message[1]), message[2]
        low, high = self._readings.get(knob, (reading, reading))
        low, high = self._readings[knob] = min(low, reading), max(high, reading)
        meant = reading >= PRESSED if self._is_button else high - low >= FAR
        return knob if meant and knob not in self._taken else None


def learn(
    controls: Sequence[Control],
    bindings: Bindings,
    keys: Callable[[], list[str] | None],
    heard: Callable[[], Iterable[Event]],
) -> Bindings | None:
    """Ask for one control after the other; what moves each in the end, None if the player leaves.

    `keys` are those pressed at the computer within a while (Enter leaves a control as it is, q the program; None: no
    more will come, and the rest stays as it is), `heard` what has come from the ports since it was called last.
    """
    taken: list[Knob] = []
    for control in controls:
        before = ", ".join(knob_words(knob) for knob, moved in bindings.items() if moved == control)
        do = "press its button" if control in BUTTONS else "turn its knob"
        tell(f"{named(control)}: {do} (now {before or 'none'})")
        shown, knob = Shown(control, taken), None
        while knob is None:
            pressed = keys()
            for event in heard():
                if isinstance(event, Stopped):
                    return None
                knob = knob or (shown.hear(event.message) if isinstance(event, Heard) else None)
            if knob is not None:
                tell(f"{named(control)}: controller {knob_words(knob)}")
                bindings = rebound(bindings, control, knob)
                taken.append(knob)
            elif pressed is None:
                return bindings
            elif "q" in pressed:
                return None
            elif "enter" in pressed:
                break
    return bindings
