"""Why an idea was chosen, in a player's words; every clause says what was measured.

What was done, where it was outside, which chord it was on the way to, what of the player it takes up, and where it
landed. A device is named by who played it; where nobody says, it is named as heard if one guess outweighs all others.
"""

from collections.abc import Iterator, Sequence

from sideslip.music.changes import Changes
from sideslip.music.chord import Chord
from sideslip.music.dialogue import Idea, Outing
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Note
from sideslip.outside.guesses import SURE, Guess, guesses
from sideslip.outside.hearing import Hearing
from sideslip.outside.lines import Floats
from sideslip.outside.motif import Motif
from sideslip.outside.spans import Span, landing, whole
from sideslip.outside.wording import meant, moment, note_words

DEVICES = (
    ("planned", "plays a planned"),
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

FAR = ("side-slip", "sequence", "superimposed", "backcycling", "tritone", "planned")
"""How labels of devices begin that are to go out: where nobody hears it, they are not told of."""

NO_ARTICLE = ("approach notes", "blue notes", "backcycling")
"""How guesses begin that take none, beside triads."""

PLACES = 2
"""Places outside that are told of at most; more of them nobody follows."""

PROMPT = 2 * TICKS
"""Ticks from the end of a span within which a line lands; what comes later is home, but nobody hears a landing."""


def explain(idea: Idea, hearing: Hearing, motif: Motif, row: int, changes: Changes) -> str:
    """The reason for one idea, line `row` of a hearing, in one line; bars count from bar 1 of the timeline.

    What a device did is told where it did it, from the note with which it left to the one with which it was home. Where
    nobody says what was done, or nobody could hear it, it is told where the line was heard outside. A device of which
    nobody says where it was is said to lie there if it is the only one, and that the only place.
    """
    notes = idea.phrase.notes
    if not notes:
        return "lays out"
    smoothed = hearing.shift.smoothed[row]
    spans = [whole(span, smoothed) for span in hearing.spans(row)]
    last = "ends outside on" if spans and _left_open(hearing, row, spans[-1]) else "ends on"
    outings = _heard(idea, spans)
    if all(changes.at(note.onset).quality == "NC" for note in notes):
        course, arrival = f"{_device(idea.label) or 'plays freely'} over no chord", _ends("ends on", notes[-1], changes)
    elif outings:
        course, arrival = _done(outings, notes, changes)
        if last != "ends on":
            arrival += ", " + _ends(last, notes[-1], changes)
    elif not spans:
        alone, after = next((alone, after) for limit, alone, after in STAYS if hearing.outside[row] <= limit)
        device = "" if idea.label.startswith(FAR) else _device(idea.label)
        course, arrival = device + after if device else alone, _ends("ends on", notes[-1], changes)
    else:
        told = _strongest(spans, smoothed)
        device = "" if idea.outings else _device(idea.label)
        sure = not device or (len(spans) == 1 and not _joined(idea.label))
        places = [
            _over(notes, span.first, span.last, changes) + ("" if device else _heard_as(hearing, row, span))
            for span in told
        ]
        home = landing(spans[-1], hearing.outsideness.chord_tone[row])
        course = f"{device or 'goes outside'}{'' if sure else ', outside'} {' and '.join(dict.fromkeys(places))}"
        if home is None:
            arrival = _ends(last, notes[-1], changes)
        elif notes[home].onset - notes[told[-1].last].end > PROMPT:
            arrival = _ends("comes home on", notes[home], changes)
        else:
            course += _on_the_way(notes[told[-1].first], notes[told[-1].last], notes[home], changes)
            arrival = _lands(notes[home], changes)
    return ", ".join((course, *_answer(motif, row), arrival))


def _left_open(hearing: Hearing, row: int, span: Span) -> bool:
    """Whether a line ends in a span outside, on a note that is foreign to the chord there."""
    last = int(hearing.lines.valid[row].sum()) - 1
    return span.last == last and bool(hearing.outsideness.chromatic[row, last])


def _heard(idea: Idea, spans: Sequence[Span]) -> tuple[Outing, ...]:
    """What devices did, if there is anything outside to be heard where they did it, and the line comes home there."""
    notes = idea.phrase.notes
    onsets = {note.onset for note in notes}
    out = [(notes[span.first].onset, notes[span.last].onset) for span in spans]
    heard = [any(a < one.home and b >= one.out for a, b in out) for one in idea.outings]
    return idea.outings if any(heard) and all(one.home in onsets for one in idea.outings) else ()


def _done(outings: Sequence[Outing], notes: Sequence[Note], changes: Changes) -> tuple[str, str]:
    """What devices did and where, and where the last of them landed."""
    index = {note.onset: i for i, note in enumerate(notes)}
    parts = []
    for one in outings:
        first, home = index.get(one.out, 0), index[one.home]
        parts.append(f"{_does(one.device)} {_over(notes, first, max(first, home - 1), changes)}")
    way = _on_the_way(notes[first], notes[max(first, home - 1)], notes[home], changes)
    return " and ".join(parts) + way, _lands(notes[home], changes)


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


def _over(notes: Sequence[Note], first: int, last: int, changes: Changes) -> str:
    """Where some notes lie: the chord and bar of the first, and of the last where that is another."""
    ticks = notes[first].onset, notes[last].onset
    (chord, last_chord), (bar, last_bar) = (changes.at(t).symbol for t in ticks), map(changes.meter.bar_of, ticks)
    if chord == last_chord:
        return f"over {chord} in " + (f"bar {bar}" if bar == last_bar else f"bars {bar} to {last_bar}")
    return f"from {chord} " + ("" if bar == last_bar else f"in bar {bar} ") + f"to {last_chord} in bar {last_bar}"


def _on_the_way(first: Note, last: Note, home: Note, changes: Changes) -> str:
    """Where a line goes that has left: back to the chord that it left, or on to another; nothing where the chord that
    it was over last is met."""
    target, over = meant(home, changes), changes.at(last.onset)
    if target != over:
        return f" on the way to {target.symbol}"
    return " and back" if changes.at(first.onset) == over else ""


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
