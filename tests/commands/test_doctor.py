"""What `sideslip doctor` makes of a machine: pure verdicts on made-up facts, and the real look at this one."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sideslip.commands import doctor, examination
from sideslip.commands.findings import Facts, Finding, Ports, findings
from sideslip.propose.checkpoint import write_weights
from sideslip.stage.machine import audio, governor, writable
from sideslip.stage.midi.ports import Backend
from sideslip.testing.weights import TINY, random_weights

from .conftest import Run

WELL = Facts(
    platform="linux",
    python=(3, 12, 1),
    packages={"numpy": "2.0", "mido": "1.3.3", "safetensors": "0.5", "platformdirs": "4.2", "JACK-Client": None},
    libraries=("rtmidi",),
    systems={"alsa": Ports(("Midi Through:0", "KeyLab 49"), ("FluidSynth", "sideslip out"))},
    can_make_virtual=True,
    weights={"line.safetensors": "", "critic.safetensors": ""},
    thinking=0.12,
    audio=("PipeWire",),
    real_time=True,
    governor="performance",
    folders={"settings": ""},
)
SILENT = {"alsa": Ports(error="no sequencer"), "jack": Ports(error="JACK server not running")}


def unwell(facts: Facts) -> list[Finding]:
    return [finding for finding in findings(facts) if finding.verdict != "ok"]


def test_a_machine_that_is_well_has_one_good_line_a_matter() -> None:
    lines = list(map(str, findings(WELL)))
    assert unwell(WELL) == []
    assert len(lines) == 13 and all(line.startswith("ok     ") and "\n" not in line for line in lines)
    assert "ok     MIDI inputs: 'KeyLab 49'" in lines  # neither the system's own nor ours
    assert "ok     thinking: 120 ms for a turn of four bars, where a bar at 140 bpm lasts 1714" in lines


@pytest.mark.parametrize(
    ("facts", "name", "verdict", "says"),
    [
        (replace(WELL, packages={}), "Python", "wrong", "pip install numpy mido safetensors platformdirs"),
        (replace(WELL, libraries=()), "MIDI library", "wrong", "pip install python-rtmidi"),
        (replace(WELL, libraries=(), python=(3, 13, 0)), "MIDI library", "wrong", "pip install rtmidi2"),
        (replace(WELL, systems=SILENT), "MIDI system", "wrong", "alsa does not (no sequencer), jack does not (JACK"),
        (replace(WELL, systems={"alsa": Ports(("keys",))}), "MIDI outputs", "poor", "make one with --out NAME"),
        (replace(WELL, systems={"alsa": Ports((), ("Fluid",))}), "MIDI inputs", "poor", "plug a keyboard in"),
        (replace(WELL, can_make_virtual=False), "virtual ports", "poor", "loopMIDI"),
        (
            replace(WELL, weights={"a.safetensors": "too short"}),
            "weights",
            "poor",
            "a.safetensors (too short); install",
        ),
        (replace(WELL, thinking=1.2), "thinking", "poor", "1200 ms for a turn"),
        (replace(WELL, thinking=None), "thinking", "poor", "licks answer"),
        (replace(WELL, systems={"alsa": Ports(("keys",), ("USB 1",))}), "sound", "poor", "(sound goes by PipeWire)"),
        (replace(WELL, audio=(), systems={"alsa": Ports(("k",), ("o",))}), "sound", "poor", "no sound card or server"),
        (replace(WELL, real_time=False), "real-time priority", "poor", "limits.d"),
        (replace(WELL, governor="powersave"), "processor", "poor", "-g performance"),
        (replace(WELL, folders={"/a": "no permission for /"}), "folders", "poor", "/a (no permission for /)"),
        (replace(WELL, others=(7, 8)), "another sideslip", "poor", "plays as process 7, 8"),
    ],
)
def test_what_is_not_well_says_what_to_do(facts: Facts, name: str, verdict: str, says: str) -> None:
    found = next(finding for finding in unwell(facts) if finding.name == name)
    assert found.verdict == verdict and found.fix
    assert says in str(found) and "\n" not in str(found)


def test_the_system_that_answers_is_the_one_whose_ports_are_told() -> None:
    facts = replace(WELL, systems={"alsa": Ports(error="no sequencer"), "jack": Ports(("keys",), ("synth",))})
    assert unwell(facts) == []
    assert "jack answers, alsa does not (no sequencer); over JACK" in str(list(findings(facts))[2])
    better = replace(facts, packages={**WELL.packages, "JACK-Client": "0.5"})
    assert str(list(findings(better))[2]).endswith("alsa does not (no sequencer)")


def test_without_virtual_ports_there_must_be_real_ones() -> None:
    facts = replace(WELL, platform="win32", can_make_virtual=False, real_time=False, systems={"winmm": Ports()})
    verdicts = {finding.name: finding.verdict for finding in unwell(facts)}
    assert (verdicts["MIDI inputs"], verdicts["MIDI outputs"]) == ("wrong", "wrong")
    assert "real-time priority" not in verdicts


@pytest.mark.parametrize(("systems", "code"), [(WELL.systems, 0), (SILENT, 1)])
def test_only_what_cannot_play_is_an_error(
    run: Run, monkeypatch: pytest.MonkeyPatch, systems: dict[str, Ports], code: int
) -> None:
    monkeypatch.setattr(doctor, "examine", lambda backend: replace(WELL, real_time=False, systems=systems))
    ended, said, told = run("doctor")
    assert (ended, told) == (code, "") and said.count("\n") == 13


def test_the_machine_is_looked_at(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("critic", "tracker"):
        (home / "models" / f"{name}.safetensors").write_bytes(b"not a model")
    monkeypatch.setattr(examination, "_ports", lambda backend: Ports(error=backend))
    facts = examination.examine(Backend("rtmidi2", "jack"))
    assert facts.systems == {"jack": Ports(error="rtmidi2/jack")}
    assert facts.packages["numpy"] is not None
    assert [bool(error) for error in facts.weights.values()] == [False, True, False, True]
    assert facts.thinking is not None and facts.thinking > 0
    write_weights(home / "models" / "line.safetensors", TINY, random_weights())
    (home / "models" / "line.safetensors").write_bytes(b"")
    assert examination.examine(Backend("rtmidi2", "jack")).thinking is None


class Asked:
    """Stands in for the processes that list ports."""

    def __init__(self, code: int = 0, out: str = "", error: str = "", stuck: bool = False) -> None:
        self._ended = subprocess.CompletedProcess([], code, out, error)
        self._stuck = stuck

    def run(self, command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        if self._stuck:
            raise subprocess.TimeoutExpired(command, 5)
        return self._ended


ALSA = "sideslip: no MIDI system: alsa does not answer (no sequencer); is the snd-seq kernel module loaded? JACK is\n"


@pytest.mark.parametrize(
    ("asked", "ports"),
    [
        (Asked(out='{"inputs": ["keys"], "outputs": []}'), Ports(("keys",))),
        (Asked(2, error=ALSA), Ports(error="no sequencer")),
        (Asked(2, error="chatter\nsideslip: live MIDI needs a library\n"), Ports(error="live MIDI needs a library")),
        (Asked(-6), Ports(error="it ended our process, code -6")),
        (Asked(stuck=True), Ports(error="no word within 5 s: is it stuck?")),
    ],
)
def test_a_system_that_crashes_or_hangs_is_only_an_answer(
    monkeypatch: pytest.MonkeyPatch, asked: Asked, ports: Ports
) -> None:
    monkeypatch.setattr(examination.subprocess, "run", asked.run)
    assert examination._ports("alsa") == ports


def test_a_governor_that_saves_power_is_told_from_one_that_gives_it_as_needed(tmp_path: Path) -> None:
    assert governor(tmp_path) == ""
    (tmp_path / "scaling_governor").write_text("powersave\n")
    (tmp_path / "scaling_driver").write_text("acpi-cpufreq\n")
    assert governor(tmp_path) == "powersave"
    (tmp_path / "scaling_driver").write_text("intel_pstate\n")
    assert governor(tmp_path) == "powersave by intel_pstate"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems are taken to have sound")
def test_sound_is_looked_for_where_linux_has_it(tmp_path: Path) -> None:
    cards = tmp_path / "cards"
    assert audio({}, cards) == ()
    cards.write_text("--- no soundcards ---\n")
    assert audio({"XDG_RUNTIME_DIR": str(tmp_path)}, cards) == ()
    cards.write_text(" 0 [PCH            ]: HDA-Intel - HDA Intel PCH\n")
    (tmp_path / "pulse").mkdir()
    (tmp_path / "pulse" / "native").touch()
    assert audio({"XDG_RUNTIME_DIR": str(tmp_path)}, cards) == ("PulseAudio", "a sound card")


def test_a_folder_can_be_written_if_it_could_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert writable(tmp_path / "not" / "yet") == ""
    assert writable(tmp_path / "file" / "in") == f"{tmp_path / 'file'} is no folder"
