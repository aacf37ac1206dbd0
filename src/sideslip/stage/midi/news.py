"""What a player is told of ports and panics while a gig goes on: one line in the log each, and nothing twice."""

import logging
from math import inf

from sideslip.stage.midi.names import Choice, Way

_log = logging.getLogger(__name__)

_SAME = 1.0  # s in which a panic that finds nothing to stop is the echo of one before


class News:
    """Says what has happened to the MIDI process and its ports."""

    def __init__(self) -> None:
        self._trouble = ""
        self._panicked = -inf

    def opened(self, input: Choice, output: Choice) -> None:
        """Ports are open; this is news after trouble only."""
        if self._trouble:
            _log.warning("MIDI is back: listening on %r, playing on %r", input.name, output.name)
        self._trouble = ""

    def troubled(self, words: str) -> None:
        """Something went wrong; the same again, as it is tried again and again, is no news."""
        if words != self._trouble:
            _log.warning("%s", words)
        self._trouble = words

    def gone(self, way: Way, name: str) -> None:
        """A port has gone."""
        _log.warning("the MIDI %s %r is gone; waiting for it", way, name)

    def back(self, way: Way, name: str) -> None:
        """A port has come back."""
        _log.warning("the MIDI %s %r is back", way, name)

    def panicked(self, at: float, ended: int, forgotten: int) -> None:
        """What a panic stopped; one press comes here twice, as the MIDI process knows it and as the band does."""
        if ended or forgotten:
            notes = "1 note" if ended == 1 else f"{ended} notes"
            _log.warning("panic: stopped %s, forgot %d to come", notes, forgotten)
        elif at - self._panicked > _SAME:
            _log.warning("panic: nothing sounded")
        self._panicked = at
