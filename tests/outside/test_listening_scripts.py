"""Teaching and judging the ear, on solos made up here."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sideslip.outside.tables import load_tables
from sideslip.train.listening import HeardSolo
from sideslip.train.solos import read_solos

from .worked_examples import INSIDE, SHIPPED

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


def run(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPTS / script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def solo(tune: int, style: str = "COOL", chords: tuple[str, ...] = ("Dm7", "G7", "Cmaj7", "A7alt")) -> dict[str, Any]:
    """Two phrases of eighths over four bars, another line for every tune; the second slips out by a semitone."""
    generator = np.random.default_rng(tune)
    turned = generator.integers(0, 2, 8).astype(bool)
    fours = np.array(INSIDE.pitches).reshape(8, 4)
    fours[turned] = fours[turned, ::-1]
    pitches = fours.ravel()
    pitches[20:26] += 1
    return {
        "id": f"Nobody_{tune}",
        "group": f"tune-{tune}",
        "performer": "Nobody" if tune % 2 else "Somebody",
        "title": f"Tune {tune}",
        "style": style,
        "rhythm_feel": "SWING",
        "key": None,
        "avg_tempo": 120,
        "signature": "4/4",
        "beats": {
            "bar": [1 + i // 4 for i in range(16)],
            "beat": [1, 2, 3, 4] * 4,
            "num": [4] * 16,
            "chord": [symbol for symbol in chords for _ in range(4)],
            "harm": None,
            "bass": [None] * 16,
        },
        "notes": {
            "b": [i // 2 for i in range(32)],
            "tat": [1, 2] * 16,
            "div": [2] * 32,
            "pos": [i / 2 for i in range(32)],
            "p": pitches.tolist(),
            "v": [80] * 32,
            "db": [0.5] * 32,
            "ph": [1] * 16 + [2] * 16,
        },
    }


def written(path: Path, *records: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


@pytest.fixture
def solos(tmp_path: Path) -> Path:
    styles = ("COOL", "BEBOP", "POSTBOP", "SWING", "FUSION", "FREE")
    return written(tmp_path / "solos.jsonl", *(solo(i, style) for i, style in enumerate(styles)))


def test_the_same_solos_teach_the_same_bytes(solos: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        finished = run("train_listening.py", "--data", solos, "--out", tmp_path / name)
        assert (finished.returncode, finished.stderr) == (0, "")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    tables = load_tables(tmp_path / "a")
    assert tables.profile[3].argmax() in (0, 3, 7, 10)  # over min7, a chord tone
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "solos.jsonl"]


def judged(*arguments: object) -> subprocess.CompletedProcess[str]:
    return run("evaluate_controller.py", *arguments, "--only", "ear", "surprise", "rankings")


def test_judging_gives_every_figure(solos: Path, tmp_path: Path) -> None:
    tiers = {"style_rank": {"COOL": 1, "POSTBOP": 3, "FUSION": 3}, "performer_tier": {"Nobody": 0, "Somebody": 1}}
    (tmp_path / "expected.json").write_text(json.dumps(tiers))
    finished = judged("--data", solos, "--json", "--tiers", tmp_path / "expected.json")
    assert (finished.returncode, finished.stderr) == (0, "measuring: ear\nmeasuring: surprise\nmeasuring: rankings\n")
    report = json.loads(finished.stdout)
    assert (report["solos"], report["phrases"]) == (5, 10)  # FREE is left out
    for name in ("o_transposed_auc", "g_random_auc", "planted_slip_f_auc"):
        assert 0 <= report[name]["ci_low"] <= report[name]["value"] <= report[name]["ci_high"] <= 1
    assert report["ornament_rule_kept"] == 1
    assert report["performers"] == 2
    assert 1 < report["bits_per_note"]["value"] < 6
    again = json.loads(judged("--data", solos, "--json", "--model", SHIPPED).stdout)
    assert again.keys() < report.keys() and "style_spearman" not in again  # nobody said what to expect
    assert again["goals"].items() < report["goals"].items()
    assert {name: again[name] for name in again if name != "goals"} == {n: report[n] for n in again if n != "goals"}


def test_expectations_are_looked_for_beside_the_solos(solos: Path, tmp_path: Path) -> None:
    tiers = {"style_rank": {"COOL": 1, "POSTBOP": 3}, "performer_tier": {}}
    (tmp_path / "tiers.json").write_text(json.dumps(tiers))
    report = json.loads(run("evaluate_controller.py", "--data", solos, "--json", "--only", "rankings").stdout)
    assert -1 <= report["style_spearman"]["value"] <= 1 and report["performers"] == 0


def test_judging_in_words_stands_beside_what_is_asked(solos: Path) -> None:
    printed = judged("--data", solos).stdout.splitlines()
    (line,) = (line for line in printed if line.startswith("ornament_rule_kept"))
    assert line.endswith("1.000   >= 1: met")


def test_mistakes_are_one_line(solos: Path, tmp_path: Path) -> None:
    free = written(tmp_path / "free.jsonl", solo(0, chords=("NC",) * 4))
    (tmp_path / "list.json").write_text("[]")
    for script, arguments, message in (
        ("train_listening.py", ("--data", tmp_path / "none", "--out", tmp_path / "x"), "No such file"),
        ("train_listening.py", ("--data", free, "--out", tmp_path / "x"), "at least 5 tunes"),
        ("train_listening.py", ("--data", solos, "--out", tmp_path / "none" / "x"), "cannot write"),
        ("evaluate_controller.py", ("--data", free), "found none among 1"),
        ("evaluate_controller.py", ("--data", solos, "--model", tmp_path / "none"), "cannot be read: No such file"),
        ("evaluate_controller.py", ("--data", solos, "--tiers", tmp_path / "list.json"), "should hold style_rank"),
        ("evaluate_controller.py", ("--data", solos, "--tiers", tmp_path / "none"), "cannot be read"),
    ):
        finished = run(script, *arguments)
        assert finished.returncode == 2
        assert finished.stderr.startswith("sideslip: ") and message in finished.stderr
        assert finished.stderr.count("\n") == 1
    assert not (tmp_path / "x").exists()


def test_a_solo_is_heard_phrase_by_phrase_over_its_own_bars(solos: Path) -> None:
    first = HeardSolo.of(next(read_solos(solos)))
    assert first.phrases.valid.sum(axis=1).tolist() == [16, 16]
    assert first.whole.valid.sum() == 32
    assert first.registers[0] == first.solo.pitch[0]
    assert first.registers[1] == pytest.approx(first.solo.pitch[:16].mean())
    assert first.phrases.metre[0, :4].tolist() == [1.0, 0.7, 0.85, 0.7]


def test_a_pickup_beat_moves_the_bars_not_the_chords(tmp_path: Path) -> None:
    record = solo(0)
    record["beats"]["bar"] = [0] + [1 + i // 4 for i in range(15)]
    record["beats"]["beat"] = [4, *([1, 2, 3, 4] * 4)[:15]]
    heard = HeardSolo.of(next(read_solos(written(tmp_path / "pickup.jsonl", record))))
    assert heard.phrases.metre[0, :4].tolist() == [0.85, 0.7, 1.0, 0.7]
    assert heard.phrases.here.root[0, :2].tolist() == [2, 2]
