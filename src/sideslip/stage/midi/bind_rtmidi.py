"""RtMidi as python-rtmidi binds it."""

from typing import Any

import rtmidi

from sideslip.errors import PortError
from sideslip.stage.clock import monotonic
from sideslip.stage.midi.names import Way
from sideslip.stage.midi.ports import APIS, OnMessage, no_system, quiet


class PythonRtMidi:
    """Clients of one API."""

    def __init__(self, api: str) -> None:
        self._api = api
        self._number: int = getattr(rtmidi, "API_" + APIS[api])

    def client(self, way: Way, name: str) -> Any:
        """A new client."""
        if self._number not in rtmidi.get_compiled_api():
            raise no_system(self._api, "python-rtmidi was built without it")
        kind = rtmidi.MidiIn if way == "input" else rtmidi.MidiOut
        try:
            with quiet():
                return kind(rtapi=self._number, name=name)
        except rtmidi.RtMidiError as error:
            raise no_system(self._api, error) from None

    def names(self, client: Any) -> list[str]:
        """The ports that a client can open."""
        return list(client.get_ports())

    def listen(self, client: Any, on_message: OnMessage) -> None:
        """Have every message stamped and handed on."""
        client.ignore_types(sysex=False, timing=False, active_sense=False)
        client.set_callback(lambda event, _: on_message(monotonic(), bytes(event[0])))

    def open(self, client: Any, index: int) -> None:
        """Open the port of this place."""
        try:
            client.open_port(index)
        except (rtmidi.RtMidiError, ValueError) as error:
            raise PortError(f"the MIDI port cannot be opened: {error}") from None

    def open_virtual(self, client: Any, name: str) -> None:
        """Make a virtual port."""
        try:
            client.open_virtual_port(name)
        except (rtmidi.RtMidiError, NotImplementedError) as error:
            raise PortError(f"the virtual MIDI port {name!r} cannot be made: {error}") from None

    def send(self, client: Any, message: bytes) -> None:
        """Send one message at once."""
        try:
            client.send_message(message)
        except rtmidi.RtMidiError as error:
            raise PortError(f"the MIDI output does not take a message: {error}") from None

    def close(self, client: Any, way: Way) -> None:
        """Stop listening, close, delete."""
        if way == "input":
            client.cancel_callback()
        client.close_port()
        client.delete()

    def discard(self, client: Any) -> None:
        """Delete a client that has opened no port."""
        client.delete()
