"""Looking at the machine that this runs on: the facts that `findings` judges. Nothing is changed, nothing is played."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

from sideslip.commands.ensemble import CRITIC, MODEL, TABLES, TRACKER
from sideslip.commands.findings import EXTRAS, NEEDED, Facts, Ports
from sideslip.commands.trial import trial_turn
from sideslip.errors import SideslipError
from sideslip.listen.tables import load_tracker
from sideslip.outside.critic import load_critic
from sideslip.outside.tables import load_tables
from sideslip.propose.engine import Engine
from sideslip.propose.ideas import model_proposer
from sideslip.resources import resource
from sideslip.stage.files.charts import load_chart
from sideslip.stage.machine import audio, governor, may_hurry, own_folders, writable
from sideslip.stage.midi.claims import holders
from sideslip.stage.midi.ports import LIBRARIES, Backend

_PATIENCE = 5.0  # s for a MIDI system to list its ports: one that is stuck never does
_SYSTEMS = {"linux": ("alsa", "jack"), "darwin": ("coremidi",), "win32": ("winmm",)}
_ANSWERLESS = re.compile(r"^sideslip: no MIDI system: .* does not answer \((.*?)\);.*$")
_WEIGHTS: Mapping[tuple[str, ...], Callable[[Path], object]] = {
    MODEL: Engine.load,
    CRITIC: load_critic,
    TABLES: load_tables,
    TRACKER: load_tracker,
}


def examine(backend: Backend) -> Facts:
    """All facts; takes some seconds. `backend` is the one asked for, by its library, its API, both or neither."""
    apis = (backend.api,) if backend.api else _SYSTEMS.get(sys.platform, ("jack",))
    return Facts(
        platform=sys.platform,
        python=sys.version_info[:3],
        packages={name: _version(name) for name in (*NEEDED, *EXTRAS)},
        libraries=tuple(name for name in LIBRARIES if find_spec(name) is not None),
        systems={api: _ports(f"{backend.library}/{api}" if backend.library else api) for api in apis},
        can_make_virtual=sys.platform != "win32",
        weights={parts[-1]: _whole(parts, load) for parts, load in _WEIGHTS.items()},
        thinking=_thinking(),
        audio=audio(os.environ),
        real_time=may_hurry(),
        governor=governor(),
        others=holders(),
        folders={str(place): writable(place) for place in own_folders()},
    )


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _ports(backend: str) -> Ports:
    """What `sideslip ports` says: in a process of its own, because a broken system ends or holds up whoever asks."""
    command = [sys.executable, "-P", "-m", "sideslip.cli", "ports", "--json", "--backend", backend]
    path = os.pathsep.join(os.path.abspath(entry) for entry in sys.path if entry)
    environment = {**os.environ, "PYTHONPATH": path}
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, env=environment)
    except subprocess.TimeoutExpired:
        return Ports(error=f"no word within {_PATIENCE:g} s: is it stuck?")
    if done.returncode:
        words = (done.stderr.strip().splitlines() or [f"it ended our process, code {done.returncode}"])[-1]
        return Ports(error=_ANSWERLESS.sub(r"\1", words).removeprefix("sideslip: "))
    found = json.loads(done.stdout)
    return Ports(tuple(found["inputs"]), tuple(found["outputs"]))


def _whole(parts: tuple[str, ...], load: Callable[[Path], object]) -> str:
    try:
        load(resource(*parts))
    except SideslipError as mistake:
        return str(mistake)
    return ""


def _thinking() -> float | None:
    """Seconds that the model takes for a turn, the first having been thought through to warm up."""
    try:
        proposer, turn = model_proposer(str(resource(*MODEL))), trial_turn(load_chart("blues-in-f").changes())
    except SideslipError:
        return None
    proposer.propose(turn, 0)
    begun = perf_counter()
    proposer.propose(turn, 1)
    return perf_counter() - begun
