"""One port and its comings and goings: opened, looked after, opened again when it is back."""

from collections.abc import Callable
from typing import Generic, TypeVar

from sideslip.stage.midi.names import Choice, stem
from sideslip.stage.midi.ports import InPort, OutPort

Port = TypeVar("Port", InPort, OutPort)


class Door(Generic[Port]):
    """The way to one port; `choice` is how it is called now, `port` None while it is not open. A virtual one never
    goes.

    `names` tells which are there, `open` opens one. Both raise PortError, and so do all methods but `close`.
    """

    def __init__(self, choice: Choice, names: Callable[[], list[str]], open: Callable[[Choice], Port]) -> None:
        self.choice = choice
        self.port: Port | None = None
        self._names = names
        self._open: Callable[[Choice], Port] = open

    def enter(self) -> Port:
        """Open the port."""
        self.port = self._open(self.choice)
        return self.port

    def enter_again(self) -> Port | None:
        """Open the port if it is there, by whatever numbers it goes by now; None if it is not."""
        found = self._find()
        if found is None:
            return None
        self.choice = found
        return self.enter()

    def is_lost(self) -> bool:
        """Whether the open port has gone; one that was plugged in anew has, too."""
        return self.port is not None and self._find() != self.choice

    def close(self) -> None:
        """Let go of the port."""
        port, self.port = self.port, None
        if port is not None:
            port.close()

    def _find(self) -> Choice | None:
        if self.choice.virtual:
            return self.choice
        there = [name for name in self._names() if stem(name) == stem(self.choice.name)]
        return Choice(self.choice.name if self.choice.name in there else there[0]) if there else None
