"""The messages of a MIDI clock and its transport. Source: MIDI 1.0, system real time messages and song position."""

CLOCK, START, CONTINUE, STOP, POSITION, RESET = 0xF8, 0xFA, 0xFB, 0xFC, 0xF2, 0xFF

CLOCKS_A_WHOLE, CLOCKS_A_SIXTEENTH = 96, 6

_LAST = 0x3FFF  # sixteenths that a song position can tell


def song_position(sixteenths: int) -> bytes:
    """The message that says where to go on; beyond 16,383 sixteenths (1,024 bars in four) the farthest it can say."""
    told = min(sixteenths, _LAST)
    return bytes((POSITION, told & 0x7F, told >> 7))
