"""The project's own virtual environment: made when missing, filled when stale, and entered.

    enter()          the base package, all that playing needs
    enter("dev")     and everything that checks, tests and training need

The standard library is enough. This file and its callers must parse on Python 3.6 down to their last line, so that an
old Python answers in words rather than with a SyntaxError.
"""

import sys

if sys.version_info < (3, 11):
    sys.stderr.write("sideslip needs Python 3.11 or newer; this is {}.{}\n".format(*sys.version_info[:2]))
    sys.exit(2)

import hashlib
import importlib.util
import json
import os
import re
import subprocess
import threading
import urllib.request
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "sideslip-setup.json"

# PyTorch's own index of CPU builds: on Linux the torch that pip finds by default brings 3 GB of CUDA, of which no test
# makes use. It is named here only, and passed over at once where it does not answer.
TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"
TORCH_KNOWN = "torch==2.13.0"  # instead of it: one version, so that a mirror which keeps a CPU build can be met
PATIENCE = 3.0  # seconds for that index to answer

UNREACHABLE = re.compile(
    r"NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|NameResolutionError|Max retries|Failed to establish"
    r"|Connection to \S+ timed out|[Nn]ame resolution|Network is unreachable|connection broken by"
)


def enter(*extras: str) -> None:
    """See to it that the running program is the one inside `.venv`, with these extras of the project installed.

    Returns when it is; otherwise starts the same program again inside. What goes wrong is told in one line, exit 2.
    """
    prepare(extras)
    if Path(sys.prefix).resolve() == VENV.resolve():
        return
    os.environ.pop("PYTHONHOME", None)  # as activating would: with it the Python inside takes itself for another
    command = [str(PYTHON), *sys.argv]
    sys.stdout.flush()
    if os.name == "nt":  # there exec returns to the shell at once
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)


def prepare(extras: tuple[str, ...]) -> None:
    """Make `.venv` if there is none that works, and install what is not there yet or has changed since."""
    version = _venv_version()
    if version is None:
        _make_venv()
        version = _venv_version()
    key = hashlib.sha256(f"{ROOT}\n{version}\n".encode() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = _read_stamp()
    if stamp.get("key") == key and set(extras) <= set(stamp["extras"]):
        return
    if _inside("import pip").returncode:  # another tool made this one and left pip out
        _inside("import ensurepip; ensurepip.bootstrap()")
    wanted = sorted({*extras, *stamp.get("extras", ())})
    _say("installing sideslip and what it needs into .venv, once" + (" (some minutes)" if "dev" in wanted else ""))
    if "dev" in wanted and sys.platform == "linux":
        _install_cpu_torch()
    project = str(ROOT) + (f"[{','.join(wanted)}]" if wanted else "")
    problem = pip("install", "--editable", project)
    if problem:
        fail(problem)
    STAMP.write_text(json.dumps({"key": key, "extras": wanted}), encoding="utf-8")


def pip(*arguments: str) -> str:
    """Run the environment's pip, silent unless it fails; returns what went wrong in words, empty when all is well."""
    command = [str(PYTHON), "-m", "pip", arguments[0], "-q", "--no-input", "--disable-pip-version-check"]
    patience = {"PIP_RETRIES": "2", **os.environ}  # five, pip's own choice, are minutes of silence without a network
    done = subprocess.run(
        [*command, *arguments[1:]], stdin=subprocess.DEVNULL, capture_output=True, text=True, env=patience
    )
    return pip_problem(done.stdout + done.stderr) if done.returncode else ""


def pip_problem(said: str) -> str:
    """What a failed pip said, as one line where the network is the reason."""
    if UNREACHABLE.search(said):
        return "pip cannot reach its package index: connect to the network (or set pip's proxy) and run this again"
    return f"{said.rstrip()}\npip could not do its part; its own words are above"


def fail(problem: str) -> NoReturn:
    """End with words for the user, exit code 2."""
    _say(problem)
    sys.exit(2)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _inside(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(PYTHON), "-c", code], stdin=subprocess.DEVNULL, capture_output=True, text=True)


def _venv_version() -> str | None:
    """The version of the Python in `.venv`; None when there is none, it no longer runs, or it is too old."""
    try:
        done = _inside("import sys; print(sys.version)")
    except OSError:
        return None
    version = re.match(r"(\d+)\.(\d+)", done.stdout)
    return done.stdout if version and (int(version[1]), int(version[2])) >= (3, 11) else None


def _make_venv() -> None:
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        fail(
            f"sideslip needs Python's venv module to set itself up; this Python {here} comes without it: "
            "sudo apt install python3-venv on Debian and Ubuntu, then run this again"
        )
    _say(f"making .venv with Python {here}")
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        fail(f"{(done.stdout + done.stderr).rstrip()}\nno virtual environment could be made in {VENV}")


def _read_stamp() -> dict:
    try:
        return json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _install_cpu_torch() -> None:
    """Put a CPU build of torch there first, if one is to be had; else `pip` finds one when it installs the project."""
    if _inside("import torch").returncode == 0:
        return
    if _answers(TORCH_CPU_INDEX) and not pip("install", "torch", "--index-url", TORCH_CPU_INDEX):
        return
    pip("install", TORCH_KNOWN)


def _answers(address: str) -> bool:
    """Whether a web address answers within PATIENCE, the look-up of its name included."""
    answered = threading.Event()

    def ask() -> None:
        try:
            with urllib.request.urlopen(f"{address}/torch/", timeout=PATIENCE):
                answered.set()
        except (OSError, ValueError):
            pass

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(PATIENCE)
    return answered.is_set()
