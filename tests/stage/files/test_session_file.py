"""A session's MIDI file: everything where players and programs look for it, the same bytes again, never half a file."""

from pathlib import Path

import mido
import pytest

from sideslip.errors import SettingError
from sideslip.listen.tempo import TempoMap
from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.meter import Meter
from sideslip.stage.files.call import read_call
from sideslip.stage.files.session_file import Track, note_track, write_session

CHANGES = Changes((0, 48), (parse_chord("F7"), parse_chord("BbΔ7")), 96)
PLAYER = Track("player", ((0.0, b"\x90\x3c\x50"), (0.98, b"\x80\x3c\x40")))
PARTNER = note_track("partner", [(4.0, 4.5, 65, 90), (4.667, 5.2, 67, 70)], channel=1, program=66)


def absolute(track: mido.MidiTrack) -> list[tuple[int, mido.Message | mido.MetaMessage]]:
    now, timed = 0, []
    for message in track:
        now += message.time
        timed.append((now, message.copy(time=0)))
    return timed


def notes(track: mido.MidiTrack) -> list[tuple[int, str, int]]:
    return [(tick, m.type, m.note) for tick, m in absolute(track) if m.type in ("note_on", "note_off")]


@pytest.fixture
def session(tmp_path: Path) -> mido.MidiFile:
    path = tmp_path / "session.mid"
    write_session(path, [PLAYER, PARTNER], CHANGES, TempoMap(140.0), "Two chords", "Bb", length=192)
    return mido.MidiFile(path, charset="utf-8")


def test_the_first_track_says_tempo_metre_key_and_every_change_of_chord(session: mido.MidiFile) -> None:
    assert (session.type, session.ticks_per_beat) == (1, 480)
    assert absolute(session.tracks[0]) == [
        (0, mido.MetaMessage("track_name", name="Two chords")),
        (0, mido.MetaMessage("set_tempo", tempo=428_571)),
        (0, mido.MetaMessage("time_signature", numerator=4, denominator=4)),
        (0, mido.MetaMessage("key_signature", key="Bb")),
        (0, mido.MetaMessage("marker", text="F7")),
        (1920, mido.MetaMessage("marker", text="BbΔ7")),
        (3840, mido.MetaMessage("marker", text="F7")),
        (5760, mido.MetaMessage("marker", text="BbΔ7")),
        (7680, mido.MetaMessage("end_of_track")),
    ]


def test_the_parts_follow_by_name_as_they_were_played(session: mido.MidiFile) -> None:
    player, partner = session.tracks[1:]
    assert (player.name, partner.name) == ("player", "partner")
    assert notes(player) == [(0, "note_on", 60), (470, "note_off", 60)]
    assert notes(partner) == [
        (1920, "note_on", 65),
        (2160, "note_off", 65),
        (2240, "note_on", 67),
        (2496, "note_off", 67),
    ]
    assert partner[1] == mido.Message("program_change", channel=1, program=66)


def test_the_same_session_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.mid", "b.mid"):
        write_session(tmp_path / name, [PLAYER, PARTNER], CHANGES, TempoMap(140.0), "Two chords", "Bb")
    assert (tmp_path / "a.mid").read_bytes() == (tmp_path / "b.mid").read_bytes()


def test_what_was_heard_can_be_heard_again(tmp_path: Path) -> None:
    write_session(tmp_path / "s.mid", [PLAYER, PARTNER], CHANGES, TempoMap(140.0))
    call = read_call(tmp_path / "s.mid", CHANGES.meter)
    assert [message for _, message in call.messages] == [message for _, message in PLAYER.messages]
    assert [beat for beat, _ in call.messages] == pytest.approx([beat for beat, _ in PLAYER.messages], abs=1 / 960)
    assert call.tempo == pytest.approx(140, abs=1e-3)


def test_beats_of_six_eight_are_eighths(tmp_path: Path) -> None:
    changes = Changes((0,), (parse_chord("F7"),), 72, Meter(6, 8))
    write_session(tmp_path / "s.mid", [note_track("partner", [(6.0, 7.0, 60, 80)])], changes, TempoMap(240.0))
    file = mido.MidiFile(tmp_path / "s.mid")
    assert notes(file.tracks[1]) == [(1440, "note_on", 60), (1680, "note_off", 60)]
    assert [m.tempo for m in file.tracks[0] if m.type == "set_tempo"] == [500_000]


