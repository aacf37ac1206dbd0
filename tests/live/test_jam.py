"""`sideslip jam` on real ports, as a player meets it: the answer on the line, by whatever beat, then silence."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sideslip.stage.clock import monotonic

pytestmark = [pytest.mark.live, pytest.mark.slow]

Rig = Any  # the fixtures' classes are in conftest, which no test imports
Start = Any

Timed = tuple[float, bytes]

BPM = 200.0
BEAT = 60 / BPM
CHART = (
    "time: 4/4\ntempo: 200\n| F7 | Bb7 | F7 | Cm7 F7 |\n| Bb7 | Bdim7 | F7 | D7alt |\n| Gm7 | C7 | F7 D7 | Gm7 C7 |\n"
)
LINE = (60, 63, 65, 66, 67, 65, 63, 60)
CLOCK, START, STOP, SENSING = b"\xf8", b"\xfa", b"\xfc", b"\xfe"
NOISE = (SENSING, b"\xf0\x7e\x7f\x06\x01\xf7", b"\xf1\x03", b"\x3c\x40", b"\x90\x3c", b"\xf4", b"\xf6", b"\xd0\x40")
"""What a wire carries beside notes and clock: signs of life, sysex, time code, running status, broken messages."""
SOON = 0.3  # s


def notes(at: float, beat: float, *played: tuple[float, float, int]) -> Iterator[Timed]:
    """The messages of notes (beat, length in beats, pitch), beat 0 being at a moment and a beat so many seconds."""
    for when, length, pitch in played:
        yield at + when * beat, bytes((0x90, pitch, 80))
        yield at + (when + length) * beat, bytes((0x80, pitch, 0))


def eighths(at: float, beat: float, beats: float) -> Iterator[Timed]:
    """A line in eighths up to the last one before so many beats are over."""
    return notes(at, beat, *((i / 2, 0.4, LINE[i % len(LINE)]) for i in range(round(2 * beats) - 1)))


def clocks(at: float, beat: float, beats: float) -> Iterator[Timed]:
    """A clock, 24 a beat, from a moment on."""
    return ((at + i * beat / 24, CLOCK) for i in range(round(24 * beats)))


def test_the_answer_begins_on_bar_5_comes_from_the_model_and_ends_in_silence(
    rig: Rig, jam: Start, tmp_path: Path
) -> None:
    chart, journal = tmp_path / "blues.txt", tmp_path / "gig.journal"
    chart.write_text(CHART)
    files = ("--chart", str(chart), "--journal", str(journal), "--save", str(tmp_path / "gig.mid"))
    gig = jam(*files, "--seed", "3")
    assert "rig" in gig.words[0] and "200 bpm" in gig.words[1], gig.words
    start = monotonic() + 0.1
    rig.perform([*eighths(start, BEAT, 16), (start + 22 * BEAT, SENSING)])
    played, heard = gig.leave()
    assert heard == []
    struck = rig.struck()
    assert len(struck) >= 3
    assert struck[0] - start == pytest.approx(16 * BEAT, abs=0.030)
    assert rig.sounding() == set()
    assert played[0].startswith("bar 5: ")
    assert (tmp_path / "gig.mid").stat().st_size > 0
    sources = {
        idea["source"] for line in journal.read_text().splitlines() for idea in json.loads(line).get("ideas", [])
    }
    assert sources == {"model", "device"}
    replayed = subprocess.run(
        [sys.executable, "-m", "sideslip.cli", "replay", str(journal)], capture_output=True, text=True, check=True
    )
    assert replayed.stdout.splitlines() == played


def test_by_a_noisy_clock_answers_begin_on_the_senders_line_and_stop_is_silence(rig: Rig, jam: Start) -> None:
    gig, beat = jam("--chart", "blues-in-f", "--tempo", "clock", "--trade", "1"), 60 / 140
    assert "waiting for MIDI clock and start" in gig.words[1]
    start = monotonic() + SOON
    stop = start + 13.2 * beat  # in the second answer
    calls = [*eighths(start, beat, 4), *eighths(start + 8 * beat, beat, 4)]
    noise = [(start + n * beat / 30, NOISE[n % len(NOISE)]) for n in range(30 * 13)]
    rig.perform([(start, START), *clocks(start, beat, 13.2), *calls, *noise, (stop, STOP), (stop + SOON, SENSING)])
    for bar in (2, 4):
        line = start + (bar - 1) * 4 * beat
        assert rig.struck(line - beat)[0] - line == pytest.approx(0, abs=0.015)
    assert rig.sounding(until=stop + 0.050) == set()
    assert rig.struck(stop + 0.050) == []
    again = monotonic() + SOON
    rig.perform([(again, START), *clocks(again, beat, 5), *eighths(again, beat, 4)])
    assert rig.struck(again)[0] - again == pytest.approx(4 * beat, abs=0.015)
    played, heard = gig.leave()
    assert rig.sounding() == set()
    assert [line.split(":")[0] for line in played] == ["bar 2", "bar 4", "bar 2"]
    assert [line.rsplit(maxsplit=2)[0] for line in heard] == 2 * ["bar 1: we play at"]
    assert all(abs(float(line.split()[-2]) - 140) <= 1 for line in heard)


def test_by_a_count_in_answers_begin_on_the_tapped_bar_line(rig: Rig, jam: Start) -> None:
    gig, beat = jam("--chart", "blues-in-f", "--tempo", "tap", "--trade", "1"), 60 / 187
    assert "count in with 4 even taps" in gig.words[1]
    taps = monotonic() + SOON
    start = taps + 4 * beat
    counted = notes(taps, beat, *((n, 0.3, 65) for n in range(4)))
    rig.perform([*counted, *eighths(start, beat, 4), *eighths(start + 8 * beat, beat, 4), (start + 14 * beat, SENSING)])
    for bar in (2, 4):
        line = start + (bar - 1) * 4 * beat
        assert rig.struck(line - beat)[0] - line == pytest.approx(0, abs=0.015)
    played, heard = gig.leave()
    assert [line.split(":")[0] for line in played] == ["bar 2", "bar 4"]
    assert heard == ["bar 1: we play at 187 bpm"]


@pytest.mark.parametrize("trade", ["1", "free"])
def test_without_a_chart_a_line_over_chords_is_answered(rig: Rig, jam: Start, trade: str) -> None:
    gig = jam("--chart", "none", "--tempo", "200", "--trade", trade)
    assert gig.words[1].startswith("No chart, 200 bpm")
    start = monotonic() + SOON
    for bar in (1, 3):
        at = start + (bar - 1) * 4 * BEAT
        chords = [(beat, 1.5, pitch) for beat in (0, 2) for pitch in (41, 48, 51)]
        rig.perform([*eighths(at, BEAT, 4), *notes(at, BEAT, *chords), (at + 7.9 * BEAT, SENSING)])
        assert rig.struck(at + 3.5 * BEAT, at + 8 * BEAT)
    played, _ = gig.leave()
    assert len(played) == 2
    assert rig.sounding() == set()


def test_a_player_who_is_followed_is_answered_at_a_tempo_near_theirs(rig: Rig, jam: Start) -> None:
    gig, slower, faster = jam("--chart", "blues-in-f", "--tempo", "follow", "--trade", "free"), 60 / 186, 60 / 190
    assert "I follow you" in gig.words[1]
    taps = monotonic() + SOON
    first = taps + 4 * slower
    second = first + 8 * slower
    calls = [*eighths(first, slower, 4), *eighths(second, faster, 4)]
    rig.perform([*notes(taps, slower, *((n, 0.3, 65) for n in range(4))), *calls, (second + 7 * faster, SENSING)])
    for at, beat in ((first, slower), (second, faster)):
        answer = (rig.struck(at + 3.5 * beat)[0] - at) / beat
        assert abs(answer - round(answer)) < 0.25  # on a beat of the player's
    played, heard = gig.leave()
    assert len(played) == 2 and heard[0].startswith("bar 1: we play at 18")
    assert rig.sounding() == set()
