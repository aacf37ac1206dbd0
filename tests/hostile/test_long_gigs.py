"""Gigs of four hours in all with a player who is a nuisance: nothing hangs, nothing grows, every call is answered."""

import gc
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from sideslip.band.events import Command, Event, Stopped
from sideslip.band.partner import Partner
from sideslip.band.settings import GigSettings
from sideslip.commands.gig import header
from sideslip.commands.teller import Teller
from sideslip.music.leadsheet import LeadSheet, no_chart
from sideslip.outside.controller import Controller
from sideslip.outside.tables import ListeningTables
from sideslip.propose.ideas import LicksAlone
from sideslip.propose.licks import LickProposer
from sideslip.stage.files.charts import load_chart
from sideslip.stage.files.journal import JournalWriter
from sideslip.stage.inbox import Inbox
from sideslip.stage.midi.midi_in import Ear
from sideslip.stage.session import Listener, Session
from sideslip.stage.tape import Tape
from sideslip.testing import InlineBrain, VirtualClock

from .gig import Player, Stage

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

HOUR = 3600.0


def megabytes() -> float:
    """What this process holds in memory now; 0 where the system does not tell."""
    path = Path("/proc/self/statm")
    return int(path.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6 if path.exists() else 0.0


class Watch:
    """Looks at the process every quarter of an hour of the gig: megabytes, and threads and descriptors."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock, self._next = clock, HOUR / 4
        self.megabytes: list[float] = []
        self.rest: list[tuple[int, int]] = []

    def __call__(self, what: Event | Command) -> None:
        if self._clock.now() >= self._next:
            self._next += HOUR / 4
            gc.collect()
            self.megabytes.append(megabytes())
            descriptors = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0
            self.rest.append((threading.active_count(), descriptors))


def played(sheet: LeadSheet, settings: GigSettings, hours: float, journal: Path) -> tuple[Stage, Player, Watch]:
    clock, inbox, ear = VirtualClock(), Inbox(), Ear(clock=settings.timing == "clock")
    stage, watch = Stage(clock, ear), Watch(clock)
    bars = settings.trade if isinstance(settings.trade, int) else 2
    beat, clocked = 60 / settings.tempo, settings.timing == "clock"
    player = Player(inbox, clock, stage, ear, beat, bars * sheet.meter.beats, hours * HOUR, clocked)
    inbox.put(Stopped(player.ends))
    partner = Partner(settings, Controller(ListeningTables.unlearnt()), LickProposer())
    listeners: list[Listener] = [player, watch, Teller(settings, partner), Tape(clock)]
    with JournalWriter(journal, header(sheet, settings, "")) as writer:
        brain = InlineBrain(LicksAlone(), inbox, clock)
        Session(partner, clock, inbox, brain, stage, writer, listeners).run()
    return stage, player, watch


def check(stage: Stage, player: Player, settings: GigSettings) -> None:
    """Nothing hangs, everything is in time, every call is answered.

    A cable that is put back finds notes that the synth never heard of ended, to be sure: a few for each time.
    """
    faults = stage.hearing.faults
    assert faults.pop("orphaned") <= 8 * player.pulled and faults == dict.fromkeys(faults, 0)
    assert stage.late < 0.001 and stage.hearing.longest < 8 * 60 / settings.tempo
    assert player.unanswered() == [] and stage.hearing.struck > 3 * len(player.calls)
    if isinstance(settings.trade, int):
        assert len(player.answers) == len(player.calls)
    if settings.timing in ("steady", "tap"):
        assert player.off < 1e-9


GIGS: dict[str, tuple[str, dict[str, Any]]] = {
    "free": ("blues-in-f", {"tempo": 140.0, "trade": "free"}),
    "duet": ("rhythm-changes", {"tempo": 200.0, "trade": "duet"}),
    "ones in three": ("blues-waltz", {"tempo": 150.0, "trade": 1}),
    "eights with a band": ("blues-in-f", {"tempo": 180.0, "trade": 8, "rhythm": True}),
    "by ear": ("none", {"tempo": 120.0, "trade": 4}),
    "anywhere": ("rhythm-changes", {"tempo": 160.0, "trade": 2, "anywhere": True}),
    "counted in": ("blues-in-f", {"tempo": 120.0, "trade": 4, "timing": "tap"}),
    "followed": ("blues-in-f", {"tempo": 120.0, "trade": 4, "timing": "follow"}),
    "clocked": ("blues-in-f", {"tempo": 120.0, "trade": 4, "timing": "clock"}),
}


@pytest.mark.parametrize("name", GIGS)
def test_ten_minutes_of_any_other_gig(name: str, tmp_path: Path) -> None:
    chart, wanted = GIGS[name]
    sheet = no_chart() if chart == "none" else load_chart(chart)
    settings = GigSettings(sheet.changes(), **wanted)
    stage, player, _ = played(sheet, settings, 1 / 6, tmp_path / "gig.journal")
    check(stage, player, settings)


def test_the_fourth_hour_is_as_the_first(tmp_path: Path) -> None:
    sheet = load_chart("blues-in-f")
    settings = GigSettings(sheet.changes(), 120.0, 4, starts_at=0.0)
    stage, player, watch = played(sheet, settings, 4.0, tmp_path / "gig.journal")
    check(stage, player, settings)
    assert len(player.calls) == 900 and player.pulled == 90
    notes = [count for _, count in player.answers]
    assert sum(notes[-225:]) > 0.7 * sum(notes[:225]) > 225 * 5
    assert len(set(watch.rest)) == 1
    grown = watch.megabytes[-1] - watch.megabytes[0]  # what was heard and played, for the file of the gig, too
    assert grown < 20 and max(watch.megabytes[hour + 4] - watch.megabytes[hour] for hour in (0, 4, 8)) < 7
