"""A turn like those of a gig, to be thought through where only the time that it takes matters."""

from sideslip.music.changes import Changes
from sideslip.music.dialogue import Turn, Wish
from sideslip.music.phrase import Note, Phrase

_LINE = (62, 65, 67, 70, 69, 67, 65, 63, 62, 60, 62, 65, 69, 72, 70, 67)
_EIGHTH = 6  # ticks


def trial_turn(changes: Changes) -> Turn:
    """Four bars in answer to four, after two players have filled sixteen with eighths."""
    four = 4 * changes.meter.bar
    start = 4 * four

    def said(first: int) -> tuple[Note, ...]:
        ticks = range(first * four, (first + 1) * four, _EIGHTH)
        return tuple(Note(tick, _LINE[(tick // _EIGHTH) % len(_LINE)], _EIGHTH - 1) for tick in ticks)

    player, partner = Phrase(said(1) + said(3)), Phrase(said(0) + said(2))
    return Turn(start, start + four, changes, Phrase(said(3)), player, partner, wish=Wish(outside=0.12))
