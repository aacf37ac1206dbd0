"""What the facts about a machine mean for playing on it: a line each, and what to do. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from sideslip.commands.hints import BY_FRAME, REAL_TIME
from sideslip.stage.midi.names import OWN, listed
from sideslip.stage.midi.ports import HINTS, LIBRARIES

Verdict = Literal["ok", "poor", "wrong"]
"""All is well; it plays, but not as well as it could; it cannot play."""

NEEDED = ("numpy", "mido", "safetensors", "platformdirs")
"""Packages without which nothing plays."""

EXTRAS = ("JACK-Client", "LinkPython-extern")
"""Packages that the extras [jack] and [link] bring."""

SLOW = 0.5
"""The share of a bar that thinking a turn through may take: it is asked a bar ahead, and once more before the line."""

_BAR = 4 * 60 / 140  # s, of the blues in F
_THROUGH = "midi through"
_SYNTHS = ("synth", "fluid", "timidity", "zyn", "yoshimi", "surge", "pianoteq", "carla", "organ", "sampler", "piano")
"""What outputs that sound by themselves tend to be called."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What a MIDI system answered: the names of its ports, or in `error` why it did not."""

    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known about a machine. `weights` and `folders` name what was looked at, with what is wrong or "".

    `packages` are versions (None: not there); `libraries` the modules for MIDI that are there; `systems` what each
    MIDI system answered, the one that is used first where it answers; `audio` what could carry sound; `governor` how
    the processor is told to run, "" where nobody says; `thinking` the seconds of one turn, None where it failed;
    `others` the process numbers of other sideslips that play.
    """

    platform: str
    python: tuple[int, ...]
    packages: Mapping[str, str | None]
    libraries: tuple[str, ...]
    systems: Mapping[str, Ports]
    can_make_virtual: bool
    weights: Mapping[str, str]
    thinking: float | None
    audio: tuple[str, ...]
    real_time: bool
    governor: str
    folders: Mapping[str, str]
    others: tuple[int, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, how it is, what was found, and what to do about it."""

    name: str
    verdict: Verdict
    found: str
    fix: str = ""

    def __str__(self) -> str:
        return f"{self.verdict:5}  {self.name}: {self.found}" + (f"; {self.fix}" if self.fix else "")


def findings(facts: Facts) -> Iterator[Finding]:
    """Everything that was looked at, in the order in which a note goes."""
    yield _python(facts)
    yield _library(facts)
    yield _system(facts)
    ports = next((ports for ports in facts.systems.values() if not ports.error), Ports())
    yield _ports(facts, "MIDI inputs", ports.inputs, "plug a keyboard in", "--in NAME", "to play into")
    yield _ports(facts, "MIDI outputs", ports.outputs, "start a synth or a DAW", "--out NAME", "to listen to")
    yield _virtual(facts)
    yield _weights(facts)
    yield _thinking(facts)
    yield _sound(facts, ports.outputs)
    yield _real_time(facts)
    yield _processor(facts)
    yield _folders(facts)
    yield _others(facts)


def _python(facts: Facts) -> Finding:
    version = ".".join(map(str, facts.python[:3]))
    missing = [name for name in NEEDED if not facts.packages.get(name)]
    if missing:
        return Finding("Python", "wrong", f"{version} without {', '.join(missing)}", f"pip install {' '.join(missing)}")
    there = [f"{name} {facts.packages[name]}" for name in (*NEEDED, *EXTRAS) if facts.packages.get(name)]
    return Finding("Python", "ok", f"{version} with {', '.join(there)}")


def _library(facts: Facts) -> Finding:
    if facts.libraries:
        return Finding("MIDI library", "ok", LIBRARIES[facts.libraries[0]])
    wanted = "python-rtmidi" if facts.python < (3, 13) else "rtmidi2"
    return Finding("MIDI library", "wrong", "none", f"pip install {wanted}")


