"""Ends by signal at any moment: how soon it is silent, how soon it is gone, and what it leaves behind."""

import signal
import time
from collections.abc import Callable, Sequence
from random import Random

from live.trading import BPM, TRADING
from sideslip.stage.clock import monotonic
from sideslip.testing.live import LiveJam, Rig, Timed, hearing, phrase, wait_until

SIGNALS = ("SIGTERM", "SIGINT", "SIGHUP", "SIGKILL")

_WINDOW = 0.8, 2.0  # s after the player begins: from the end of the call to that of the answer
_SOON = 0.1  # s
_PATIENCE = 5.0  # s for it to be gone
_CLOSED = 0.05  # s for what is on the wire


def deaths(rig: Rig, kills: int, tell: Callable[[str], None]) -> dict[str, object]:
    """For each signal: the longest until silent (ms) and until gone (s), and what was wrong in all."""
    rng, found = Random(3), {}
    for name in SIGNALS:
        silent, gone, faults = [0.0], [0.0], 0
        for number in range(kills):
            ended = _death(rig, getattr(signal, name), rng)
            silent.append(ended[0])
            gone.append(ended[1])
            faults += ended[2]
            tell(f"{name} {number + 1} of {kills}")
        key = f"kill_{name.removeprefix('SIG').lower()}"
        found |= {f"{key}_silent_ms": round(1000 * max(silent), 1), f"{key}_gone_s": round(max(gone), 3)}
        found |= {f"{key}_faults": faults}
    return found


def _death(rig: Rig, number: int, rng: Random) -> tuple[float, float, int]:
    """Seconds until it was silent, seconds until all of it was gone, and how much was wrong."""
    gig, before = LiveJam(*TRADING), len(rig.heard)
    start, pids = monotonic() + _SOON, gig.tree.pids
    moment = start + rng.uniform(*_WINDOW)
    rig.perform(played for played in phrase(start, 4, 60 / BPM, rng) if played[0] < moment)
    wait_until(moment)
    struck = monotonic()
    gig.process.send_signal(number)
    gone = _until_gone(pids)
    code = gig.wait()
    time.sleep(_CLOSED)
    heard = rig.heard[before:]
    wrong = sum(hearing(heard).faults.values())
    wrong += any("Traceback" in line for line in gig.told)
    wrong += number != signal.SIGKILL and code != 0
    return _last_sound(heard, struck) - struck, gone - struck, wrong


def _last_sound(heard: Sequence[Timed], since: float) -> float:
    """The moment from which on nothing sounded any more, or that given if nothing did then."""
    synth, last = hearing(heard, until=since), since
    for at, message in heard:
        if at >= since:
            sounded = bool(synth.sounding)
            synth.feed(at, message)
            last = at if sounded else last
    return last


def _until_gone(pids: list[int]) -> float:
    """The moment at which none of these processes runs any more; infinite if some go on."""
    late = monotonic() + _PATIENCE
    while monotonic() < late:
        if not any(_runs(pid) for pid in pids):
            return monotonic()
        time.sleep(0.001)
    return float("inf")


def _runs(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
