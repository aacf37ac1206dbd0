"""Check that the base install needs no compiler: every dependency has a binary wheel wherever its marker asks for it.

And that sideslip's own wheel takes along what ships beside the code: weights, charts and presets.

python3 scripts/check_wheels.py

The markers in pyproject.toml say which dependency is wanted where. pip evaluates markers for the Python that runs it,
whatever --python-version says, so they are evaluated here for each target, and so are those of the dependencies'
dependencies. Nothing is downloaded but pip's look at the index. Exit 1 if a wheel is missing.
"""

import itertools
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import _setup

PYTHONS = ("3.11", "3.12", "3.13", "3.14")

# system: (sys_platform, platform_system, platform_machine, os_name), wheel tags from the newest system supported down
SYSTEMS = {
    "Linux x86-64": (
        ("linux", "Linux", "x86_64", "posix"),
        ("manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux_2_24_x86_64", "manylinux_2_17_x86_64"),
    ),
    "Linux aarch64": (
        ("linux", "Linux", "aarch64", "posix"),
        ("manylinux_2_28_aarch64", "manylinux_2_27_aarch64", "manylinux_2_24_aarch64", "manylinux_2_17_aarch64"),
    ),
    "macOS arm64": (("darwin", "Darwin", "arm64", "posix"), ("macosx_14_0_arm64",)),
    "macOS x86-64": (("darwin", "Darwin", "x86_64", "posix"), ("macosx_14_0_x86_64",)),
    "Windows x86-64": (("win32", "Windows", "AMD64", "nt"), ("win_amd64",)),
    "Windows arm64": (("win32", "Windows", "ARM64", "nt"), ("win_arm64",)),
}
SHIPPED = {"src/sideslip": "sideslip", "models": "sideslip/models", "configs": "sideslip/configs"}  # place in the wheel
ABSENT, UNWANTED = "MISSING", "-"


def main() -> None:
    _setup.enter("dev")
    import tomllib

    project = tomllib.loads((_setup.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    left_out = left_out_of_wheel()
    print(f"sideslip's own wheel: {', '.join(left_out) or 'nothing'} left out of what ships")
    targets = {
        f"{python} {system}": resolved(project["dependencies"], python, system)
        for system, python in itertools.product(SYSTEMS, PYTHONS)
    }
    columns = sorted({name for found in targets.values() for name in found})
    rows = [["CPython", *columns]]
    rows += [[target, *(found.get(name, UNWANTED) for name in columns)] for target, found in targets.items()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    missing = sum(list(found.values()).count(ABSENT) for found in targets.values())
    print(f"wheels: {missing} missing on {len(targets)} targets ({UNWANTED} means: not asked for there)")
    sys.exit(missing > 0 or bool(left_out))


def left_out_of_wheel() -> list[str]:
    """The files of SHIPPED that a wheel of the project, built here, lacks."""
    with tempfile.TemporaryDirectory() as built:
        problem = _setup.pip("wheel", "--no-deps", "--wheel-dir", built, str(_setup.ROOT))
        if problem:
            _setup.fail(problem)
        with zipfile.ZipFile(next(Path(built).glob("*.whl"))) as wheel:
            names = set(wheel.namelist())
    shipped = {
        f"{place}/{path.relative_to(_setup.ROOT / source).as_posix()}"
        for source, place in SHIPPED.items()
        for path in (_setup.ROOT / source).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    return sorted(shipped - names)


def resolved(dependencies: list[str], python: str, system: str) -> dict[str, str]:
    """The version of every package that pip would install on a target, by name; ABSENT where it has no wheel."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    environment = marker_environment(python, system)
    found: dict[str, str] = {}
    wanted = [Requirement(text) for text in dependencies]
    while wanted:
        level = [
            r
            for r in wanted
            if canonicalize_name(r.name) not in found and (r.marker is None or r.marker.evaluate(environment))
        ]
        wanted = []
        for name, package in look_up(level, python, system).items():
            found[canonicalize_name(name)] = package["version"] if package else ABSENT
            wanted += [Requirement(text) for text in package.get("requires_dist", ())]
    return found


def marker_environment(python: str, system: str) -> dict[str, str]:
    """What PEP 508 markers see on a target; the extra is empty, because the base install asks for none."""
    platform, name, machine, os_name = SYSTEMS[system][0]
    return {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "implementation_version": f"{python}.0",
        "platform_python_implementation": "CPython",
        "sys_platform": platform,
        "platform_system": name,
        "platform_machine": machine,
        "os_name": os_name,
        "platform_release": "",
        "platform_version": "",
        "extra": "",
    }


def look_up(requirements: list, python: str, system: str) -> dict[str, dict]:
    """Metadata of the wheel that pip picks for each requirement, empty where there is none."""
    if not requirements:
        return {}
    packages = pip_report(requirements, python, system)
    if packages is not None:
        return packages
    if len(requirements) == 1:
        return {requirements[0].name: {}}
    one_by_one = (look_up([requirement], python, system) for requirement in requirements)
    return {name: package for found in one_by_one for name, package in found.items()}


def pip_report(requirements: list, python: str, system: str) -> dict[str, dict] | None:
    """pip's word on a set of requirements, by name; None when one of them has no wheel."""
    tags = [word for tag in SYSTEMS[system][1] for word in ("--platform", tag)]
    specifiers = [f"{requirement.name}{requirement.specifier}" for requirement in requirements]
    with tempfile.TemporaryDirectory() as empty:
        command = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-input"]
        command += ["--dry-run", "--ignore-installed", "--no-deps", "--only-binary", ":all:", "--target", empty]
        command += ["--implementation", "cp", "--python-version", python, *tags, "--report", "-", *specifiers]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode == 0:
        packages = [item["metadata"] for item in json.loads(done.stdout)["install"]]
        return {package["name"]: package for package in packages}
    if "No matching distribution" not in done.stderr or _setup.UNREACHABLE.search(done.stderr):
        _setup.fail(_setup.pip_problem(done.stderr))
    return None


if __name__ == "__main__":
    main()