def _system(facts: Facts) -> Finding:
    answering = [name for name, ports in facts.systems.items() if not ports.error]
    silent = [f"{name} does not ({ports.error})" for name, ports in facts.systems.items() if ports.error]
    if answering:
        better = BY_FRAME if "jack" in answering and not facts.packages.get("JACK-Client") else ""
        return Finding("MIDI system", "ok", ", ".join([f"{' and '.join(answering)} answers", *silent]), better)
    hints = [HINTS[name] for name in facts.systems if name in HINTS]
    return Finding("MIDI system", "wrong", "none answers: " + ", ".join(silent), "; ".join(hints))


def _ports(facts: Facts, name: str, ports: tuple[str, ...], get: str, option: str, use: str) -> Finding:
    real = [port for port in ports if not port.casefold().startswith((OWN, _THROUGH))]
    if real:
        return Finding(name, "ok", listed(real))
    if facts.can_make_virtual:
        return Finding(name, "poor", "none", f"{get}, or make one with {option} for another program {use}")
    return Finding(name, "wrong", "none", f"{get}, or install loopMIDI for a port that another program can use")


def _virtual(facts: Facts) -> Finding:
    if facts.can_make_virtual:
        return Finding("virtual ports", "ok", "made for every name that no port has")
    fix = "loopMIDI, or the loopback of Windows MIDI Services, serves between programs"
    return Finding("virtual ports", "poor", "not on this system", fix)


def _weights(facts: Facts) -> Finding:
    wrong = [f"{name} ({error})" for name, error in facts.weights.items() if error]
    if wrong:
        fix = "install sideslip again; until then it plays without what these have learnt"
        return Finding("weights", "poor", ", ".join(wrong), fix)
    return Finding("weights", "ok", f"{', '.join(facts.weights)} are whole")


def _thinking(facts: Facts) -> Finding:
    if facts.thinking is None:
        return Finding("thinking", "poor", "a turn could not be thought through", "licks answer instead")
    took = f"{1000 * facts.thinking:.0f} ms for a turn of four bars, where a bar at 140 bpm lasts {1000 * _BAR:.0f}"
    if facts.thinking > SLOW * _BAR:
        return Finding("thinking", "poor", took, "close other programs, or play slower: late ideas are left out")
    return Finding("thinking", "ok", took)


def _sound(facts: Facts, outputs: tuple[str, ...]) -> Finding:
    synths = [name for name in outputs if any(word in name.casefold() for word in _SYNTHS)]
    carrier = f" (sound goes by {' and '.join(facts.audio)})" if facts.audio else " (no sound card or server was found)"
    if synths:
        return Finding("sound", "ok", f"{listed(synths)} may sound{carrier}")
    found = f"no output looks like a synth{carrier}"
    fix = "sideslip sends notes and makes no sound: start a synth or a DAW and name it with --out"
    return Finding("sound", "poor", found, f"{fix}; 'sideslip demo' writes a session.wav to try the speakers with")


def _real_time(facts: Facts) -> Finding:
    if facts.real_time:
        return Finding("real-time priority", "ok", "permitted")
    if facts.platform not in REAL_TIME:
        return Finding("real-time priority", "ok", "not used on this system")
    return Finding("real-time priority", "poor", "not permitted, notes are steadier with it", REAL_TIME[facts.platform])


def _processor(facts: Facts) -> Finding:
    if facts.governor == "powersave":
        fix = "sudo cpupower frequency-set -g performance, or the power settings of the desktop"
        return Finding("processor", "poor", "told to save power", fix)
    return Finding("processor", "ok", f"governor {facts.governor}" if facts.governor else "nothing holds it back")


def _folders(facts: Facts) -> Finding:
    wrong = [f"{name} ({error})" for name, error in facts.folders.items() if error]
    if wrong:
        return Finding("folders", "poor", f"cannot write to {', '.join(wrong)}", "what belongs there will not be kept")
    return Finding("folders", "ok", f"can write to {', '.join(facts.folders)}")


def _others(facts: Facts) -> Finding:
    if facts.others:
        numbers = ", ".join(map(str, facts.others))
        return Finding("another sideslip", "poor", f"plays as process {numbers}", "one at a time on a pair of ports")
    return Finding("another sideslip", "ok", "none plays")
