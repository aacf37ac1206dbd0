"""Nothing that comes from outside is ever run as code: no unpickling, no eval, no shell, in src and in scripts.

Weights are safetensors because loading a pickle runs what it holds, `weights_only` or not (CVE-2025-32434).
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

UNSAFE_PACKAGES = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}
"""Reading with these runs code, and writing begets reading."""

UNSAFE_NAMES = {
    "eval",
    "exec",
    "builtins.eval",
    "builtins.exec",
    "os.system",
    "os.popen",
    "subprocess.getoutput",
    "subprocess.getstatusoutput",
    "torch.load",
    "torch.save",
    "yaml.load",
    "yaml.unsafe_load",
}
"""Names in full, after the imports of the file are taken into account. A method `model.eval()` is another thing."""

UNSAFE_KEYWORDS = {"shell", "allow_pickle"}
"""Keyword arguments that may be given as False only, whatever the call."""


def unsafe(source: str) -> list[str]:
    """What is unsafe in a file, as "line: name"."""
    nodes = list(ast.walk(ast.parse(source)))
    aliases = dict(pair for node in nodes for pair in imported(node))
    found = [(node.lineno, full_name(node, aliases)) for node in nodes if isinstance(node, ast.Name | ast.Attribute)]
    names = [(line, name) for line, name in found if name in UNSAFE_NAMES]
    packages = [
        (node.lineno, name) for node in nodes for _, name in imported(node) if name.split(".")[0] in UNSAFE_PACKAGES
    ]
    keywords = [
        (node.value.lineno, f"{node.arg}={ast.unparse(node.value)}")
        for node in nodes
        if isinstance(node, ast.keyword) and node.arg in UNSAFE_KEYWORDS and ast.unparse(node.value) != "False"
    ]
    return [f"{line}: {name}" for line, name in sorted(names + packages + keywords)]


def imported(node: ast.AST) -> list[tuple[str, str]]:
    """(name in this file, full name) of all that an import statement brings."""
    if isinstance(node, ast.Import):
        return [(a.asname or a.name.split(".")[0], a.name if a.asname else a.name.split(".")[0]) for a in node.names]
    if isinstance(node, ast.ImportFrom):
        return [(a.asname or a.name, f"{node.module or ''}.{a.name}") for a in node.names]
    return []


def full_name(node: ast.AST, aliases: dict[str, str]) -> str:
    """ "os.system" for the node of `system` after `from os import system`; empty where there is no plain name."""
    if isinstance(node, ast.Name):
        return aliases.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        owner = full_name(node.value, aliases)
        return f"{owner}.{node.attr}" if owner else ""
    return ""


FILES = sorted(path for folder in ("src", "scripts") for path in (ROOT / folder).rglob("*.py"))


def test_files_were_found() -> None:
    assert {"errors.py", "checkpoint.py", "_setup.py"} <= {path.name for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_unsafe(path: Path) -> None:
    assert unsafe(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "import torch\ntorch.load('w.pt')",
        "import torch as t\nt.load('w.pt', weights_only=True)",
        "from torch import load\nload('w.pt')",
        "def f(x):\n    from torch import load as l\n    return l(x)",
        "import pickle",
        "def f():\n    from pickle import loads",
        "import marshal as m",
        "eval('1')",
        "run = exec",
        "import builtins\nbuiltins.eval('1')",
        "import os\nos.system('ls')",
        "from os import popen\npopen('ls')",
        "import subprocess\nsubprocess.run('ls', shell=True)",
        "from subprocess import Popen\nPopen('ls', shell=1)",
        "import yaml\nyaml.load(f)",
        "import numpy as np\nnp.load('a.npy', allow_pickle=True)",
    ],
)
def test_a_planted_call_is_caught(source: str) -> None:
    assert unsafe(source) != []


@pytest.mark.parametrize(
    "source",
    [
        "model.eval()",
        "from safetensors.torch import load_file\nload_file('w.safetensors')",
        "import json\njson.load(f)",
        "import subprocess\nsubprocess.run(['ls'], shell=False)",
        "import numpy as np\nnp.load('a.npy', allow_pickle=False)",
        "import re\nre.compile('eval')",
    ],
)
def test_what_is_safe_passes(source: str) -> None:
    assert unsafe(source) == []
