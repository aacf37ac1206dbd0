"""`sideslip jam`: play live."""

import gc
import logging
import os
import sys
from argparse import Namespace
from contextlib import ExitStack
from pathlib import Path

from sideslip.band.events import Believed, Command, Decided, Event, Heard, Hush, Play
from sideslip.band.partner import Partner
from sideslip.band.settings import GigSettings
from sideslip.band.trading import parse_trade
from sideslip.commands import values
from sideslip.commands.ensemble import Ensemble
from sideslip.commands.gig import header
from sideslip.config import read_settings
from sideslip.listen.count_in import taps_wanted
from sideslip.listen.harmony.tracker import SURE, Belief
from sideslip.listen.tempo import TempoMap
from sideslip.music.leadsheet import LeadSheet
from sideslip.music.meter import TICKS, Meter
from sideslip.stage.clock import RealClock
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
    "anywhere": "no",
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
    sheet = values.chart(str(chosen["chart"]))
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
        live = LiveMidi.open(inbox, clock, chosen["in"], chosen["out"], backend, midi_clock=settings.timing == "clock")
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


def _settings(chosen: dict[str, str | None], sheet: LeadSheet) -> GigSettings:
    tempo, timing = values.timing(chosen["tempo"], sheet.tempo, ("tap", "follow", "clock"))
    return GigSettings(
        sheet.changes(),
        tempo=tempo,
        trade=parse_trade(str(chosen["trade"])),
        dial=values.dial(chosen["outside"]),
        seed=values.seed(chosen["seed"]),
        ends=values.form(sheet, chosen["choruses"]),
        swung=sheet.feel == "swing",
        timing=timing,
        anywhere=values.yes("--anywhere", chosen["anywhere"]),
    )


def _announce(live: LiveMidi, sheet: LeadSheet, settings: GigSettings) -> None:
    def named(choice: Choice) -> str:
        return f"{choice.name!r}" + (" (a virtual port, made just now)" if choice.virtual else "")

    trade = settings.trade if isinstance(settings.trade, str) else f"{settings.trade} bars"
    print(f"listening on {named(live.input)}, playing on {named(live.output)}", file=sys.stderr)
    print(
        f"{sheet.title}, {_beat(settings)}, trading {trade}, outside {settings.dial:g}; Ctrl-C ends",
        file=sys.stderr,
        flush=True,
    )


def _beat(settings: GigSettings) -> str:
    """Where the beat will come from, for the player to act on."""
    bpm, taps = f"{settings.tempo:g} bpm", taps_wanted(settings.changes.meter.beats)
    match settings.timing:
        case "steady":
            return f"{bpm}, bar 1 begins with your first note"
        case "tap":
            return f"count in with {taps} even taps of one key or the pedal, or just begin at {bpm}"
        case "follow":
            return f"count in with {taps} even taps of one key or the pedal, or just begin at about {bpm}; I follow you"
        case "clock":
            return "waiting for MIDI clock and start"


class Teller:
    """Says on standard output why each answer was chosen, and what was heard that the chart does not have."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._told = ""

    def __call__(self, what: Event | Command) -> None:
        if isinstance(what, Decided):
            print(f"bar {self._meter.bar_of(what.turn.start)}: {what.choice.why}", flush=True)
        elif isinstance(what, Believed):
            told = _surprise(what.belief)
            if told and told != self._told:
                print(f"bar {self._meter.bar_of(what.beat * TICKS)}: {told}", flush=True)
            self._told = told


def _surprise(belief: Belief) -> str:
    """What a player may want to know of what was heard; empty where all is as expected."""
    if belief.stance == "lost":
        return "I am looking for your place in the form"
    if belief.stance == "reharmonising" and belief.probability > SURE:
        return f"you play {belief.chord.symbol} for {belief.expected.symbol}"
    return ""


class Tape:
    """Keeps what was heard and played, for a file when the gig is over."""

    def __init__(self, clock: RealClock) -> None:
        self._clock = clock
        self._recorder = Recorder(clock.now)
        self._heard: list[Heard] = []
        self._decided: list[Decided] = []
        self._believed: list[Believed] = []

    def __call__(self, what: Event | Command) -> None:
        match what:
            case Heard():
                self._heard.append(what)
            case Decided():
                self._decided.append(what)
            case Believed():
                self._believed.append(what)
            case Play(sounds):
                self._recorder.play(sounds)
            case Hush(part, at):
                self._recorder.hush(part, at)

    def take(self, sheet: LeadSheet, settings: GigSettings, partner: Partner) -> Take:
        """The gig as it was up to now."""
        end = self._clock.now()
        self._recorder.close()
        tempo = partner.tempo or TempoMap(settings.tempo)
        heard, decided, believed = tuple(self._heard), tuple(self._decided), tuple(self._believed)
        return Take(sheet, settings, tempo, heard, self._recorder.sounds, decided, end, believed)
