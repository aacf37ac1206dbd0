"""What leaves the house: one version, models with their cards, quick imports, no trace of where it was made."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import sideslip

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

NOTICE = (
    "Contains information from the Weimar Jazz Database, which is made available here under the Open Database License "
    "(ODbL)."
)
"""What everything learnt from the Weimar Jazz Database must say."""

HEAVY = ("torch", "mido", "rtmidi", "rtmidi2", "numpy")

PYTORCH_INDEX = ".".join(("download", "pytorch", "org"))  # needed where the tests set themselves up, and there only
REGISTRIES = [
    ".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("deb", "debian", "org"))
]
MACHINE_PATH = re.compile(r"(?<![\w.])/(work|tmp|farm|root|home|Users)/[\w.]")

OLDEST_SYNTAX = (3, 6)
"""What the scripts must parse on, in order to say which Python is needed."""


def run_python(*arguments: str) -> str:
    command = [sys.executable, "-W", "error", *arguments]
    done = subprocess.run(command, cwd=ROOT / "src", capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


# ---------------------------------------------------------------- version and package


def test_one_version() -> None:
    path = ROOT / PROJECT["tool"]["hatch"]["version"]["path"]
    assert f'__version__ = "{sideslip.__version__}"' in path.read_text(encoding="utf-8")
    assert f"## [{sideslip.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert run_python("-m", "sideslip.cli", "--version") == f"sideslip {sideslip.__version__}"


def test_the_folders_that_the_wheel_takes_along_hold_something() -> None:
    folders = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert {"models", "configs"} == folders.keys()
    assert [folder for folder in folders if not any(path.is_file() for path in (ROOT / folder).rglob("*"))] == []


def test_the_files_that_the_package_names_are_there() -> None:
    named = [PROJECT["project"]["readme"], *PROJECT["project"]["license-files"]]
    assert [name for name in named if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("module", ["sideslip", "sideslip.cli"])
def test_an_import_loads_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    assert run_python("-c", code) == ""


@pytest.mark.parametrize("script", ["_setup.py", "check_wheels.py", "demo.py", "test.py"])
def test_an_old_python_can_read_the_scripts_that_turn_it_away(script: str) -> None:
    ast.parse((ROOT / "scripts" / script).read_text(encoding="utf-8"), feature_version=OLDEST_SYNTAX)


def test_newer_syntax_is_noticed() -> None:
    with pytest.raises(SyntaxError):
        ast.parse("if (n := 1):\n    pass\n", feature_version=OLDEST_SYNTAX)


# ---------------------------------------------------------------- models


def without_card(folder: Path) -> list[str]:
    """The weights in a folder whose card (the same name, .md) is missing or lacks the notice."""

    def card(weights: Path) -> str:
        path = weights.with_suffix(".md")
        return " ".join(path.read_text(encoding="utf-8").split()) if path.is_file() else ""

    return [weights.name for weights in sorted(folder.rglob("*.safetensors")) if NOTICE not in card(weights)]


def test_every_model_has_its_card() -> None:
    assert list((ROOT / "models").glob("*.safetensors"))
    assert without_card(ROOT / "models") == []


def test_a_model_without_card_or_notice_is_caught(tmp_path: Path) -> None:
    for name in ("bare", "silent", "good"):
        (tmp_path / f"{name}.safetensors").touch()
    (tmp_path / "silent.md").write_text("# A model\n", encoding="utf-8")
    (tmp_path / "good.md").write_text("# A model\n\n" + NOTICE.replace("Open ", "Open\n"), encoding="utf-8")
    assert without_card(tmp_path) == ["bare.safetensors", "silent.safetensors"]


# ---------------------------------------------------------------- traces


def traces(name: str, text: str) -> list[str]:
    """Paths of one machine and hosts of package registries in a file, as "name:line: text"."""
    hosts = REGISTRIES if name == "scripts/_setup.py" else [*REGISTRIES, PYTORCH_INDEX]
    lines = enumerate(text.splitlines(), start=1)
    return [
        f"{name}:{number}: {line.strip()[:80]}"
        for number, line in lines
        if MACHINE_PATH.search(line) or any(host in line for host in hosts)
    ]


def test_no_tracked_file_tells_of_a_machine_or_a_registry() -> None:
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("not a git checkout: no telling which files are the project's")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = []
    for name in filter(None, listed.split("\0")):
        try:
            found += traces(name, (ROOT / name).read_text(encoding="utf-8"))
        except (UnicodeDecodeError, FileNotFoundError):  # weights, pictures, sound; or just removed
            continue
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "see " + "/work" + "/main",
        "open('" + "/tmp" + "/call.mid')",
        "/home" + "/alice/tune.txt",
        f"https://{REGISTRIES[0]}/simple",
        f"--index-url https://{PYTORCH_INDEX}/whl/cpu",
    ],
)
def test_a_planted_trace_is_caught(line: str) -> None:
    assert len(traces("docs/guide.md", f"first\n{line}\n")) == 1


def test_ordinary_paths_pass() -> None:
    assert traces("docs/guide.md", "src/work/x, /dev/null, https://example.org/home/x, ./tmp/x") == []
