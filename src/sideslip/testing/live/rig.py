"""The player's end: a keyboard to play and a synth that hears."""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from sideslip.stage.clock import monotonic
from sideslip.testing.live.player import Timed
from sideslip.testing.live.synth import Hearing, hearing

LONG = 20.0  # s; only a broken build waits this long


def wait_until(moment: float) -> None:
    """Sleep, then spin: the player must be steadier than what is measured."""
    while (left := moment - monotonic()) > 0:
        time.sleep(left - 0.0005 if left > 0.001 else 0)


class Rig:
    """A keyboard and a synth for a partner to open as "rig keys" and "rig synth", on the JACK server of `jack_server`.

    `heard` is what the synth was sent, with its `monotonic` moments. `thru`, if set, is told every message that the
    synth hears: a cable.
    """

    def __init__(self) -> None:
        from sideslip.stage.midi.bind_rtmidi import PythonRtMidi  # here, because not every machine has it

        self._rtmidi = PythonRtMidi("jack")
        self.heard: list[Timed] = []
        self.more = threading.Condition()
        self._plugging = threading.Lock()  # held while the keyboard is played, so that it is not pulled out then
        self.thru: Callable[[bytes], None] | None = None
        self.keys: Any = None
        self.synth: Any = None
        self.open_keys()
        self.open_synth()

    def open_keys(self) -> None:
        """Plug the keyboard in."""
        keys = self._rtmidi.client("output", "rig keys")
        self._rtmidi.open_virtual(keys, "keys")
        self.keys = keys

    def close_keys(self) -> None:
        """Pull the keyboard out."""
        with self._plugging:
            keys, self.keys = self.keys, None
        if keys is not None:
            self._rtmidi.close(keys, "output")

    def open_synth(self) -> None:
        """Plug the synth in."""
        self.synth = self._rtmidi.client("input", "rig synth")
        self._rtmidi.listen(self.synth, self._on_message)
        self._rtmidi.open_virtual(self.synth, "synth")

    def close_synth(self) -> None:
        """Pull the synth out."""
        synth, self.synth = self.synth, None
        if synth is not None:
            self._rtmidi.close(synth, "input")

    def close(self) -> None:
        """Pull both out."""
        self.close_synth()
        self.close_keys()

    def send(self, message: bytes) -> None:
        """Play one message now, on whatever is plugged in."""
        with self._plugging:
            if self.keys is not None:
                self.keys.send_message(message)

    def perform(self, messages: Iterable[Timed]) -> None:
        """Play each message at its `monotonic` moment; what is given first of two at one moment goes first."""
        for moment, message in sorted(messages, key=lambda timed: timed[0]):
            wait_until(moment)
            self.send(message)

    def struck(self, since: float = 0.0, until: float = float("inf")) -> list[float]:
        """The moments at which notes that the synth heard began."""
        return [at for at, m in self.heard if since <= at < until and m[0] & 0xF0 == 0x90 and m[2]]

    def hearing(self, until: float = float("inf")) -> Hearing:
        """What a strict synth knows at a moment."""
        return hearing(self.heard, until)

    def sounding(self, until: float = float("inf")) -> set[tuple[int, int]]:
        """(channel, pitch) of what a strict synth sounds at a moment; nothing was wrong on the way."""
        found = self.hearing(until)
        assert not (found.doubled or found.orphaned or found.malformed), found
        return set(found.sounding)

    def wait(self, fits: Callable[[list[bytes]], bool]) -> list[bytes]:
        """What the synth has heard, once it fits."""
        with self.more:
            assert self.more.wait_for(lambda: fits([m for _, m in self.heard]), LONG), self.heard
            return [m for _, m in self.heard]

    def _on_message(self, at: float, message: bytes) -> None:
        with self.more:
            self.heard.append((at, message))
            self.more.notify_all()
        if self.thru is not None:
            self.thru(message)
