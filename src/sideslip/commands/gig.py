"""The settings of a gig as the first line of its journal."""

from collections.abc import Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Any, get_args

from sideslip.band.bindings import CONTROLS, Bindings, Control, Knob
from sideslip.band.events import Event, Heard
from sideslip.band.settings import GigSettings, Timing
from sideslip.band.trading import parse_trade
from sideslip.commands import values
from sideslip.errors import JournalError, SettingError
from sideslip.listen.notes import PERCUSSION
from sideslip.listen.timekeeper import struck
from sideslip.music.changes import Changes
from sideslip.music.leadsheet import LeadSheet
from sideslip.stage.files.journal import Header

LONGEST_SILENCE = 10.0
"""Seconds: three of the slowest beats."""


def header(sheet: LeadSheet, settings: GigSettings, ear: str) -> Header:
    """All that a band is made from, as plain values and chart text; `ear` is the name of what judges."""
    plain: dict[str, Any] = {
        "tempo": settings.tempo,
        "trade": str(settings.trade),
        "dial": settings.dial,
        "starts_at": settings.starts_at,
        "ends": settings.ends,
        "rhythm": settings.rhythm,
        "swung": settings.swung,
        "timing": settings.timing,
        "anywhere": settings.anywhere,
        "density": settings.wish.density,
        "register": settings.wish.register,
        "style": settings.wish.style,
        "patience": settings.patience,
        "early": settings.early,
        "controls": [[channel, number, control] for (channel, number), control in settings.controls.items()],
        "split": settings.split,
    }
    return Header(plain, sheet.text(), settings.seed, ear)


def _timing(value: object) -> Timing:
    for way in get_args(Timing):
        if value == way:
            known: Timing = way
            return known
    raise SettingError(f"timing is one of {', '.join(get_args(Timing))}; found {value!r:.40}")


def _bindings(rows: object) -> Bindings:
    """Controllers as `header` wrote them; which may be bound is for the settings to say."""
    if not isinstance(rows, list):
        raise SettingError(f"controllers are a list, found {rows!r:.40}")
    found: dict[Knob, Control] = {}
    for row in rows:
        match row:
            case [int() | None as channel, int(number), str(name)] if name in CONTROLS:
                found[channel, number] = CONTROLS[CONTROLS.index(name)]
            case _:
                raise SettingError(f"a controller is [channel or null, number, control]; found {row!r:.60}")
    return MappingProxyType(found)


def settings_from(found: Header, changes: Changes) -> GigSettings:
    """The settings that `header` wrote. Raises JournalError for anything else."""
    plain = found.settings
    try:
        return GigSettings(
            changes,
            tempo=values.tempo(plain["tempo"]),
            trade=parse_trade(str(plain["trade"])),
            dial=values.dial(plain["dial"]),
            seed=values.seed(found.seed),
            starts_at=None if plain["starts_at"] is None else values.number("starts_at", plain["starts_at"], 0, 1e6),
            ends=None if plain["ends"] is None else values.whole("ends", plain["ends"], 1, 10**9),
            rhythm=plain["rhythm"] is True,
            swung=plain["swung"] is True,
            timing=_timing(plain.get("timing", "steady")),
            anywhere=plain.get("anywhere") is True,
            early=values.number("early", plain.get("early", 0.0), 0, 1),
            patience=None if plain.get("patience") is None else values.number("patience", plain["patience"], 0, 1e6),
            wish=values.wish(plain.get("density"), plain.get("register"), plain.get("style")),
            controls=_bindings(plain.get("controls", [])),
            split=None if plain.get("split") is None else values.whole("split", plain["split"], 0, 127),
        )
    except (KeyError, SettingError) as mistake:
        raise JournalError(f"the first line holds no settings of a gig: {mistake}") from None


def check_unbroken(events: Sequence[Event], settings: GigSettings) -> None:
    """Raises JournalError where a long time has nothing written down: a band that has begun is woken at every beat.

    What came between would be played without end. While a MIDI clock stands, nothing is played.
    """
    began = 0
    if settings.starts_at is None:
        began = next((place for place, event in enumerate(events) if _begins(event)), len(events))
    for before, after in pairwise(events[began:]):
        if after.at - before.at > LONGEST_SILENCE and settings.timing != "clock":
            raise JournalError(f"nothing is written down from {before.at:g} s to {after.at:g} s; a beat was to be")


def _begins(event: Event) -> bool:
    key = struck(event.message) if isinstance(event, Heard) else None
    return key is not None and key[0] != PERCUSSION
