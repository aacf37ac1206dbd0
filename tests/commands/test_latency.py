"""What `sideslip latency` says of a measurement, and which ports it takes."""

import json
from dataclasses import replace

import pytest

from sideslip.commands.hints import BY_FRAME
from sideslip.commands.histogram import Spread, histogram
from sideslip.commands.latency import Ends, ends
from sideslip.commands.latency_report import advice, figures, report
from sideslip.errors import PortError
from sideslip.stage.latency import Timing

from .conftest import Run

QUICK = Timing(late=(0.00001,) * 99 + (0.0004,), arrived=(0.001,) * 99 + (0.0025,), hurried=True, thinking=(0.1, 0.12))
SLOW = Timing(late=(0.0001,) * 50 + (0.004,) * 50, arrived=(0.012,) * 98 + (0.02, None), hurried=False, thinking=())


def test_a_spread_is_the_median_the_99th_and_the_most() -> None:
    assert Spread.of([n / 1000 for n in range(1, 201)]) == Spread(101.0, 199.0, 200.0)
    assert Spread.of([0.0012345]) == Spread(1.234, 1.234, 1.234)


@pytest.mark.parametrize(
    ("blocks", "lines"),
    [
        (True, ["  0.10 ms " + "█" * 40 + " 80", "  0.20 ms  0", "  0.50 ms ▌ 1"]),
        (False, ["  0.10 ms " + "#" * 40 + " 80", "  0.20 ms  0", "  0.50 ms # 1"]),
    ],
)
def test_the_longest_bar_is_full_and_the_smallest_shows(blocks: bool, lines: list[str]) -> None:
    assert histogram([0.00015] * 80 + [0.0006], blocks) == lines


def test_what_comes_too_early_and_what_is_far_too_late_have_their_bars() -> None:
    assert [line.split()[0] for line in histogram([-0.001, 0.9])] == [
        *("0.00", "0.02", "0.05", "0.10", "0.20", "0.50", "1.00", "2.00", "5.00", "10.00", "20.00")
    ]
    assert histogram([]) == []


def test_figures_for_programs() -> None:
    found = figures(SLOW)
    assert json.loads(json.dumps(found)) == {
        "messages": 100,
        "priority": "normal",
        "late_ms": {"p50": 4.0, "p99": 4.0, "max": 4.0},
        "arrival_ms": {"p50": 12.0, "p99": 20.0, "max": 20.0},
        "lost": 1,
        "turns": 0,
        "thinking_ms": None,
    }


def test_a_good_machine_is_told_so_and_nothing_else() -> None:
    lines = report(QUICK, "synth", "darwin", blocks=True)
    assert lines[0] == "100 messages to 'synth' at real-time priority, 2 turns thought through meanwhile"
    assert lines[-1].endswith("yours: 1.0 ms, give or take 1.5: nobody feels that")
    assert advice(QUICK, "darwin") == []
    assert advice(QUICK, "linux") == [BY_FRAME]
    assert advice(replace(QUICK, arrived=(0.001,) * 100), "linux") == []


def test_a_slow_one_is_told_what_would_help() -> None:
    lines = report(SLOW, "synth", "linux", blocks=True)
    assert "1 message never came back" in lines
    assert "yours: 12.0 ms, give or take 8.0: that can be felt" in "\n".join(lines)
    priority, busy, frames, offset = advice(SLOW, "linux")
    assert "limits.d" in priority and "other programs" in busy and frames == BY_FRAME and "--offset-ms -12 " in offset
    assert not any("limits.d" in line for line in advice(SLOW, "darwin"))


def test_a_missing_cable_is_told() -> None:
    timing = Timing((0.001,), (None,), True, ())
    assert "nothing came back: is there a cable from the output to the input?" in report(timing, "synth", "linux", True)


WINDOWS_IN = ["KeyLab 0", "Default App Loopback (A) 1", "Default App Loopback (B) 2"]
WINDOWS_OUT = ["Microsoft GS Wavetable Synth 0", "Default App Loopback (A) 1", "Default App Loopback (B) 2"]


@pytest.mark.parametrize(
    ("asked", "inputs", "outputs", "found"),
    [
        ((None, None), WINDOWS_IN, WINDOWS_OUT, Ends("KeyLab 0", WINDOWS_OUT[1], WINDOWS_IN[2])),
        ((None, None), ["loopMIDI 0", "Keys 1"], ["loopMIDI 1"], Ends("Keys 1", "loopMIDI 1", "loopMIDI 0")),
        ((None, None), ["loopMIDI 0"], ["loopMIDI 1"], Ends("loopMIDI 0", "loopMIDI 1", None)),
        (("keylab", "gs"), WINDOWS_IN, WINDOWS_OUT, Ends(WINDOWS_IN[1], "gs", "keylab")),
        ((None, "gs"), WINDOWS_IN, WINDOWS_OUT, Ends("KeyLab 0", "gs", None)),
        ((None, "gs"), [], WINDOWS_OUT, Ends(None, "gs", None)),
    ],
)
def test_where_no_ports_can_be_made_a_loopback_serves(
    asked: tuple[str | None, str | None], inputs: list[str], outputs: list[str], found: Ends
) -> None:
    assert ends(*asked, inputs, outputs) == found


def test_without_a_loopback_a_port_must_be_named() -> None:
    with pytest.raises(PortError, match=r"found: 'GS'; --out names one"):
        ends(None, None, ["KeyLab"], ["GS"])


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--in", "keys"], "--in is where a cable leads that begins at --out PORT"),
        (["--seconds", "0"], "--seconds takes a whole number from 1 to 600, found '0'"),
        (["--backend", "oss"], "no MIDI back end is called 'oss'"),
    ],
)
def test_mistakes_are_one_line(run: Run, options: list[str], says: str) -> None:
    code, said, told = run("latency", *options)
    assert (code, said, told.count("\n")) == (2, "", 1) and says in told
