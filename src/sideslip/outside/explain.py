"""Why an idea was chosen, in a player's words; every clause says what was measured."""

from collections.abc import Iterator, Sequence

from sideslip.music.changes import Changes
from sideslip.music.chord import Chord
from sideslip.music.dialogue import Idea
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Note
from sideslip.music.tension import ANTICIPATION, is_tone
from sideslip.outside.hearing import Hearing
from sideslip.outside.lines import Bools, Floats
from sideslip.outside.motif import Motif
from sideslip.outside.spans import Span
from sideslip.outside.spelling import spelt

DEVICES = (
    ("side-slip", "side-slips"),
    ("sequence", "plays a sequence"),
    ("enclosure", "plays an enclosure"),
    ("superimposed triads", "superimposes triads"),
    ("tritone substitution", "plays a tritone substitution"),
    ("delayed resolution", "delays the resolution"),
    ("anticipation", "anticipates the next chord"),
)
"""How labels of devices begin, and what the partner does; the rest of a label follows as it is."""

STAYS = (
    (0.10, "stays inside", " and stays inside"),
    (0.25, "stays close to the changes", ", close to the changes"),
    (1.00, "leans away from the changes", ", leaning away from the changes"),
)
"""What a line without an outside span does, by its G at most: by itself, and after the name of a device."""

ANSWERS = (
    ("interval_part", 0.6, "takes up your motif"),
    ("rhythm", 0.5, "answers your rhythm"),
    ("contour", 0.5, "follows your contour"),
)
"""What an answer takes up, by how alike it is at least (few neighbouring phrases are so much); the first that holds."""

PLACES = 2
"""Places outside that are told of at most; more of them nobody follows."""

PROMPT = 2 * TICKS
"""Ticks from the end of a span within which a line lands; what comes later is home, but nobody hears a landing."""


def explain(idea: Idea, hearing: Hearing, motif: Motif, row: int, changes: Changes) -> str:
    """The reason for one idea, line `row` of a hearing, in one line; bars count from bar 1 of the timeline.

    A device is said to lie at a place only where it is the only device and that the only place outside; otherwise the
    devices are what was done somewhere in the line, and the places are where the line was heard outside.
    """
    notes = idea.phrase.notes
    if not notes:
        return "lays out"
    device, spans = _device(idea.label), hearing.spans(row)
    if all(changes.at(note.onset).quality == "NC" for note in notes):
        course, arrival = f"{device or 'plays freely'} over no chord", _falls("ends on", notes[-1], changes)
    elif not spans:
        alone, after = next((alone, after) for limit, alone, after in STAYS if hearing.outside[row] <= limit)
        course, arrival = device + after if device else alone, _falls("ends on", notes[-1], changes)
    else:
        told = _strongest(spans, hearing.shift.smoothed[row])
        sure = not device or (len(spans) == 1 and not _joined(idea.label))
        places = " and ".join(dict.fromkeys(_over(notes, span, changes) for span in told))
        course = f"{device or 'goes outside'}{'' if sure else ', outside'} {places}"
        arrival = _arrival(notes, spans[-1], hearing.outsideness.chord_tone[row], changes, notes[told[-1].last])
    return ", ".join((course, *_answer(motif, row), arrival))


def _device(label: str) -> str:
    """What the partner does, for a label such as "side-slip up a semitone + enclosure"."""
    return " and ".join(_does(name) for name in label.split(" + ") if name)


def _joined(label: str) -> bool:
    """Whether a label tells of two devices: which of them a place belongs to is not known."""
    return " + " in label or label.endswith(" twice")


def _does(name: str) -> str:
    for beginning, words in DEVICES:
        if name.startswith(beginning):
            return words + name[len(beginning) :]
    return f"uses {name}"


def _strongest(spans: Sequence[Span], smoothed: Floats) -> list[Span]:
    """The spans that are told of, those with the most shift, in order of time."""
    weigh = sorted(spans, key=lambda span: -float(smoothed[span.first : span.last + 1].sum()))
    return sorted(weigh[:PLACES], key=lambda span: span.first)


def _over(notes: Sequence[Note], span: Span, changes: Changes) -> str:
    """Where a span lies: its first chord and bar, and its last where that is another."""
    ticks = notes[span.first].onset, notes[span.last].onset
    (chord, last_chord), (bar, last_bar) = (changes.at(t).symbol for t in ticks), map(changes.meter.bar_of, ticks)
    if chord == last_chord:
        return f"over {chord} in " + (f"bar {bar}" if bar == last_bar else f"bars {bar} to {last_bar}")
    return f"from {chord} " + ("" if bar == last_bar else f"in bar {bar} ") + f"to {last_chord} in bar {last_bar}"


def _answer(motif: Motif, row: int) -> Iterator[str]:
    for name, least, words in ANSWERS:
        if getattr(motif, name)[row] >= least:
            yield words
            return


def _arrival(notes: Sequence[Note], span: Span, chord_tone: Bools, changes: Changes, named: Note) -> str:
    """The first chord tone after the last outside span; without one, where the line ends.

    `named` is the last note of the last span that was told of: it is that one the line is said to land from.
    """
    if span.last == len(notes) - 1:
        return _falls("ends outside on", notes[-1], changes)
    landing = next((i for i in range(span.last + 1, len(notes)) if chord_tone[i]), None)
    if landing is None:
        return _falls("ends on", notes[-1], changes)
    verb = "lands on" if notes[landing].onset - named.end <= PROMPT else "comes home on"
    return _falls(verb, notes[landing], changes, changes.at(named.onset))


def _falls(verb: str, note: Note, changes: Changes, named: Chord | None = None) -> str:
    """Where a note falls: its name, its degree, beat and bar.

    The degree is that over the chord in force, or over the next one for a chord tone that comes early; the chord is
    left out where it was the last one `named`.
    """
    chord, coming = changes.at(note.onset), changes.next(note.onset)
    early = not is_tone(note.pitch, chord) and coming[0] - note.onset <= ANTICIPATION and is_tone(note.pitch, coming[1])
    meant = coming[1] if early else chord
    of = f" of the coming {meant.symbol}" if early else "" if meant == named else f" of {meant.symbol}"
    degree = meant.degree(note.pitch % 12)
    where = f"beat {changes.meter.beat_of(note.onset):.3g} of bar {changes.meter.bar_of(note.onset)}"
    return f"{verb} {spelt(note.pitch, meant)}" + (f", the {degree}{of}," if degree else "") + f" on {where}"
