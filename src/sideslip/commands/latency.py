"""`sideslip latency`: how late notes go and come on this machine, while the proposer thinks flat out."""

import json
import os
import re
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass

from sideslip.commands import values
from sideslip.commands.ensemble import Ensemble
from sideslip.commands.histogram import BLOCKS
from sideslip.commands.latency_report import figures, report
from sideslip.commands.trial import trial_turn
from sideslip.errors import PortError, SettingError
from sideslip.stage.clock import RealClock
from sideslip.stage.files.charts import load_chart
from sideslip.stage.inbox import Inbox
from sideslip.stage.latency import measure
from sideslip.stage.midi.live import LiveMidi
from sideslip.stage.midi.names import listed, match
from sideslip.stage.midi.ports import NOWHERE, Backend
from sideslip.stage.midi.system import open_system
from sideslip.stage.midi.witness import Witness
from sideslip.stage.worker import WorkerBrain

OWN = "sideslip latency"
"""What our own ports are called."""

_PLACE = re.compile(r" \d+$")  # Windows' names end with their place in the list, which is another for inputs
_LOOPBACKS = ("loopmidi", "loopback", "iac ")  # what ports that lead back are called: loopMIDI, Windows, macOS


def run(options: Namespace) -> None:
    """Measure and tell, for people or as JSON."""
    seconds = values.whole("--seconds", options.seconds, 1, 600)
    if options.input and not options.output:
        raise SettingError("--in is where a cable leads that begins at --out PORT: name both, or only --out, or none")
    backend = Backend.chosen(options.backend, os.environ)
    turn, ensemble = trial_turn(load_chart("blues-in-f").changes()), Ensemble.shipped()
    inbox, clock = Inbox(), RealClock()
    with ExitStack() as closing:
        live, witness = _opened(options, backend, inbox, clock)
        closing.callback(live.close)
        brain = WorkerBrain(inbox, clock.now, ensemble.factory, ensemble.weights)
        closing.callback(brain.close)
        timing = measure(live, inbox, clock, brain, turn, seconds, witness, _progress(seconds))
    if not timing.late:
        raise PortError(f"nothing could be sent to {live.output.name!r}: is it still there?")
    if options.json:
        print(json.dumps(figures(timing)))
    else:
        print("\n".join(report(timing, live.output.name, sys.platform, _can_draw())))


def _opened(options: Namespace, backend: Backend, inbox: Inbox, clock: RealClock) -> tuple[LiveMidi, Witness | None]:
    """The sender, and who hears it. Without any MIDI system, and nothing asked for, the sender alone."""
    try:
        ends = _ends(options.input, options.output, backend)
        live = LiveMidi.open(inbox, clock, ends.input, ends.output, backend)
    except PortError as error:
        if options.input or options.output or options.backend:
            raise
        print(f"sideslip: {error}; measuring the way to a port that leads nowhere", file=sys.stderr)
        return LiveMidi.open(inbox, clock, OWN, OWN, NOWHERE), None
    try:
        return live, Witness(ends.far, backend) if ends.far else None
    except PortError:
        live.close()
        raise


@dataclass(frozen=True, slots=True)
class Ends:
    """The ports of a measurement: an input that hears nothing, the output, and the input where it comes back."""

    input: str | None
    output: str
    far: str | None


def _ends(far: str | None, output: str | None, backend: Backend) -> Ends:
    with closing(open_system(backend)) as system:
        if system.can_make_virtual:
            return Ends(f"{OWN} in", output or OWN, far if output else OWN)
        return ends(far, output, system.inputs(), system.outputs())


def ends(far: str | None, output: str | None, inputs: Sequence[str], outputs: Sequence[str]) -> Ends:
    """The ports where none can be made: those asked for, else a loopback. Raises PortError if there is none."""
    if output is None:
        loops = [name for name in outputs if any(word in name.casefold() for word in _LOOPBACKS)]
        if not loops:
            raise PortError(f"there is no port to measure with; found: {listed(outputs)}; --out names one")
        output = loops[0]
        twin = _PLACE.sub("", output).replace("(A)", "(B)")  # what goes into Windows' own loopback at A comes out at B
        far = match(twin, inputs, "input")
    others = [name for name in inputs if far is None or far.casefold() not in name.casefold()]
    return Ends(others[0], output, far) if others else Ends(inputs[0] if inputs else None, output, None)


def _progress(seconds: int) -> Callable[[float], None]:
    """Shows on a terminal how far it is; elsewhere says once how long it will take."""
    if not sys.stderr.isatty():
        print(f"measuring for {seconds} s", file=sys.stderr, flush=True)
        return lambda done: None
    return lambda done: print(f"\rmeasuring: {done:g} of {seconds} s ", end="\n"[done < seconds :], file=sys.stderr)


def _can_draw() -> bool:
    """Whether standard output knows the signs that a histogram is drawn with."""
    try:
        BLOCKS.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True
