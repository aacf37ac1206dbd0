"""Who keeps the two ports and every sounding note, in a process that does nothing else (`process`)."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from typing import Any

from sideslip.band.events import Panic
from sideslip.errors import PortError
from sideslip.stage.clock import monotonic
from sideslip.stage.jsonlines import Json
from sideslip.stage.midi.clock_out import ClockOut
from sideslip.stage.midi.doors import Door, Port
from sideslip.stage.midi.midi_in import Listener, Stamped
from sideslip.stage.midi.midi_out import Leave, OrderQueue, Sender, shifted
from sideslip.stage.midi.names import Choice, Way, choose
from sideslip.stage.midi.ports import MidiSystem, OutPort
from sideslip.stage.midi.protocol import Heed, Wanted, Wish, decode_order

LOOK = 0.5
"""Seconds between two looks at which ports are there, and between two signs of life."""

_LINGER = 0.005  # s before a port is closed: a message sent right before would be lost


class Keeper:
    """The two ports and the threads between them and the program, which is told of things by `tell`.

    `claim` is called before either is opened, with the name of each; it raises PortError if a port is not to be had.
    `lives` is called every `look` seconds.

    In here moments are `monotonic` seconds; only what is said between the program and us counts from its beginning.
    """

    def __init__(
        self,
        wish: Wish,
        system: MidiSystem,
        tell: Callable[[Json], None],
        claim: Callable[[str, Way], None] = lambda name, way: None,
        lives: Callable[[], None] = lambda: None,
        look: float = LOOK,
    ) -> None:
        self._system, self._tell, self._lives, self._look = system, tell, lives, look
        self._origin, self._offset = wish.origin, wish.offset
        self._orders = OrderQueue()
        self._listener = Listener(self._heard, wish.clock, wish.panics, lambda: self._orders.put(Panic()))
        self._looked = monotonic()
        played, heard = self._choose(wish.output, "output"), self._choose(wish.input, "input")
        claim(played.name, "output")
        claim(heard.name, "input")
        self._output = Door(played, system.outputs, system.open_output)
        self._input = Door(heard, system.inputs, lambda choice: system.open_input(choice, self._listener.on_message))
        told = self._listener.sent, self._chores, self._on_panic
        clock = ClockOut(wish.clock_out, monotonic())
        self._sender = Sender(self._open(self._output, wish.output), self._orders, monotonic, *told, clock)
        self._sender.inherit(wish.sounding, wish.used)  # before the other port takes its time
        self._open(self._input, wish.input)
        tell({"opened": {"input": _told(heard), "output": _told(played)}})
        for way, port in (("input", self._input.port), ("output", self._output.port)):
            if port is None:
                tell({"gone": way})

    def leave(self) -> None:
        """Fall silent and end; safe in a signal handler."""
        self._orders.put(Leave())

    def run(self, orders: Iterator[Json]) -> None:
        """Play until the orders end. Ports are closed on every way out."""
        for work, argument in ((self._listener.run, ()), (self._obey, (orders,))):
            threading.Thread(target=self._guard, args=(work, *argument), daemon=True).start()
        with ExitStack() as closing:
            closing.callback(self._close)
            closing.callback(self._listener.stop)
            self._sender.run()

    def _open(self, door: Door[Port], wanted: Wanted) -> Port | None:
        """Open a port for the first time; one that a process before had open may be gone, and is waited for."""
        return door.enter_again() if isinstance(wanted, Choice) else door.enter()

    def _close(self) -> None:
        time.sleep(_LINGER)
        with ExitStack() as closing:
            if (output := self._output.port) is not None:
                closing.callback(lambda: self._tell_sent(output))  # where it is handed over ahead, all is sent by then
            for door in (self._output, self._input):
                closing.callback(door.close)

    def _choose(self, wanted: Wanted, way: Way) -> Choice:
        if isinstance(wanted, Choice):
            return wanted
        names = self._system.inputs() if way == "input" else self._system.outputs()
        return choose(wanted, names, way, self._system.can_make_virtual)

    def _guard(self, work: Callable[..., None], *arguments: Any) -> None:
        try:
            work(*arguments)
        except Exception as error:
            self._tell({"error": f"{type(error).__name__}: {error}"})
        finally:
            self.leave()

    def _obey(self, orders: Iterator[Json]) -> None:
        for line in orders:
            order = decode_order(line)
            if isinstance(order, Heed):
                self._listener.heed(order.panics)
            else:
                self._orders.put(shifted(order, self._origin + self._offset))

    def _heard(self, messages: Sequence[Stamped]) -> None:
        self._tell({"heard": [(at - self._origin, message.hex()) for at, message in messages]})

    def _on_panic(self, ended: int, forgotten: int) -> None:
        self._tell({"panicked": [ended, forgotten]})

    def _chores(self, sender: Sender) -> None:
        """Tell what was sent, and look after the ports, twice a second."""
        now = monotonic()
        if now - self._looked < self._look:
            return
        self._looked = now
        self._lives()
        self._tell_sent(self._output.port)
        self._system.check()
        with suppress(PortError):  # it went again while it was opened: the next look sees
            self._look_after_output(sender)
            self._look_after_input()

    def _tell_sent(self, port: OutPort | None) -> None:
        """Tell what went through a port; this is our sign of life, too."""
        sent, origin = port.sent() if port is not None else [], self._origin
        self._tell({"sent": [(due - origin, at - origin, message.hex()) for due, at, message in sent]})

    def _look_after_output(self, sender: Sender) -> None:
        refused = self._output.port is not None and sender.port is None  # a message, before anybody looked
        if refused or self._output.is_lost():
            sender.lose_port()
            self._output.close()
            self._tell({"gone": "output"})
        elif self._output.port is None and (port := self._output.enter_again()) is not None:
            sender.find_port(port)
            self._tell({"back": "output"})

    def _look_after_input(self) -> None:
        if self._input.is_lost():
            self._input.close()
            self._listener.gone(monotonic())
            self._tell({"gone": "input"})
        elif self._input.port is None and self._input.enter_again() is not None:
            self._tell({"back": "input"})


def _told(choice: Choice) -> list[object]:
    return [choice.name, choice.virtual]
