"""`sideslip jam` on real ports, as a player meets it: four bars in, four out, on the line, then silence."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sideslip.stage.clock import monotonic

pytestmark = [pytest.mark.live, pytest.mark.slow]

BPM = 200.0
BEAT = 60 / BPM
CHART = (
    "time: 4/4\ntempo: 200\n| F7 | Bb7 | F7 | Cm7 F7 |\n| Bb7 | Bdim7 | F7 | D7alt |\n| Gm7 | C7 | F7 D7 | Gm7 C7 |\n"
)
CALL = [(0.5 * i, 60 + (0, 3, 5, 6, 7, 5, 3, 0)[i % 8]) for i in range(31)]


def wait_until(moment: float) -> None:
    """Sleep, then spin: the player must be steadier than what is measured."""
    import time

    while (left := moment - monotonic()) > 0:
        time.sleep(left - 0.0005 if left > 0.001 else 0)


def play_call(rig: Any) -> float:
    """Four bars of eighths up to the last eighth before bar 5; the moment of bar 1."""
    start = monotonic() + 0.1
    for beat, pitch in CALL:
        wait_until(start + beat * BEAT)
        rig.keys.send_message([0x90, pitch, 80])
        wait_until(start + (beat + 0.4) * BEAT)
        rig.keys.send_message([0x80, pitch, 0])
    return start


def sounding(messages: list[bytes]) -> set[tuple[int, int]]:
    """(channel, pitch) of what a strict synth would still sound."""
    held: set[tuple[int, int]] = set()
    for message in messages:
        key = message[0] & 0x0F, message[1]
        if message[0] & 0xF0 == 0x90 and message[2]:
            assert key not in held, "struck while it sounds"
            held.add(key)
        elif message[0] & 0xF0 in (0x80, 0x90):
            assert key in held, "ended without having begun"
            held.discard(key)
    return held


def test_the_answer_begins_on_bar_5_comes_from_the_model_and_ends_in_silence(rig: Any, tmp_path: Path) -> None:
    chart, journal = tmp_path / "blues.txt", tmp_path / "gig.journal"
    chart.write_text(CHART)
    command = [
        sys.executable,
        "-m",
        "sideslip.cli",
        "jam",
        "--in",
        "rig keys",
        "--out",
        "rig synth",
        "--backend",
        "jack",
    ]
    command += ["--chart", str(chart), "--journal", str(journal), "--save", str(tmp_path / "gig.mid"), "--seed", "3"]
    jam = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert jam.stderr is not None
        words = [jam.stderr.readline() for _ in range(2)]
        assert "rig" in words[0] and "200 bpm" in words[1], words
        start = play_call(rig)
        wait_until(start + 22 * BEAT)
        jam.send_signal(signal.SIGINT)
        said, rest = jam.communicate(timeout=10)
    finally:
        jam.kill()
    assert (jam.returncode, rest) == (0, "")
    struck = [(at, message) for at, message in rig.heard if message[0] & 0xF0 == 0x90 and message[2]]
    assert len(struck) >= 3
    assert struck[0][0] - start == pytest.approx(16 * BEAT, abs=0.030)
    assert sounding([message for _, message in rig.heard]) == set()
    assert said.startswith("bar 5: ")
    assert (tmp_path / "gig.mid").stat().st_size > 0
    sources = {
        idea["source"] for line in journal.read_text().splitlines() for idea in json.loads(line).get("ideas", [])
    }
    assert sources == {"model", "device"}
    replayed = subprocess.run(
        [sys.executable, "-m", "sideslip.cli", "replay", str(journal)], capture_output=True, text=True, check=True
    )
    assert replayed.stdout == said
