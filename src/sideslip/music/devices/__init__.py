"""Devices: what musicians do to a line to leave the harmony and come back, as pure functions.

Each takes a phrase (one note at a time) and the changes, and returns a phrase, or None where it cannot be applied well.
Whatever a device does, the line stays one note at a time, keeps its first onset and lies within its old start and end,
stays within `pitch.LOWEST` to `HIGHEST`, and comes home by step to a chord tone.
"""

from sideslip.music.devices.applications import DEVICES
from sideslip.music.devices.figure import enclosure, sequence
from sideslip.music.devices.leading import guide_tones
from sideslip.music.devices.slip import side_slip
from sideslip.music.devices.substitute import anticipate, delay_resolution, triad_pair, tritone_substitution

__all__ = [
    "DEVICES",
    "anticipate",
    "delay_resolution",
    "enclosure",
    "guide_tones",
    "sequence",
    "side_slip",
    "triad_pair",
    "tritone_substitution",
]
