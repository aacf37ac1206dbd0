"""Nothing that comes from outside is ever run as code: no unpickling, no eval, no shell, in src and in scripts. And
nobody is told who plays, or where.

Weights are safetensors because loading a pickle runs what it holds, `weights_only` or not (CVE-2025-32434). Nor is
anything unpacked where an archive says, or XML read by what follows its entities.
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

UNSAFE_PACKAGES = {
    *("pickle", "_pickle", "marshal", "shelve", "dbm", "dill", "cloudpickle", "joblib", "jsonpickle", "pandas"),
    *("runpy", "code", "codeop", "imp", "zipimport", "pty"),
    *("xml.etree", "xml.dom", "xml.sax", "xmlrpc", "lxml", "plistlib", "tarfile"),
}
"""Reading with these runs code, follows entities or unpacks anywhere, and writing begets reading."""

UNSAFE_NAMES = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "builtins.eval",
    "builtins.exec",
    "builtins.compile",
    "builtins.__import__",
    "importlib.import_module",
    "importlib.__import__",
    "os.system",
    "os.popen",
    "os.startfile",
    *(
        f"os.{name}{ending}"
        for name in ("exec", "spawn")
        for ending in ("l", "le", "lp", "lpe", "v", "ve", "vp", "vpe")
    ),
    "shutil.unpack_archive",
    "subprocess.getoutput",
    "subprocess.getstatusoutput",
    "torch.load",
    "torch.save",
    "torch.jit.load",
    "torch.hub.load",
    "torch.package.PackageImporter",
    "numpy.lib.format.read_array",
    "yaml.load",
    "yaml.unsafe_load",
}
"""Names in full, after the imports of the file are taken into account. A method `model.eval()` is another thing."""

TELLING_NAMES = {
    *("getpass.getuser", "os.getlogin", "pwd.getpwuid", "os.uname", "platform.node", "platform.uname"),
    *("socket.gethostname", "socket.getfqdn", "uuid.getnode"),
}
"""What would tell who plays on which machine: no log, journal or page is to."""

UNSAFE_METHODS = {"extractall", "extract", "enable_load_extension", "read_pickle"}
"""Methods that are unsafe whatever they belong to."""

NAMED_BY_US = {
    ("src/sideslip/cli.py", "importlib.import_module"): "a command that the parser knows",
    ("src/sideslip/stage/worker_process.py", "importlib.import_module"): "the proposer's factory, from our own program",
    ("scripts/_setup.py", "os.execv"): "the same script in the project's own environment",
}
"""Where a name that is unsafe elsewhere is not, and why: what is run is named by our own code."""

UNSAFE_KEYWORDS = {"shell", "allow_pickle"}
"""Keyword arguments that may be given as False only, whatever the call."""


def unsafe(source: str) -> list[str]:
    """What is unsafe in a file, as "line: name"."""
    nodes = list(ast.walk(ast.parse(source)))
    aliases = dict(pair for node in nodes for pair in imported(node))
    found = [(node.lineno, full_name(node, aliases)) for node in nodes if isinstance(node, ast.Name | ast.Attribute)]
    names = [(line, name) for line, name in found if name in UNSAFE_NAMES | TELLING_NAMES]
    names += [
        (node.lineno, node.attr) for node in nodes if isinstance(node, ast.Attribute) and node.attr in UNSAFE_METHODS
    ]
    packages = [
        (node.lineno, name)
        for node in nodes
        for _, name in imported(node, whole=True)
        if any(f"{name}.".startswith(f"{package}.") for package in UNSAFE_PACKAGES)
    ]
    keywords = [
        (node.value.lineno, f"{node.arg}={ast.unparse(node.value)}")
        for node in nodes
        if isinstance(node, ast.keyword) and node.arg in UNSAFE_KEYWORDS and ast.unparse(node.value) != "False"
    ]
    return [f"{line}: {name}" for line, name in sorted(names + packages + keywords)]


def imported(node: ast.AST, whole: bool = False) -> list[tuple[str, str]]:
    """(name in this file, full name) of all that an import statement brings; `whole` names what `import a.b` loads."""
    if isinstance(node, ast.Import) and whole:
        return [(a.name, a.name) for a in node.names]
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
    named = {name for file, name in NAMED_BY_US if file == path.relative_to(ROOT).as_posix()}
    found = unsafe(path.read_text(encoding="utf-8"))
    assert [words for words in found if words.partition(": ")[2] not in named] == []


def test_what_is_named_by_us_is_there() -> None:
    for file, name in NAMED_BY_US:
        assert any(name in words for words in unsafe((ROOT / file).read_text(encoding="utf-8"))), (file, name)


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
        "from importlib import import_module\nimport_module(name)",
        "__import__(name)",
        "compile(text, '', 'exec')",
        "import os\nos.execvp('ls', [])",
        "import zipfile\nzipfile.ZipFile('a.zip').extractall()",
        "import shutil\nshutil.unpack_archive('a.zip')",
        "import tarfile",
        "import xml.etree.ElementTree as ET",
        "from xml.dom import minidom",
        "from xml import sax",
        "import torch\ntorch.hub.load('a', 'b')",
        "database.enable_load_extension(True)",
        "import pandas as pd",
        "from getpass import getuser\ngetuser()",
        "import socket\nsocket.gethostname()",
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
        "import xml.parsers.expat\nxml.parsers.expat.ParserCreate()",
        "import importlib.util",
        "model.compile()",
    ],
)
def test_what_is_safe_passes(source: str) -> None:
    assert unsafe(source) == []
