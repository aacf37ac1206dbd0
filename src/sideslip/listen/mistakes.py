"""Wrong notes: notes foreign to the changes that stand out, what was expected there, and whether they came home.

Not every foreign note is a wrong one. Of 100 first chromatic notes in the training solos of the Weimar Jazz Database
twelve stand out (`train.tracker.mistake_figures`; a study of lengths that were not rounded to ticks counted nine); the
others pass. One that leads into a chord tone within a beat is an ornament, however long. Over no chord nothing is
wrong. What this cannot know: that a tune is a blues (there the flat third over major and dominant chords, and the sharp
fourth, are blue notes and no mistakes), and that a run of foreign notes is meant, as a side-slip is.
"""

from collections.abc import Iterator, Sequence

from sideslip.music.changes import Changes
from sideslip.music.devices.pull import expected
from sideslip.music.dialogue import WrongNote
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Note, Phrase
from sideslip.music.tension import CHROMATIC, RESOLVES_WITHIN, foreign_at, is_tone, is_tone_at

LONG = TICKS // 2
"""A note on the beat stands out if it sounds for so many ticks,"""

ALONE = 3 * TICKS // 4
"""or if nothing else begins for so many after its onset."""

PATIENCE = TICKS
"""Ticks after its end within which a wrong note that comes home still counts as resolved."""

_MOST_AHEAD = 3
"""Notes after a foreign one that an ornament may take: a run of three semitones."""


def wrong_notes(phrase: Phrase, changes: Changes, now: int) -> tuple[WrongNote, ...]:
    """The player's wrong notes by tick `now`, in order; ornaments are none.

    Where notes begin together the highest is heard. A note fits or not where it begins: a chord that changes under it
    makes none wrong, but may resolve it. Otherwise a wrong note is resolved by what would have made it an ornament
    (a step, a chromatic run or an enclosure into a chord tone), come within a beat after its end. One that is not may
    still be, until that beat is over.
    """
    line = _line(phrase)
    return tuple(_judged(line[i : i + 1 + _MOST_AHEAD], changes) for i in _wrong(line, changes, now))


def stands_out(line: Sequence[Note], index: int, now: int) -> bool:
    """Whether a note of a line is exposed: on a beat, and half a beat long or followed by nothing for 3/4 of a beat.

    The last note stands out once that silence, or its own sound, has lasted to tick `now`: before, it may yet pass.
    """
    note = line[index]
    if note.onset % TICKS:
        return False
    if index + 1 == len(line):
        return now - note.onset >= ALONE
    return note.duration >= LONG or line[index + 1].onset - note.onset >= ALONE


def _line(phrase: Phrase) -> list[Note]:
    """The highest notes; unlike in `Phrase.monophonic` each is as it was played."""
    return list({note.onset: note for note in phrase}.values())  # sorted by onset, then pitch: the highest wins


def _wrong(line: Sequence[Note], changes: Changes, now: int) -> Iterator[int]:
    for i, note in enumerate(line):
        if stands_out(line, i, now) and foreign_at(note.pitch, note.onset, changes) >= CHROMATIC:
            ahead = line[i : i + 1 + _MOST_AHEAD]
            if not _comes_home(ahead, changes, note.onset + RESOLVES_WITHIN):
                yield i


def _judged(ahead: Sequence[Note], changes: Changes) -> WrongNote:
    """What is to be said of a wrong note, the first of some."""
    note, over = ahead[0], changes.at(ahead[0].onset)
    end = min(note.end, ahead[1].onset) if len(ahead) > 1 else note.end
    change, coming = changes.next(note.onset)
    resolved = (change < end and is_tone(note.pitch, coming)) or _comes_home(ahead, changes, end + PATIENCE)
    foreign = foreign_at(note.pitch, note.onset, changes)
    return WrongNote(note, over, foreign, expected(note.pitch, over), resolved)


def _comes_home(ahead: Sequence[Note], changes: Changes, by: int) -> bool:
    """Whether the first of some notes leads into a chord tone that begins by a tick."""
    steps = [note.pitch - ahead[0].pitch for note in ahead[1:]]
    return any(
        note.onset <= by and _leads(steps[: k + 1]) and is_tone_at(note.pitch, note.onset, changes)
        for k, note in enumerate(ahead[1:])
    )


def _leads(steps: Sequence[int]) -> bool:
    """Whether a note leads to the last of some notes, `steps` semitones from it: by step, run or enclosure."""
    first, last = steps[0], steps[-1]
    if len(steps) == 1:
        return _is_step(last)
    run = abs(first) == 1 and all(step == (k + 1) * first for k, step in enumerate(steps))
    enclosed = len(steps) == 2 and _is_step(last) and _is_step(last - first) and last * (last - first) < 0
    return run or enclosed


def _is_step(interval: int) -> bool:
    return abs(interval) in (1, 2)
