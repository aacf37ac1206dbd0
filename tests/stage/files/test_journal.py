"""A journal gives back what was written, and says in one line what is wrong with it."""

import logging
import os
from dataclasses import replace
from pathlib import Path

import pytest

from sideslip.band.events import Event, Heard, Ideas, Nudged, Stopped, Turned, Woken
from sideslip.errors import JournalError
from sideslip.music.dialogue import Idea
from sideslip.music.phrase import Note, Phrase
from sideslip.stage.files.journal import MAX_LINE, Header, JournalReader, JournalWriter

HEADER = Header({"outside": 0.4, "trade": 4}, "title: Blues\n| F7 |\n", 3, "0123456789ab")
EVENTS: list[Event] = [
    Woken(0.0),
    Heard(1 / 3, b"\x90\x3c\x50"),
    Turned(1.0, "outside", 0.9),
    Turned(1.0, "trade", "free"),
    Nudged(1.0, "lay_out", 1),
    Ideas(1.5, 1, (Idea(Phrase((Note(48, 60, 6, 80),)), "lick", ""),), 0.06),
    Stopped(2.0),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "gig.jsonl"
    with JournalWriter(path, HEADER) as journal:
        for event in EVENTS:
            journal.write(event)
    return path


def test_what_is_written_is_read(path: Path) -> None:
    reader = JournalReader(path)
    assert reader.header == HEADER
    assert list(reader) == EVENTS


def test_every_event_is_in_the_file_as_soon_as_it_is_written(tmp_path: Path) -> None:
    journal = JournalWriter(tmp_path / "gig.jsonl", HEADER)
    journal.write(EVENTS[1])
    assert list(JournalReader(tmp_path / "gig.jsonl")) == [EVENTS[1]]
    journal.close()


@pytest.mark.parametrize("torn", range(1, 60))
def test_a_torn_last_line_is_left_out(path: Path, torn: int) -> None:
    text = path.read_bytes()
    last = text.rstrip(b"\n").rfind(b"\n") + 1
    path.write_bytes(text[: max(last, len(text) - 1 - torn)])
    assert list(JournalReader(path)) == EVENTS[:-1]


def test_a_wrong_line_within_is_an_error_with_its_number(path: Path) -> None:
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines[:2], '{"event": "woken"}\n', *lines[2:]]))
    reader = iter(JournalReader(path))
    next(reader)
    with pytest.raises(JournalError, match=r"gig.jsonl, line 3: 'at' is missing"):
        next(reader)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "is no journal"),
        (b"MThd\x00\xff\xfe", "is no journal"),
        (b'{"sideslip_journal": 99}\n', "is no journal of form 1"),
        (b'{"sideslip_journal": 1}\n', "line 1: settings, chart and seed were expected"),
        (b"x" * (MAX_LINE + 1), "line 1: longer than"),
    ],
)
def test_what_is_no_journal_is_refused(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "gig.jsonl"
    path.write_bytes(content)
    with pytest.raises(JournalError, match=complaint):
        JournalReader(path)


def test_a_file_that_is_not_there_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match=r"cannot read the journal .*No such file"):
        JournalReader(tmp_path / "none.jsonl")
    with pytest.raises(JournalError, match="it is a folder, not a file"):
        JournalReader(tmp_path)
    with pytest.raises(JournalError, match=r"the journal cannot be begun: cannot write .*No such file"):
        JournalWriter(tmp_path / "no" / "folder.jsonl", HEADER)


def test_the_journal_that_was_there_is_whole_until_the_new_one_has_begun(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        with pytest.raises(JournalError, match="No space left on device"):
            JournalWriter(path, HEADER)
    assert path.read_bytes() == before
    JournalWriter(path, HEADER).close()
    assert before.startswith(path.read_bytes()) and list(JournalReader(path)) == []
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_journal_of_before_ears_had_names_is_read(path: Path) -> None:
    path.write_text(path.read_text().replace(',"ear":"0123456789ab"', ""))
    assert JournalReader(path).header == replace(HEADER, ear="")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names on this system")
def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(JournalError, match="it is a pipe, not a file"):
        JournalReader(tmp_path / "pipe")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full on this system")
def test_a_full_disk_does_not_stop_the_music(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), JournalWriter(Path("/dev/full"), HEADER) as journal:
        journal.write(EVENTS[0])
        journal.write(EVENTS[0])
    assert [record.getMessage() for record in caplog.records] == [
        "the journal cannot be written any further (is the disk full?); the music goes on"
    ]


def test_a_moment_beyond_any_gig_is_refused(path: Path) -> None:
    with path.open("a") as file:
        file.write('{"event": "woken", "at": 1e9}\n')
    with pytest.raises(JournalError, match=r"line 9: a gig lasts at most 24 hours; found the moment 1e\+09 s"):
        list(JournalReader(path))
