"""Real-time priority, where the system permits it."""

import os
from contextlib import suppress

SENDING, PASSING_ON, DECIDING = 5, 4, 1
"""Priorities among real-time ones, all below those of audio servers (10 and more)."""


def hurry(priority: int, heirs: bool = False) -> None:
    """Run this thread before all ordinary ones, where the system lets us; `heirs`: those that it starts, too."""
    if hasattr(os, "sched_setscheduler"):
        policy = os.SCHED_FIFO if heirs else os.SCHED_FIFO | os.SCHED_RESET_ON_FORK
        with suppress(OSError):
            os.sched_setscheduler(0, policy, os.sched_param(priority))
