"""Side-slipping: shift the line, mean it, and come home."""

from sideslip.music.changes import Changes
from sideslip.music.devices.leading import brought_home
from sideslip.music.phrase import Phrase

SHORTEST, LONGEST = 3, 8
"""Notes in a slipped segment: below three no shift is heard, and the median of the record is five."""


def side_slip(phrase: Phrase, changes: Changes, semitones: int, first: int, last: int) -> Phrase | None:
    """Shift notes `first` to `last` (indices, both included) by some semitones, and come home by step.

    The rhythm stays. The note after the segment becomes a guide tone one or two semitones from the last slipped note;
    either of the two moves for that, as little as possible. The first note of the phrase is never slipped: an ear must
    know where the line has left. None unless 3 to 8 notes with a note on either side are slipped by 1 to 6 semitones
    within the range, and home is near.
    """
    notes = phrase.notes
    inner = first >= 1 and last + 1 < len(notes) and SHORTEST <= last - first + 1 <= LONGEST
    if not inner or not 1 <= abs(semitones) <= 6:
        return None
    away = [note.moved(semitones=semitones) for note in notes[first : last + 1]]
    return brought_home(phrase, first, away, last + 1, changes)
