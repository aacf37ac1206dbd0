"""`rehearse`: the same performance for the same seed, files that agree, and one clear line for every mistake."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mido
import pytest

Run = Callable[..., tuple[int, str, str]]

CHART = "title: Test\nkey: F\ntime: 4/4\ntempo: 140\n| F7 | Bb7 | F7 | Cm7 F7 |\n| Bb7 | % | F7 / D7 / | Gm7 C7 |\n"


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    path = tmp_path / "chart.txt"
    path.write_text(CHART)
    return path


def tracks(path: Path) -> dict[str, list[tuple[int, Any]]]:
    """Messages by track name, at absolute ticks."""
    found = {}
    for track in mido.MidiFile(path).tracks:
        tick, messages = 0, []
        for message in track:
            tick += message.time
            messages.append((tick, message))
        found[track.name] = messages
    return found


def onsets(messages: list[tuple[int, Any]]) -> list[tuple[int, int]]:
    return [(tick, m.note) for tick, m in messages if m.type == "note_on" and m.velocity]


def test_two_runs_of_one_seed_are_the_same_bytes_and_another_seed_is_not(run: Run, call: Path, chart: Path) -> None:
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        code, _, said = run(
            "rehearse", call, "--chart", chart, "--out", f"{name}.mid", "--trace", f"{name}.jsonl", "--seed", seed
        )
        assert (code, said) == (0, "")
    assert Path("a.mid").read_bytes() == Path("b.mid").read_bytes() != Path("c.mid").read_bytes()
    assert Path("a.jsonl").read_bytes() == Path("b.jsonl").read_bytes()


def test_the_file_is_what_other_programs_expect(run: Run, call: Path, chart: Path) -> None:
    assert run("rehearse", call, "--chart", chart, "--out", "o.mid")[0] == 0
    file, found = mido.MidiFile("o.mid"), tracks(Path("o.mid"))
    assert (file.type, file.ticks_per_beat) == (1, 480)
    assert list(found) == ["Test", "player", "partner"]
    markers = [(tick, m.text) for tick, m in found["Test"] if m.type == "marker"]
    assert markers[:6] == [(0, "F7"), (1920, "Bb7"), (3840, "F7"), (5760, "Cm7"), (6720, "F7"), (7680, "Bb7")]
    (tempo,) = [m.tempo for _, m in found["Test"] if m.type == "set_tempo"]
    assert mido.tempo2bpm(tempo) == pytest.approx(100)  # the call's own
    assert onsets(found["player"]) == [(480 * beat, 60 + beat % 8) for beat in range(16)]


def test_the_answer_begins_on_bar_5_and_the_trace_tells_its_notes(run: Run, call: Path, chart: Path) -> None:
    run("rehearse", call, "--chart", chart, "--out", "o.mid", "--trace", "t.jsonl")
    (record,) = [json.loads(line) for line in Path("t.jsonl").read_text().splitlines()]
    assert (record["bar"], record["beat"], record["dial"]) == (5, 1.0, 0.4)
    chosen = record["candidates"][record["chosen"]]
    assert chosen["score"] == max(candidate["score"] for candidate in record["candidates"])
    assert chosen["score"] == pytest.approx(sum(chosen["terms"].values()), abs=0.02)
    sounded = onsets(tracks(Path("o.mid"))["partner"])
    assert [pitch for _, pitch in sounded] == [pitch for _, pitch, _, _ in chosen["notes"]]
    assert sounded[0][0] == 16 * 480
    assert all(abs(tick / 480 - beat) < 0.1 for (tick, _), (beat, *_) in zip(sounded, chosen["notes"], strict=True))
    assert {candidate["source"] for candidate in record["candidates"]} == {"model", "device"}
    assert len(record["candidates"]) >= 16 and record["why"]


def test_choruses_and_tempo_are_as_asked(run: Run, call: Path, chart: Path) -> None:
    run("rehearse", call, "--chart", chart, "--out", "o.mid", "--choruses", 3, "--tempo", 200, "--trade", 2)
    found = tracks(Path("o.mid"))
    (tempo,) = [m.tempo for _, m in found["Test"] if m.type == "set_tempo"]
    assert mido.tempo2bpm(tempo) == pytest.approx(200)
    bars = {tick // 1920 + 1 for tick, _ in onsets(found["partner"])}
    assert bars <= {3, 4, 7, 8, 11, 12, 15, 16, 19, 20, 23, 24} and max(bars) >= 23


def test_a_long_call_is_answered_to_its_end(run: Run, long_call: Path, chart: Path) -> None:
    run("rehearse", long_call, "--chart", chart, "--out", "o.mid", "--trace", "t.jsonl")
    assert [json.loads(line)["bar"] for line in Path("t.jsonl").read_text().splitlines()] == [5, 13]


def counted(path: Path, bpm: float, bars: int, taps: int = 4, said: float | None = None, channel: int = 0) -> Path:
    """Taps, then bars of eighths, at a tempo that the file does not say, or one that it says wrongly."""
    file, track = mido.MidiFile(ticks_per_beat=480), mido.MidiTrack()
    file.tracks.append(track)
    if said is not None:
        track.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(said)))
    beat = round(480 * (said or 120) / bpm)
    for _ in range(taps):
        track.append(mido.Message("note_on", note=76, channel=channel))
        track.append(mido.Message("note_off", note=76, time=beat, channel=channel))
    for eighth in range(8 * bars):
        track.append(mido.Message("note_on", note=60 + eighth % 7, channel=channel))
        track.append(mido.Message("note_off", note=60 + eighth % 7, time=beat // 2, channel=channel))
    file.save(path)
    return path


@pytest.mark.parametrize("tempo", ["tap", "follow"])
@pytest.mark.parametrize(("bpm", "said"), [(240, None), (60, None), (90, 300), (120, 40)])
def test_a_counted_call_is_answered_to_its_end_whatever_tempo_the_file_says(
    run: Run, tmp_path: Path, chart: Path, tempo: str, bpm: float, said: float | None
) -> None:
    call = counted(tmp_path / "counted.mid", bpm, bars=12, said=said)
    code, _, told = run("rehearse", call, "--chart", chart, "--out", "o.mid", "--trace", "t.jsonl", "--tempo", tempo)
    assert (code, told) == (0, "")
    assert [json.loads(line)["bar"] for line in Path("t.jsonl").read_text().splitlines()] == [5, 13]
    found = tracks(Path("o.mid"))
    first, *_ = [message.tempo for _, message in found["Test"] if message.type == "set_tempo"]
    assert mido.tempo2bpm(first) == pytest.approx(bpm, rel=0.02)
    if tempo == "tap":
        assert onsets(found["partner"])[0][0] == 16 * 480
        assert onsets(found["player"])[:2] == [(0, 60), (240, 61)]


@pytest.mark.parametrize("tempo", ["tap", "follow"])
def test_a_call_without_a_count_in_begins_at_its_first_note(run: Run, tmp_path: Path, chart: Path, tempo: str) -> None:
    call = counted(tmp_path / "melody.mid", 120, bars=4, taps=0)
    assert run("rehearse", call, "--chart", chart, "--out", "o.mid", "--trace", "t.jsonl", "--tempo", tempo)[0] == 0
    (record,) = [json.loads(line) for line in Path("t.jsonl").read_text().splitlines()]
    assert record["bar"] == 5
    assert onsets(tracks(Path("o.mid"))["player"])[0] == (0, 60)


def test_a_count_in_alone_and_drums_alone_come_to_an_end(run: Run, tmp_path: Path, chart: Path) -> None:
    for name, bars, taps, channel in (("taps", 0, 4, 0), ("few", 0, 2, 0), ("drums", 1, 0, 9)):
        call = counted(tmp_path / f"{name}.mid", 120, bars=bars, taps=taps, channel=channel)
        code, _, told = run("rehearse", call, "--chart", chart, "--out", "o.mid", "--tempo", "tap")
        assert (code, told) == (0, ""), name


@pytest.mark.parametrize("trade", ["2", "free"])
@pytest.mark.parametrize("tempo", ["100", "tap", "follow"])
def test_without_a_chart_the_markers_are_what_was_heard(
    run: Run, tmp_path: Path, call: Path, trade: str, tempo: str
) -> None:
    code, _, told = run("rehearse", call, "--chart", "none", "--out", "o.mid", "--trade", trade, "--tempo", tempo)
    assert (code, told) == (0, "")
    assert onsets(tracks(Path("o.mid"))["partner"])


def test_without_weights_licks_answer_after_one_warning(run: Run, home: Path, call: Path, chart: Path) -> None:
    (home / "models" / "line.safetensors").write_bytes(b"no weights")
    code, _, said = run("rehearse", call, "--chart", chart, "--out", "o.mid", "--trace", "t.jsonl")
    assert code == 0 and said.count("\n") == 1 and "licks answer instead" in said
    record = json.loads(Path("t.jsonl").read_text().splitlines()[0])
    assert {candidate["source"] for candidate in record["candidates"]} <= {"lick", "device"}
    assert onsets(tracks(Path("o.mid"))["partner"])


def test_without_the_ear_rules_judge_after_one_warning(run: Run, home: Path, call: Path, chart: Path) -> None:
    (home / "models" / "listening.safetensors").unlink()
    (home / "models" / "listening.safetensors").write_bytes(b"no tables")
    code, _, said = run("rehearse", call, "--chart", chart, "--out", "o.mid")
    assert code == 0 and said.count("\n") == 1 and "rules alone" in said


MISTAKES = {
    "an unknown chord": (["--chart", "bad.txt"], "| F7 | Hm7 |", "unknown chord 'Hm7'"),
    "too many beats": (["--chart", "bad.txt"], "| F7 Bb7 C7 D7 E7 |", "5 chords in a bar of 4 beats"),
    "an empty chart": (["--chart", "bad.txt"], "", "no bars"),
    "another metre": (["--chart", "bad.txt"], "time: 3/4\n| F7 |", "in 4/4, the chart in 3/4"),
    "no such chart": (["--chart", "blues-in-q"], "", "no built-in chart"),
    "a dial beyond 1": (["--outside", "1.2"], "", "from 0 to 1"),
    "a dial that is no number": (["--outside", "nan"], "", "from 0 to 1"),
    "a tempo beyond 400": (["--tempo", "401"], "", "from 20 to 400"),
    "a clock that no file has": (["--tempo", "clock"], "", "or 'tap', 'follow'"),
    "choruses without a chart": (["--chart", "none", "--choruses", "2"], "", "--choruses needs a chart"),
    "too dense": (["--density", "7"], "", "--density takes a number from 0.2 to 6, found '7'"),
    "no density": (["--density", "some"], "", "from 0.2 to 6, found 'some'"),
    "too high": (["--register", "97"], "", "a MIDI pitch from 36 to 96, or a note from C2 to C7"),
    "a name too low": (["--register", "B1"], "", "such as Bb3 (C4 is 60); found 'B1'"),
    "no note": (["--register", "H4"], "", "found 'H4'"),
    "no style": (["--style", "polka"], "", "postbop, fusion, free; found 'polka'"),
    "three styles": (["--style", "BOP"], "", "found 'BOP', which may be bebop, hardbop, postbop"),
    "a style without a name": (["--style", ""], "", "found ''"),
    "a style that never ends": (["--style", "bop" * 5000], "", "--style takes any, or enough of one name"),
    "no chorus": (["--choruses", "0"], "", "from 1 to 1000"),
    "half a seed": (["--seed", "1.5"], "", "whole number"),
    "a seed below nothing": (["--seed=--5"], "", "whole number"),
    "a seed in another script": (["--seed", "²"], "", "whole number"),
    "a seed that never ends": (["--seed", "5" * 5000], "", "whole number"),
    "a tempo that never ends": (["--tempo", "1" * 5000], "", "from 20 to 400"),
    "no bars to trade": (["--trade", "0"], "", "bars from 1 to 64"),
    "an unknown option": (["--louder"], "", "unrecognized arguments"),
    "a trace in no folder": (["--trace", "nowhere/t"], "", "No such file or directory"),
    "one file for two things": (["--out", "bad.txt", "--chart", "bad.txt"], "| F7 |", "give each its own file"),
    "the trace over the music": (["--trace", "o.mid"], "", "give each its own file"),
    "a folder that is not there": (["--out", "nowhere/o.mid"], "", "No such file or directory"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_clear_line_and_loses_nothing(run: Run, call: Path, chart: Path, mistake: str) -> None:
    options, text, says = MISTAKES[mistake]
    Path("bad.txt").write_text(text)
    Path("o.mid").write_text("was here")
    given = {"--chart": str(chart), "--out": "o.mid", **dict(zip(options[::2], options[1::2], strict=False))}
    bare = [option for option in options if len(options) == 1]
    code, _, said = run("rehearse", call, *(word for pair in given.items() for word in pair), *bare)
    assert code == 2 and says in said and said.count("\n") == 1 and said.startswith("sideslip: ") and len(said) < 300
    assert Path("o.mid").read_text() == "was here"
    assert sorted(p.name for p in Path.cwd().iterdir()) == ["bad.txt", "o.mid"]


@pytest.mark.parametrize("content", [b"", b"hello", b"MThd\0\0\0\6\0\1\0\1\0\x60MTrk\0\0\0\4\0\xff\x2f\0", b"MThd\0\0"])
def test_a_file_that_is_no_call_is_one_clear_line(run: Run, tmp_path: Path, chart: Path, content: bytes) -> None:
    path = tmp_path / "x.mid"
    path.write_bytes(content)
    code, _, said = run("rehearse", path, "--chart", chart, "--out", "o.mid")
    assert code == 2 and said.count("\n") == 1 and "x.mid" in said


def test_a_truncated_call_is_one_clear_line_wherever_it_was_cut(run: Run, call: Path, chart: Path) -> None:
    whole = call.read_bytes()
    for size in range(0, len(whole), 37):
        call.write_bytes(whole[:size])
        code, _, said = run("rehearse", call, "--chart", chart, "--out", "o.mid")
        assert code == 2 and said.count("\n") == 1, size
