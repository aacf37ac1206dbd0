"""The scripts from end to end, on made solos and weights that know nothing."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

pytest.importorskip("torch")

from sideslip.propose.checkpoint import write_weights
from sideslip.testing.weights import TINY, random_weights
from sideslip.train.solos import Solo

pytestmark = [pytest.mark.torch, pytest.mark.slow]

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"


def run(script: str, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPTS / script), *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=100, check=False, env=os.environ | environment
    )


@pytest.fixture
def files(
    tmp_path: Path, made: Callable[..., Solo], written: Callable[[Path, Sequence[Solo]], Path]
) -> tuple[object, ...]:
    """Arguments that name a model, solos held out, and solos to learn from."""
    styles = ("COOL", "POSTBOP", "SWING")
    solos = [made(seed, notes=250, id=f"solo-{seed}", style=styles[seed % 3]) for seed in range(6)]
    write_weights(tmp_path / "model.safetensors", TINY, random_weights())
    held_out, train = written(tmp_path / "val.jsonl", solos[:2]), written(tmp_path / "train.jsonl", solos[2:])
    return "--model", tmp_path / "model.safetensors", "--data", held_out, "--train", train


def test_what_the_proposer_does_is_told_in_figures(files: tuple[object, ...]) -> None:
    done = run("evaluate_proposer.py", *files, "--contexts", 4, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["contexts"] == 4 and found["solos"] == 2
    for name in ("outside", "density", "register", "style"):
        assert -1 <= found[name]["single"] <= 1
    assert {"style_ceiling", "free", "endings", "calls", "likeness_to_calls"} <= found.keys()


def test_without_solos_to_learn_from_style_is_left_out(files: tuple[object, ...]) -> None:
    done = run("evaluate_proposer.py", *files[:4], "--contexts", 2)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert "density" in lines and "style" not in lines


def test_the_comparison_writes_the_same_bytes_again(files: tuple[object, ...], tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        page, picture = tmp_path / name / "likeness.md", tmp_path / name / "likeness.svg"
        done = run("compare_phrases.py", *files, "--contexts", 4, "--out", page, "--picture", picture)
        assert (done.returncode, done.stderr) == (0, "")
        assert page.read_text() in done.stdout and "](likeness.svg)" in page.read_text()
    for file in ("likeness.md", "likeness.svg"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_without_matplotlib_only_the_picture_is_left_out(files: tuple[object, ...], tmp_path: Path) -> None:
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "matplotlib.py").write_text("raise ImportError('not here')")
    page, picture = tmp_path / "likeness.md", tmp_path / "likeness.svg"
    done = run(
        "compare_phrases.py", *files, "--contexts", 2, "--out", page, "--picture", picture, "--json",
        PYTHONPATH=str(tmp_path / "hidden"),
    )  # fmt: skip
    assert done.returncode == 0 and len(done.stderr.splitlines()) == 1 and "matplotlib" in done.stderr
    assert not picture.exists() and "svg" not in page.read_text() and json.loads(done.stdout)["answers"] == 4


@pytest.mark.parametrize(
    ("arguments", "word"),
    [(("--picture", "a.gif"), ".svg or .png"), (("--contexts", "1"), "2 to 10000"), (("--data", "none"), "No such")],
)
def test_a_mistake_is_one_line(files: tuple[object, ...], arguments: tuple[str, ...], word: str) -> None:
    done = run("compare_phrases.py", *files, *arguments)
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1 and word in done.stderr
