"""The kit for testing with sideslip: nothing here waits, opens a port or needs a model (`testing.live` does all three).

clock, inbox = VirtualClock(), Inbox()          time that jumps
FakeMidi                                        a MIDI system that records
ScriptedProposer([...])                         ideas given beforehand
rehearse(band, heard, proposer)                 a whole gig as a value to compare
notes((on, off, pitch), ...)                    a player's part
"""

from sideslip.stage.clock import StandstillError, VirtualClock
from sideslip.stage.inbox import Inbox
from sideslip.stage.recorder import Recorder
from sideslip.stage.rehearsal import InlineBrain, Performance, rehearse
from sideslip.testing.midi import FakeMidi
from sideslip.testing.player import notes
from sideslip.testing.proposer import ScriptedProposer

__all__ = [
    "FakeMidi",
    "Inbox",
    "InlineBrain",
    "Performance",
    "Recorder",
    "ScriptedProposer",
    "StandstillError",
    "VirtualClock",
    "notes",
    "rehearse",
]
