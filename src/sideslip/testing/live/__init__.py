"""The kit for testing with real ports in real time: a player, `sideslip jam` as a program of its own, a synth.

jack_server()       a MIDI system of one's own; no sound card is needed
Rig                 a keyboard and a synth on it
phrase(...)         what a player plays on the keyboard, with a human's timing
LivePlayer          one who trades with a partner, and knows the bar lines
LiveJam             `sideslip jam` between the two
Tree                its processes: memory, threads, descriptors
hearing(...)        what a strict synth makes of what it was sent
"""

from sideslip.testing.live.jam import LiveJam
from sideslip.testing.live.player import Timed, phrase
from sideslip.testing.live.rig import Rig, wait_until
from sideslip.testing.live.server import NoServerError, jack_server
from sideslip.testing.live.synth import Hearing, hearing
from sideslip.testing.live.trader import LivePlayer
from sideslip.testing.live.tree import Tree

__all__ = [
    "Hearing",
    "LiveJam",
    "LivePlayer",
    "NoServerError",
    "Rig",
    "Timed",
    "Tree",
    "hearing",
    "jack_server",
    "phrase",
    "wait_until",
]
