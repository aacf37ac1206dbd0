"""Channel messages, as wires and files carry them. Source: MIDI 1.0."""

DATA_BYTES = {0x80: 2, 0x90: 2, 0xA0: 2, 0xB0: 2, 0xC0: 1, 0xD0: 1, 0xE0: 2}
"""How many data bytes follow a status byte, by its upper half."""
