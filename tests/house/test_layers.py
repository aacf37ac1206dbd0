"""The rules of the house, read off the imports of every module under src.

A room is a folder or module right under `sideslip`: music, listen, ..., cli. Each rule is a function from a module to
what it breaks, in words; each is held against the whole tree, and against planted code that it must catch.
"""

import ast
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src"

CORE = {"errors", "music"}
EARS_AND_IDEAS = {"listen", "propose", "outside"}
BAND = CORE | EARS_AND_IDEAS
STAGE = BAND | {"band", "resources", "reading", "config"}
COMMANDS = STAGE | {"stage"}

MAY_IMPORT = {
    "errors": set(),
    "music": {"errors"},
    "reading": set(),
    "weights": {"errors", "reading"},
    "listen": CORE | {"weights"},
    "propose": CORE | {"weights"},
    "outside": CORE | {"weights"},
    "band": BAND,
    "resources": {"errors"},
    "config": {"errors", "reading"},
    "stage": STAGE,
    "commands": COMMANDS,
    "cli": COMMANDS | {"commands"},
    "train": BAND | {"config", "stage", "reading", "weights"},
    "testing": COMMANDS,
}
"""The rooms that a room may import beside itself. Nobody lists train or testing: playing needs neither. Files of users,
which train reads and writes too, are at home on the stage."""

TORCH = {"propose.transformer", "train"}
PORTS = {"stage.midi"}
MIDI_FILES = {"stage.files"}
ANYWHERE_BUT_MUSIC = MAY_IMPORT.keys() - {"music"}

AT_HOME = {
    "numpy": ANYWHERE_BUT_MUSIC,
    "safetensors": {"weights", "listen", "propose", "outside", "train"},
    "safetensors.torch": TORCH,
    "torch": TORCH,
    "mido": MIDI_FILES,
    "rtmidi": PORTS,
    "rtmidi2": PORTS,
    "jack": PORTS,
    "link": PORTS,
    "platformdirs": {"stage"},
}
"""The packages of others, and the rooms or modules that may import each."""

REPLAYABLE = {"music", "listen", "outside", "band"}
OUTER_WORLD = {"time", "threading", "queue", "random", "logging", "asyncio"}
"""What a gig that replays exactly must not read for itself: there a moment and a generator are arguments."""

