"""With whom `jam` keeps time: a MIDI clock or a Link session that it goes by, and those who are sent its own clock."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from sideslip.band.settings import GigSettings
from sideslip.commands import values
from sideslip.errors import SettingError
from sideslip.listen.count_in import Count
from sideslip.stage.clock import RealClock
from sideslip.stage.inbox import Inbox
from sideslip.stage.midi.clock_out import ClockWish
from sideslip.stage.midi.link import LinkPeer


@dataclass(frozen=True, slots=True)
class Sync:
    """`link` gives the beat, if it is there; `clock_out` is the clock to be sent, if one is."""

    settings: GigSettings
    link: LinkPeer | None
    clock_out: ClockWish | None

    @classmethod
    def of(cls, chosen: Mapping[str, str | None], settings: GigSettings) -> "Sync":
        """As the player chose. Raises SettingError where Link is not installed, or where a clock would be sent to whom
        it comes from."""
        linked, sends = chosen["tempo"] == "link", values.yes("--clock-out", chosen["clock_out"])
        if sends and settings.timing == "clock" and not linked:
            raise SettingError(
                "--clock-out sends our own clock, and with --tempo clock there is none; choose one of the two"
            )
        link = LinkPeer(settings.changes.meter, settings.tempo) if linked else None
        known = settings.tempo if settings.timing == "steady" else None
        return cls(settings, link, ClockWish(settings.changes.meter.unit, known) if sends else None)

    @property
    def hears_clock(self) -> bool:
        """Whether the beat comes in at the MIDI port."""
        return self.settings.timing == "clock" and self.link is None

    def joined(self, inbox: Inbox, clock: RealClock) -> AbstractContextManager[None]:
        """While inside, be part of the Link session, if that gives the beat."""
        return nullcontext() if self.link is None else self.link.joined(inbox, clock)

    @property
    def words(self) -> str:
        """Where the beat will come from, for the player to act on."""
        bpm, count = f"{self.settings.tempo:g} bpm", Count.of(self.settings.changes.meter)
        taps = f"{count.taps} even taps of one key or the pedal"
        taps += f", one every {count.beats} beats" * (count.beats > 1)
        match self.settings.timing:
            case "steady":
                return f"{bpm}, bar 1 begins with your first note"
            case "tap":
                return f"count in with {taps}, or just begin at {bpm}"
            case "follow":
                return f"count in with {taps}, or just begin at {bpm}; I follow you"
            case "clock" if self.link is not None:
                return "bar 1 is the next downbeat of the Link session, or the first after its start"
            case "clock":
                return "waiting for MIDI clock and start"
