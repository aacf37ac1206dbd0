"""What a user can get wrong, as exceptions.

SideslipError                 the base: its text is one line for the user, the exit code is 2
├── ChordError                a chord symbol that no player would write
├── ChartError                a chart that cannot be read (says line and bar)
├── MidiFileError             a MIDI file that cannot be used (not one, truncated, another metre ...)
├── PortError                 a MIDI port, or the MIDI system, that is not there
├── WeightsError              weights that are missing, damaged or of another shape
├── DataError                 a data file that is not what its reader expects
├── JournalError              a journal that cannot be replayed
└── SettingError              an option or a settings file out of range

Every message says what was wanted, what was found, and what is possible.
"""

MOST_SHOWN = 500
"""Characters of a message; of a longer one the middle is left out."""


def one_line(text: str) -> str:
    """A text as one line that is safe on any terminal: what is not printable is written as an escape."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in " ".join(text.split()))
    return shown if len(shown) <= MOST_SHOWN else f"{shown[: MOST_SHOWN // 2]} ... {shown[5 - MOST_SHOWN // 2 :]}"


class SideslipError(Exception):
    """A mistake that the user can mend; the message is one clear line, whatever it quotes from a file."""

    def __str__(self) -> str:
        return one_line(super().__str__())


class ChordError(SideslipError):
    """A chord symbol could not be read."""


class ChartError(SideslipError):
    """A chart could not be read."""


class MidiFileError(SideslipError):
    """A MIDI file could not be used."""


class PortError(SideslipError):
    """A MIDI port or the MIDI system is not there."""


class WeightsError(SideslipError):
    """Model weights are missing, damaged or of another shape."""


class DataError(SideslipError):
    """A data file is not in the expected format."""


class JournalError(SideslipError):
    """A journal cannot be replayed."""


class SettingError(SideslipError):
    """An option or a settings file is out of range."""
