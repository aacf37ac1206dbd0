"""What a player plays, as messages and their moments in seconds."""

from collections.abc import Iterator
from random import Random

Timed = tuple[float, bytes]
"""A moment (s) and the bytes of a message."""

SCALE = (60, 63, 65, 66, 67, 70, 72, 75, 77, 78, 79)
"""The blues scale from middle C, over two octaves."""

JITTER = 0.006
"""Seconds by which a player's onsets scatter (standard deviation); trained pianists tapping along reach 10 and less."""

_OFFBEAT = 2 / 3  # where a swung eighth falls in its beat
_LENGTH = 0.28  # of a beat


def phrase(at: float, beats: int, beat: float, rng: Random, jitter: float = JITTER) -> Iterator[Timed]:
    """A line of swung eighths that wanders up and down a scale; `beat` is in seconds.

    Its first note is exactly at `at`, the others as exactly as a human's.
    """
    step = rng.randrange(len(SCALE))
    for eighth in range(2 * beats):
        step = min(max(step + rng.choice((-2, -1, 1, 2)), 0), len(SCALE) - 1)
        on = at + (eighth // 2 + eighth % 2 * _OFFBEAT) * beat + (rng.gauss(0, jitter) if eighth else 0)
        yield on, bytes((0x90, SCALE[step], rng.randrange(60, 110)))
        yield on + _LENGTH * beat, bytes((0x80, SCALE[step], 64))
