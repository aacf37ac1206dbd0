"""Devices: what musicians do to a line to leave the harmony and come back, as pure functions.

Each takes a phrase (one note at a time) and the changes, and returns a phrase, or None where it cannot be applied well.
Whatever a device does, the line stays one note at a time, keeps its first onset and lies within its old start and end,
stays within `pitch.LOWEST` to `HIGHEST`, and comes home by step to a guide tone of the chord in force there (a chord
without one is met on any of its tones), without a rest of more than a beat before (`leading.homes`).
"""

from sideslip.music.devices.applications import DEVICES
from sideslip.music.devices.figure import enclosure, sequence
from sideslip.music.devices.leading import guide_tones
from sideslip.music.devices.plans import PLANS
from sideslip.music.devices.slip import side_slip
from sideslip.music.devices.substitute import anticipate, backcycle, delay_resolution, tritone_substitution
from sideslip.music.devices.superimpose import falling_pentatonics, pentatonic, triad_pair

__all__ = [
    "DEVICES",
    "PLANS",
    "anticipate",
    "backcycle",
    "delay_resolution",
    "enclosure",
    "falling_pentatonics",
    "guide_tones",
    "pentatonic",
    "sequence",
    "side_slip",
    "triad_pair",
    "tritone_substitution",
]
