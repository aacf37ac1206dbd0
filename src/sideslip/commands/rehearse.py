"""`sideslip rehearse`: a MIDI file as the player, on the virtual clock."""

from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from sideslip.band.events import Heard
from sideslip.band.listening import timekeeper
from sideslip.band.settings import GigSettings
from sideslip.band.trading import answered_by, parse_trade
from sideslip.commands import values
from sideslip.commands.ensemble import Ensemble
from sideslip.errors import MidiFileError
from sideslip.listen.tempo import FASTEST, SLOWEST, TempoMap
from sideslip.music.leadsheet import LeadSheet, no_chart
from sideslip.music.meter import TICKS
from sideslip.stage.files.call import Call, read_call
from sideslip.stage.rehearsal import rehearse
from sideslip.stage.take import Take


def run(options: Namespace) -> None:
    """Read everything that can be wrong first; then play, then write."""
    dial, seed, trade = values.dial(options.outside), values.seed(options.seed), parse_trade(options.trade)
    wish = values.wish(options.density, options.register, options.style)
    values.check_outputs([options.call, options.chart], [options.out, options.trace])
    sheet = values.chart(options.chart)
    values.timing(options.tempo, sheet.tempo, ("tap", "follow"))  # a mistake there comes before one in the call
    ends = values.form(sheet, options.choruses)
    call = read_call(Path(options.call), sheet.meter if sheet.changes().has_chords else None)
    if options.chart == "none":
        sheet = no_chart(call.meter)
    tempo, timing = values.timing(options.tempo, call.tempo or sheet.tempo, ("tap", "follow"))
    if not SLOWEST <= tempo <= FASTEST:
        raise MidiFileError(
            f"cannot use {options.call}: it begins at {tempo:g} beats a minute, {SLOWEST:g} to {FASTEST:g} can be "
            "played; say how fast with --tempo"
        )
    settings = GigSettings(
        sheet.changes(),
        tempo,
        trade,
        dial,
        seed,
        starts_at=0.0 if timing == "steady" else None,
        ends=ends,
        swung=sheet.feel == "swing",
        timing=timing,
        anywhere=values.anywhere(sheet, options.anywhere),
        wish=wish,
    )
    if ends is None:
        end = call.end if timing == "steady" else _beat_of_end(settings, _heard(settings, call)) or call.end
        settings = replace(settings, ends=answered_by(trade, round(end * TICKS), sheet.changes()))
    take = perform(sheet, settings, call, Ensemble.shipped(), brief=options.trace is None)
    take.write_midi(Path(options.out))
    if options.trace:
        take.write_trace(Path(options.trace))
    for reason in take.reasons():
        print(reason)


def perform(sheet: LeadSheet, settings: GigSettings, call: Call, ensemble: Ensemble, brief: bool = False) -> Take:
    """The gig with a call: on the beat from bar 1 where the tempo is agreed on, else with its own moments.

    A player whose beat is never found leaves with the last message. A `brief` take knows what was played and why, but
    not from what it was chosen.
    """
    heard, partner = _heard(settings, call), ensemble.partner(settings)
    leaves = heard[-1].at if heard and _beat_of_end(settings, heard) is None else None
    performance = rehearse(partner, heard, ensemble.proposer(), stop_at=leaves, brief=brief)
    return Take.of(sheet, settings, partner, heard, performance)


def _heard(settings: GigSettings, call: Call) -> tuple[Heard, ...]:
    clock = TempoMap(settings.tempo) if settings.timing == "steady" else call.clock
    return tuple(Heard(clock.seconds(beat), message) for beat, message in call.messages)


def _beat_of_end(settings: GigSettings, heard: tuple[Heard, ...]) -> float | None:
    """The beat, by who gives the beat, of the last message; None where no beat is found."""
    keeper = timekeeper(settings)
    for event in heard:
        keeper.hear(event.at, event.message)
    if keeper.wake_at is not None:
        keeper.woken(keeper.wake_at)
    return None if keeper.tempo is None else keeper.tempo.beat(heard[-1].at)
