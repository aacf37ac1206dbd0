"""What of all that comes in is the player's playing."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.stage.midi.echo import ECHO
from sideslip.stage.midi.midi_in import Ear, Listener, Stamped, is_clock, is_sound, panics

ON, OFF = b"\x90\x3c\x50", b"\x80\x3c\x40"


@pytest.mark.parametrize("message", [ON, OFF, b"\x90\x3c\x00", b"\xb0\x40\x7f", b"\xe0\x00\x40", b"\xc0\x05"])
def test_whole_messages_are_heard(message: bytes) -> None:
    assert is_sound(message)


@pytest.mark.parametrize(
    "message",
    [
        *(b"", b"\x3c", b"\x90", b"\x90\x3c", b"\x90\x3c\x80", b"\x90\x3c\x50\x00", b"\xc0\x05\x05"),
        *(b"\xf0\x01\xf7", b"\xf7", b"\xfe", b"\xff", b"\xf1\x03", b"\xf8", b"\xfa", b"\xf8\x00"),
    ],
)
def test_rubbish_sysex_clock_and_signs_of_life_are_not(message: bytes) -> None:
    assert not is_sound(message)


TRANSPORT = [b"\xf8", b"\xfa", b"\xfb", b"\xfc", b"\xf2\x08\x7f"]


@pytest.mark.parametrize("message", TRANSPORT)
def test_clock_and_transport_are_heard_where_they_are_wanted(message: bytes) -> None:
    assert Ear(clock=True).lets_through(0.0, message)
    assert not Ear().lets_through(0.0, message)


@pytest.mark.parametrize(
    "message",
    [
        *(
            b"",
            b"\xf0\x01\xf7",
            b"\xf1\x03",
            b"\xf3\x01",
            b"\xf4",
            b"\xf5",
            b"\xf6",
            b"\xf7",
            b"\xf9",
            b"\xfd",
            b"\xfe",
        ),
        *(b"\xff", b"\xf8\x00", b"\xfa\xf8", b"\xf2\x08", b"\xf2\x08\x80", b"\xf2\x08\x00\x00"),
    ],
)
def test_no_other_system_message_is_ever_heard(message: bytes) -> None:
    assert not Ear(clock=True).lets_through(0.0, message)


def test_our_own_note_that_comes_back_is_no_news_and_neither_is_its_end() -> None:
    ear = Ear()
    ear.sent(1.0, ON)
    assert not ear.lets_through(1.003, ON)
    assert not ear.lets_through(1.5, OFF)
    assert ear.lets_through(2.0, ON)
    assert ear.lets_through(2.5, OFF)


def test_each_note_comes_back_once_and_soon() -> None:
    ear = Ear()
    ear.sent(1.0, ON)
    assert not ear.lets_through(1.01, ON)
    assert ear.lets_through(1.02, ON)
    ear.sent(2.0, ON)
    assert ear.lets_through(2.0 + ECHO + 0.01, ON)


def test_the_players_note_of_the_same_pitch_is_heard_and_ends() -> None:
    ear = Ear()
    ear.sent(1.0, ON)
    assert ear.lets_through(1.01, b"\x90\x3c\x51")  # struck otherwise
    assert ear.lets_through(1.02, OFF)


def test_what_is_held_is_let_go_when_the_keyboard_is_gone() -> None:
    ear = Ear()
    for message in (
        b"\x91\x3c\x50",
        b"\x90\x3e\x50",
        b"\x90\x3e\x00",
        b"\xb1\x40\x7f",
        b"\xb0\x42\x7f",
        b"\xb0\x42\x00",
    ):
        assert ear.lets_through(0.0, message)
    assert ear.let_go() == [b"\x81\x3c\x40", b"\xb1\x40\x00"]
    assert ear.let_go() == []


@given(st.booleans(), st.lists(st.tuples(st.booleans(), st.binary(max_size=4)), max_size=50))
def test_an_ear_stands_any_bytes(clock: bool, messages: list[tuple[bool, bytes]]) -> None:
    ear = Ear(clock)
    for n, (own, message) in enumerate(messages):
        if own and is_sound(message):
            ear.sent(n / 100, message)
        elif ear.lets_through(n / 100, message):
            assert is_sound(message) or (clock and is_clock(message))


def test_a_listener_hands_on_everything_in_order() -> None:
    heard: list[Stamped] = []
    listener = Listener(heard.extend)
    thread = threading.Thread(target=listener.run)
    thread.start()
    sent = [(n / 1000, bytes((0x90, n % 128, 1 + n % 127))) for n in range(3000)]
    for at, message in sent:
        listener.on_message(at, message)
        listener.on_message(at, b"\xfe")
    listener.stop()
    thread.join()
    assert heard == sent


def test_a_listener_keeps_clocks_between_the_notes_where_they_came() -> None:
    heard: list[Stamped] = []
    listener = Listener(heard.extend, clock=True)
    sent = [(n / 1000, message) for n, message in enumerate([b"\xfa", b"\xf8", ON, b"\xf8", OFF, b"\xfc"] * 300)]
    for at, message in sent:
        listener.on_message(at, message)
    listener.stop()
    listener.run()
    assert heard == sent


@pytest.mark.parametrize(
    ("message", "pressed"),
    [
        *((b"\xb0\x14\x40", True), (b"\xb5\x14\x7f", True), (b"\xb2\x15\x7f", True)),
        *((b"\xb0\x14\x3f", False), (b"\xb1\x15\x7f", False), (b"\x90\x14\x7f", False)),
        *((b"\xb0\x14\x80", False), (b"\xb0\x14", False), (b"", False)),
    ],
)
def test_a_controller_that_is_bound_to_panic_is_known_by_its_channel_and_number(message: bytes, pressed: bool) -> None:
    assert panics(message, [(None, 20), (2, 21)]) == pressed


def test_a_listener_tells_of_a_panic_before_it_hands_the_controller_on() -> None:
    told: list[object] = []
    listener = Listener(told.extend, bindings=[(None, 20)], on_panic=lambda: told.append("panic"))
    for message in (ON, b"\xb0\x14\x7f"):
        listener.on_message(1.0, message)
    listener.stop()
    listener.run()
    assert told == ["panic", (1.0, ON), (1.0, b"\xb0\x14\x7f")]


def test_a_listener_ends_what_was_held_when_the_keyboard_goes() -> None:
    heard: list[Stamped] = []
    listener = Listener(heard.extend)
    listener.on_message(1.0, ON)
    listener.gone(2.0)
    listener.gone(3.0)
    listener.stop()
    listener.run()
    assert heard == [(1.0, ON), (2.0, OFF)]


def test_while_a_line_carries_rubbish_its_controllers_turn_nothing() -> None:
    ear, knob, pedal = Ear(), b"\xb0\x15\x40", b"\xb0\x40\x7f"
    for n in range(7):
        ear.lets_through(0.01 * n, b"\x90\xff")
    assert ear.lets_through(0.1, knob)
    for n in range(100):
        assert not ear.lets_through(1.0 + 0.01 * n, b"\x3c")
    assert not ear.lets_through(2.0, knob)
    assert ear.lets_through(2.0, ON) and ear.lets_through(2.0, pedal) and ear.lets_through(2.0, b"\xb0\x7b\x00")
    assert ear.lets_through(3.0, knob)


def test_a_dump_of_sysex_is_no_rubbish() -> None:
    ear = Ear()
    for n in range(100):
        assert not ear.lets_through(0.01 * n, b"\xf0\x01\xf7")
    assert ear.lets_through(1.0, b"\xb0\x15\x40")
