"""Pairing: every note that begins ends exactly once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.listen.notes import Heard, Key, NoteEnded, NotePairer, NoteStarted

ON, OFF, CC = 0x90, 0x80, 0xB0


def heard(*messages: tuple[int, ...]) -> list[Heard]:
    """What each message gives, one a second from 0."""
    pairer = NotePairer()
    return [pairer.feed(float(at), bytes(message)) for at, message in enumerate(messages)]


def test_a_note_begins_and_ends() -> None:
    assert heard((ON, 60, 90), (OFF, 60, 64)) == [
        (NoteStarted(0.0, 0, 60, 90),),
        (NoteEnded(1.0, 0.0, 0, 60, 90),),
    ]


def test_velocity_zero_ends_a_note() -> None:
    assert heard((ON, 60, 90), (ON, 60, 0))[1] == (NoteEnded(1.0, 0.0, 0, 60, 90),)


def test_a_key_struck_again_ends_its_note_first() -> None:
    assert heard((ON, 60, 90), (ON, 60, 50), (OFF, 60, 0)) == [
        (NoteStarted(0.0, 0, 60, 90),),
        (NoteEnded(1.0, 0.0, 0, 60, 90), NoteStarted(1.0, 0, 60, 50)),
        (NoteEnded(2.0, 1.0, 0, 60, 50),),
    ]


def test_the_same_pitch_on_two_channels_is_two_keys() -> None:
    assert heard((ON, 60, 90), (ON + 1, 60, 90), (OFF, 60, 0))[2] == (NoteEnded(2.0, 0.0, 0, 60, 90),)


def test_the_pedal_holds_what_was_let_go_until_it_lifts() -> None:
    assert heard((CC, 64, 127), (ON, 60, 90), (ON, 64, 80), (OFF, 60, 0), (CC, 64, 63))[3:] == [
        (),
        (NoteEnded(4.0, 1.0, 0, 60, 90),),  # 64 is still under a finger
    ]


def test_a_held_note_struck_again_ends_first_and_belongs_to_the_finger() -> None:
    results = heard((CC, 64, 64), (ON, 60, 90), (OFF, 60, 0), (ON, 60, 70), (CC, 64, 0), (OFF, 60, 0))
    assert results[3] == (NoteEnded(3.0, 1.0, 0, 60, 90), NoteStarted(3.0, 0, 60, 70))
    assert results[4:] == [(), (NoteEnded(5.0, 3.0, 0, 60, 70),)]


def test_a_pedal_is_its_channels_own() -> None:
    assert heard((CC + 1, 64, 127), (ON, 60, 90), (OFF, 60, 0))[2] == (NoteEnded(2.0, 1.0, 0, 60, 90),)


def test_all_sound_off_ends_what_only_the_pedal_holds() -> None:
    results = heard((CC, 64, 127), (ON, 60, 90), (OFF, 60, 0), (ON, 62, 90), (ON + 1, 62, 90), (CC, 120, 0))
    assert results[5] == (NoteEnded(5.0, 1.0, 0, 60, 90),)


@pytest.mark.parametrize("mode", [120, 123, 124, 127])
def test_a_key_that_is_down_sounds_on_whatever_a_host_sends(mode: int) -> None:
    assert heard((ON, 60, 90), (CC, mode, 0), (OFF, 60, 0))[1:] == [(), (NoteEnded(2.0, 0.0, 0, 60, 90),)]
    pedal = heard((CC, 64, 127), (ON, 60, 90), (CC, mode, 0), (CC, 64, 0), (OFF, 60, 0))
    assert pedal[2:] == [(), (), (NoteEnded(4.0, 1.0, 0, 60, 90),)]


@pytest.mark.parametrize("mode", [120, 123, 124, 127])
def test_a_note_whose_end_was_lost_ends_with_the_next_one(mode: int) -> None:
    results = heard((ON, 60, 90), (ON + 1, 67, 90), (CC, mode, 0), (ON, 64, 90), (ON + 2, 65, 90), (OFF, 60, 0))
    assert results[3] == (NoteEnded(3.0, 0.0, 0, 60, 90), NoteStarted(3.0, 0, 64, 90))
    assert results[4:] == [(NoteStarted(4.0, 2, 65, 90),), ()]
    elsewhere = heard((ON, 60, 90), (CC, mode, 0), (ON + 1, 67, 90))
    assert elsewhere[2] == (NoteEnded(2.0, 0.0, 0, 60, 90), NoteStarted(2.0, 1, 67, 90))


def test_reset_of_the_controllers_lifts_the_pedal() -> None:
    assert heard((CC, 64, 127), (ON, 60, 90), (OFF, 60, 0), (CC, 121, 0))[3] == (NoteEnded(3.0, 1.0, 0, 60, 90),)


def test_system_reset_ends_everything() -> None:
    assert len(heard((ON, 60, 90), (ON + 9, 36, 90), (0xFF,))[2]) == 2


def test_rubbish_means_nothing() -> None:
    rubbish = [(), (ON,), (ON, 60), (60, 90), (ON, 60, 128), (ON, 200, 90), (ON, 60, 90, 0), (0xF8,), (0xFE,)]
    rubbish += [
        (0xF0, 1, 0xF7),
        (0xF0, 1, 2, 0xF7),
        (0xE0, 0, 64),
        (0xA0, 60, 90),
        (0xC0, 3),
        (CC, 1, 64),
        (OFF, 60, 0),
    ]
    assert heard(*rubbish) == [()] * len(rubbish)


def test_a_note_never_ends_before_it_began() -> None:
    pairer = NotePairer()
    pairer.feed(2.0, bytes((ON, 60, 90)))
    assert pairer.feed(1.5, bytes((OFF, 60, 0))) == (NoteEnded(2.0, 2.0, 0, 60, 90),)


def test_sounding_is_in_order_of_beginning() -> None:
    pairer = NotePairer()
    for pitch in (64, 60, 67, 60):
        pairer.feed(0.0, bytes((ON, pitch, 90)))
    assert [note.pitch for note in pairer.sounding] == [64, 67, 60]


few_keys = st.builds(
    lambda status, channel, pitch, velocity: bytes((status | channel, pitch, velocity)),
    st.sampled_from((ON, OFF)),
    st.integers(0, 1),
    st.integers(60, 62),
    st.sampled_from((0, 1, 90, 128)),
)
controls = st.builds(
    lambda channel, controller, value: bytes((CC | channel, controller, value)),
    st.integers(0, 1),
    st.sampled_from((1, 64, 120, 121, 123, 126)),
    st.sampled_from((0, 63, 64, 127)),
)
messages = st.lists(few_keys | controls | st.binary(max_size=4) | st.just(b"\xff"), max_size=60)


@given(messages)
def test_every_end_has_one_start_and_every_start_one_end(stream: list[bytes]) -> None:
    pairer = NotePairer()
    open_notes: dict[Key, NoteStarted] = {}
    for at, message in enumerate(stream):
        follow(open_notes, pairer.feed(float(at), message))
        assert {(note.channel, note.pitch): note for note in pairer.sounding} == open_notes
    follow(open_notes, pairer.end_all(float(len(stream))))
    assert not open_notes
    assert pairer.sounding == pairer.end_all(1e6) == ()


def follow(open_notes: dict[Key, NoteStarted], events: Heard) -> None:
    """Keep the book of sounding notes; fails on an end without a start and on a start of a key that sounds."""
    for event in events:
        key = (event.channel, event.pitch)
        if isinstance(event, NoteStarted):
            assert key not in open_notes
            open_notes[key] = event
        else:
            began = open_notes.pop(key)
            assert (event.began, event.velocity) == (began.at, began.velocity)
            assert event.at >= event.began


@given(messages)
def test_nothing_outlives_end_all(stream: list[bytes]) -> None:
    pairer = NotePairer()
    for message in stream:
        pairer.feed(0.0, message)
    pairer.end_all(1.0)
    pairer.feed(2.0, bytes((ON, 60, 90)))
    assert pairer.feed(3.0, bytes((OFF, 60, 0))) == (NoteEnded(3.0, 2.0, 0, 60, 90),)  # no pedal is left down