def test_changes_are_marked_to_the_end_of_the_last_bar(tmp_path: Path) -> None:
    write_session(tmp_path / "s.mid", [note_track("partner", [(16.0, 16.5, 60, 80)])], CHANGES, TempoMap(140.0))
    timed = absolute(mido.MidiFile(tmp_path / "s.mid", charset="utf-8").tracks[0])
    assert [tick for tick, m in timed if m.type == "marker"] == [0, 1920, 3840, 5760, 7680]
    assert timed[-1] == (9600, mido.MetaMessage("end_of_track"))


def test_what_is_still_held_at_the_end_is_released(tmp_path: Path) -> None:
    held = Track(
        "player", ((0.0, b"\xb2\x40\x7f"), (1.0, b"\x92\x3c\x50"), (1.0, b"\x92\x3e\x50"), (2.0, b"\x92\x3e\x00"))
    )
    write_session(tmp_path / "s.mid", [held], CHANGES, TempoMap(140.0))
    timed = absolute(mido.MidiFile(tmp_path / "s.mid").tracks[1])
    assert timed[-3:-1] == [
        (1920, mido.Message("control_change", channel=2, control=64, value=0)),
        (1920, mido.Message("note_off", channel=2, note=60)),
    ]


def test_what_sounds_before_bar_1_begins_at_tick_0(tmp_path: Path) -> None:
    write_session(
        tmp_path / "s.mid",
        [note_track("player", [(-2.0, -1.0, 60, 80), (-0.5, 0.5, 62, 80)])],
        CHANGES,
        TempoMap(140.0),
    )
    assert notes(mido.MidiFile(tmp_path / "s.mid").tracks[1]) == [
        (0, "note_on", 60),
        (0, "note_off", 60),
        (0, "note_on", 62),
        (240, "note_off", 62),
    ]


def test_a_pitch_struck_while_it_sounds_ends_first() -> None:
    track = note_track("partner", [(0.0, 2.0, 60, 80), (1.0, 3.0, 60, 81), (3.0, 3.0, 60, 82)])
    assert track.messages == (
        (0.0, b"\x90\x3c\x50"),
        (1.0, b"\x80\x3c\x40"),
        (1.0, b"\x90\x3c\x51"),
        (3.0, b"\x80\x3c\x40"),
        (3.0, b"\x90\x3c\x52"),
        (3.0, b"\x80\x3c\x40"),
    )


def test_of_strikes_of_one_pitch_at_one_tick_the_last_sounds() -> None:
    track = note_track("partner", [(1.0, 2.0, 60, 80), (1.0, 2.0, 64, 80), (1.0001, 3.0, 60, 81)])
    assert track.messages == (
        (1.0, b"\x90\x40\x50"),
        (1.0001, b"\x90\x3c\x51"),
        (2.0, b"\x80\x40\x40"),
        (3.0, b"\x80\x3c\x40"),
    )


@pytest.mark.parametrize("key", ["", "H", "G# major"])
def test_a_key_that_no_signature_says_is_left_out(tmp_path: Path, key: str) -> None:
    write_session(tmp_path / "s.mid", [PLAYER], CHANGES, TempoMap(140.0), key=key)
    assert "key_signature" not in [m.type for m in mido.MidiFile(tmp_path / "s.mid").tracks[0]]


def test_a_file_that_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    folder = tmp_path / "taken.mid"
    (folder / "inside").mkdir(parents=True)
    with pytest.raises(SettingError, match=r"cannot write .*taken\.mid: "):
        write_session(folder, [PLAYER], CHANGES, TempoMap(140.0))
    assert [entry.name for entry in tmp_path.iterdir()] == ["taken.mid"]
    with pytest.raises(SettingError, match="No such file"):
        write_session(tmp_path / "no" / "s.mid", [PLAYER], CHANGES, TempoMap(140.0))
