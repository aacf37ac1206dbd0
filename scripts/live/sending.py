"""How late notes go out while the proposer thinks flat out, at normal and at real-time priority."""

import os
import time
from importlib.util import find_spec

from sideslip.commands.ensemble import Ensemble
from sideslip.commands.trial import trial_turn
from sideslip.stage.clock import RealClock
from sideslip.stage.files.charts import load_chart
from sideslip.stage.inbox import Inbox
from sideslip.stage.latency import Timing, measure
from sideslip.stage.midi.live import LiveMidi
from sideslip.stage.midi.ports import Backend
from sideslip.stage.midi.witness import Witness
from sideslip.stage.worker import WorkerBrain
from sideslip.testing.live import Tree

_ASKING = 1.0  # s in which the sender has asked for real-time priority


def lateness(backend: Backend, seconds: int, heard: bool = True) -> dict[str, object]:
    """Milliseconds late: at the send call, normal and in haste, and at the receiving port where one hears."""
    normal, hurried = (_measured(backend, seconds, hurry, heard) for hurry in (False, True))
    found = {f"lateness_{name}_ms": value for name, value in _spread(normal.late).items()}
    fifo = _spread(hurried.late) if hurried.hurried else dict.fromkeys(("p50", "p99", "max"))
    found |= {f"lateness_fifo_{name}_ms": value for name, value in fifo.items()}
    if heard:
        arrived = [at for at in normal.arrived if at is not None]
        found |= {f"arrival_{name}_ms": value for name, value in _spread(arrived).items()}
        found["notes_lost"] = normal.arrived.count(None) + hurried.arrived.count(None)
        found |= _by_frame(seconds)
    return found


def _by_frame(seconds: int) -> dict[str, object]:
    """When notes stand at the receiving port where JACK is given them ahead, each for its frame."""
    if find_spec("jack") is None:
        return {"arrival_by_frame_p99_ms": None}
    arrived = _measured(Backend(None, "jack"), seconds, hurry=True, heard=True).arrived
    late = [abs(at) for at in arrived if at is not None]
    return {"arrival_by_frame_p99_ms": _spread(late)["p99"], "notes_lost_by_frame": arrived.count(None)}


def _measured(backend: Backend, seconds: int, hurry: bool, heard: bool) -> Timing:
    clock, inbox, ensemble = RealClock(), Inbox(), Ensemble.shipped()
    live = LiveMidi.open(inbox, clock, "bench in", "bench out", backend)
    brain = WorkerBrain(inbox, clock.now, ensemble.factory, ensemble.weights)
    try:
        if not hurry:
            _slow_down(live)
        witness = Witness("bench out", backend) if heard else None
        return measure(live, inbox, clock, brain, trial_turn(load_chart("blues-in-f").changes()), seconds, witness)
    finally:
        brain.close()
        live.close()


def _slow_down(live: LiveMidi) -> None:
    """Take real-time priority back from the process that sends, once it has it."""
    asked = time.monotonic() + _ASKING
    while not live.hurries and time.monotonic() < asked:
        time.sleep(0.01)
    if live.hurries:
        process = Tree(os.getpid()).find("stage.midi.process")
        for thread in os.listdir(f"/proc/{process}/task"):
            os.sched_setscheduler(int(thread), os.SCHED_OTHER, os.sched_param(0))


def _spread(seconds: list[float] | tuple[float, ...]) -> dict[str, float]:
    ordered = sorted(1000 * value for value in seconds)
    places = {"p50": 0.5, "p99": 0.99, "max": 1.0}
    return {name: round(ordered[min(len(ordered) - 1, int(q * len(ordered)))], 3) for name, q in places.items()}
