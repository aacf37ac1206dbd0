"""A port that goes is missed, and found again under whatever name it comes back."""

import pytest

from sideslip.errors import PortError
from sideslip.stage.midi.doors import Door
from sideslip.stage.midi.names import Choice
from sideslip.stage.midi.ports import OutPort
from sideslip.testing import FakeMidi


def door(midi: FakeMidi, name: str, virtual: bool = False) -> Door[OutPort]:
    return Door(Choice(name, virtual), midi.outputs, midi.open_output)


def test_a_port_goes_and_comes_back() -> None:
    midi = FakeMidi(outputs=["synth"])
    way = door(midi, "synth")
    way.enter()
    assert not way.is_lost()
    midi.unplug("synth")
    assert way.is_lost()
    way.close()
    assert way.port is None and way.enter_again() is None and not way.is_lost()
    midi.plug(outputs=["synth"])
    assert way.enter_again() is way.port is not None
    assert midi.open_ports == ["synth"]


def test_one_plugged_in_anew_goes_by_other_numbers_and_is_opened_by_them() -> None:
    midi = FakeMidi(outputs=["Nord:Nord MIDI 1 20:0"])
    way = door(midi, "Nord:Nord MIDI 1 20:0")
    way.enter()
    midi.unplug("Nord:Nord MIDI 1 20:0")
    midi.plug(outputs=["Nord:Nord MIDI 1 24:0"])
    assert way.is_lost()
    way.close()
    way.enter_again()
    assert midi.open_ports == ["Nord:Nord MIDI 1 24:0"] and not way.is_lost()


def test_a_virtual_port_never_goes() -> None:
    way = door(FakeMidi(), "synth", virtual=True)
    way.enter()
    assert not way.is_lost()


def test_one_that_is_not_there_the_first_time_is_an_error() -> None:
    with pytest.raises(PortError):
        door(FakeMidi(), "synth").enter()
