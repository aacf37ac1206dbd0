"""Devices on a figure: surround a note, or repeat a figure somewhere else."""

from dataclasses import replace

from sideslip.music.changes import Changes
from sideslip.music.devices.leading import brought_home, changed, home_tones
from sideslip.music.phrase import Note, Phrase

_EIGHTH_TRIPLET_SIXTEENTH = (6, 4, 3)


def _room(notes: tuple[Note, ...], index: int) -> tuple[int, int] | None:
    """Where the two notes of an enclosure go before note `index`: (index of the first note they replace, ticks each).

    Best the note before is long enough, or a rest; else two even notes lie in the places already.
    """
    target = notes[index].onset
    before = notes[index - 1].onset
    for unit in _EIGHTH_TRIPLET_SIXTEENTH:
        if target - before >= 3 * unit:
            return index, unit
    if (
        index >= 3
        and target - before in _EIGHTH_TRIPLET_SIXTEENTH
        and target - notes[index - 2].onset == 2 * (target - before)
    ):
        return index - 2, target - before
    return None


def enclosure(phrase: Phrase, changes: Changes, index: int) -> Phrase | None:
    """Surround the guide tone at `index` in the two places before it: the scale step above, the semitone below.

    The time comes from the note before (an eighth each if it can spare two, else triplet eighths or sixteenths), or two
    even notes that stand there already are moved. Below comes first where above would repeat the note before. None if
    the note is the first, no guide tone, or there is no room.
    """
    notes = phrase.notes
    if not 1 <= index < len(notes):
        return None
    target = notes[index]
    chord = changes.at(target.onset)
    room = _room(notes, index)
    if target.pitch % 12 not in home_tones(chord) or room is None:
        return None
    first, unit = room
    above = target.pitch + (2 if (target.pitch + 2) % 12 in chord.scale else 1)
    pitches = [above, target.pitch - 1]
    if notes[first - 1].pitch == above:
        pitches.reverse()
    start = target.onset - 2 * unit
    lead_in = replace(notes[first - 1], duration=min(notes[first - 1].duration, start - notes[first - 1].onset))
    around = (Note(start + i * unit, pitch, unit, lead_in.velocity) for i, pitch in enumerate(pitches))
    return changed(phrase, (*notes[: first - 1], lead_in, *around, *notes[index:]))


def sequence(phrase: Phrase, changes: Changes, first: int, length: int, step: int, times: int = 2) -> Phrase | None:
    """Repeat a figure of 3 to 5 notes from index `first`, `step` semitones on each time, and come home to a guide tone.

    The copies keep the figure's rhythm and replace what followed, `times` of them. Home is the first note of the phrase
    at or after their end, reached by step; where the sequence has climbed or fallen far, the rest of the phrase moves
    by an octave with it. None if the phrase ends before, the figure would overlap itself, or home is not near.
    """
    notes = phrase.notes
    end = first + length
    if not (first >= 0 and 3 <= length <= 5 and end < len(notes) and step and times >= 1):
        return None
    figure, period = notes[first:end], notes[end].onset - notes[first].onset
    copies = [note.moved(period * k, step * k) for k in range(1, times + 1) for note in figure]
    rest = next((i for i, note in enumerate(notes) if note.onset >= copies[-1].end), len(notes))
    return brought_home(phrase, end, copies, rest, changes, (0, 12, -12)) if rest < len(notes) else None
