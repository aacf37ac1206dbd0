"""A MIDI system without MIDI: it records what is sent, and plays what a test wants heard."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from sideslip.errors import PortError
from sideslip.stage.clock import monotonic
from sideslip.stage.midi.names import Choice
from sideslip.stage.midi.ports import OnMessage, SendsAtOnce


class FakeMidi:
    """Ports by name, on a clock that `now` tells. `sent` is all that was sent, by port, in order; `open_ports` the
    names of those open now."""

    def __init__(
        self,
        inputs: Iterable[str] = (),
        outputs: Iterable[str] = (),
        can_make_virtual: bool = True,
        now: Callable[[], float] = monotonic,
    ) -> None:
        self.api, self.now = "fake", now
        self._inputs, self._outputs = list(inputs), list(outputs)
        self._hearing: dict[str, OnMessage] = {}
        self.can_make_virtual = can_make_virtual
        self.sent: defaultdict[str, list[bytes]] = defaultdict(list)
        self.open_ports: list[str] = []
        self.dead = False

    def inputs(self) -> list[str]:
        """Names of the ports that can be heard."""
        return list(self._inputs)

    def outputs(self) -> list[str]:
        """Names of the ports that can be played."""
        return list(self._outputs)

    def open_input(self, choice: Choice, on_message: OnMessage) -> "FakePort":
        """Hear a port."""
        port = FakePort(self, self._there(choice, self._inputs))
        self._hearing[choice.name] = on_message
        return port

    def open_output(self, choice: Choice) -> "FakePort":
        """Play a port."""
        return FakePort(self, self._there(choice, self._outputs))

    def check(self) -> None:
        """Raises PortError once `dead` is set."""
        if self.dead:
            raise PortError("the MIDI system is dead")

    def close(self) -> None:
        """Let go of every port."""
        self.open_ports.clear()

    def play(self, name: str, at: float, message: bytes) -> None:
        """Have a message come in at a port, if someone hears it."""
        if name in self.open_ports:
            self._hearing[name](at, message)

    def plug(self, inputs: Iterable[str] = (), outputs: Iterable[str] = ()) -> None:
        """Add ports."""
        self._inputs += inputs
        self._outputs += outputs

    def unplug(self, name: str) -> None:
        """Take a port away; what is sent to it from now on is refused."""
        for names in (self._inputs, self._outputs):
            if name in names:
                names.remove(name)

    def _there(self, choice: Choice, names: list[str]) -> str:
        if choice.virtual:
            names.append(choice.name)
        elif choice.name not in names:
            raise PortError(f"there is no port {choice.name!r}")
        return choice.name


class FakePort(SendsAtOnce):
    """An open port of a `FakeMidi`, which sends at once."""

    def __init__(self, system: FakeMidi, name: str) -> None:
        super().__init__(system.now)
        self._system, self._name = system, name
        system.open_ports.append(name)

    def _put(self, message: bytes) -> None:
        if self._name not in self._system.outputs():
            raise PortError(f"the port {self._name!r} is gone")
        self._system.sent[self._name].append(message)

    def close(self) -> None:
        """Let go of the port."""
        self._system.open_ports.remove(self._name)
