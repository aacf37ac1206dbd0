"""The MIDI process: owns the ports and every sounding note, and does nothing else.

    python -m sideslip.stage.midi.process

Its own process, so that no thinking delays a note, and a note ends even if the program is killed: when standard input
ends, all notes end. Speaks JSON lines (`protocol`). In: what to open, then orders. Out: what was opened or the
error, then what is heard and sent, and which port is gone or back.
"""

import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from typing import Any, BinaryIO

from sideslip.band.events import Panic
from sideslip.errors import PortError
from sideslip.stage.child import adopt, hush_c_libraries, receive, send
from sideslip.stage.clock import monotonic
from sideslip.stage.jsonlines import Json
from sideslip.stage.midi.claims import Claims
from sideslip.stage.midi.midi_in import Listener, Stamped
from sideslip.stage.midi.midi_out import Leave, OrderQueue, Sender, shifted
from sideslip.stage.midi.names import Choice, Way, choose, stem
from sideslip.stage.midi.ports import APIS, InPort, MidiSystem, OutPort, Sent
from sideslip.stage.midi.protocol import Heed, Wanted, Wish, decode_order
from sideslip.stage.midi.system import open_system

LOOK = 0.5
"""Seconds between two looks at which ports are there, and between two signs of life."""

_LINGER = 0.005  # s before a port is closed: a message sent right before would be lost
_SWITCH = 0.0001  # s that a thread keeps Python to itself while others wait: a JACK cycle may be 1.3 ms in all
_PRIORITY = 5  # among real-time priorities, below that of any audio server


class Doorman:
    """Knows whether one port is there. A virtual one never goes."""

    def __init__(self, choice: Choice, names: Callable[[], list[str]]) -> None:
        self._choice, self._names = choice, names

    def find(self) -> Choice | None:
        """The port as it is called now; None while it is gone."""
        if self._choice.virtual:
            return self._choice
        there = [name for name in self._names() if stem(name) == stem(self._choice.name)]
        return Choice(self._choice.name if self._choice.name in there else there[0]) if there else None


class MidiProcess:
    """The two ports and the threads between them and the program, which is told of things by `tell`.

    `claim` is called before either is opened, with the name of each; it raises PortError if a port is not to be had.

    In here moments are `monotonic` seconds; only what is said between the program and us counts from its beginning.
    """

    def __init__(
        self,
        wish: Wish,
        system: MidiSystem,
        tell: Callable[[Json], None],
        claim: Callable[[str, Way], None] = lambda name, way: None,
        look: float = LOOK,
    ) -> None:
        self._system, self._tell, self._look = system, tell, look
        self._origin, self._offset = wish.origin, wish.offset
        self._orders = OrderQueue()
        self._listener = Listener(self._heard, wish.clock, wish.panics, lambda: self._orders.put(Panic()))
        self._looked = monotonic()
        played, heard = self._choose(wish.output, "output"), self._choose(wish.input, "input")
        claim(played.name, "output")
        claim(heard.name, "input")
        output = system.open_output(played)
        self._output: OutPort | None = output
        self._sender = Sender(output, self._orders, monotonic, self._listener.sent, self._chores, self._on_panic)
        self._sender.release(wish.sounding, wish.used)
        self._input: InPort | None = system.open_input(heard, self._listener.on_message)
        self._doormen = Doorman(heard, system.inputs), Doorman(played, system.outputs)
        ports = {"input": [heard.name, heard.virtual], "output": [played.name, played.virtual]}
        tell({"opened": ports})

    def leave(self) -> None:
        """Fall silent and end; safe in a signal handler."""
        self._orders.put(Leave())

    def run(self, orders: Iterator[Json], ready: Callable[[], None] = lambda: None) -> None:
        """Play until the orders end; `ready` is called before all else. Ports are closed on every way out."""
        ready()
        for work, argument in ((self._listener.run, ()), (self._obey, (orders,))):
            threading.Thread(target=self._guard, args=(work, *argument), daemon=True).start()
        with ExitStack() as closing:
            closing.callback(self._close)
            closing.callback(self._listener.stop)
            self._sender.run()

    def _close(self) -> None:
        time.sleep(_LINGER)
        with ExitStack() as closing:
            if self._output is not None:
                output = self._output
                closing.callback(lambda: self._tell_sent(output.sent()))
                closing.callback(output.close)  # where it was handed over ahead, it is sent by then
            if self._input is not None:
                closing.callback(self._input.close)

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
        self._tell_sent(self._output.sent() if self._output else [])
        self._system.check()
        with suppress(PortError):  # it went again while it was opened: the next look sees
            self._look_after_output(sender)
            self._look_after_input()

    def _tell_sent(self, sent: Sequence[Sent]) -> None:
        origin = self._origin
        self._tell({"sent": [(due - origin, at - origin, message.hex()) for due, at, message in sent]})

    def _look_after_output(self, sender: Sender) -> None:
        found = self._doormen[1].find()
        if self._output is not None and (found is None or sender.port is None):  # it may have refused a message already
            self._output.close()
            self._output = None
            sender.lose_port()
            self._tell({"gone": "output"})
        elif self._output is None and found is not None:
            self._output = self._system.open_output(found)
            sender.find_port(self._output)
            self._tell({"back": "output"})

    def _look_after_input(self) -> None:
        found = self._doormen[0].find()
        if found is None and self._input is not None:
            self._input.close()
            self._input = None
            self._listener.gone(monotonic())
            self._tell({"gone": "input"})
        elif found is not None and self._input is None:
            self._input = self._system.open_input(found, self._listener.on_message)
            self._tell({"back": "input"})


def _hurry() -> None:
    """Run this thread, and those it starts, before all ordinary ones, where the system lets us.

    Notes are then late by 0.1 ms, not 0.2; and whoever waits for Python's lock, as a JACK server does, waits for nobody
    who is waiting for a processor.
    """
    if hasattr(os, "sched_setscheduler"):
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(_PRIORITY))


def _claimer(system: MidiSystem, holder: int) -> Callable[[str, Way], None]:
    """What claims ports for a process; those that lead nowhere are everybody's."""
    return Claims(system.api, holder).take if system.api in APIS else lambda name, way: None


def teller(pipe: BinaryIO) -> Callable[[Json], None]:
    """What tells the program, from any thread; nothing happens once it is gone."""
    lock = threading.Lock()

    def tell(line: Json) -> None:
        with lock, suppress(OSError):  # on Windows EINVAL; the end of our input says it, too
            send(pipe, line)

    return tell


def main() -> int:
    """Run until standard input ends; the exit code."""
    orders, answers = adopt(("SIGINT", "SIGHUP", "SIGTSTP"))
    hush_c_libraries()
    tell, lines = teller(answers), receive(orders)
    try:
        wish = Wish.decode(next(lines))
        with closing(open_system(wish.backend)) as system:
            process = MidiProcess(wish, system, tell, _claimer(system, os.getppid()))
            signal.signal(signal.SIGTERM, lambda number, frame: process.leave())
            gc.collect()
            gc.freeze()
            sys.setswitchinterval(_SWITCH)
            process.run(lines, _hurry)
    except StopIteration:
        return 0
    except PortError as error:
        tell({"error": str(error)})
        return 2
    except Exception as error:
        tell({"error": f"{type(error).__name__}: {error}"})
        return 1
    return 0


if __name__ == "__main__":
    os._exit(main())  # not sys.exit: a thread that waits for input makes Python's orderly end a crash
