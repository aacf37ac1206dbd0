"""Which port is meant: forgiving, and never a guess."""

import pytest

from sideslip.errors import PortError
from sideslip.stage.midi.names import Choice, choose, match, stem
from sideslip.stage.midi.ports import Backend, no_system

NAMES = ["Midi Through:Midi Through Port-0 14:0", "KeyLab 49:KeyLab MIDI 1 20:0", "Nord Stage:Nord MIDI 24:0", "nord"]


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        ("KeyLab 49:KeyLab MIDI 1 20:0", 1),
        ("KeyLab 49:KeyLab MIDI 1", 1),  # the numbers change
        ("keylab 49:keylab midi 1", 1),
        ("keylab", 1),
        ("Stage", 2),
        ("nord", 3),  # exact before part
        ("NORD", 3),
        ("through", 0),
    ],
)
def test_a_name_means_one_port(wanted: str, meant: int) -> None:
    assert match(wanted, NAMES, "input") == NAMES[meant]


def test_an_ambiguous_name_is_refused_with_what_it_may_mean() -> None:
    with pytest.raises(PortError) as caught:
        match("midi", NAMES, "input")
    assert str(caught.value) == (
        "several MIDI inputs match 'midi': 'Midi Through:Midi Through Port-0 14:0', 'KeyLab 49:KeyLab MIDI 1 20:0', "
        "'Nord Stage:Nord MIDI 24:0'; use more of the name"
    )


def test_a_name_that_is_not_there_becomes_a_virtual_port_where_there_are_such() -> None:
    assert choose("Rhodes", NAMES, "output", can_make_virtual=True) == Choice("Rhodes", virtual=True)
    with pytest.raises(PortError, match=r"no MIDI output matches 'Rhodes'; found: 'nord'; .*loopMIDI"):
        choose("Rhodes", ["nord"], "output", can_make_virtual=False)


def test_without_a_wish_the_only_port_is_taken() -> None:
    assert choose(None, ["sideslip out:keys", *NAMES[:2]], "input", can_make_virtual=True) == Choice(NAMES[1])
    assert choose(None, NAMES[:1], "input", can_make_virtual=True) == Choice("sideslip", virtual=True)
    with pytest.raises(PortError, match=r"several MIDI inputs are here: .*; choose one with --in"):
        choose(None, NAMES, "input", can_make_virtual=True)
    with pytest.raises(PortError, match="found: none"):
        choose(None, [], "output", can_make_virtual=False)


def test_a_stem_is_a_name_without_alsas_numbers() -> None:
    assert stem("Nord Stage:Nord MIDI 24:0") == "Nord Stage:Nord MIDI"
    assert stem("hsynth:synth") == "hsynth:synth"


@pytest.mark.parametrize(
    ("text", "backend"),
    [
        ("jack", Backend(None, "jack")),
        ("UNIX_JACK", Backend(None, "jack")),
        ("rtmidi2", Backend("rtmidi2", None)),
        ("rtmidi2/alsa", Backend("rtmidi2", "alsa")),
        ("mido.backends.rtmidi/UNIX_JACK", Backend("rtmidi", "jack")),
        ("mido.backends.rtmidi", Backend("rtmidi", None)),
        ("WINDOWS_MM", Backend(None, "winmm")),
    ],
)
def test_back_ends_go_by_our_names_and_those_of_others(text: str, backend: Backend) -> None:
    assert Backend.parse(text) == backend


@pytest.mark.parametrize("text", ["", "pulse", "jack/jack", "rtmidi/rtmidi2", "jack/"])
def test_an_unknown_back_end_is_refused_with_the_possible_ones(text: str) -> None:
    with pytest.raises(PortError, match=f"no MIDI back end is called '{text}'; possible: alsa, jack, coremidi, winmm"):
        Backend.parse(text)


@pytest.mark.parametrize(
    ("option", "environment", "backend"),
    [
        (None, {}, Backend()),
        (None, {"RTMIDI_API": "UNIX_JACK"}, Backend(None, "jack")),
        (
            None,
            {"RTMIDI_API": "LINUX_ALSA", "MIDO_BACKEND": "mido.backends.rtmidi/UNIX_JACK"},
            Backend("rtmidi", "jack"),
        ),
        (None, {"MIDO_BACKEND": "mido.backends.portmidi", "RTMIDI_API": ""}, Backend()),
        ("alsa", {"RTMIDI_API": "UNIX_JACK"}, Backend(None, "alsa")),
    ],
)
def test_the_option_comes_before_the_environment(
    option: str | None, environment: dict[str, str], backend: Backend
) -> None:
    assert Backend.chosen(option, environment) == backend


def test_no_system_says_what_to_do_in_one_line() -> None:
    error = no_system("jack", "MidiOutJack::initialize: JACK server not running?")
    assert str(error) == (
        "no MIDI system: jack does not answer (JACK server not running); start a JACK server, "
        "or choose another by --backend"
    )
