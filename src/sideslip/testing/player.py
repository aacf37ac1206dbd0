"""A player's part, written as a list."""

from sideslip.band.events import Heard


def notes(*played: tuple[float, float, int], channel: int = 0, velocity: int = 80) -> tuple[Heard, ...]:
    """What is heard of notes (on, off, pitch), moments in seconds: their note-ons and note-offs in order of time."""
    messages = [(on, 1, bytes((0x90 | channel, pitch, velocity))) for on, _, pitch in played]
    messages += [(off, 0, bytes((0x80 | channel, pitch, 64))) for _, off, pitch in played]
    return tuple(Heard(at, message) for at, _, message in sorted(messages))
