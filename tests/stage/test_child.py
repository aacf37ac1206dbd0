"""Children: out of the terminal's reach, on one thread, and no trouble when the other side has gone."""

import errno
import io
import os
import signal
import subprocess
import sys

import pytest

from sideslip.band.events import Ask
from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.dialogue import Turn
from sideslip.stage.arithmetic import ONE_THREAD, on_one_thread
from sideslip.stage.codec import encode_ask
from sideslip.stage.jsonlines import dump
from sideslip.stage.worker_process import serve
from sideslip.testing import ScriptedProposer

ASK = Ask(1, Turn(48, 96, Changes((0,), (parse_chord("F7"),), 48)), 1)
LONG = 30.0  # s; only a broken build waits this long

PROGRAM = """
import sys
from sideslip.stage.child import Child
child = Child("sideslip.stage.worker_process", "sideslip.testing.proposer:troubled")
lines = child.lines()
next(lines)
print(child.pid, flush=True)
sys.stdin.read()
child.kill()
"""


def state(pid: int) -> str:
    """How a process is: "T" if it is halted."""
    return subprocess.run(["ps", "-o", "state=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()[:1]


@pytest.mark.skipif(not hasattr(signal, "SIGTSTP"), reason="no Ctrl-Z on this system")
def test_ctrl_z_halts_the_program_and_not_its_children() -> None:
    # a group of its own within this session, as a shell gives every job; the kernel halts no group without a shell
    command, pipe = [sys.executable, "-c", PROGRAM], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, process_group=0) as program:
        try:
            assert program.stdout is not None
            child = int(program.stdout.readline())
            os.killpg(program.pid, signal.SIGTSTP)
            _, status = os.waitpid(program.pid, os.WUNTRACED)
            assert os.WIFSTOPPED(status) and state(program.pid) == "T"
            assert state(child) not in ("T", "")
            os.killpg(program.pid, signal.SIGCONT)
            program.communicate("", timeout=LONG)
        finally:
            program.kill()
    assert program.returncode == 0


def test_arithmetic_is_on_one_thread_unless_the_user_says_otherwise() -> None:
    found = on_one_thread({"HOME": "here", "OMP_NUM_THREADS": "2"})
    assert found == {**dict.fromkeys(ONE_THREAD, "1"), "HOME": "here", "OMP_NUM_THREADS": "2"}
    assert {"OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"} <= found.keys()


class GonePipe(io.RawIOBase):
    """What writing into a pipe without a reader is on Windows."""

    def write(self, data: object) -> int:
        raise OSError(errno.EINVAL, "Invalid argument")


def test_nobody_to_tell_is_the_end_of_the_work_and_no_error() -> None:
    asks = io.BytesIO(dump(encode_ask(ASK)).encode() + b"\n")
    serve(ScriptedProposer(), asks, GonePipe())  # type: ignore[arg-type]
