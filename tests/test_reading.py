"""A user's file is read whole or refused, at once, in words."""

import os
import socket
from pathlib import Path

import pytest

from sideslip.reading import check_file, read_bytes, read_text


def reason(path: Path, most: int = 100) -> str:
    with pytest.raises(OSError) as caught:
        read_bytes(path, most)
    return str(caught.value.strerror)


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbfhello")
    assert read_bytes(tmp_path / "a", 8) == b"\xef\xbb\xbfhello" and read_text(tmp_path / "a", 8) == "hello"


def test_what_is_too_large_or_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"caf\xe9")
    assert reason(tmp_path / "a", 3) == "it has 4 bytes, at most 3 are read"
    with pytest.raises(OSError, match="it is not text in UTF-8"):
        read_text(tmp_path / "a", 4)


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    assert reason(tmp_path / "none") == "No such file or directory"
    assert reason(tmp_path / ("x" * 5000)) == "File name too long"
    assert reason(tmp_path / "a\0b") == "no file can be called that"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names on this system")
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    monkeypatch.chdir(tmp_path)  # a socket's name is short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
    assert reason(tmp_path / "pipe") == "it is a pipe, not a file"
    assert reason(tmp_path / "socket") == "it is a socket, not a file"
    assert reason(tmp_path) == "it is a folder, not a file"
    assert reason(Path(os.devnull)) == "it is a device, not a file"
    assert "symbolic links" in reason(tmp_path / "loop")


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="no files that do not know their size on this system"
)
def test_a_file_that_does_not_know_its_size_is_bounded_too() -> None:
    check_file(Path("/proc/self/status"), 10)
    assert reason(Path("/proc/self/status"), 10) == "it has more than 10 bytes"
