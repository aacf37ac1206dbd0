"""Runs command lines one after another, each in a process of its own, and measures them.

    python runner.py < cases.json        a list of [folder to run in, [command line of sideslip, or script.py ...]]

One JSON line comes back for each: exit code (minus the signal that ended it), seconds of processor time, megabytes at
its largest, and what it wrote. The processes are forked from this one, which has imported what commands need: so a case
costs what its file costs. What runs wild is ended.
"""

import importlib.util
import json
import os
import resource
import signal
import sys
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import IO, Any

SECONDS = 20
"""After which a case is ended: real time, for what only waits ends too."""

ADDRESSES = 4 << 30
"""Bytes that a case may map."""

NEEDED = (
    *(f"commands.{name}" for name in ("analyze", "charts", "demo", "jam", "rehearse", "replay")),
    "stage.files.musicxml",
    "train.sources",
)


def main() -> None:
    for name in NEEDED:
        import_module(f"sideslip.{name}")
    for folder, arguments in json.load(sys.stdin):
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            child = os.fork()
            if child == 0:
                os._exit(_run(folder, arguments, out.fileno(), err.fileno()))
            _, status, used = os.wait4(child, 0)
            print(json.dumps(_ended(status, used, (out, err))), flush=True)


def _run(folder: str, arguments: Sequence[str], out: int, err: int) -> int:
    """In the child: the exit code."""
    signal.alarm(SECONDS)
    with suppress(OSError, ValueError):  # not every system has such a limit
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    os.chdir(folder)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    try:
        _command(arguments)
        return 0
    except SystemExit as ended:
        return int(ended.code or 0)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def _command(arguments: Sequence[str]) -> None:
    from sideslip import cli

    if not arguments[0].endswith(".py"):
        cli.main(arguments)
        return
    spec = importlib.util.spec_from_file_location("script", arguments[0])
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    sys.argv = list(arguments)
    cli.exit_on_mistake(script.main)


def _ended(status: int, used: resource.struct_rusage, streams: Sequence[IO[bytes]]) -> dict[str, Any]:
    said = []
    for stream in streams:
        stream.seek(0)
        said.append(stream.read(1_000_000).decode("utf-8", "replace"))
    return {
        "code": os.waitstatus_to_exitcode(status),
        "seconds": used.ru_utime + used.ru_stime,
        "megabytes": used.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3),
        "out": said[0],
        "err": said[1],
    }


if __name__ == "__main__":
    main()
