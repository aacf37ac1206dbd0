"""All figures of live playing, over a JACK server of their own."""

import signal
import sys
import time
from collections.abc import Iterator, Mapping

from live.deaths import deaths
from live.floods import floods
from live.forms import Form
from live.goals import missed
from live.losses import losses
from live.sending import lateness
from live.starting import starts
from live.trading import trading
from sideslip.stage.midi.ports import Backend
from sideslip.testing.live import Rig, jack_server


def measure(form: Form) -> dict[str, object]:
    """Every figure by name, and under "missed" the names of those that are not as they ought to be.

    Raises NoServerError where there is no JACK server to start.
    """
    found: dict[str, object] = {}
    begun = time.monotonic()
    sys.setswitchinterval(0.0005)  # the player must be steadier than what is measured
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # or who is started here would ignore it, as nohup does
    with jack_server():
        rig = Rig()
        try:
            for figures in _parts(rig, form):
                found |= figures
        finally:
            rig.close()
    return found | {"seconds": round(time.monotonic() - begun), "missed": missed(found)}


def _parts(rig: Rig, form: Form) -> Iterator[Mapping[str, object]]:
    yield _told("lateness", lateness(Backend("rtmidi", "jack"), form.late))
    yield _told("a cold start", starts(rig, form.starts))
    yield _told("trading", trading(rig, form.turns, tell))
    yield _told("floods", floods(rig, form.flood))
    yield _told("ends by signal", deaths(rig, form.kills, tell))
    yield _told("ports lost", losses(rig))


def _told(what: str, figures: Mapping[str, object]) -> Mapping[str, object]:
    tell(f"{what}: " + ", ".join(f"{name} {value}" for name, value in figures.items()))
    return figures


def tell(words: str) -> None:
    """Say how far it is."""
    print(words, file=sys.stderr, flush=True)
