"""What is no file, or is called oddly, given to every option that takes one: one clear line, and no waiting."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from . import data, music
from .cases import ROOT, Case, faults, run

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="cases are forked")

IT = "{it}"
CALL, CHART = ["good.mid"], ["--chart", "blues-in-f"]
READERS = {
    "analyze": ["analyze", IT, *CHART],
    "analyze chart": ["analyze", *CALL, "--chart", IT],
    "rehearse": ["rehearse", IT, *CHART, "--out", "out.mid"],
    "rehearse chart": ["rehearse", *CALL, "--chart", IT, "--out", "out.mid"],
    "charts": ["charts", IT],
    "demo": ["demo", "--chart", IT, "--out", "out"],
    "jam": ["jam", "--config", IT],
    "jam chart": ["jam", "--chart", IT],
    "replay": ["replay", IT],
    "prepare": [str(ROOT / "scripts" / "prepare_data.py"), IT, "--out", "out.jsonl"],
}
WRITERS = {
    "analyze": ["analyze", *CALL, *CHART, "--picture", IT],
    "rehearse": ["rehearse", *CALL, *CHART, "--out", IT],
    "rehearse trace": ["rehearse", *CALL, *CHART, "--out", "out.mid", "--trace", IT],
    "jam journal": ["jam", "--journal", IT],
    "jam save": ["jam", "--save", IT],
    "replay": ["replay", "good.journal", "--out", IT],
    "prepare": [str(ROOT / "scripts" / "prepare_data.py"), "good.jsonl", "--out", IT],
    "demo": ["demo", "--out", IT],
}

NAMES = {
    "missing": "missing.mid",
    "missing folder": "no/such/folder/it.mid",
    "folder": "folder.mid",
    "folder as one": "good.mid/it.mid",
    "pipe": "pipe.mid",
    "socket": "socket.mid",
    "loop": "loop.mid",
    "device": "/dev/zero",
    "long": "x" * 5000 + ".mid",
    "long folder": "x/" * 3000 + ".mid",
    "empty": "",
    "climbing": "../" * 200 + "nowhere/it.mid",
    "escapes": "\x1b]0;owned\x07\x1b[31m\u202e\nfake.mid",
    "no UTF-8": "caf\udce9\udcff.mid",
    "option": "--it.mid",
    "address": "http://127.0.0.1:1/it.mid",
    "shell": "$(touch executed);`touch executed`|touch executed.mid",
}
"""What an option is given."""

MID, SUFFIXES = ".mid", {"analyze": ".svg", "prepare": ".jsonl"}
"""How what is written is called, and by whom in another way."""

WRITTEN = ("folder", "folder as one", "missing folder", "pipe", "socket", "long", "long folder", "climbing")
"""Where nothing can be written."""

MADE = ("folder", "missing folder", "climbing", "long folder")
"""What `demo` makes, or takes, as its folder."""


def place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with what is special in it, and with files that are whole."""
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "good.mid").write_bytes(music.smf(music.NOTE * 8 + music.END))
    (folder / "good.journal").write_bytes(data.written(data.journal()))
    (folder / "good.jsonl").write_bytes(data.written([data.solo()]))
    for suffix in (MID, *SUFFIXES.values()):
        (folder / f"folder{suffix}").mkdir()
        os.mkfifo(f"pipe{suffix}")
        (folder / f"loop{suffix}").symlink_to(f"loop{suffix}")
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(f"socket{suffix}")


def wrong(found: list[Case]) -> Iterator[tuple[str, list[str]]]:
    for case, ended in zip(found, run(found), strict=True):
        told = [fault for fault in faults(case, ended, "", True) if not fault.startswith("made")]
        if told:
            yield case.name, told


def test_what_cannot_be_read_is_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "here"
    place(here, monkeypatch)
    before = sorted(os.listdir(here))
    found = [
        Case(f"{command}: {name}", here, [it if word == IT else word for word in words])
        for command, words in READERS.items()
        for name, it in NAMES.items()
        if not (command == "prepare" and name == "option")  # its parser says how it is used
    ]
    assert dict(wrong(found)) == {}
    assert sorted(os.listdir(here)) == before and os.listdir(tmp_path) == ["here"]


def test_what_cannot_be_written_is_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "here"
    place(here, monkeypatch)
    before = sorted(os.listdir(here))
    found = [
        Case(f"{command}: {name}", here, [it if word == IT else word for word in words])
        for command, words in WRITERS.items()
        for name in WRITTEN
        for it in [NAMES[name].replace(MID, SUFFIXES.get(command, MID))]
        if not (command == "demo" and name in MADE)
    ]
    assert dict(wrong(found)) == {}
    assert sorted(os.listdir(here)) == before and os.listdir(tmp_path) == ["here"]
