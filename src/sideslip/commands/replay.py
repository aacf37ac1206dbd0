"""`sideslip replay`: a journal played again, exactly as it was, or with the answers invented anew."""

import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sideslip.band.events import Event, Gesture, Heard, Ideas, Nudged, Stopped, Turned
from sideslip.band.partner import Partner
from sideslip.band.settings import GigSettings
from sideslip.commands import values
from sideslip.commands.ensemble import Ensemble
from sideslip.commands.gig import check_unbroken, settings_from
from sideslip.errors import ChartError, JournalError
from sideslip.music.leadsheet import parse_chart
from sideslip.stage.files.journal import JournalReader
from sideslip.stage.rehearsal import Performance, rehearse, replay
from sideslip.stage.take import Take


def run(options: Namespace) -> None:
    """Play a journal again; `--outside` turns the dial and has everything invented anew.

    It is read to its end first, for what is wrong in it, and then once more: of hours, ideas would fill the memory.
    """
    path = Path(options.journal)
    reader = JournalReader(path)
    dial = None if options.outside is None else values.dial(options.outside)
    values.check_outputs([options.journal], [options.out])
    events = [event for event in reader if not isinstance(event, Ideas)]
    try:
        sheet = parse_chart(reader.header.chart)
        settings = settings_from(reader.header, sheet.changes())
        check_unbroken(events, settings)
    except (ChartError, JournalError) as error:
        raise JournalError(f"{options.journal} cannot be played: {error}") from None
    ensemble = Ensemble.shipped()
    if dial is None and reader.header.ear != ensemble.ear:
        print("sideslip: this journal was made with another ear; choices may differ", file=sys.stderr)
    partner = ensemble.partner(settings if dial is None else _dialled(settings, dial))
    heard = tuple(event for event in events if isinstance(event, Heard))
    if dial is None:
        performance = replay(partner, JournalReader(path), brief=True)
    elif events:
        performance = _anew(partner, events, ensemble)
    else:
        raise JournalError(f"{options.journal} holds no events: nothing was played")
    take = Take.of(sheet, settings, partner, heard, performance)
    if options.out:
        take.write_midi(Path(options.out))
    for reason in take.reasons():
        print(reason)


def _dialled(settings: GigSettings, dial: float) -> GigSettings:
    """The same gig with the dial fixed where it is wanted now."""
    controls = {knob: control for knob, control in settings.controls.items() if control != "outside"}
    return replace(settings, dial=dial, controls=controls)


def _anew(partner: Partner, events: Sequence[Event], ensemble: Ensemble) -> Performance:
    """What the player did, in a rehearsal."""
    done = [event for event in events if isinstance(event, Gesture) and not _dials(event)]
    left = next((event.at for event in events if isinstance(event, Stopped)), events[-1].at)
    return rehearse(partner, done, ensemble.proposer(), stop_at=left, brief=True)


def _dials(gesture: Gesture) -> bool:
    return isinstance(gesture, Turned | Nudged) and gesture.control == "outside"
