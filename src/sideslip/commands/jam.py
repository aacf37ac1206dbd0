"""`sideslip jam`: play live."""

import gc
import logging
import os
import sys
from argparse import Namespace
from contextlib import ExitStack
from pathlib import Path

from sideslip.band.events import Command, Decided, Event, Heard, Hush, Play
from sideslip.band.partner import Partner
from sideslip.band.settings import GigSettings
from sideslip.band.trading import parse_trade
from sideslip.commands import values
from sideslip.commands.ensemble import Ensemble
from sideslip.commands.gig import header
from sideslip.config import read_settings
from sideslip.errors import ChartError
from sideslip.listen.tempo import TempoMap
from sideslip.music.leadsheet import LeadSheet
from sideslip.music.meter import Meter
from sideslip.stage.clock import RealClock
from sideslip.stage.files.charts import load_chart
from sideslip.stage.files.journal import JournalWriter
from sideslip.stage.inbox import Inbox
from sideslip.stage.midi.live import LiveMidi
from sideslip.stage.midi.names import Choice
from sideslip.stage.midi.ports import Backend
from sideslip.stage.recorder import Recorder
from sideslip.stage.session import Listener, Session, guarded, stop_on_signals
from sideslip.stage.take import Take
from sideslip.stage.worker import WorkerBrain

DEFAULTS = {
    "in": None,
    "out": None,
    "chart": "blues-in-f",
    "tempo": None,
    "trade": "4",
    "choruses": None,
    "outside": "0.4",
    "seed": "1",
    "backend": None,
    "journal": None,
    "save": None,
}
"""Settings by name; those of a file come before these, options before both."""


def run(options: Namespace) -> None:
    """Read everything that can be wrong first; then open the ports, then play until the player leaves.

    No file is touched before the ports are open. What was played is saved however the gig ended.
    """
    logging.basicConfig(format="sideslip: %(message)s", level=logging.WARNING)
    chosen = _chosen(options)
    sheet = _chart(str(chosen["chart"]))
    settings = _settings(chosen, sheet)
    backend = Backend.chosen(chosen["backend"], os.environ)
    values.check_outputs([str(chosen["chart"])], [chosen["journal"], chosen["save"]])
    ensemble = Ensemble.shipped()
    partner = ensemble.partner(settings)
    clock, inbox = RealClock(), Inbox()
    tape = Tape(clock)
    listeners: list[Listener] = [guarded(Teller(sheet.meter)), *([guarded(tape)] if chosen["save"] else [])]
    with ExitStack() as closing:
        closing.enter_context(stop_on_signals(inbox, clock.now))
        live = LiveMidi.open(inbox, clock, chosen["in"], chosen["out"], backend)
        closing.callback(live.close)
        journal = None
        if chosen["journal"]:
            gig = header(sheet, settings, ensemble.ear)
            journal = closing.enter_context(JournalWriter(Path(chosen["journal"]), gig))
        brain = WorkerBrain(inbox, clock.now, ensemble.factory, ensemble.weights)
        closing.callback(brain.close)
        _announce(live, sheet, settings)
        gc.collect()
        gc.freeze()
        try:
            Session(partner, clock, inbox, brain, live, journal, listeners).run()
        finally:
            if chosen["save"]:
                tape.take(sheet, settings, partner).write_midi(Path(chosen["save"]))


def _chosen(options: Namespace) -> dict[str, str | None]:
    given = {"in": options.input, "out": options.output}
    given |= {name: getattr(options, name) for name in DEFAULTS if name not in given}
    written = read_settings(Path(options.config), DEFAULTS) if options.config else {}
    return {name: given[name] if given[name] is not None else written.get(name, DEFAULTS[name]) for name in DEFAULTS}


def _chart(name: str) -> LeadSheet:
    if name == "none":
        raise ChartError("--chart none is not there yet: sideslip needs to know the changes; see 'sideslip charts'")
    return load_chart(name)


def _settings(chosen: dict[str, str | None], sheet: LeadSheet) -> GigSettings:
    changes, choruses = sheet.changes(), values.choruses(chosen["choruses"])
    return GigSettings(
        changes,
        tempo=sheet.tempo if chosen["tempo"] is None else values.tempo(chosen["tempo"]),
        trade=parse_trade(str(chosen["trade"])),
        dial=values.dial(chosen["outside"]),
        seed=values.seed(chosen["seed"]),
        ends=choruses * changes.length if choruses else None,
        swung=sheet.feel == "swing",
    )


def _announce(live: LiveMidi, sheet: LeadSheet, settings: GigSettings) -> None:
    def named(choice: Choice) -> str:
        return f"{choice.name!r}" + (" (a virtual port, made just now)" if choice.virtual else "")

    trade = settings.trade if isinstance(settings.trade, str) else f"{settings.trade} bars"
    print(f"listening on {named(live.input)}, playing on {named(live.output)}", file=sys.stderr)
    print(
        f"{sheet.title} at {settings.tempo:g} bpm, trading {trade}, outside {settings.dial:g}; "
        "bar 1 begins with your first note, Ctrl-C ends",
        file=sys.stderr,
        flush=True,
    )


class Teller:
    """Says on standard output why each answer was chosen."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter

    def __call__(self, what: Event | Command) -> None:
        if isinstance(what, Decided):
            print(f"bar {self._meter.bar_of(what.turn.start)}: {what.choice.why}", flush=True)


class Tape:
    """Keeps what was heard and played, for a file when the gig is over."""

    def __init__(self, clock: RealClock) -> None:
        self._clock = clock
        self._recorder = Recorder(clock.now)
        self._heard: list[Heard] = []
        self._decided: list[Decided] = []

    def __call__(self, what: Event | Command) -> None:
        match what:
            case Heard():
                self._heard.append(what)
            case Decided():
                self._decided.append(what)
            case Play(sounds):
                self._recorder.play(sounds)
            case Hush(part, at):
                self._recorder.hush(part, at)

    def take(self, sheet: LeadSheet, settings: GigSettings, partner: Partner) -> Take:
        """The gig as it was up to now."""
        end = self._clock.now()
        self._recorder.close()
        tempo = partner.tempo or TempoMap(settings.tempo)
        return Take(sheet, settings, tempo, tuple(self._heard), self._recorder.sounds, tuple(self._decided), end)
