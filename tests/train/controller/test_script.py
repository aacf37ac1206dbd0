"""The script from end to end, on made solos and weights that know nothing."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from sideslip.propose.checkpoint import write_weights
from sideslip.resources import resource
from sideslip.testing.weights import TINY, random_weights
from sideslip.train.controller.goals import GOALS
from sideslip.train.controller.groups import GROUPS
from sideslip.train.solos import Solo

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "evaluate_controller.py"


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=110, check=False, env=os.environ)


@pytest.fixture
def files(
    tmp_path: Path, made: Callable[..., Solo], written: Callable[[Path, Sequence[Solo]], Path]
) -> tuple[object, ...]:
    """Arguments that name solos and a model."""
    styles = ("COOL", "POSTBOP", "SWING")
    solos = [made(n, notes=120, id=f"solo-{n}", group=f"tune-{n}", style=styles[n % 3]) for n in range(3)]
    write_weights(tmp_path / "line.safetensors", TINY, random_weights())
    return "--data", written(tmp_path / "solos.jsonl", solos), "--model", tmp_path / "line.safetensors"


@pytest.mark.slow
def test_every_row_that_is_asked_for_is_measured(files: tuple[object, ...], tmp_path: Path) -> None:
    tiers = {"style_rank": {"COOL": 1, "SWING": 2, "POSTBOP": 3}, "performer_tier": {"Nobody": 0, "Nobody else": 1}}
    (tmp_path / "tiers.json").write_text(json.dumps(tiers))
    page = tmp_path / "controller.md"
    done = run(*files, "--quick", "--json", "--page", page)
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[0] == "measuring: ear" and "measuring: cost" in done.stderr
    found = json.loads(done.stdout)
    assert GOALS.keys() <= found.keys() and found["contexts"] > 0
    assert found["goals"].keys() == GOALS.keys() and found["goals"]["dial_range"]["must"] == ">= 0.35"
    assert found["seed"] == 0 and found["data"] == ["solos.jsonl"]
    assert "](controller.svg)" in page.read_text() and page.with_suffix(".svg").read_text().startswith("<svg")


def test_a_group_gives_the_same_whatever_else_is_measured(files: tuple[object, ...]) -> None:
    groups = [name for name in GROUPS if name not in ("dial", "cost", "tracker")]
    together = json.loads(run(*files, "--json", "--only", *groups).stdout)
    for name in ("surprise", "proposer"):
        alone = json.loads(run(*files, "--json", "--only", name).stdout)
        alone.pop("goals")
        assert alone == {key: together[key] for key in alone}
    other = json.loads(run(*files, "--json", "--only", "ear", "--seed", 1).stdout)
    assert other["g_transposed_auc"]["value"] == together["g_transposed_auc"]["value"]
    assert other["g_random_auc"]["value"] != together["g_random_auc"]["value"]


def test_learnt_files_are_known_by_what_they_hold(files: tuple[object, ...]) -> None:
    shipped = json.loads(run(*files[:2], "--json", "--only", "proposer", "surprise").stdout)
    tables = resource("models", "listening.safetensors")
    both = json.loads(run(*files, tables, "--json", "--only", "proposer", "surprise").stdout)
    assert both["melody_bits"] == shipped["melody_bits"] and both["proposer_bits"] != shipped["proposer_bits"]


def test_folds_listen_with_what_other_tunes_taught(files: tuple[object, ...]) -> None:
    plain, folds = (json.loads(run(*files, "--json", "--only", "surprise", "--folds", n).stdout) for n in (0, 3))
    assert plain["melody_bits"]["value"] != folds["melody_bits"]["value"] and folds["folds"] == 3


def test_a_mistake_is_one_line(files: tuple[object, ...], tmp_path: Path) -> None:
    (tmp_path / "other.safetensors").write_bytes(b"nothing")
    (tmp_path / "list.json").write_text("[]")
    for arguments, words in (
        (("--only", "everything"), "invalid choice"),
        (("--folds", "4"), "at least 4 tunes"),
        (("--folds", "x"), "--folds takes a whole number"),
        (("--model", tmp_path / "none"), "cannot be read: No such file"),
        (("--model", tmp_path / "other.safetensors"), "cannot be read"),
        (("--tiers", tmp_path / "list.json"), "should hold style_rank"),
        (("--page", tmp_path / "solos.jsonl"), "solos.jsonl"),
    ):
        done = run(*files[:2], *arguments)
        assert done.returncode == 2 and words in done.stderr.splitlines()[-1], (arguments, done.stderr)


@pytest.mark.slow
def test_processes_change_nothing(files: tuple[object, ...]) -> None:
    """In the script, where arithmetic is on one thread and so adds up in one order."""
    alone, together = (run(*files, "--json", "--quick", "--only", "dial", "--jobs", jobs) for jobs in (1, 2))
    assert alone.returncode == 0 and json.loads(alone.stdout) == json.loads(together.stdout)
