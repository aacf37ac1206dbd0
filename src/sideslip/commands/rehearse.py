"""`sideslip rehearse`: a MIDI file as the player, on the virtual clock."""

from argparse import Namespace
from pathlib import Path

from sideslip.band.events import Heard
from sideslip.band.settings import GigSettings
from sideslip.band.trading import answered_by, parse_trade
from sideslip.commands import values
from sideslip.commands.ensemble import Ensemble
from sideslip.listen.tempo import TempoMap
from sideslip.music.leadsheet import LeadSheet
from sideslip.music.meter import TICKS
from sideslip.stage.files.call import Call, read_call
from sideslip.stage.rehearsal import rehearse
from sideslip.stage.take import Take


def run(options: Namespace) -> None:
    """Read everything that can be wrong first; then play, then write."""
    dial, seed, trade = values.dial(options.outside), values.seed(options.seed), parse_trade(options.trade)
    values.check_outputs([options.call, options.chart], [options.out, options.trace])
    sheet = values.chart(options.chart)
    values.timing(options.tempo, sheet.tempo, ("tap", "follow"))  # a mistake there comes before one in the call
    ends = values.form(sheet, options.choruses)
    call = read_call(Path(options.call), sheet.meter)
    tempo, timing = values.timing(options.tempo, call.tempo or sheet.tempo, ("tap", "follow"))
    settings = GigSettings(
        sheet.changes(),
        tempo,
        trade,
        dial,
        seed,
        starts_at=0.0 if timing == "steady" else None,
        ends=ends or answered_by(trade, round(call.end * TICKS), sheet.changes()),
        swung=sheet.feel == "swing",
        timing=timing,
        anywhere=options.anywhere,
    )
    take = perform(sheet, settings, call, Ensemble.shipped())
    take.write_midi(Path(options.out))
    if options.trace:
        take.write_trace(Path(options.trace))
    for decided in take.decided:
        print(f"bar {sheet.meter.bar_of(decided.turn.start)}: {decided.choice.why}")


def perform(sheet: LeadSheet, settings: GigSettings, call: Call, ensemble: Ensemble) -> Take:
    """The gig with a call: on the beat from bar 1 where the tempo is agreed on, else with its own moments."""
    clock = TempoMap(settings.tempo) if settings.timing == "steady" else call.clock
    heard = tuple(Heard(clock.seconds(beat), message) for beat, message in call.messages)
    partner = ensemble.partner(settings)
    performance = rehearse(partner, heard, ensemble.proposer(), stop_at=_leaves(settings, call, clock))
    return Take.of(sheet, settings, partner.tempo or clock, heard, performance)


def _leaves(settings: GigSettings, call: Call, clock: TempoMap) -> float | None:
    """The moment (s) at which a player leaves whose beat was never found: twice what it should all have lasted."""
    if settings.timing == "steady":
        return None
    return 2 * clock.seconds(call.end + (settings.ends or 0) / TICKS)
