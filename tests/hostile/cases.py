"""Command lines run and measured, and what is wrong with how they ended."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

SECONDS, MEGABYTES = 2.0, 500.0
"""What a file may take at most."""


@dataclass(frozen=True)
class Case:
    """A command on a file in a folder of its own."""

    name: str
    folder: Path
    arguments: list[str]


def run(found: Sequence[Case]) -> list[dict[str, Any]]:
    """How each case ended."""
    path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    said = subprocess.run(
        [sys.executable, Path(__file__).with_name("runner.py")],
        input=json.dumps([[str(case.folder), case.arguments] for case in found]),
        env=environment, capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    return [json.loads(line) for line in said.stdout.splitlines()]


def faults(case: Case, ended: dict[str, Any], name: str, refused: bool) -> Iterator[str]:
    """What is wrong with how a case ended."""
    err, out = ended["err"], ended["out"]
    if ended["seconds"] > SECONDS or ended["megabytes"] > MEGABYTES:
        yield f"took {ended['seconds']:.1f} s and {ended['megabytes']:.0f} MB"
    if ended["code"] not in ((2,) if refused else (0, 2)):
        yield f"ended with {ended['code']}: {err[-300:]}"
    if ended["code"] == 2 and not (err.startswith("sideslip: ") and err.count("\n") == 1 and len(err) < 600):
        yield f"is not one line: {err[-300:]}"
    if ended["code"] == 2 and refused and name not in err:
        yield f"does not name the file: {err}"
    if not all(c.isprintable() or c == "\n" for c in err + out):
        yield f"sends to the terminal {(err + out)!r:.300}"
    made = sorted(path.name for path in case.folder.iterdir() if path.name not in (name, "good.mid"))
    if made and (ended["code"] or not all(one.startswith("out.") for one in made)):
        yield f"made {made}"
