"""`sideslip analyze`: a solo by the measures with which the partner is judged, and what it does outside."""

import json
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sideslip.commands import places, values
from sideslip.commands.ensemble import shipped_tables
from sideslip.errors import MidiFileError, SettingError
from sideslip.listen.phrasing import split
from sideslip.listen.quantise import to_grid
from sideslip.music.changes import Changes
from sideslip.music.dialogue import Idea
from sideslip.music.phrase import Note, Phrase
from sideslip.outside.explain import explain
from sideslip.outside.guesses import SURE
from sideslip.outside.hearing import Hearing, hear
from sideslip.outside.lines import Lines
from sideslip.outside.motif import compare
from sideslip.outside.spans import OUTSIDE
from sideslip.outside.spelling import in_line
from sideslip.outside.tables import ListeningTables
from sideslip.stage.files.call import Call, melody, read_call
from sideslip.stage.files.charts import load_chart
from sideslip.stage.files.replace import replace_file
from sideslip.stage.page.solo import Bracket, SoloPicture, draw_solo

MEASURES = {"outside": 4, "surprise": 3, "resolvability": 4}
"""What is measured of a phrase, and to how many decimal places it is told."""

MOST_CELLS = 4096
"""Notes and padding that are measured in one pass; a phrase of more is measured alone."""


@dataclass(frozen=True, slots=True)
class HeardPhrase:
    """A phrase as it is heard: G of every note (0..1, None over no chord), how many are chord tones, the measures by
    name, the places outside, and all in words."""

    phrase: Phrase
    outside: tuple[float | None, ...]
    chord_tones: int
    measures: Mapping[str, float]
    places: tuple[places.Place, ...]
    words: str


def run(options: Namespace) -> None:
    """Print what was heard, phrase by phrase and place by place; draw it if asked."""
    values.check_outputs([options.solo, options.chart], [options.picture])
    if options.picture is not None and Path(options.picture).suffix.lower() != ".svg":
        raise SettingError(f"the picture is drawn as SVG: wanted --picture NAME.svg, found {options.picture!r}")
    sheet = load_chart(options.chart)
    solo = line(read_call(Path(options.solo), sheet.meter))
    if not solo.notes:
        raise MidiFileError(f"{options.solo} holds no melody: a solo needs notes on another channel than 10")
    changes, (tables, _) = sheet.changes(), shipped_tables()
    heard = listen(split(solo), changes, tables)
    if options.picture:
        replace_file(options.picture, picture(heard, changes, sheet.title).encode())
    if options.json:
        print(json.dumps(figures(heard, changes), indent=1))
        return
    for words in told(heard, changes, sheet.title):
        print(words)


def line(call: Call) -> Phrase:
    """The melody of a MIDI file on the grid: one note at a time, the highest of those that begin together."""
    return to_grid(melody(call.messages, call.end)).monophonic()


def listen(phrases: Sequence[Phrase], changes: Changes, tables: ListeningTables) -> list[HeardPhrase]:
    """Each phrase as it is heard, in order."""
    found: dict[int, HeardPhrase] = {}
    for rows in batches([len(phrase) for phrase in phrases]):
        batch = [phrases[row] for row in rows]
        heard = hear(Lines.over(changes, batch), tables)
        found.update(zip(rows, _heard(heard, batch, changes), strict=True))
    return [found[row] for row in range(len(phrases))]


def batches(lengths: list[int]) -> list[list[int]]:
    """Rows that are measured together: of like length, for the longest sets what memory all of them take."""
    found: list[list[int]] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if not found or (len(found[-1]) + 1) * lengths[row] > MOST_CELLS:
            found.append([])
        found[-1].append(row)
    return found


def _heard(heard: Hearing, phrases: Sequence[Phrase], changes: Changes) -> Iterator[HeardPhrase]:
    unanswered = compare(Phrase(), heard.lines)
    over_chords, chord_tone = heard.lines.heard, heard.outsideness.chord_tone
    for row, phrase in enumerate(phrases):
        g = zip(heard.shift.smoothed[row].tolist(), over_chords[row].tolist(), strict=True)
        yield HeardPhrase(
            phrase,
            tuple(value if over else None for value, over in g)[: len(phrase)],
            int((chord_tone & over_chords)[row].sum()),
            {
                "outside": float(heard.outside[row]),
                "surprise": float(heard.bits[row]),
                "resolvability": float(heard.resolution.resolvability[row]),
            },
            places.places(heard, row, phrase.notes),
            explain(Idea(phrase, "model"), heard, unanswered, row, changes),
        )


