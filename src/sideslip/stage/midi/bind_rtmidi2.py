"""RtMidi as rtmidi2 binds it, which has wheels for the newest Pythons.

Some failures end the whole process (an exception of C++ that nobody catches), so it is asked for nothing that has not
been seen to be there. Its wheel brings a JACK library that does not speak with every server.
"""

from typing import Any

import rtmidi2

from sideslip.errors import PortError
from sideslip.stage.clock import monotonic
from sideslip.stage.midi.names import Way
from sideslip.stage.midi.ports import APIS, OnMessage, no_system, quiet


class RtMidi2:
    """Clients of one API."""

    def __init__(self, api: str) -> None:
        self._api = api
        self._number: int = getattr(rtmidi2, "API_" + APIS[api])

    def client(self, way: Way, name: str) -> Any:
        """A new client."""
        kind = rtmidi2.MidiIn if way == "input" else rtmidi2.MidiOut
        try:
            with quiet():
                client = kind(name, api=self._number)
        except RuntimeError as error:
            raise no_system(self._api, error) from None
        if client.get_current_api() != self._number:
            raise no_system(self._api, "rtmidi2 was built without it")
        return client

    def names(self, client: Any) -> list[str]:
        """The ports that a client can open."""
        return list(client.ports)

    def listen(self, client: Any, on_message: OnMessage) -> None:
        """Have every message stamped and handed on."""
        client.ignore_types(False, False, False)
        client.callback = lambda message, _: on_message(monotonic(), bytes(message))

    def open(self, client: Any, index: int) -> None:
        """Open the port of this place."""
        client.open_port(index)

    def open_virtual(self, client: Any, name: str) -> None:
        """Make a virtual port."""
        client.open_virtual_port(name)

    def send(self, client: Any, message: bytes) -> None:
        """Send one message at once."""
        try:
            client.send_message(list(message))
        except RuntimeError as error:
            raise PortError(f"the MIDI output does not take a message: {error}") from None

    def close(self, client: Any, way: Way) -> None:
        """Stop listening and close; the client goes with its object."""
        if way == "input":
            client.callback = None
        client.close_port()

    def discard(self, client: Any) -> None:
        """A client goes with its object."""
