"""The other commands, as a user runs them."""

import json
import os
import subprocess
import sys
import wave
from collections.abc import Callable
from pathlib import Path

import mido
import pytest

from sideslip import __version__
from sideslip.commands import analyze

Run = Callable[..., tuple[int, str, str]]


def test_the_demo_needs_nothing_and_leaves_four_files(run: Run) -> None:
    code, said, _ = run("demo", "--out", "d", "--choruses", 1, "--seed", 3)
    assert code == 0 and "session.wav" in said
    assert sorted(path.name for path in Path("d").iterdir()) == [
        "session.html",
        "session.mid",
        "session.wav",
        "trace.jsonl",
    ]
    assert [track.name for track in mido.MidiFile("d/session.mid").tracks] == [
        "Blues in F",
        "player",
        "partner",
        "bass",
        "drums",
    ]
    with wave.open("d/session.wav") as sound:
        assert sound.getnframes() / sound.getframerate() > 12 * 4 * 60 / 140
    assert [json.loads(line)["bar"] for line in Path("d/trace.jsonl").read_text().splitlines()] == [5]


@pytest.mark.parametrize(
    ("chart", "meter"),
    [("ii-v-i-major", "4/4"), ("blues-waltz", "3/4"), ("five-four-vamp", "5/4"), ("greensleeves", "6/8")],
)
def test_the_demo_plays_charts_of_every_metre(run: Run, chart: str, meter: str) -> None:
    assert run("demo", "--out", "d", "--chart", chart, "--choruses", 1)[0] == 0
    (found,) = [m for m in mido.MidiFile("d/session.mid").tracks[0] if m.type == "time_signature"]
    assert f"{found.numerator}/{found.denominator}" == meter


def test_a_chart_without_a_title_is_called_by_its_file(run: Run) -> None:
    Path("mine.txt").write_text("| Dm7 | % | % | % |\n")
    _, said, _ = run("demo", "--out", "d", "--chart", "mine.txt", "--choruses", 2)
    assert said.startswith("mine: trading fours at 120 bpm")
    assert "<h1>Trading fours: mine</h1>" in Path("d/session.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_signs_that_a_terminal_lacks_stop_nothing(home: Path, tmp_path: Path, encoding: str) -> None:
    chart = tmp_path / "mine.txt"
    chart.write_text("title: Mine\n| CΔ7 | F♯ø | B♭7 | C7 |\n", encoding="utf-8")
    command = [sys.executable, "-m", "sideslip.cli"]
    environment = os.environ | {"PYTHONIOENCODING": f"{encoding}:strict"}
    done = subprocess.run([*command, "charts", str(chart)], capture_output=True, env=environment)
    assert (done.returncode, done.stderr) == (0, b"") and b"| C?7 |" in done.stdout
    chart.write_text("| CΔ7 | HΔ7 |\n", encoding="utf-8")
    done = subprocess.run([*command, "charts", str(chart)], capture_output=True, env=environment)
    assert done.returncode == 2 and done.stderr.count(b"\n") == 1 and b"H?7" in done.stderr


def test_the_demo_cannot_write_where_a_file_is(run: Run) -> None:
    Path("d").write_text("")
    code, _, said = run("demo", "--out", "d")
    assert code == 2 and said.count("\n") == 1


def test_charts_are_listed_and_shown_as_they_can_be_read(run: Run) -> None:
    code, listed, _ = run("charts")
    assert code == 0 and len(listed.splitlines()) >= 24
    code, text, _ = run("charts", "blues-in-f")
    assert "| F7 | Bb7 | F7 | Cm7 F7 |" in text
    Path("mine.txt").write_text(text)
    assert run("charts", "mine.txt")[1] == text


def test_a_solo_is_analysed_for_people_and_for_programs(run: Run, call: Path) -> None:
    code, said, _ = run("analyze", call, "--chart", "blues-in-f")
    assert code == 0 and "16 notes" in said
    found = json.loads(run("analyze", call, "--chart", "blues-in-f", "--json")[1])
    assert found["notes"] == 16 and 0 <= found["outside"] <= 1 and found["phrases"][0]["bar"] == 1


def test_phrases_are_measured_in_batches_that_do_not_matter(
    run: Run, long_call: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run("analyze", long_call, "--chart", "blues-in-f", "--json")
    monkeypatch.setattr(analyze, "MOST_CELLS", 1)  # every phrase alone
    assert whole[0] == 0 and run("analyze", long_call, "--chart", "blues-in-f", "--json") == whole


def test_a_batch_holds_no_more_than_it_may_and_a_long_phrase_is_alone() -> None:
    lengths = [1, 5000, *[2, 40] * 600]
    found = analyze.batches(lengths)
    assert sorted(row for rows in found for row in rows) == list(range(len(lengths)))
    assert [1] in found and len(found) < 12
    assert all(len(rows) * max(lengths[row] for row in rows) <= analyze.MOST_CELLS for rows in found if rows != [1])


def test_version(run: Run) -> None:
    assert run("--version")[1] == f"sideslip {__version__}\n"


def test_drums_are_no_part_of_a_solo(run: Run, call: Path, tmp_path: Path) -> None:
    file = mido.MidiFile(call)
    file.tracks.append(mido.MidiTrack([mido.Message("note_on", channel=9, note=38, velocity=80, time=48)]))
    file.save(tmp_path / "drums.mid")
    plain = run("analyze", call, "--chart", "blues-in-f", "--json")
    assert run("analyze", tmp_path / "drums.mid", "--chart", "blues-in-f", "--json") == plain


@pytest.mark.parametrize("command", ["demo", "rehearse", "jam", "replay", "analyze", "charts", "ports"])
def test_every_command_explains_itself(run: Run, command: str) -> None:
    code, said, _ = run(command, "--help")
    assert code == 0 and "--help" in said


def test_playing_does_not_load_torch(home: Path, call: Path, tmp_path: Path) -> None:
    program = (
        "import sys; from sideslip.cli import main; main(sys.argv[1:]);"
        "assert 'torch' not in sys.modules, 'too much was loaded'"
    )
    command = ["rehearse", str(call), "--chart", "blues-in-f", "--out", str(tmp_path / "o.mid")]
    done = subprocess.run([sys.executable, "-c", program, *command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
