"""A MIDI system made of RtMidi clients, whichever library binds them.

Clients are made as rarely as can be, because every new one costs other clients events and stalls: the one that looks at
the ports is the one that opens a port later, and an open one looks, too. None opens twice: an input that is closed and
opened again never hears anything more.
"""

from collections.abc import Callable
from typing import Any, Protocol

from sideslip.errors import PortError
from sideslip.stage.midi.names import OWN, Choice, Way, listed
from sideslip.stage.midi.ports import OnMessage, SendsAtOnce, quiet


class Binding(Protocol):
    """What a library does; a client is an object of its own."""

    def client(self, way: Way, name: str) -> Any:
        """A new client. Raises PortError if the API does not answer."""
        ...

    def names(self, client: Any) -> list[str]:
        """The ports that a client can open."""
        ...

    def listen(self, client: Any, on_message: OnMessage) -> None:
        """Have every message of an input stamped and handed on, clock and sysex included."""
        ...

    def open(self, client: Any, index: int) -> None:
        """Open the port of this place among the names."""
        ...

    def open_virtual(self, client: Any, name: str) -> None:
        """Make a virtual port."""
        ...

    def send(self, client: Any, message: bytes) -> None:
        """Send one message at once."""
        ...

    def close(self, client: Any, way: Way) -> None:
        """Stop listening, close the port, delete the client, in this order."""
        ...

    def discard(self, client: Any) -> None:
        """Delete a client that has opened no port."""
        ...


class RtMidiSystem:
    """The ports of one API."""

    def __init__(self, binding: Binding, api: str) -> None:
        self._binding = binding
        self.api, self.can_make_virtual = api, api != "winmm"
        self._lookouts: dict[Way, Any] = {}  # clients that look, open or not
        self._unused: dict[Way, Any] = {}  # those of them that are not
        self._ports: list[RtMidiPort] = []  # those that are open

    def inputs(self) -> list[str]:
        """Names of the ports that can be heard."""
        return self._look("input")

    def outputs(self) -> list[str]:
        """Names of the ports that can be played."""
        return self._look("output")

    def open_input(self, choice: Choice, on_message: OnMessage) -> "RtMidiPort":
        """Hear a port."""
        client = self._client("input")
        self._binding.listen(client, on_message)
        return self._open(client, "input", choice)

    def open_output(self, choice: Choice) -> "RtMidiPort":
        """Play a port."""
        return self._open(self._client("output"), "output", choice)

    def check(self) -> None:
        """RtMidi says nothing of a JACK server that has gone: it lists its ports for ever and takes what is sent."""

    def close(self) -> None:
        """Let go of every port and client."""
        for port in list(self._ports):
            port.close()
        for client in self._unused.values():
            with quiet():
                self._binding.discard(client)
        self._unused.clear()
        self._lookouts.clear()

    def _look(self, way: Way) -> list[str]:
        if way not in self._lookouts:
            self._lookouts[way] = self._unused[way] = self._new_client(way)
        with quiet():
            return self._binding.names(self._lookouts[way])

    def _client(self, way: Way) -> Any:
        """One that has not opened a port yet."""
        return self._unused.pop(way, None) or self._new_client(way)

    def _new_client(self, way: Way) -> Any:
        return self._binding.client(way, f"{OWN} {'in' if way == 'input' else 'out'}")

    def _open(self, client: Any, way: Way, choice: Choice) -> "RtMidiPort":
        self._unused[way] = client  # until it is open
        with quiet():
            if choice.virtual:
                self._binding.open_virtual(client, choice.name)
            else:
                names = self._binding.names(client)
                if choice.name not in names:
                    raise PortError(f"the MIDI {way} {choice.name!r} is gone; found: {listed(names)}")
                self._binding.open(client, names.index(choice.name))
        self._lookouts[way] = self._unused.pop(way)
        port = RtMidiPort(self._binding, client, way, self._forget)
        self._ports.append(port)
        return port

    def _forget(self, port: "RtMidiPort", way: Way, client: Any) -> None:
        self._ports.remove(port)
        if self._lookouts.get(way) is client:
            del self._lookouts[way]


class RtMidiPort(SendsAtOnce):
    """A port that is open, input or output; `on_close` is told that it closes, its way and its client."""

    def __init__(
        self, binding: Binding, client: Any, way: Way, on_close: Callable[["RtMidiPort", Way, Any], None]
    ) -> None:
        super().__init__()
        self._binding, self._client, self._way, self._on_close = binding, client, way, on_close

    def _put(self, message: bytes) -> None:
        self._binding.send(self._client, message)

    def close(self) -> None:
        """Let go of the port."""
        self._on_close(self, self._way, self._client)
        self._binding.close(self._client, self._way)
        self._client = None
