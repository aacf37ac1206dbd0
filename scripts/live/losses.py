"""A keyboard or a synth that goes away while the music plays, and comes back."""

import time
from collections.abc import Callable
from signal import SIGTERM
from threading import Thread

from live.trading import BPM, TRADING
from sideslip.stage.clock import monotonic
from sideslip.testing.live import LiveJam, LivePlayer, Rig, hearing

_GONE = 2.0  # s
_TURNS = 4  # eight seconds


def losses(rig: Rig) -> dict[str, object]:
    """For each: seconds from its return to the first note of an answer, how far that was from its line, faults.

    A synth that comes back is told to end notes of which it knows nothing: that is none.
    """
    return _lost(rig, "keyboard", rig.close_keys, rig.open_keys) | _lost(rig, "synth", rig.close_synth, rig.open_synth)


def _lost(rig: Rig, what: str, pull: Callable[[], None], plug: Callable[[], None]) -> dict[str, object]:
    gig, before = LiveJam(*TRADING), len(rig.heard)
    player = LivePlayer(rig, BPM)
    playing = Thread(target=player.play, args=(_TURNS,))
    playing.start()
    time.sleep(max(0.0, player.line(1) + player.beat / 4 - monotonic()))  # in the second answer
    pull()
    time.sleep(_GONE)
    before = len(rig.heard) if what == "synth" else before
    plug()
    back = monotonic()
    playing.join()
    gig.end(SIGTERM)
    answers = [(turn, answer) for turn, answer in enumerate(player.answers()) if player.line(turn) > back and answer]
    first = answers[0] if answers else None
    faults = hearing(rig.heard[before:]).faults
    if what == "synth":
        del faults["orphaned"]
    off = player.on_the_line(first[1]) if first else None
    return {
        f"{what}_back_s": None if first is None else round(player.line(first[0]) + first[1][0] - back, 2),
        f"{what}_back_bar_line_ms": None if off is None else round(1000 * off, 2),
        f"{what}_back_faults": sum(faults.values()),
    }
