"""`sideslip jam`: play live."""

import gc
import logging
import os
from argparse import Namespace
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sideslip.band.bindings import Control
from sideslip.band.events import Turned
from sideslip.band.settings import GigSettings
from sideslip.band.trading import parse_trade
from sideslip.commands import values
from sideslip.commands.control_words import bound_words, tell, trade_words
from sideslip.commands.gig import header
from sideslip.commands.sync import Sync
from sideslip.config import named_with, read_settings
from sideslip.music.leadsheet import LeadSheet
from sideslip.stage.clock import RealClock
from sideslip.stage.files.journal import JournalWriter
from sideslip.stage.files.sent_log import SentLog
from sideslip.stage.inbox import Inbox
from sideslip.stage.keys import heed_keys
from sideslip.stage.midi.live import LiveMidi
from sideslip.stage.midi.names import Choice
from sideslip.stage.midi.ports import Backend
from sideslip.stage.priority import DECIDING, hurry
from sideslip.stage.session import Listener, Session, guarded, panic_on_signal, stop_on_signals
from sideslip.stage.terminal import is_terminal
from sideslip.stage.worker import WorkerBrain

if TYPE_CHECKING:
    from sideslip.band.partner import Partner

PATIENCE = 6.0
"""Seconds of a player's silence after which turns in bars are not taken any more: they have gone, or want to listen."""

OFFSETS = -200.0, 200.0
"""Milliseconds by which output may be shifted: a buffer of 8192 frames at 48 kHz is 171."""

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
    "split": None,
    "backend": None,
    "offset_ms": "0",
    "clock_out": "no",
    "journal": None,
    "save": None,
    "sent": None,
}
"""Settings by name; those of a file come before these, options before both."""


def run(options: Namespace) -> None:
    """Read everything that can be wrong first; then open the ports, then play until the player leaves.

    No file is touched before the ports are open. What was played is saved however the gig ended. What only thinking
    needs is imported while the MIDI process opens the ports, which takes about as long.
    """
    logging.basicConfig(format="sideslip: %(message)s", level=logging.WARNING)
    asked_for = _AskedFor.read(options)
    chosen, sheet, settings, sync = asked_for.chosen, asked_for.sheet, asked_for.settings, asked_for.sync
    clock, inbox = RealClock(), Inbox()
    live: LiveMidi | None = None

    def panic() -> None:
        """By key and by signal: what hangs ends before the band is told."""
        if live is not None:
            live.panic()
        inbox.put(Turned(clock.now(), "panic", True))

    with ExitStack() as closing:
        closing.enter_context(stop_on_signals(inbox, clock.now))
        closing.enter_context(panic_on_signal(panic))
        ports = chosen["in"], chosen["out"], asked_for.backend, sync.hears_clock, sync.clock_out
        live = LiveMidi.open(inbox, clock, *ports, offset=asked_for.offset, wait=False)
        closing.callback(live.close)
        from sideslip.commands.ensemble import Ensemble  # now, for it takes as long as the ports take to open
        from sideslip.commands.learning import controllers
        from sideslip.commands.teller import Teller

        ensemble = Ensemble.shipped()
        live.opened()
        settings = replace(settings, controls=controllers(live.input.name, asked_for.learn, inbox))
        live.heed([knob for knob, control in settings.controls.items() if control == "panic"])
        partner = ensemble.partner(settings)
        listeners: list[Listener] = [guarded(Teller(settings, partner))]
        if chosen["sent"]:
            live.on_sent = closing.enter_context(SentLog(Path(chosen["sent"]), clock.origin)).write
        gig = header(sheet, settings, ensemble.ear)
        journal = closing.enter_context(JournalWriter(Path(chosen["journal"]), gig)) if chosen["journal"] else None
        brain = WorkerBrain(inbox, clock.now, ensemble.factory, ensemble.weights)
        closing.callback(brain.close)
        if chosen["save"]:
            listeners.append(_taped(Path(chosen["save"]), clock, closing, sheet, settings, partner))
        closing.enter_context(sync.joined(inbox, clock))
        _announce(live, sheet, settings, sync)
        if is_terminal():
            closing.enter_context(heed_keys(inbox, clock.now, panic, tell))
        gc.collect()
        gc.freeze()
        hurry(DECIDING)
        Session(partner, clock, inbox, brain, live, journal, listeners).run()


@dataclass(frozen=True, slots=True)
class _AskedFor:
    """What was typed and written in a settings file: all that can be wrong before a port is open. `offset` is in s."""

    chosen: dict[str, str | None]
    sheet: LeadSheet
    settings: GigSettings
    backend: Backend
    sync: Sync
    offset: float
    learn: tuple[Control, ...]

    @classmethod
    def read(cls, options: Namespace) -> "_AskedFor":
        """Raises SideslipError, which names the settings file if there is one."""
        chosen = _chosen(options)
        with named_with(options.config):
            sheet = values.chart(str(chosen["chart"]))
            offset = values.number("--offset-ms", chosen["offset_ms"], *OFFSETS) / 1000
            settings = _settings(chosen, sheet, max(0.0, -offset))
            backend = Backend.chosen(chosen["backend"], os.environ)
            sync = Sync.of(chosen, settings)
            values.check_outputs([str(chosen["chart"])], [chosen[name] for name in ("journal", "save", "sent")])
        return cls(chosen, sheet, settings, backend, sync, offset, values.controls(options.learn))


def _chosen(options: Namespace) -> dict[str, str | None]:
    given = {"in": options.input, "out": options.output}
    given |= {name: getattr(options, name) for name in DEFAULTS if name not in given}
    written = read_settings(Path(options.config), DEFAULTS) if options.config else {}
    return {name: given[name] if given[name] is not None else written.get(name, DEFAULTS[name]) for name in DEFAULTS}


def _settings(chosen: dict[str, str | None], sheet: LeadSheet, early: float) -> GigSettings:
    tempo, timing = values.timing(chosen["tempo"], sheet.tempo, ("tap", "follow", "clock", "link"))
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
        split=values.split(chosen["split"]),
        patience=PATIENCE,
        early=early,
    )


def _taped(
    path: Path, clock: RealClock, closing: ExitStack, sheet: LeadSheet, settings: GigSettings, partner: "Partner"
) -> Listener:
    """A tape that is running, and will be written however the gig ends."""
    from sideslip.stage.tape import Tape

    tape = Tape(clock)
    closing.callback(lambda: tape.take(sheet, settings, partner).write_midi(path))
    return guarded(tape)


def _announce(live: LiveMidi, sheet: LeadSheet, settings: GigSettings, sync: Sync) -> None:
    def named(choice: Choice) -> str:
        return f"{choice.name!r}" + (" (a virtual port, made just now)" if choice.virtual else "")

    where = " from any bar" if settings.anywhere and settings.charted else ""
    ends = "Ctrl-C ends, ? tells what keys do" if is_terminal() else "Ctrl-C ends"
    tell(f"listening on {named(live.input)}, playing on {named(live.output)}")
    how = f"{sync.words}, {trade_words(settings.trade)}"
    tell(f"{sheet.title}{where}, {how}, outside {settings.dial:g}; {ends}")
    tell(bound_words(settings.controls))
