"""The MIDI system of this machine: which library, and which API it talks to."""

from contextlib import suppress
from importlib.util import find_spec

from sideslip.errors import PortError
from sideslip.stage.midi.null_system import NullSystem
from sideslip.stage.midi.ports import LIBRARIES, NOWHERE, Backend, MidiSystem
from sideslip.stage.midi.rtmidi_system import Binding, RtMidiSystem


def open_system(backend: Backend) -> MidiSystem:
    """The MIDI system of a back end: the one asked for, else the system's own, else JACK where its server runs.

    JACK is spoken to by JACK-Client, which can queue ahead, unless a library is named or that one is not there. Raises
    PortError if no library is installed; an API that does not answer is noticed when its ports are wanted.
    """
    if backend == NOWHERE:
        return NullSystem()
    if backend.api == "jack" and (client := _jack_client(backend)) is not None:
        return client
    library = _installed(backend)
    system = _rtmidi(library, backend.api_here)
    if backend.api or _answers(system):
        return system
    system.close()
    jack = _jack_client(backend) or _rtmidi(library, "jack")
    return jack if _answers(jack) else _rtmidi(library, backend.api_here)


def _jack_client(backend: Backend) -> MidiSystem | None:
    """A client of the JACK server; None where another library is wanted, JACK-Client is not there, or no server is."""
    if backend.library is not None or find_spec("jack") is None:
        return None
    with suppress(OSError, PortError):  # an OSError where JACK's own library is not installed
        from sideslip.stage.midi.jack_system import JackSystem

        return JackSystem()
    return None


def _installed(backend: Backend) -> str:
    """The library of RtMidi to use."""
    libraries = [backend.library] if backend.library else list(LIBRARIES)
    installed = [name for name in libraries if find_spec(name) is not None]
    if not installed:
        packages = " or ".join(LIBRARIES[name] for name in libraries)
        raise PortError(f"live MIDI needs a library that is not installed: pip install {packages}")
    return installed[0]


def _rtmidi(library: str, api: str) -> MidiSystem:
    binding: Binding
    if library == "rtmidi":
        from sideslip.stage.midi.bind_rtmidi import PythonRtMidi

        binding = PythonRtMidi(api)
    else:
        from sideslip.stage.midi.bind_rtmidi2 import RtMidi2

        binding = RtMidi2(api)
    return RtMidiSystem(binding, api)


def _answers(system: MidiSystem) -> bool:
    try:
        system.inputs()
    except PortError:
        return False
    return True
