"""`sideslip jam`: play live."""

import gc
import logging
import os
import sys
from argparse import Namespace
from contextlib import ExitStack
from pathlib import Path

from sideslip.band.events import Believed, Command, Decided, Event, Heard, Hush, Mended, Play
from sideslip.band.partner import Partner
from sideslip.band.settings import GigSettings
from sideslip.band.trading import State, parse_trade
from sideslip.commands import values
from sideslip.commands.ensemble import Ensemble
from sideslip.commands.gig import header
from sideslip.config import read_settings
from sideslip.listen.count_in import Count
from sideslip.listen.harmony.tracker import SURE, Belief
from sideslip.listen.tempo import TempoMap
from sideslip.music.leadsheet import LeadSheet
from sideslip.music.meter import TICKS
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
    "density": None,
    "register": None,
    "style": None,
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
    listeners: list[Listener] = [guarded(Teller(settings, partner)), *([guarded(tape)] if chosen["save"] else [])]
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
        anywhere=values.anywhere(sheet, values.yes("--anywhere", chosen["anywhere"])),
        wish=values.wish(chosen["density"], chosen["register"], chosen["style"]),
    )


def _announce(live: LiveMidi, sheet: LeadSheet, settings: GigSettings) -> None:
    def named(choice: Choice) -> str:
        return f"{choice.name!r}" + (" (a virtual port, made just now)" if choice.virtual else "")

    trade = {1: "1 bar", "free": "free", "duet": "duet"}.get(settings.trade, f"{settings.trade} bars")
    where = " from any bar" if settings.anywhere and settings.charted else ""
    print(f"listening on {named(live.input)}, playing on {named(live.output)}", file=sys.stderr)
    print(
        f"{sheet.title}{where}, {_beat(settings)}, trading {trade}, outside {settings.dial:g}; Ctrl-C ends",
        file=sys.stderr,
        flush=True,
    )


def _beat(settings: GigSettings) -> str:
    """Where the beat will come from, for the player to act on."""
    bpm, count = f"{settings.tempo:g} bpm", Count.of(settings.changes.meter)
    taps = f"{count.taps} even taps of one key or the pedal" + (f", one every {count.beats} beats" * (count.beats > 1))
    match settings.timing:
        case "steady":
            return f"{bpm}, bar 1 begins with your first note"
        case "tap":
            return f"count in with {taps}, or just begin at {bpm}"
        case "follow":
            return f"count in with {taps}, or just begin at {bpm}; I follow you"
        case "clock":
            return "waiting for MIDI clock and start"


class Teller:
    """Says why each answer was chosen on standard output, as `replay` does.

    On standard error, at most a line a bar: what was heard that the player may want to know, the tempo where it was not
    agreed on, the place in the form where it is not the clock's, and chords that the chart does not have.
    """

    def __init__(self, settings: GigSettings, partner: Partner) -> None:
        self._settings, self._partner, self._meter = settings, partner, settings.changes.meter
        self._begin()

    def _begin(self) -> None:
        self._beat = self._bar = -1  # the latest beat, and the latest bar of which something was said
        self._said = ""
        # bars that the player is ahead of the clock's place in the form, as they were told
        self._ahead: int | None = None if self._settings.anywhere else 0
        self._knows_tempo = self._settings.timing == "steady"

    def __call__(self, what: Event | Command) -> None:
        if self._partner.state is State.WAITING:
            self._begin()
        if isinstance(what, Decided):
            print(f"bar {self._meter.bar_of(what.turn.start)}: {what.choice.why}", flush=True)
        elif isinstance(what, Mended):
            print(f"bar {self._meter.bar_of(what.amends[0].note.onset)}: {what.why}", flush=True)
        elif isinstance(what, Believed) and what.beat >= 0:
            self._listened(what.beat, what.belief)

    def _listened(self, beat: int, belief: Belief) -> None:
        if beat <= self._beat:  # a start without a stop
            self._begin()
        first = self._beat < 0
        self._beat, bar = beat, self._meter.bar_of(beat * TICKS)
        if first or bar == self._bar:  # in its first beat a clock's tempo is only guessed at
            return
        said = self._tempo() or self._place(bar, belief) or _surprise(belief)
        if said and said != self._said:
            self._bar = bar
            print(f"bar {bar}: {said}", file=sys.stderr, flush=True)
        self._said = said

    def _tempo(self) -> str:
        """How fast it goes, once."""
        if self._knows_tempo or self._partner.tempo is None:
            return ""
        self._knows_tempo = True
        return f"we play at {self._partner.tempo.bpm:.0f} bpm"

    def _place(self, bar: int, belief: Belief) -> str:
        """That the player's place in the form is not known, or where it is once it is known again."""
        if belief.stance == "lost":
            self._ahead = None
            return "I am looking for your place in the form"
        ahead = (belief.bar - bar) % (self._settings.changes.length // self._meter.bar)
        if not self._settings.charted or belief.place <= SURE or ahead == self._ahead:
            return ""
        self._ahead = ahead
        return f"you are in bar {belief.bar} of the form"


def _surprise(belief: Belief) -> str:
    """A chord that the chart does not have here; empty where all is as expected."""
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
        self._mended: list[Mended] = []

    def __call__(self, what: Event | Command) -> None:
        match what:
            case Heard():
                self._heard.append(what)
            case Decided():
                self._decided.append(what)
            case Believed():
                self._believed.append(what)
            case Mended():
                self._mended.append(what)
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
        told = decided, end, believed, partner.since, tuple(self._mended)
        return Take(sheet, settings, tempo, heard, self._recorder.sounds, *told)
