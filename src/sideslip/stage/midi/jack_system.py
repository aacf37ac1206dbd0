"""Ports of a JACK server, spoken to by JACK-Client: messages are queued ahead and stand on their own frame.

The server calls `_process` once a cycle in a thread of its own, which waits for nothing: it takes what was handed over
from a queue, and appends what came in. For Python's lock it must wait, so a process with a client switches often.
"""

import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from time import sleep
from typing import Any

import jack

from sideslip.errors import PortError
from sideslip.stage.clock import monotonic
from sideslip.stage.midi.frames import Cycle, Waiting
from sideslip.stage.midi.names import OWN, Choice, Way, listed
from sideslip.stage.midi.ports import OnMessage, Sent, no_system, quiet

_MARGIN = 0.015  # s beyond a period by which messages are handed over ahead: more than a busy machine makes us late
_SWITCH = 0.0001  # s that a thread keeps Python to itself while others wait: a cycle of 64 frames is 1.3 ms in all
_PATIENCE = 0.2  # s for a cycle to come, or all that waits to be written, before a port is closed


class JackSystem:
    """A client of the server. Raises PortError if there is none."""

    api, can_make_virtual = "jack", True

    def __init__(self) -> None:
        try:
            with quiet():
                self.client = jack.Client(OWN, no_start_server=True)
        except jack.JackError as error:
            raise no_system("jack", error) from None
        self.cycle = Cycle(self.client.samplerate, self.client.blocksize)
        self.cycles = 0
        self.dead = ""  # why, once the server has gone
        self._seen: dict[Way, set[str]] = {"input": set(), "output": set()}
        self._made: dict[Way, set[str]] = {"input": set(), "output": set()}  # of those, again since the last look
        self._spare: dict[Way, list[Any]] = {"input": [], "output": []}  # registered, and not open any more
        self._inputs: tuple[JackIn, ...] = ()  # replaced whole: the server's thread may be on its way through
        self._outputs: tuple[JackOut, ...] = ()
        self.client.set_process_callback(self._process)
        self.client.set_shutdown_callback(self._on_shutdown)
        self.client.set_port_registration_callback(self._on_registration)
        sys.setswitchinterval(_SWITCH)
        self.client.activate()

    def inputs(self) -> list[str]:
        """Names of the ports that can be heard; one that went and came back since the last look is left out once."""
        return self._look("input")

    def outputs(self) -> list[str]:
        """Names of the ports that can be played; one that went and came back since the last look is left out once."""
        return self._look("output")

    def open_input(self, choice: Choice, on_message: OnMessage) -> "JackIn":
        """Hear a port."""
        port = self._register("input", choice)
        opened = JackIn(self, port, on_message)
        self._inputs = (*(other for other in self._inputs if other.port is not port), opened)
        if not choice.virtual:
            self._connect(opened, choice.name, port.name)
        return opened

    def open_output(self, choice: Choice) -> "JackOut":
        """Play a port."""
        port = self._register("output", choice)
        opened = JackOut(self, port)
        self._outputs = (*(other for other in self._outputs if other.port is not port), opened)
        if not choice.virtual:
            self._connect(opened, port.name, choice.name)
        return opened

    def check(self) -> None:
        """Raises PortError once the server has gone."""
        if self.dead:
            raise PortError(f"the JACK server has gone ({self.dead})")

    def close(self) -> None:
        """Let go of every port and of the server."""
        with quiet():
            self.client.close(ignore_errors=True)

    def spare(self, way: Way, port: Any) -> None:
        """Keep a port for the next time: to take it from the server, all would have to wait for its thread."""
        with suppress(jack.JackError):
            port.disconnect()
        self._spare[way].append(port)

    def turn(self) -> None:
        """Wait until a cycle that begins from now on is over."""
        seen = self.cycles
        self.wait(lambda: self.cycles > seen + 1)

    def wait(self, done: Callable[[], bool]) -> None:
        """Wait for the server's thread to have done something, but never long: it may have died."""
        given_up = monotonic() + _PATIENCE
        while not self.dead and not done() and monotonic() < given_up:
            sleep(self.cycle.length / 2)

    def _look(self, way: Way) -> list[str]:
        self.check()
        again, self._made[way] = self._made[way], set()
        try:
            ports = self.client.get_ports(is_midi=True, is_output=way == "input", is_input=way == "output")
        except (jack.JackError, RuntimeError) as error:  # RuntimeError for one that goes while it is told
            raise PortError(f"the JACK server does not tell its ports: {error}") from None
        there = [port.name for port in ports if port.name not in again]
        self._seen[way] = set(there)
        return there

    def _register(self, way: Way, choice: Choice) -> Any:
        self.check()
        if self._spare[way] and not choice.virtual:
            return self._spare[way].pop()
        ours = self.client.midi_inports if way == "input" else self.client.midi_outports
        name, short = choice.name if choice.virtual else way, "in" if way == "input" else "out"
        taken = {port.shortname for ports in (self.client.midi_inports, self.client.midi_outports) for port in ports}
        try:
            return ours.register(f"{name} {short}" if name in taken else name)
        except jack.JackError as error:
            raise PortError(f"the MIDI {way} {name!r} cannot be made: {error}") from None

    def _connect(self, opened: "JackIn | JackOut", source: str, destination: str) -> None:
        try:
            self.client.connect(source, destination)
        except jack.JackError:
            opened.close()
            found = self.inputs() if isinstance(opened, JackIn) else self.outputs()
            raise PortError(f"no way from {source!r} to {destination!r}; found: {listed(found)}") from None

    def _process(self, frames: int) -> None:
        try:
            self._pass(frames)
        except Exception as error:  # let out, it would end these calls and nobody would know
            self.dead = f"{type(error).__name__}: {error}"

    def _pass(self, frames: int) -> None:
        self.cycle.begin(monotonic(), self.client.last_frame_time, frames)
        for output in self._outputs:
            output.write(self.cycle)
        for input in self._inputs:
            input.read(self.cycle)
        self.cycles += 1

    def _on_registration(self, port: Any, made: bool) -> None:
        with suppress(jack.JackError, RuntimeError):  # it has gone again
            for way, names in self._made.items():
                if made and port.name in self._seen[way]:
                    names.add(port.name)

    def _on_shutdown(self, status: object, reason: str) -> None:
        self.dead = str(reason).strip() or "it says nothing"


