"""Calls from MIDI files: every good one in beats, every bad one refused in one line and in time."""

import io
import os
from pathlib import Path
from time import process_time

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.errors import MidiFileError
from sideslip.listen.quantise import Played
from sideslip.music.meter import Meter
from sideslip.stage.files.call import MAX_BEATS, MAX_BYTES, MAX_NOTES, melody, read_call
from sideslip.stage.files.smf import MAX_EVENTS, parse

ON, OFF = b"\x90\x3c\x50", b"\x80\x3c\x40"


def chunk(name: bytes, data: bytes) -> bytes:
    return name + len(data).to_bytes(4) + data


def smf(*tracks: bytes, kind: int = 1, division: int = 480) -> bytes:
    head = kind.to_bytes(2) + min(len(tracks), 0xFFFF).to_bytes(2) + division.to_bytes(2)
    return chunk(b"MThd", head) + b"".join(chunk(b"MTrk", track) for track in tracks)


NOTE = b"\x00" + ON + b"\x83\x60" + OFF  # a quarter note at 480
END = b"\x00\xff\x2f\x00"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "call.mid"


def saved(path: Path, tracks: list[list[mido.Message | mido.MetaMessage]], kind: int = 1, division: int = 96) -> Path:
    file = mido.MidiFile(type=kind, ticks_per_beat=division)
    file.tracks.extend(mido.MidiTrack(track) for track in tracks)
    file.save(path)
    return path


def test_a_call_is_in_beats_with_tempo_and_metre(path: Path) -> None:
    first = [
        mido.MetaMessage("time_signature", numerator=3, denominator=4),
        mido.MetaMessage("set_tempo", tempo=375_000),
    ]
    second = [
        mido.Message("note_on", note=60, velocity=80, time=48),
        mido.Message("sysex", data=(1, 2, 3), time=0),
        mido.Message("note_off", note=60, velocity=64, time=96),
    ]
    call = read_call(saved(path, [first, second]), Meter(3, 4))
    assert call.messages == ((0.5, ON), (1.5, OFF))
    assert (call.tempo, call.meter, call.end) == (160.0, Meter(3, 4), 1.5)


def test_a_beat_is_the_lower_number_of_the_metre(path: Path) -> None:
    track = [
        mido.MetaMessage("time_signature", numerator=6, denominator=8),
        mido.MetaMessage("set_tempo", tempo=500_000),
        mido.Message("note_on", note=60, velocity=80, time=96),
        mido.Message("note_off", note=60, velocity=64, time=48),
    ]
    call = read_call(saved(path, [track], kind=0))
    assert call.messages == ((2.0, ON), (3.0, OFF))
    assert call.tempo == 240.0


def test_what_the_file_does_not_say_is_none(path: Path) -> None:
    path.write_bytes(smf(NOTE + END))
    call = read_call(path, Meter(3, 4))
    assert (call.tempo, call.meter) == (None, None)


def test_running_status_unknown_chunks_and_a_missing_end_are_read(path: Path) -> None:
    path.write_bytes(smf(b"\x00" + ON + b"\x60\x3c\x00") + chunk(b"XFIH", b"anything") + chunk(b"MTrk", NOTE))
    assert [message for _, message in read_call(path).messages] == [ON, ON, b"\x90\x3c\x00", OFF]


def test_of_a_sessions_file_only_the_player_is_heard(path: Path) -> None:
    tracks = [
        [mido.MetaMessage("track_name", name=name), mido.Message("note_on", note=note, velocity=80)]
        for name, note in (("player", 60), ("partner", 72))
    ]
    assert read_call(saved(path, tracks)).messages == ((0.0, ON),)


def test_a_melody_is_what_was_played_with_pedals_and_without_drums() -> None:
    messages = [
        (0.0, b"\xb0\x40\x7f"),  # the pedal goes down
        (0.0, b"\x99\x26\x50"),
        (0.5, b"\x90\x3c\x50"),
        (0.5, b"\x89\x26\x40"),
        (1.0, b"\x80\x3c\x40"),
        (1.5, b"\xb0\x40\x00"),  # and up
        (2.0, b"\x91\x3e\x51"),
        (2.0, b"\x90\x3e\x52"),
        (3.0, b"\x90\x3e\x00"),
    ]
    assert melody(messages, 4.0) == [Played(0.5, 1.5, 60, 80), Played(2.0, 3.0, 62, 82), Played(2.0, 4.0, 62, 81)]


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "it is not a MIDI file"),
        (b"RIFF" + bytes(100), "it is not a MIDI file"),
        (smf(NOTE + END, kind=2), "it is of type 2; types 0 and 1 can be played"),
        (smf(NOTE + END, division=0xE728), "SMPTE frames"),
        (smf(NOTE + END, division=0), "ticks per quarter note are needed"),
        (smf(NOTE + END)[:-3], "it is truncated: a track is to end at byte 35, the file ends at 32"),
        (smf(END), "it has no notes"),
        (smf(b"\x00\x90\x3c\x00" + END), "it has no notes"),
        (smf(b"\x00\x3c\x50"), "no MIDI message"),
        (smf(b"\x00\x90\x3c\x80"), "no MIDI message"),
        (smf(b"\x00\xf4"), "no MIDI message"),
        (smf(b"\x00\x90\x3c"), "an event runs past the end of its track"),
        (smf(b"\x00\xff\x03\x20abc"), "an event runs past the end of its track"),
        (smf(b"\xff" * 1000), "a number that does not end"),
        (smf(b"\x00\xff"), "a number that does not end"),
        (smf(b"\x00\xff\x58\x04\x04\x05\x18\x08" + NOTE), "it is in 4/32, which is no metre of a chart"),
        (smf(b"\x00\xff\x58\x04\x05\x02\x18\x08" + NOTE), "it is in 5/4, the chart in 4/4; choose a chart in 5/4"),
        (
            smf(b"\x00\xff\x58\x04\x04\x02\x18\x08\x00\xff\x58\x04\x03\x02\x18\x08" + NOTE),
            "its metre changes from 4/4 to 3/4|it is in 3/4, the chart in 4/4",
        ),
        (smf(b"\xff\xff\xff\x7f" + ON + END, division=1), "it lasts 268435455 beats"),
    ],
)
def test_what_cannot_be_used_is_refused(path: Path, data: bytes, complaint: str) -> None:
    path.write_bytes(data)
    with pytest.raises(MidiFileError, match=complaint) as caught:
        read_call(path, Meter(4, 4))
    assert str(caught.value).startswith(f"cannot use {path}: ")
    assert "\n" not in str(caught.value)


