"""`sideslip latency` as it runs: the real MIDI process and the real proposer, over real ports and over none."""

import json
import subprocess
import sys

import pytest

from sideslip.commands.trial import trial_turn
from sideslip.stage.clock import RealClock
from sideslip.stage.files.charts import load_chart
from sideslip.stage.inbox import Inbox
from sideslip.stage.latency import RATE, measure
from sideslip.stage.midi.live import LiveMidi
from sideslip.stage.midi.ports import NOWHERE
from sideslip.stage.worker import WorkerBrain

pytestmark = pytest.mark.live


def test_over_jack_every_note_comes_back_soon(jack: str) -> None:
    command = [sys.executable, "-m", "sideslip.cli", "latency", "--backend", "jack", "--seconds", "2", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and done.stderr == "measuring for 2 s\n", done.stderr
    found = json.loads(done.stdout)
    assert found["messages"] == 2 * 2 * RATE and found["lost"] == 0
    assert found["turns"] > 1
    assert found["late_ms"]["p50"] < 2 and found["arrival_ms"]["p50"] < 10  # on any machine


def test_without_a_midi_system_the_sender_is_measured_alone() -> None:
    clock, inbox = RealClock(), Inbox()
    live = LiveMidi.open(inbox, clock, "in", "out", NOWHERE)
    brain = WorkerBrain(inbox, clock.now, "sideslip.testing.proposer:troubled")
    try:
        timing = measure(live, inbox, clock, brain, trial_turn(load_chart("blues-in-f").changes()), 1)
    finally:
        brain.close()
        live.close()
    assert len(timing.late) == 2 * RATE and timing.arrived == ()
    assert sorted(timing.late)[RATE] < 0.002