class JackIn:
    """An input; every message is stamped with the moment of its frame."""

    def __init__(self, system: JackSystem, port: Any, on_message: OnMessage) -> None:
        self._system, self.port, self._on_message = system, port, on_message
        self._closed = False

    def read(self, cycle: Cycle) -> None:
        """Hand on what has come, in the server's thread."""
        for frame, data in self.port.incoming_midi_events() if not self._closed else ():
            self._on_message(cycle.moment(frame), bytes(data))

    def close(self) -> None:
        """Hear nothing more."""
        self._closed = True
        self._system.spare("input", self.port)


class JackOut:
    """An output; what is handed over ahead is written to the frame on which it is due."""

    def __init__(self, system: JackSystem, port: Any) -> None:
        self._system, self.port = system, port
        self._waiting = Waiting()
        self._closed = False
        self._sent: deque[Sent] = deque()

    @property
    def ahead(self) -> float:
        """Seconds: whoever hands over later than a period ahead may find the cycle written."""
        return self._system.cycle.length + _MARGIN

    def send(self, message: bytes, due: float) -> None:
        """Have a message written when it is due. Raises PortError once the server has gone."""
        self._system.check()
        self._waiting.put(message, due)

    def sent(self) -> list[Sent]:
        """What was written since this was last asked."""
        return [self._sent.popleft() for _ in range(len(self._sent))]

    def write(self, cycle: Cycle) -> None:
        """Write what is due, in the server's thread."""
        self.port.clear_buffer()  # or what was written in the cycle before would go again
        for message in self._waiting.take(cycle.last) if not self._closed else ():
            frame = cycle.frame(message.at)
            try:
                self.port.write_midi_event(frame, message.data)
            except jack.JackError:  # no room left in this cycle
                return
            self._sent.append(Sent(message.due, cycle.moment(frame), message.data))

    def close(self) -> None:
        """Let what was handed over go out, then let go of the port."""
        self._system.wait(lambda: not self._waiting)
        self._system.turn()
        self._closed = True
        self._system.spare("output", self.port)
