"""A user's file is either the old one or the new one, and a mistake is told in one line."""

import os
from pathlib import Path

import pytest

from sideslip.errors import SettingError
from sideslip.stage.files.replace import replace_file


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
