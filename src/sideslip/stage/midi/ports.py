"""The seam to MIDI: what the stage needs of a MIDI system, and which of the installed libraries gives it.

A library is python-rtmidi or rtmidi2, whichever is installed (the former first); an API is what it talks to: ALSA,
JACK, CoreMIDI or Windows. Nothing is opened before a port is listed or opened.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from sideslip.errors import PortError
from sideslip.stage.clock import monotonic
from sideslip.stage.midi.names import Choice

OnMessage = Callable[[float, bytes], None]
"""Called in the driver's thread with the `monotonic` moment and the bytes of a message; may only stamp and append."""


class InPort(Protocol):
    """An input that is open."""

    def close(self) -> None:
        """Hear nothing more."""
        ...


class Sent(NamedTuple):
    """A message that was sent: when it was due and when it went, in seconds."""

    due: float
    at: float
    message: bytes


class OutPort(Protocol):
    """An output that is open. Moments are `monotonic` seconds."""

    @property
    def ahead(self) -> float:
        """How long before a message is due it is to be handed over, in s; 0 where it is sent at once."""
        ...

    def send(self, message: bytes, due: float) -> None:
        """Send a message at once, or, where it is handed over ahead, when it is due.

        The messages of one note go in the order in which they are handed over. Raises PortError if the port is gone.
        """
        ...

    def sent(self) -> list[Sent]:
        """What has gone since this was last asked."""
        ...

    def close(self) -> None:
        """Let go of the port."""
        ...


class SendsAtOnce:
    """What ports that send at once have in common; `now` tells the moment."""

    ahead = 0.0

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._sent: list[Sent] = []

    def send(self, message: bytes, due: float) -> None:
        """Send a message now."""
        at = self._now()
        self._put(message)
        self._sent.append(Sent(due, at, message))

    def sent(self) -> list[Sent]:
        """What has gone since this was last asked."""
        sent, self._sent = self._sent, []
        return sent

    def _put(self, message: bytes) -> None:
        """Hand a message to the driver. Raises PortError if the port is gone."""
        raise NotImplementedError


class MidiSystem(Protocol):
    """Where ports are found and opened. Every method raises PortError if there is no such system or port."""

    @property
    def api(self) -> str:
        """Whose ports they are: a key of `APIS`."""
        ...

    @property
    def can_make_virtual(self) -> bool:
        """Whether the system has virtual ports."""
        ...

    def inputs(self) -> list[str]:
        """Names of the ports that can be heard."""
        ...

    def outputs(self) -> list[str]:
        """Names of the ports that can be played."""
        ...

    def open_input(self, choice: Choice, on_message: OnMessage) -> InPort:
        """Hear a port."""
        ...

    def open_output(self, choice: Choice) -> OutPort:
        """Play a port."""
        ...

    def check(self) -> None:
        """Raises PortError once the whole system has gone, as a server that died has."""
        ...

    def close(self) -> None:
        """Let go of every port and client: a JACK server waits for ever for one that only goes away."""
        ...


APIS = {
    "alsa": "LINUX_ALSA",
    "jack": "UNIX_JACK",
    "coremidi": "MACOSX_CORE",
    "winmm": "WINDOWS_MM",
}
"""Our names for the APIs, and RtMidi's, which are accepted too."""

LIBRARIES = {"rtmidi": "python-rtmidi", "rtmidi2": "rtmidi2"}
"""Modules that serve, in order of preference, and the packages they come in."""


_HOME = {"linux": "alsa", "darwin": "coremidi", "win32": "winmm"}  # what a system has unless told otherwise


@dataclass(frozen=True, slots=True)
class Backend:
    """A library (None: whichever is installed) and an API (None: the system's own)."""

    library: str | None = None
    api: str | None = None

    @property
    def api_here(self) -> str:
        """The API that is used: the one named, else the system's own."""
        return self.api or _HOME.get(sys.platform, "jack")

    @classmethod
    def parse(cls, text: str) -> "Backend":
        """Read "jack", "UNIX_JACK", "rtmidi2", "rtmidi2/jack" or mido's "mido.backends.rtmidi/UNIX_JACK"."""
        names = {ours.upper(): ours for ours in APIS} | {theirs: ours for ours, theirs in APIS.items()}
        library, api = None, None
        for word in text.split("/"):
            if word.rpartition(".")[2] in LIBRARIES and library is None:
                library = word.rpartition(".")[2]
            elif word.upper() in names and api is None:
                api = names[word.upper()]
            else:
                possible = ", ".join([*APIS, *LIBRARIES])
                raise PortError(f"no MIDI back end is called {text!r}; possible: {possible}, or both as rtmidi2/jack")
        return cls(library, api)

    @classmethod
    def chosen(cls, option: str | None, environment: Mapping[str, str]) -> "Backend":
        """The back end of the option, else of the variables MIDO_BACKEND and RTMIDI_API, else the system's own.

        Raises PortError for a wrong option; variables may be meant for other programs, and wrong ones are passed over.
        """
        if option is not None:
            return cls.parse(option)
        for name in ("MIDO_BACKEND", "RTMIDI_API"):
            try:
                if environment.get(name):
                    return cls.parse(environment[name])
            except PortError:
                continue
        return cls()


NOWHERE = Backend(api="nowhere")
"""Ports that lead nowhere; no option names it."""


HINTS = {
    "alsa": "is the snd-seq kernel module loaded? JACK is chosen by --backend jack",
    "jack": "start a JACK server, or choose another by --backend",
    "coremidi": "is the MIDI server of macOS running?",
    "winmm": "is a MIDI device installed?",
}
"""What to do where an API does not answer."""


def no_system(api: str, reason: object) -> PortError:
    """The error for an API that does not answer; of RtMidi's own words only the last are kept."""
    return PortError(
        f"no MIDI system: {api} does not answer ({str(reason).rpartition(': ')[2].strip(' .?')}); {HINTS[api]}"
    )


@contextmanager
def quiet() -> Iterator[None]:
    """While inside, what C libraries print on standard error is not seen: they chatter, and we say it in one line."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
