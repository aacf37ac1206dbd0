"""Settings in a file: read as if typed, and every mistake one line that names the file."""

import importlib.util
from pathlib import Path

import pytest

from sideslip.config import MOST_BYTES, named_with, read_settings
from sideslip.errors import ChartError, SettingError

KEYS = ("in", "tempo", "outside")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gig.toml"


def test_values_are_as_typed(path: Path) -> None:
    path.write_text('in = "KeyLab"\ntempo = 140\noutside = 0.6\n')
    assert read_settings(path, KEYS) == {"in": "KeyLab", "tempo": "140", "outside": "0.6"}


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"loudness = 3", "there is no setting 'loudness'; possible: in, tempo, outside"),
        (b"tempo = ", "Invalid value"),
        (b"tempo = 1\ntempo = 2", "Cannot overwrite a value"),
        (b"MThd\x00\x00\xff\xfe", "it is not text in UTF-8"),
        (b"[tempo]\nbpm = 3", "tempo takes a text or a number, found dict"),
        (b"tempo = " + b"1" * 5000, "no settings file: Exceeds the limit"),
        (b"tempo = 0x" + b"f" * 5000, "found a larger one"),
        (b"tempo = " + b"[" * 50_000, "no settings file"),
        (b"#" * (MOST_BYTES + 1), "it has 100001 bytes, at most 100000 are read; a small TOML file is wanted"),
        (b"a" + b".a" * 49_990 + b" = 1", "a line has more than 100 dots"),  # took 38 s and 10 GB
    ],
)
def test_what_is_no_settings_file_is_refused(path: Path, data: bytes, complaint: str) -> None:
    path.write_bytes(data)
    with pytest.raises(SettingError, match=complaint) as caught:
        read_settings(path, KEYS)
    assert str(caught.value).startswith(str(path)) and "\n" not in str(caught.value)


def test_what_is_not_there_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.toml", tmp_path):
        with pytest.raises(SettingError, match="is no settings file"):
            read_settings(path, KEYS)


@pytest.mark.torch
@pytest.mark.parametrize("content", [None, "[model", "[model]\nwings = 2\n", "model = 3\n"])
def test_training_refuses_settings_in_one_line_too(path: Path, content: str | None) -> None:
    script = Path(__file__).resolve().parents[1] / "scripts" / "train.py"
    spec = importlib.util.spec_from_file_location("train_script", script)
    assert spec is not None and spec.loader is not None
    train = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(train)
    if content is not None:
        path.write_text(content)
    with pytest.raises(SettingError, match=r"gig\.toml") as caught:
        train.settings(path)
    assert "\n" not in str(caught.value)


def test_a_mistake_found_later_is_told_with_the_file() -> None:
    told = r"too fast \(settings come from gig.toml, too\)"
    with pytest.raises(SettingError, match=told), named_with("gig.toml"):
        raise SettingError("too fast")
    with pytest.raises(ChartError, match=r"no chart$"), named_with(None):
        raise ChartError("no chart")


def test_true_and_false_are_yes_and_no(tmp_path: Path) -> None:
    (tmp_path / "gig.toml").write_text("anywhere = true\nloud = false\n")
    assert read_settings(tmp_path / "gig.toml", ["anywhere", "loud"]) == {"anywhere": "yes", "loud": "no"}
