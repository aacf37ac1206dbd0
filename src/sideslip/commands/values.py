"""Reading what users type: numbers within their range, or one clear line."""

import os
import re
from collections.abc import Iterable, Sequence
from math import isfinite
from typing import Literal

from sideslip.band.bindings import CONTROLS, Control
from sideslip.band.settings import DENSITIES, REGISTERS, Timing
from sideslip.errors import ChordError, SettingError
from sideslip.music.dialogue import STYLES, Wish
from sideslip.music.leadsheet import LeadSheet, no_chart
from sideslip.music.pitch import parse_pitch
from sideslip.stage.files.charts import load_chart
from sideslip.stage.files.replace import check_replaceable

_WHOLE = re.compile(r"-?[0-9]{1,10}")  # no sign but one, no digit but ours, no more than any option takes


def number(name: str, value: object, low: float, high: float) -> float:
    """A number of an option or a settings file. Raises SettingError beyond low..high."""
    try:
        found = float(str(value))
    except ValueError:
        found = float("nan")
    if isinstance(value, bool) or not (isfinite(found) and low <= found <= high):
        raise SettingError(f"{name} takes a number from {low:g} to {high:g}, found {value!r:.40}")
    return found


def whole(name: str, value: object, low: int, high: int) -> int:
    """A whole number of an option or a settings file. Raises SettingError beyond low..high."""
    text = str(value)
    if not _WHOLE.fullmatch(text) or not low <= int(text) <= high:
        raise SettingError(f"{name} takes a whole number from {low} to {high}, found {value!r:.40}")
    return int(text)


def dial(value: object) -> float:
    """The outside dial."""
    return number("--outside", value, 0.0, 1.0)


def seed(value: object) -> int:
    """The seed of every choice."""
    return whole("--seed", value, 0, 2**32 - 1)


def choruses(value: object) -> int | None:
    """How often the form is played; None where nothing was asked."""
    return None if value is None else whole("--choruses", value, 1, 1000)


def wish(density: object, register: object, style: object) -> Wish:
    """What answers are asked to be like; None where nothing was asked."""
    return Wish(
        density=None if density is None else number("--density", density, *DENSITIES),
        register=None if register is None else _register(register),
        style=None if style is None or str(style).lower() == "any" else _style(str(style)),
    )


def _register(value: object) -> float:
    """A middle pitch, as a MIDI number or the name of a note."""
    try:
        pitch: object = parse_pitch(str(value))
    except ChordError:
        pitch = value
    try:
        return number("--register", pitch, *REGISTERS)
    except SettingError:
        wanted = "a MIDI pitch from {} to {}, or a note from C2 to C7 such as Bb3 (C4 is 60)".format(*REGISTERS)
        raise SettingError(f"--register takes {wanted}; found {value!r:.40}") from None


def _style(value: str) -> str:
    """The one style whose name has this in it."""
    found = [style for style in STYLES if value.upper() in style]
    if len(found) != 1:
        names = ", ".join(STYLES).lower()
        which = f", which may be {', '.join(found).lower()}" if value and found else ""
        raise SettingError(f"--style takes any, or enough of one name of {names}; found {value!r:.40}{which}")
    return found[0]


def controls(names: Sequence[str] | None) -> tuple[Control, ...]:
    """The controls of `--learn`: those that are named, all where none is, none where nothing was asked."""
    wanted = {name.replace("-", "_"): name for name in names or ()}
    for name in wanted:
        if name not in CONTROLS:
            possible = ", ".join(control.replace("_", "-") for control in CONTROLS)
            raise SettingError(f"--learn takes controls, of {possible}; found {wanted[name]!r:.40}")
    return tuple(control for control in CONTROLS if control in wanted or names == [])


def split(value: object) -> int | None:
    """Where a keyboard is split, as a MIDI number or the name of a note; None where nothing was asked."""
    if value is None:
        return None
    try:
        return parse_pitch(str(value))
    except ChordError:
        pass
    try:
        return whole("--split", value, 0, 127)
    except SettingError:
        wanted = "the lowest note of the right hand, such as C4, or a MIDI pitch from 0 to 127 (C4 is 60)"
        raise SettingError(f"--split takes {wanted}; found {value!r:.40}") from None


def tempo(value: object) -> float:
    """A tempo in beats a minute."""
    return number("--tempo", value, 20.0, 400.0)


def timing(value: object, usual: float, ways: tuple[Timing | Literal["link"], ...]) -> tuple[float, Timing]:
    """A tempo, or one of some ways to be given the beat; `usual` (beats a minute) is where nothing says otherwise.

    Link comes as a clock."""
    if value is None:
        return usual, "steady"
    for way in ways:
        if value == way:
            return usual, "clock" if way == "link" else way
    try:
        return tempo(value), "steady"
    except SettingError:
        words = ", ".join(f"'{way}'" for way in ways)
        raise SettingError(f"--tempo takes a number from 20 to 400, or {words}; found {value!r:.40}") from None


def yes(name: str, value: object) -> bool:
    """A setting that is on or off, as a word."""
    if value not in ("yes", "no"):
        raise SettingError(f"{name} takes yes or no, found {value!r:.40}")
    return value == "yes"


def chart(name: str) -> LeadSheet:
    """A chart by name or path; "none" is the sheet of a band that goes by ear."""
    return no_chart() if name == "none" else load_chart(name)


def anywhere(sheet: LeadSheet, asked: bool) -> bool:
    """Whether the player may begin anywhere in the form. Raises SettingError where there is none."""
    if asked and not sheet.changes().has_chords:
        raise SettingError("--anywhere needs a chart: without one there is no place to find")
    return asked


def form(sheet: LeadSheet, asked: object) -> int | None:
    """The ticks of as many choruses as were asked for; None where nothing was. Raises SettingError without a chart."""
    if asked is not None and not sheet.changes().has_chords:
        raise SettingError("--choruses needs a chart: without one nobody knows how long a chorus is")
    count = choruses(asked)
    return None if count is None else count * sheet.changes().length


def check_outputs(read: Iterable[str], written: Iterable[str | None]) -> None:
    """Files to be written (None: not asked for) are not among those read, differ from each other, and can be written.

    Raises SettingError before anything is played.
    """
    taken = {_place(name) for name in read}
    for name in filter(None, written):
        place = _place(name)
        if place in taken:
            raise SettingError(f"{name} cannot be written: it is read, or written twice; give each its own file")
        check_replaceable(name)
        taken.add(place)


def _place(name: str) -> str:
    """Where a file is, links followed."""
    try:
        return os.path.realpath(name)
    except ValueError:
        raise SettingError(f"no file can be called {name!r:.40}") from None
