"""Floods: nothing lost of what can be played, nothing stuck, and the next phrase is answered."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from signal import SIGTERM
from tempfile import TemporaryDirectory

from live.trading import BPM, TRADING
from sideslip.band.events import Heard
from sideslip.stage.clock import monotonic
from sideslip.stage.files.journal import JournalReader
from sideslip.testing.live import LiveJam, LivePlayer, Rig, Timed, hearing

RATES = (1_000, 3_000)
"""Messages a second of which none may be lost."""

_SOON = 0.5  # s
_CALM = 1.5  # s after a flood before the player goes on
_TURNS = 1
_ALL_OFF = [bytes((0xB0 | channel, 123, 0)) for channel in range(16)]


def floods(rig: Rig, seconds: float) -> dict[str, object]:
    """Notes lost at each rate, then what a strict synth found wrong over every flood, and answers after it."""
    found: dict[str, object] = {f"input_lost_at_{rate}": _lost(rig, rate, min(seconds, 20.0)) for rate in RATES}
    for kind, messages in FLOODS.items():
        gig, before = LiveJam(*TRADING), len(rig.heard)
        _pour(rig, messages(Random(1)), RATES[0], seconds)
        for message in (b"\xf7", *_ALL_OFF):  # a tidy human
            rig.send(message)
        player = LivePlayer(rig, BPM, start=monotonic() + _CALM)
        player.play(_TURNS)
        gig.end(SIGTERM)
        faults = hearing(rig.heard[before:]).faults
        found |= {f"flood_{kind}_faults": sum(faults.values())}
        found |= {f"flood_{kind}_answered": bool(rig.struck(player.start))}
    return found


def _lost(rig: Rig, rate: int, seconds: float) -> int:
    """Note-ons that were sent and are not in the journal."""
    with TemporaryDirectory() as folder:
        journal = Path(folder) / "gig.journal"
        gig = LiveJam(*TRADING, "--journal", str(journal))
        sent = _pour(rig, notes(Random(2)), rate, seconds)
        gig.end(SIGTERM)
        return sent - sum(isinstance(event, Heard) and event.message[0] == 0x90 for event in JournalReader(journal))


def _pour(rig: Rig, messages: Iterator[bytes], rate: int, seconds: float) -> int:
    """Send at an even rate; how many note-ons there were."""
    start = monotonic() + _SOON
    poured: list[Timed] = [(start + n / rate, next(messages)) for n in range(round(rate * seconds))]
    rig.perform(poured)
    return sum(message[0] == 0x90 for _, message in poured)


def notes(rng: Random) -> Iterator[bytes]:
    """Clusters of ten notes, struck and let go."""
    while True:
        low = rng.randrange(30, 90)
        yield from (bytes((0x90, low + n, 33)) for n in range(10))
        yield from (bytes((0x80, low + n, 64)) for n in range(10))


def broken(rng: Random) -> Iterator[bytes]:
    """Bytes by chance."""
    while True:
        first, more = rng.randrange(256), rng.choice((0, 1, 2, 2))
        more += 40 * (first == 0xF0)  # only of these does the driver take more than three bytes
        yield bytes((first, *(rng.randrange(256) for _ in range(more))))


def sysex(rng: Random) -> Iterator[bytes]:
    """Dumps of all sizes, one in ten without its end."""
    while True:
        body = bytes(rng.randrange(128) for _ in range(rng.choice((8, 64, 256))))
        yield b"\xf0" + body + (b"\xf7" if rng.random() < 0.9 else b"")


FLOODS = {"notes": notes, "broken": broken, "sysex": sysex}
