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
from sideslip.stage.files.charts import load_chart
from sideslip.stage.rehearsal import rehearse
from sideslip.stage.take import Take


def run(options: Namespace) -> None:
    """Read everything that can be wrong first; then play, then write."""
    dial, seed, trade = values.dial(options.outside), values.seed(options.seed), parse_trade(options.trade)
    choruses = values.choruses(options.choruses)
    values.check_outputs([options.call, options.chart], [options.out, options.trace])
    given = None if options.tempo is None else values.tempo(options.tempo)
    sheet = load_chart(options.chart)
    call = read_call(Path(options.call), sheet.meter)
    changes = sheet.changes()
    ends = choruses * changes.length if choruses else answered_by(trade, round(call.end * TICKS), changes)
    tempo = given or call.tempo or sheet.tempo
    swung = sheet.feel == "swing"
    settings = GigSettings(changes, tempo, trade, dial, seed, starts_at=0.0, ends=ends, swung=swung)
    take = perform(sheet, settings, call, Ensemble.shipped())
    take.write_midi(Path(options.out))
    if options.trace:
        take.write_trace(Path(options.trace))
    for decided in take.decided:
        print(f"bar {sheet.meter.bar_of(decided.turn.start)}: {decided.choice.why}")


def perform(sheet: LeadSheet, settings: GigSettings, call: Call, ensemble: Ensemble) -> Take:
    """The gig with a call that begins at bar 1."""
    tempo = TempoMap(settings.tempo)
    heard = tuple(Heard(tempo.seconds(beat), message) for beat, message in call.messages)
    performance = rehearse(ensemble.partner(settings), heard, ensemble.proposer())
    return Take(sheet, settings, tempo, heard, performance.sounds, performance.decided, performance.end)
