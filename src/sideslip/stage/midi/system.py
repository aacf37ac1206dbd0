"""The MIDI system of this machine: which library, and which API it talks to."""

from importlib.util import find_spec

from sideslip.errors import PortError
from sideslip.stage.midi.null_system import NullSystem
from sideslip.stage.midi.ports import LIBRARIES, NOWHERE, Backend, MidiSystem
from sideslip.stage.midi.rtmidi_system import Binding, RtMidiSystem


def open_system(backend: Backend) -> MidiSystem:
    """The MIDI system of a back end: the one asked for, else the system's own, else JACK where its server runs.

    Raises PortError if the library is not installed; an API that does not answer is noticed when its ports are wanted.
    """
    if backend == NOWHERE:
        return NullSystem()
    libraries = [backend.library] if backend.library else list(LIBRARIES)
    installed = [name for name in libraries if find_spec(name) is not None]
    if not installed:
        packages = " or ".join(LIBRARIES[name] for name in libraries)
        raise PortError(f"live MIDI needs a library that is not installed: pip install {packages}")
    system = _system(installed[0], backend.api_here)
    if backend.api or _answers(system):
        return system
    system.close()
    jack = _system(installed[0], "jack")
    return jack if _answers(jack) else _system(installed[0], backend.api_here)


def _system(library: str, api: str) -> MidiSystem:
    binding: Binding
    if library == "rtmidi":
        from sideslip.stage.midi.bind_rtmidi import PythonRtMidi

        binding = PythonRtMidi(api)
    else:
        from sideslip.stage.midi.bind_rtmidi2 import RtMidi2

        binding = RtMidi2(api)
    return RtMidiSystem(binding, can_make_virtual=api != "winmm")


def _answers(system: MidiSystem) -> bool:
    try:
        system.inputs()
    except PortError:
        return False
    return True
