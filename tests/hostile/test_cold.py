"""From a cold start, as a player meets it: a hostile file is refused within two seconds of processor time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from . import data, music
from .cases import ROOT, SECONDS

resource = pytest.importorskip("resource")

CASES = {
    "midi": ("a.mid", dict(music.midi_files())["metas-without-end"], ["analyze", "a.mid", "--chart", "blues-in-f"]),
    "chart": ("a.txt", dict(music.charts())["repeats"], ["charts", "a.txt"]),
    "score": ("a.mxl", music.zipped({"a.xml": b"<score-partwise><part>" + b"<note/>" * 900_000}), ["charts", "a.mxl"]),
    "settings": ("a.toml", dict(data.settings_files())["dotted"], ["jam", "--config", "a.toml"]),
    "journal": ("a.journal", dict(data.journals())["one-endless-line"], ["replay", "a.journal"]),
}
"""The slowest of each kind."""


@pytest.mark.parametrize("kind", CASES)
def test_a_hostile_file_costs_less_than_two_seconds_from_the_start(kind: str, tmp_path: Path) -> None:
    name, content, arguments = CASES[kind]
    (tmp_path / name).write_bytes(content)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "sideslip.cli", *arguments],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and name in done.stderr, done.stderr
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < SECONDS
