"""A cold start: how soon a first byte can leave, how large the program is then, and what it has not loaded."""

from pathlib import Path
from signal import SIGTERM
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event, Thread

from sideslip.stage.clock import monotonic
from sideslip.testing.live import LiveJam, Rig

_BPM = 400.0  # the quickest there is
_BAR = 4 * 60 / _BPM
_EVERY = 0.005  # s between two notes of a player who does not wait
_PATIENCE = 5.0  # s
_HEAVY = ("torch", "music21")


def starts(rig: Rig, times: int) -> dict[str, object]:
    """The median seconds from the start of the program to its first MIDI byte, less the bar that this answers."""
    with TemporaryDirectory() as folder:
        for name in _HEAVY:  # found first by every process of the program
            trap = Path(folder) / name
            trap.mkdir()
            (trap / "__init__.py").write_text(f"open({str(trap / 'loaded')!r}, 'w').close()\n", encoding="utf-8")
        found = [_start(rig, folder) for _ in range(times)]
        loaded = [name for name in _HEAVY if (Path(folder) / name / "loaded").exists()]
    return {
        "cold_start_s": round(median(seconds for seconds, _ in found), 3),
        "cold_start_mb": round(max(size for _, size in found), 1),
        "cold_start_heavy": loaded,
    }


def _start(rig: Rig, folder: str) -> tuple[float, float]:
    """Seconds to the first byte, and megabytes then."""
    before, over = len(rig.heard), Event()
    eager = Thread(target=_play, args=(rig, over))
    eager.start()
    began = monotonic()
    options = ("--chart", "blues-in-f", "--tempo", f"{_BPM:g}", "--trade", "1")
    gig = LiveJam(*options, path=[folder])
    with rig.more:
        rig.more.wait_for(lambda: len(rig.heard) > before, _PATIENCE)
    size = gig.tree.megabytes
    over.set()
    eager.join()
    gig.end(SIGTERM)
    return rig.heard[before][0] - began - _BAR, size


def _play(rig: Rig, over: Event) -> None:
    """Quick notes, until somebody answers."""
    number = 0
    while not over.wait(_EVERY):
        number += 1
        rig.send(bytes((0x80 if number % 2 else 0x90, 60 + number // 2 % 12, 60)))
