"""`sideslip analyze`: a solo by the measures with which the partner is judged."""

import json
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from sideslip.commands.ensemble import shipped_tables
from sideslip.errors import MidiFileError
from sideslip.listen.phrasing import split
from sideslip.listen.quantise import to_grid
from sideslip.music.changes import Changes
from sideslip.music.dialogue import Idea
from sideslip.music.phrase import Phrase
from sideslip.outside.explain import explain
from sideslip.outside.hearing import Hearing, hear
from sideslip.outside.lines import Lines
from sideslip.outside.motif import compare
from sideslip.outside.tables import ListeningTables
from sideslip.stage.files.call import Call, melody, read_call
from sideslip.stage.files.charts import load_chart

MEASURES = {"outside": 4, "surprise": 3, "resolvability": 4}
"""What is measured of a phrase, and to how many decimal places it is told."""

MOST_CELLS = 4096
"""Notes and padding that are measured in one pass; a phrase of more is measured alone."""


def run(options: Namespace) -> None:
    """Print what was heard, phrase by phrase."""
    sheet = load_chart(options.chart)
    solo = line(read_call(Path(options.solo), sheet.meter))
    if not solo.notes:
        raise MidiFileError(f"{options.solo} holds no melody: a solo needs notes on another channel than 10")
    changes = sheet.changes()
    phrases = split(solo)
    tables, _ = shipped_tables()
    found = figures(phrases, changes, tables)
    if options.json:
        print(json.dumps(found, indent=1))
        return
    print(
        f"{sheet.title}: {found['notes']} notes in {len(phrases)} phrases, {found['chord_tones']:.0%} chord tones, "
        f"{found['outside_notes']:.0%} outside; outside {found['outside']:.2f}, surprise {found['surprise']:.2f} bits "
        f"a note, resolvability {found['resolvability']:.2f}"
    )
    for phrase in found["phrases"]:
        print(f"  bar {phrase['bar']:3}  {phrase['notes']:3} notes  outside {phrase['outside']:.2f}  {phrase['heard']}")


def line(call: Call) -> Phrase:
    """The melody of a MIDI file on the grid: one note at a time, the highest of those that begin together."""
    return to_grid(melody(call.messages, call.end)).monophonic()


def figures(phrases: list[Phrase], changes: Changes, tables: ListeningTables) -> dict[str, Any]:
    """Everything that is told: shares of all notes, weighted means of all phrases, and each phrase by itself."""
    told: dict[int, dict[str, Any]] = {}
    sounding = chord_tones = outside = 0
    for rows in batches([len(phrase) for phrase in phrases]):
        batch = [phrases[row] for row in rows]
        heard = hear(Lines.over(changes, batch), tables)
        over_chords = heard.lines.heard
        sounding += int(over_chords.sum())
        chord_tones += int((heard.outsideness.chord_tone & over_chords).sum())
        outside += int(((heard.shift.smoothed > 0.5) & over_chords).sum())
        told.update(zip(rows, _phrases(heard, batch, changes), strict=True))
    found = [told[row] for row in range(len(phrases))]
    weights = [phrase["notes"] for phrase in found]
    means = {name: round(float(np.average([p[name] for p in found], weights=weights)), 4) for name in MEASURES}
    return {
        "notes": sum(weights),
        "chord_tones": chord_tones / max(1, sounding),
        "outside_notes": outside / max(1, sounding),
        **means,
        "phrases": [
            phrase | {name: round(phrase[name], places) for name, places in MEASURES.items()} for phrase in found
        ],
    }


def batches(lengths: list[int]) -> list[list[int]]:
    """Rows that are measured together: of like length, for the longest sets what memory all of them take."""
    found: list[list[int]] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if not found or (len(found[-1]) + 1) * lengths[row] > MOST_CELLS:
            found.append([])
        found[-1].append(row)
    return found


def _phrases(heard: Hearing, phrases: list[Phrase], changes: Changes) -> Iterator[dict[str, Any]]:
    """Each phrase by itself, its measures not yet rounded."""
    unanswered = compare(Phrase(), heard.lines)
    for row, phrase in enumerate(phrases):
        yield {
            "bar": changes.meter.bar_of(phrase.start),
            "beat": changes.meter.beat_of(phrase.start),
            "notes": len(phrase),
            "outside": float(heard.outside[row]),
            "surprise": float(heard.bits[row]),
            "resolvability": float(heard.resolution.resolvability[row]),
            "heard": explain(Idea(phrase, "model"), heard, unanswered, row, changes),
        }
