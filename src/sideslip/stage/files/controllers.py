"""Which controllers a player has chosen: one small TOML file a device, in the user's folder for settings.

    # what the controllers of 'KeyLab 61' do; without a channel (1 to 16) it is the controller of any
    outside = { controller = 74, channel = 1 }

A device is known by the name of its port, without the numbers that ALSA gives it anew each time.
"""

import logging
import os
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from sideslip.band.bindings import CONTROLS, USUAL, Bindings, Control, Knob, can_be_bound
from sideslip.config import read_toml
from sideslip.errors import SettingError
from sideslip.stage.files.replace import replace_file
from sideslip.stage.machine import own_folders
from sideslip.stage.midi.names import stem

_log = logging.getLogger(__name__)

_LONGEST = 120  # characters of a file's name: file systems take 255 bytes


def controllers_file(device: str) -> Path:
    """Where the controllers of a device are kept."""
    return own_folders()[0] / "controllers" / f"{quote(stem(device), safe=' ', errors='replace')[:_LONGEST]}.toml"


def read_controllers(device: str) -> Bindings:
    """What a player has chosen for a device; what is usual where nothing was, or, with a line of warning, where the
    file is not what we write."""
    path = controllers_file(device)
    if not os.path.lexists(path):
        return USUAL
    try:
        return _bindings(path, read_toml(path))
    except SettingError as mistake:
        _log.warning("%s; the usual controllers are used", mistake)
        return USUAL


def keep_controllers(device: str, bindings: Bindings) -> Path:
    """Write down what a player has chosen for a device; where. Raises SettingError if that cannot be written."""
    path = controllers_file(device)
    any_or = f"# what the controllers of {stem(device)!a} do; without a channel (1 to 16) it is the controller of any\n"
    rows = [f"{control} = {{ {_written(knob)} }}\n" for knob, control in bindings.items()]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(f"cannot write {path}: {error.strerror}") from None
    replace_file(path, "".join([any_or, *rows]).encode())
    return path


def _written(knob: Knob) -> str:
    channel, number = knob
    return f"controller = {number}" + ("" if channel is None else f", channel = {channel + 1}")


def _bindings(path: Path, table: dict[str, Any]) -> Bindings:
    found: dict[Knob, Control] = {}
    for name, row in table.items():
        if name not in CONTROLS:
            raise SettingError(f"{path}: there is no control {name[:40]!r}; possible: {', '.join(CONTROLS)}")
        knob = _knob(row)
        if knob is None:
            wanted = "{ controller = 0 to 119 but 64 and 66, channel = 1 to 16 }"
            raise SettingError(f"{path}: {name} takes {wanted}, found something else")
        if knob in found:
            raise SettingError(f"{path}: {found[knob]} and {name} are on the same controller")
        found[knob] = CONTROLS[CONTROLS.index(name)]
    return MappingProxyType(found)


def _knob(row: object) -> Knob | None:
    """The controller of one row; None if it names none that can be bound."""
    if not isinstance(row, dict) or not row.keys() <= {"controller", "channel"}:
        return None
    number, channel = row.get("controller"), row.get("channel")
    if type(number) is not int or not can_be_bound(number):
        return None
    if channel is None:
        return None, number
    return (channel - 1, number) if type(channel) is int and 1 <= channel <= 16 else None
