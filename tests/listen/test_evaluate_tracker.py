"""The figures of the ear, on a solo small enough to count by hand."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "evaluate_tracker.py"

SOLO = {
    "id": "Nobody_Riff",
    "group": "riff",
    "performer": "Nobody",
    "title": "Riff",
    "style": "COOL",
    "rhythm_feel": "SWING",
    "key": None,
    "avg_tempo": 120,
    "signature": "4/4",
    "beats": {
        "bar": [1] * 4 + [2] * 4,
        "beat": [1, 2, 3, 4] * 2,
        "num": [4] * 8,
        "chord": ["F7"] * 8,
        "harm": ["F7"] * 8,
        "bass": [None] * 8,
    },
    # swung eighths, all heard but the fifth note, annotated a sixteenth away; people mark an end after notes 2 and 4
    "notes": {
        "b": [0, 0, 2, 2, 4, 6],
        "tat": [1, 2, 1, 2, 2, 1],
        "div": [2, 2, 2, 2, 4, 1],
        "pos": [0.02, 0.6, 2.03, 2.6, 4.5, 6.1],
        "p": [65, 67, 68, 71, 72, 77],
        "v": [80] * 6,
        "db": [0.5, 0.4, 0.5, 1.5, 0.3, 1.0],
        "ph": [1, 1, 2, 2, 3, 3],
    },
}


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def solos(tmp_path: Path) -> Path:
    path = tmp_path / "solos.jsonl"
    path.write_text(json.dumps(SOLO) + "\n")
    return path


def test_json_has_every_figure(solos: Path) -> None:
    finished = run("--data", solos, "--json")
    assert (finished.returncode, finished.stderr.splitlines()[-1]) == (0, "10 of 10 parts measured")
    found = json.loads(finished.stdout)
    assert 0 < found["note_cost_ms"] <= found["note_cost_p99_ms"] < 50
    assert (found["notes"], found["quantiser_hit"]) == (6, 5 / 6)
    promised = "root_online root_lag1 root_quality_online position_16_bars dropped_bar_found reharmonisation_noticed"
    assert (
        set(f"{promised} reharmonisation_false tempo_phase_60ms phrase_end_f1 phrase_end_delay".split()) <= found.keys()
    )
    shares = [value for name, value in found.items() if name.startswith(("root", "position_16", "tempo", "reharm"))]
    assert all(0 <= value <= 1 for value in shares)


def test_the_same_seed_gives_the_same_figures(solos: Path) -> None:
    once, again, other = (run("--data", solos, "--json", "--seed", seed).stdout for seed in (3, 3, 4))
    figures = [
        {name: value for name, value in json.loads(told).items() if "cost" not in name} for told in (once, again)
    ]
    assert figures[0] == figures[1]
    assert json.loads(other)["notes"] == 6


def test_the_table_has_one_figure_a_line(solos: Path) -> None:
    lines = run("--data", solos).stdout.splitlines()
    assert "quantiser_hit                0.8333" in lines
    assert len(lines) == len({line.split()[0] for line in lines})


def test_a_missing_or_malformed_file_is_one_line_and_exit_2(tmp_path: Path) -> None:
    (tmp_path / "solos.jsonl").write_text("{}\n")
    for path in (tmp_path / "none.jsonl", tmp_path / "solos.jsonl"):
        finished = run("--data", path, "--json")
        assert (finished.returncode, finished.stdout) == (2, "")
        assert len(finished.stderr.splitlines()) == 1