MODULE_LINES, FUNCTION_LINES = 300, 60


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name in full ("torch.nn.functional"); relative ones keep their dots."""

    name: str
    line: int

    def is_of(self, package: str) -> bool:
        return f"{self.name}.".startswith(f"{package}.")


@dataclass(frozen=True, slots=True)
class Module:
    """What the rules look at; `name` is without the leading "sideslip."."""

    name: str
    lines: int
    imports: tuple[Import, ...]
    functions: tuple[tuple[str, int], ...]

    @property
    def room(self) -> str:
        return self.name.partition(".")[0]

    def is_in(self, places: set[str]) -> bool:
        return any(f"{self.name}.".startswith(f"{place}.") for place in places)


def read(name: str, source: str) -> Module:
    nodes = list(ast.walk(ast.parse(source)))
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    imports = [Import(full, node.lineno) for node in nodes for full in imported_names(node)]
    lengths = tuple((function.name, function.end_lineno - function.lineno + 1) for function in functions)
    return Module(name, len(source.splitlines()), tuple(imports), lengths)


def imported_names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names]
    return []


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE / "sideslip").with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


TREE = [read(module_name(path), path.read_text(encoding="utf-8")) for path in sorted(SOURCE.rglob("*.py"))]


# ---------------------------------------------------------------- the rules


def layers(module: Module) -> list[str]:
    if module.name and module.room not in MAY_IMPORT:
        return [f"{module.name}: {module.room} is a new room; say in MAY_IMPORT what it may import"]
    allowed = {module.room, "__version__"} | MAY_IMPORT.get(module.room, set())
    ours = [i for i in module.imports if i.is_of("sideslip") or i.name.startswith(".")]
    return [
        f"{module.name}:{i.line} imports {i.name}"
        for i in ours
        if i.name.startswith(".") or i.name.split(".")[1] not in allowed
    ]


def packages_of_others(module: Module) -> list[str]:
    foreign = [i for i in module.imports if i.name.split(".")[0] not in {"", "sideslip", *sys.stdlib_module_names}]
    unknown = [i for i in foreign if not any(i.is_of(package) for package in AT_HOME)]
    strayed = [i for i in foreign for p, places in AT_HOME.items() if i.is_of(p) and not module.is_in(places)]
    return [f"{module.name}:{i.line} imports {i.name}" for i in unknown + strayed]


def no_outer_world(module: Module) -> list[str]:
    reached = [i for i in module.imports if any(i.is_of(package) for package in OUTER_WORLD)]
    return [f"{module.name}:{i.line} imports {i.name}" for i in reached if module.room in REPLAYABLE]


def sizes(module: Module) -> list[str]:
    long = [f"{module.name} has {module.lines} lines"] if module.lines > MODULE_LINES else []
    return long + [f"{module.name}.{name} has {n} lines" for name, n in module.functions if n > FUNCTION_LINES]


def broken(rule: Callable[[Module], list[str]]) -> list[str]:
    return [words for module in TREE for words in rule(module)]


# ---------------------------------------------------------------- held against the tree


def test_the_tree_was_read() -> None:
    assert {"", "errors", "music.phrase", "band.events", "propose.transformer", "cli"} <= {m.name for m in TREE}
    assert sum(len(module.imports) for module in TREE) > len(TREE)


def test_a_room_imports_only_the_rooms_below_it() -> None:
    assert broken(layers) == []


def test_packages_of_others_stay_in_their_rooms() -> None:
    assert broken(packages_of_others) == []


def test_what_must_replay_knows_no_clock_thread_or_chance() -> None:
    assert broken(no_outer_world) == []


def test_modules_and_functions_stay_small() -> None:
    assert broken(sizes) == []


# ---------------------------------------------------------------- and against what they must catch

LONG_FUNCTION = "def f():\n" + "    x = 1\n" * FUNCTION_LINES


@pytest.mark.parametrize(
    ("rule", "name", "source"),
    [
        (layers, "music.pitch", "from sideslip.listen.notes import NotePairer"),
        (layers, "music.pitch", "def f():\n    import sideslip.band.partner"),
        (layers, "errors", "from sideslip.music import pitch"),
        (layers, "listen.notes", "from sideslip.outside.controller import Choice"),
        (layers, "propose.licks", "from sideslip import listen"),
        (layers, "outside.arc", "from sideslip.propose.tokens import TOKENS"),
        (layers, "band.partner", "from sideslip.stage.clock import Clock"),
        (layers, "stage.session", "import sideslip.cli"),
        (layers, "stage.session", "from sideslip.testing import notes"),
        (layers, "commands.demo", "from sideslip.train.loop import Trainer"),
        (layers, "testing.player", "from sideslip.train import loop"),
        (layers, "listen.notes", "from ..outside import controller"),
        (layers, "listen.notes", "from . import tempo"),
        (layers, "attic.box", ""),
        (packages_of_others, "music.pitch", "import numpy as np"),
        (packages_of_others, "propose.engine", "from torch import nn"),
        (packages_of_others, "propose.engine", "from safetensors.torch import load_file"),
        (packages_of_others, "propose.engine", "from safetensors import torch"),
        (packages_of_others, "band.partner", "def f():\n    import torch"),
        (packages_of_others, "commands.rehearse", "import mido"),
        (packages_of_others, "testing.ports", "from rtmidi import MidiIn"),
        (packages_of_others, "band.partner", "import rtmidi2"),
        (packages_of_others, "stage.net", "import requests"),
        (no_outer_world, "listen.tempo", "import time"),
        (no_outer_world, "music.scale", "from random import Random"),
        (no_outer_world, "band.partner", "def f():\n    from threading import Lock"),
        (no_outer_world, "outside.arc", "import logging.handlers"),
        (sizes, "music.pitch", "x = 1\n" * (MODULE_LINES + 1)),
        (sizes, "music.pitch", LONG_FUNCTION),
        (sizes, "music.pitch", "class C:\n" + "".join(f"    {line}\n" for line in LONG_FUNCTION.splitlines())),
    ],
)
def test_a_planted_breach_is_caught(rule: Callable[[Module], list[str]], name: str, source: str) -> None:
    assert len(rule(read(name, source))) == 1


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("music.changes", "from bisect import bisect_right\nfrom sideslip.music.chord import Chord"),
        ("band.partner", "import numpy as np\nfrom sideslip.outside.controller import Controller"),
        ("propose.transformer", "from torch import nn\nfrom safetensors.torch import load_file"),
        ("stage.clock", "import time\nfrom sideslip import __version__"),
        ("stage.midi.ports", "import rtmidi\nfrom sideslip.errors import PortError"),
        ("train.loop", "import random\nimport torch\nfrom sideslip.propose.tokens import TOKENS"),
        ("listen.timetable", "from sideslip.listen.tempo import TempoMap\nimport timeit"),
        ("music.pitch", "x = 1\n" * MODULE_LINES),
    ],
)
def test_what_the_rules_allow_passes(name: str, source: str) -> None:
    rules = (layers, packages_of_others, no_outer_world, sizes)
    assert [words for rule in rules for words in rule(read(name, source))] == []