def test_a_metre_that_changes_is_refused_without_a_chart_too(path: Path) -> None:
    path.write_bytes(smf(b"\x00\xff\x58\x04\x04\x02\x18\x08\x00\xff\x58\x04\x03\x02\x18\x08" + NOTE))
    with pytest.raises(MidiFileError, match="its metre changes from 4/4 to 3/4; a tune has one"):
        read_call(path)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MidiFileError, match="it is a folder, not a file"):
        read_call(tmp_path)
    with pytest.raises(MidiFileError, match="No such file"):
        read_call(tmp_path / "none.mid")
    large = tmp_path / "large.mid"
    with large.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(MidiFileError, match=f"it has {MAX_BYTES + 1} bytes, at most {MAX_BYTES} are read"):
        read_call(large)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names on this system")
def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(MidiFileError, match="it is a pipe, not a file"):
        read_call(tmp_path / "pipe")


@pytest.mark.parametrize(
    "data",
    [
        smf(b"\x00\x90" + b"\x3c\x50\x00" * 3_300_000),  # as many events as fit
        smf(b"\x00\xff\x01\x00" * 2_400_000),
        smf(b"\x80" * 9_900_000),
        smf(*[b""] * 1_200_000),
    ],
)
def test_the_worst_files_take_less_than_two_seconds(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    began = process_time()
    with pytest.raises(MidiFileError, match=f"more than {MAX_EVENTS} events|a number that does not end|past the end"):
        read_call(path)
    assert process_time() - began < 2.0


@given(st.binary(max_size=60), st.integers(0, 2))
def test_rubbish_is_read_or_refused(rubbish: bytes, tracks: int) -> None:
    for data in (rubbish, smf(rubbish, NOTE + rubbish, kind=tracks)):
        try:
            parse(data)
        except MidiFileError as error:
            assert str(error).startswith("it ")


messages = st.one_of(
    st.builds(lambda c, n, v: mido.Message("note_on", channel=c, note=n, velocity=v), *[st.integers(0, 15)] * 3),
    st.builds(lambda c, v: mido.Message("control_change", channel=c, control=64, value=v), *[st.integers(0, 15)] * 2),
    st.builds(lambda p: mido.Message("pitchwheel", pitch=p), st.integers(-8192, 8191)),
    st.builds(lambda p: mido.Message("program_change", program=p), st.integers(0, 127)),
)


@given(st.lists(st.tuples(messages, st.integers(0, 2**28 - 1)), max_size=20))
def test_what_mido_writes_is_read(written: list[tuple[mido.Message, int]]) -> None:
    file = mido.MidiFile(type=1, ticks_per_beat=96)
    file.tracks.append(mido.MidiTrack(message.copy(time=delta) for message, delta in written))
    buffer = io.BytesIO()
    file.save(file=buffer)
    now, want = 0, []
    for message, delta in written:
        now += delta
        want.append((now, bytes(message.bytes())))
    assert parse(buffer.getvalue()).tracks[0].messages == tuple(want)


def test_a_call_that_lasts_too_long_is_refused(path: Path) -> None:
    far = [mido.Message("note_on", note=60, time=0), mido.Message("note_on", note=62, time=96 * (MAX_BEATS + 1))]
    with pytest.raises(MidiFileError, match=f"it lasts 100001 beats, at most {MAX_BEATS} are played"):
        read_call(saved(path, [far]))


def test_a_call_of_too_many_notes_is_refused(path: Path) -> None:
    path.write_bytes(smf((b"\x01" + ON) * (MAX_NOTES + 1) + END))
    with pytest.raises(MidiFileError, match=f"it has 60001 notes, at most {MAX_NOTES} are played"):
        read_call(path)