def figures(heard: Sequence[HeardPhrase], changes: Changes) -> dict[str, Any]:
    """All of it for programs: shares of all notes, weighted means of all phrases, totals, and each phrase by itself."""
    over_chords = [g for each in heard for g in each.outside if g is not None]
    lengths = [len(each.phrase) for each in heard]
    weights = lengths or [1]
    means = {name: np.average([each.measures[name] for each in heard] or [0.0], weights=weights) for name in MEASURES}
    return {
        "notes": sum(lengths),
        "chord_tones": sum(each.chord_tones for each in heard) / max(1, len(over_chords)),
        "outside_notes": sum(g > OUTSIDE for g in over_chords) / max(1, len(over_chords)),
        **{name: round(float(mean), 4) for name, mean in means.items()},
        **places.totals([place for each in heard for place in each.places]),
        "phrases": [_phrase(each, changes) for each in heard],
    }


def _phrase(each: HeardPhrase, changes: Changes) -> dict[str, Any]:
    return {
        "bar": changes.meter.bar_of(each.phrase.start),
        "beat": changes.meter.beat_of(each.phrase.start),
        "notes": len(each.phrase),
        **{name: round(each.measures[name], digits) for name, digits in MEASURES.items()},
        "heard": each.words,
        "places": [places.figures(place, changes) for place in each.places],
    }


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def told(heard: Sequence[HeardPhrase], changes: Changes, title: str) -> Iterator[str]:
    """All of it for people, line by line."""
    found = figures(heard, changes)
    yield (
        f"{title}: {_many(found['notes'], 'note')} in {_many(len(heard), 'phrase')}, "
        f"{found['chord_tones']:.0%} chord tones, {found['outside_notes']:.0%} outside; "
        f"outside {found['outside']:.2f}, surprise {found['surprise']:.2f} bits a note, "
        f"resolvability {found['resolvability']:.2f}"
    )
    for phrase in found["phrases"]:
        yield f"  bar {phrase['bar']:3}  {phrase['notes']:3} notes  outside {phrase['outside']:.2f}  {phrase['heard']}"
    yield ""
    yield from told_places([place for each in heard for place in each.places], changes)


def told_places(found: Sequence[places.Place], changes: Changes) -> Iterator[str]:
    """The places outside for people: how many, what they may be, and a table."""
    if not found:
        yield "it goes outside nowhere"
        return
    sums = places.totals(found)
    kinds = ", ".join(f"{name} {count:.1f}" for name, count in sums["heard_as"].items() if count >= 0.5)
    number = f"{len(found)} places" if len(found) > 1 else "one place"
    yield (
        f"{number} outside; {sums['come_home']} of them home within the phrase, {sums['by_step']} at once by step"
        + (f"; by the chances of all guesses: {kinds}" if kinds else "")
    )
    yield from places.table(found, changes)


def picture(heard: Sequence[HeardPhrase], changes: Changes, title: str, bars: tuple[int, int] | None = None) -> str:
    """A piano roll over the changes, as SVG; of some bars, the first to the last, or of all that was played."""
    notes: list[tuple[Note, str, float | None]] = []
    for each in heard:
        names = in_line(each.phrase.pitches, [changes.at(note.onset) for note in each.phrase])
        notes += zip(each.phrase.notes, names, each.outside, strict=True)
    brackets = [
        Bracket(
            place.start, place.last.end, _caption(place), (place.home.onset, place.home.pitch) if place.home else None
        )
        for each in heard
        for place in each.places
    ]
    return draw_solo(SoloPicture(title, changes, notes, brackets, bars))


def _caption(place: places.Place) -> str:
    likeliest = place.guesses[0]
    return f"{likeliest.words}{'' if likeliest.probability >= SURE else '?'} {likeliest.probability:.0%}"
