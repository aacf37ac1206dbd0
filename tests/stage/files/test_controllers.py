"""A device's controllers in their file: kept, read again, and nothing that a file could do."""

import logging
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sideslip.band.bindings import CONTROLS, USUAL, Bindings, can_be_bound
from sideslip.errors import SettingError
from sideslip.stage.files.controllers import controllers_file, keep_controllers, read_controllers

knobs = st.tuples(st.none() | st.integers(0, 15), st.integers(0, 127).filter(can_be_bound))
bindings = st.dictionaries(knobs, st.sampled_from(CONTROLS), max_size=7).filter(
    lambda found: len(set(found.values())) == len(found)
)
patient = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path


def warned(caplog: pytest.LogCaptureFixture) -> list[str]:
    lines = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    caplog.clear()
    return lines


@patient
@given(st.text(max_size=300), bindings)
def test_what_is_kept_is_read_under_whatever_name(device: str, chosen: Bindings) -> None:
    keep_controllers(device, chosen)
    assert read_controllers(device) == chosen


def test_a_device_is_known_without_its_numbers_and_never_leaves_the_folder(folder: Path) -> None:
    assert controllers_file("KeyLab:KeyLab MIDI 1 28:0") == controllers_file("KeyLab:KeyLab MIDI 1 20:0")
    for device in ("../../etc/passwd", "/etc/passwd", "..", "a\\b", "a/b", "CON\0", "\udc80"):
        assert controllers_file(device).parent == controllers_file("keys").parent
        assert controllers_file(device).resolve().is_relative_to(folder.resolve())
    assert controllers_file("a/b") != controllers_file("a_b")


def test_where_nothing_was_kept_the_usual_ones_count(caplog: pytest.LogCaptureFixture) -> None:
    assert read_controllers("keys") is USUAL and warned(caplog) == []


def test_a_file_of_ones_own_may_leave_out_channels() -> None:
    keep_controllers("keys", {}).write_text("outside = { controller = 7 }\npanic = { controller = 7, channel = 16 }\n")
    assert read_controllers("keys") == {(None, 7): "outside", (15, 7): "panic"}


@pytest.mark.parametrize(
    "text",
    [
        "outside = 74",
        "outside = [74]",
        'outside = { controller = "74" }',
        "outside = { controller = true }",
        "outside = { controller = 74.0 }",
        "outside = { controller = 64 }",
        "outside = { controller = 128 }",
        "outside = { controller = -1 }",
        f"outside = {{ controller = 0x{'f' * 90_000} }}",
        "outside = { channel = 1 }",
        "outside = { controller = 74, channel = 0 }",
        "outside = { controller = 74, channel = 17 }",
        "outside = { controller = 74, channel = true }",
        "outside = { controller = 74, extra = 1 }",
        "volume = { controller = 74 }",
        "outside = { controller = 7 }\ndensity = { controller = 7 }",
        "[outside",
        "a." * 40_000 + "b = 1",
        "outside = " + "[" * 40_000,
        "x" * 200_000,
    ],
)
def test_a_damaged_file_costs_one_line(text: str, caplog: pytest.LogCaptureFixture) -> None:
    path = keep_controllers("keys", {})
    path.write_text(text)
    assert read_controllers("keys") is USUAL
    (line,) = warned(caplog)
    assert str(path) in line and "\n" not in line and len(line) < len(str(path)) + 300


@patient
@given(st.binary(max_size=200))
def test_whatever_a_file_holds_there_are_controllers(data: bytes) -> None:
    keep_controllers("keys", {}).write_bytes(data)
    assert set(read_controllers("keys").values()) <= set(CONTROLS)


def test_what_is_no_file_costs_one_line(caplog: pytest.LogCaptureFixture) -> None:
    path = keep_controllers("keys", {})
    path.unlink()
    os.mkfifo(path)
    assert read_controllers("keys") is USUAL and len(warned(caplog)) == 1
    path.unlink()
    path.symlink_to(path)
    assert read_controllers("keys") is USUAL and len(warned(caplog)) == 1
    path.unlink()
    path.mkdir()
    assert read_controllers("keys") is USUAL and len(warned(caplog)) == 1


def test_a_folder_that_cannot_be_made_is_one_clear_line(folder: Path) -> None:
    (folder / "sideslip").write_text("")
    with pytest.raises(SettingError, match=r"cannot write .*keys\.toml"):
        keep_controllers("keys", USUAL)
