"""Why an idea was chosen, in a player's words; every clause says what was measured.

What was done, where it was outside, which chord it was on the way to, what of the player it takes up, and where it
landed. A device is named by who played it; where nobody says, it is named as heard if one guess outweighs all others.
"""

from collections.abc import Iterator, Sequence

from sideslip.music.changes import Changes
from sideslip.music.chord import Chord
from sideslip.music.dialogue import Idea
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Note
from sideslip.outside.guesses import SURE, Guess, guesses
from sideslip.outside.hearing import Hearing
from sideslip.outside.lines import Floats
from sideslip.outside.motif import Motif
from sideslip.outside.spans import Span, landing, whole
from sideslip.outside.wording import meant, moment, note_words

DEVICES = (
    ("planned", "plans a"),
    ("side-slip", "side-slips"),
    ("sequence", "plays a sequence"),
    ("enclosure", "plays an enclosure"),
    ("superimposed triads", "superimposes triads"),
    ("superimposed pentatonic", "superimposes a pentatonic"),
    ("backcycling", "backcycles"),
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

NO_ARTICLE = ("approach notes", "blue notes", "backcycling")
"""How guesses begin that take none, beside triads."""

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
    device, smoothed = _device(idea.label), hearing.shift.smoothed[row]
    spans = [whole(span, smoothed) for span in hearing.spans(row)]
    if all(changes.at(note.onset).quality == "NC" for note in notes):
        course, arrival = f"{device or 'plays freely'} over no chord", _ends("ends on", notes[-1], changes)
    elif not spans:
        alone, after = next((alone, after) for limit, alone, after in STAYS if hearing.outside[row] <= limit)
        course, arrival = device + after if device else alone, _ends("ends on", notes[-1], changes)
    else:
        told = _strongest(spans, smoothed)
        sure = not device or (len(spans) == 1 and not _joined(idea.label))
        places = [_over(notes, span, changes) + ("" if device else _heard_as(hearing, row, span)) for span in told]
        home = landing(spans[-1], hearing.outsideness.chord_tone[row])
        left = changes.at(notes[told[-1].last].onset)
        course = f"{device or 'goes outside'}{'' if sure else ', outside'} {' and '.join(dict.fromkeys(places))}"
        if home is None:
            outside = spans[-1].last == len(notes) - 1
            arrival = _ends("ends outside on" if outside else "ends on", notes[-1], changes)
        elif notes[home].onset - notes[told[-1].last].end > PROMPT:
            arrival = _ends("comes home on", notes[home], changes)
        else:
            course += _on_the_way(left, meant(notes[home], changes))
            arrival = _lands(notes[home], changes)
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


def _heard_as(hearing: Hearing, row: int, span: Span) -> str:
    """What a span sounds like, if that is likelier than all else together."""
    likeliest = guesses(hearing, row, span)[0]
    return f" (heard as {_article(likeliest)})" if likeliest.known and likeliest.probability >= SURE else ""


def _article(guess: Guess) -> str:
    words = guess.words
    if words.startswith(NO_ARTICLE) or words.endswith("triads"):
        return words
    return f"an {words}" if words[0] in "aeiou" else f"a {words}"


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


def _on_the_way(left: Chord, target: Chord) -> str:
    """Where a line goes that has left: back to the chord it left last, or on to another."""
    return " and back" if target == left else f" on the way to {target.symbol}"


def _answer(motif: Motif, row: int) -> Iterator[str]:
    for name, least, words in ANSWERS:
        if getattr(motif, name)[row] >= least:
            yield words
            return


def _lands(note: Note, changes: Changes) -> str:
    """Where a line lands, on a tone of the chord that was told of as its target."""
    chord = meant(note, changes)
    early = " early" if chord != changes.at(note.onset) else ""
    return _falls(f"lands{early} on", note, chord, "", changes)


def _ends(verb: str, note: Note, changes: Changes) -> str:
    """Where a line ends, or comes home too late to have aimed there."""
    chord = meant(note, changes)
    coming = "" if chord == changes.at(note.onset) else "the coming "
    return _falls(verb, note, chord, f" of {coming}{chord.symbol}", changes)


def _falls(verb: str, note: Note, chord: Chord, of: str, changes: Changes) -> str:
    comma = "," if chord.degree(note.pitch) else ""
    return f"{verb} {note_words(note, chord, of)}{comma} {moment(note.onset, changes.meter)}"
