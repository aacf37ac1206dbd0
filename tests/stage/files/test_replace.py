"""A user's file is either the old one or the new one, and a mistake is told in one line."""

import os
from pathlib import Path

import pytest

from sideslip.errors import SettingError
from sideslip.stage.files.replace import check_replaceable, replace_file


def test_it_replaces_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "take"
    path.write_bytes(b"the take before")
    replace_file(path, b"the new one")
    assert path.read_bytes() == b"the new one"
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "take"
    path.write_bytes(b"the take before")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(SettingError, match=r"cannot write .*take: No space left on device"):
        replace_file(path, b"the new one")
    assert path.read_bytes() == b"the take before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"cannot write .*nowhere.*: No such file or directory"):
        replace_file(tmp_path / "nowhere" / "take", b"")


def test_a_file_in_the_place_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for write in (lambda path: replace_file(path, b""), check_replaceable):
        with pytest.raises(SettingError, match=r"cannot write .*take: Not a directory"):
            write(tmp_path / "file" / "take")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names on this system")
def test_a_pipe_is_refused_without_waiting_and_stays_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    for write in (lambda path: replace_file(path, b""), check_replaceable):
        with pytest.raises(SettingError, match=r"cannot write .*pipe: it is a pipe"):
            write(path)
    assert path.is_fifo() and list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name != "posix", reason="no devices in the file system")
def test_a_device_is_written_to_and_stays_what_it_is() -> None:
    check_replaceable("/dev/null")
    replace_file("/dev/null", b"a take")
    assert Path("/dev/null").is_char_device()


@pytest.mark.skipif(os.name != "posix", reason="links and rights as POSIX has them")
def test_links_rights_and_files_beside_stay_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    real, link, beside = tmp_path / "far" / "real", tmp_path / "take", tmp_path / ".take.part"
    real.write_bytes(b"the take before")
    real.chmod(0o640)
    link.symlink_to(real)
    beside.write_bytes(b"mine")
    replace_file(link, b"the new one")
    assert link.is_symlink() and real.read_bytes() == b"the new one"
    assert real.stat().st_mode & 0o777 == 0o640 and beside.read_bytes() == b"mine"
    plain = tmp_path / "plain"
    plain.touch()
    replace_file(tmp_path / "new", b"")
    assert (tmp_path / "new").stat().st_mode == plain.stat().st_mode


def test_whether_a_file_can_be_written_is_known_before_and_nothing_is_touched(tmp_path: Path) -> None:
    path = tmp_path / "take"
    check_replaceable(path)
    assert list(tmp_path.iterdir()) == []
    path.write_bytes(b"the take before")
    check_replaceable(path)
    assert path.read_bytes() == b"the take before"
    assert list(tmp_path.iterdir()) == [path]
    for wrong, says in ((tmp_path / "nowhere" / "take", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(SettingError, match=rf"cannot write .*{says}"):
            check_replaceable(wrong)
