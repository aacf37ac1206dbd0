"""A process that stamps what arrives at a port and does nothing else: the far end of a measurement.

    python -m sideslip.stage.midi.witness

Its own process, so that no thinking, sending or counting delays a stamp. Speaks JSON lines. In: the port, then the end.
Out: the port's name or the error, then all that arrived.
"""

import gc
import os
from contextlib import closing

from sideslip.errors import PortError
from sideslip.stage.child import Child, adopt, hush_c_libraries, receive, send
from sideslip.stage.midi.midi_in import Stamped
from sideslip.stage.midi.names import Choice, listed, match
from sideslip.stage.midi.ports import Backend
from sideslip.stage.midi.system import open_system


class Witness:
    """Hears a port from now until `end`. Raises PortError if there is no such port."""

    def __init__(self, name: str, backend: Backend) -> None:
        self._child = Child("sideslip.stage.midi.witness")
        self._child.send({"input": name, "backend": [backend.library, backend.api]})
        self._lines = self._child.lines()
        first = next(self._lines, {})
        if "opened" not in first:
            self._child.kill()
            raise PortError(str(first.get("error", f"the port {name!r} cannot be heard")))

    def end(self) -> list[Stamped]:
        """All that arrived, with its `monotonic` moments."""
        self._child.send({"end": True})
        return [(at, bytes.fromhex(message)) for line in self._lines for at, message in line["arrived"]]


def main() -> int:
    """Run until told to end, or standard input ends; the exit code."""
    orders, answers = adopt(("SIGINT", "SIGHUP"))
    hush_c_libraries()
    lines = receive(orders)
    arrived: list[tuple[float, str]] = []
    try:
        wish = next(lines)
        with closing(open_system(Backend(*wish["backend"]))) as system:
            there = system.inputs()
            name = match(wish["input"], there, "input")
            if name is None:
                raise PortError(f"no MIDI input matches {wish['input']!r}; found: {listed(there)}")
            system.open_input(Choice(name), lambda at, message: arrived.append((at, message.hex())))
            send(answers, {"opened": name})
            gc.collect()
            gc.freeze()
            next(lines, None)
    except StopIteration:
        return 0
    except PortError as error:
        send(answers, {"error": str(error)})
        return 2
    send(answers, {"arrived": arrived})
    return 0


if __name__ == "__main__":
    os._exit(main())  # as the MIDI process does
