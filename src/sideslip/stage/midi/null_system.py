"""Ports that lead nowhere, for measuring the rest of the way where there is no MIDI system."""

from sideslip.stage.midi.names import Choice
from sideslip.stage.midi.ports import OnMessage, SendsAtOnce


class NullPort(SendsAtOnce):
    """Takes everything, hears nothing."""

    def _put(self, message: bytes) -> None:
        pass

    def close(self) -> None:
        """Nothing was held."""


class NullSystem:
    """A system whose every port is virtual and leads nowhere."""

    api, can_make_virtual = "nowhere", True

    def inputs(self) -> list[str]:
        """None are there."""
        return []

    def outputs(self) -> list[str]:
        """None are there."""
        return []

    def open_input(self, choice: Choice, on_message: OnMessage) -> NullPort:
        """A port that hears nothing."""
        return NullPort()

    def open_output(self, choice: Choice) -> NullPort:
        """A port that plays nothing."""
        return NullPort()

    def check(self) -> None:
        """It never goes."""

    def close(self) -> None:
        """Nothing was held."""
