"""`sideslip analyze`: a solo by the measures with which the partner is judged."""

import json
from argparse import Namespace
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
from sideslip.stage.files.call import Call, melody, read_call
from sideslip.stage.files.charts import load_chart


def run(options: Namespace) -> None:
    """Print what was heard, phrase by phrase."""
    sheet = load_chart(options.chart)
    solo = line(read_call(Path(options.solo), sheet.meter))
    if not solo.notes:
        raise MidiFileError(f"{options.solo} holds no melody: a solo needs notes on another channel than 10")
    changes = sheet.changes()
    phrases = split(solo)
    tables, _ = shipped_tables()
    heard = hear(Lines.over(changes, phrases), tables)
    found = figures(heard, phrases, changes)
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


def figures(heard: Hearing, phrases: list[Phrase], changes: Changes) -> dict[str, Any]:
    """Everything that is told: shares of all notes, weighted means of all phrases, and each phrase by itself."""
    sounding, lengths = heard.lines.heard, heard.lines.valid.sum(axis=1)
    total = max(1, int(sounding.sum()))
    columns = (heard.outside, heard.bits, heard.resolution.resolvability)
    means = [float(np.average(column, weights=lengths)) for column in columns]
    unanswered = compare(Phrase(), heard.lines)
    return {
        "notes": int(lengths.sum()),
        "chord_tones": float((heard.outsideness.chord_tone & sounding).sum() / total),
        "outside_notes": float(((heard.shift.smoothed > 0.5) & sounding).sum() / total),
        **dict(zip(("outside", "surprise", "resolvability"), (round(mean, 4) for mean in means), strict=True)),
        "phrases": [
            {
                "bar": changes.meter.bar_of(phrase.start),
                "beat": changes.meter.beat_of(phrase.start),
                "notes": len(phrase),
                "outside": round(float(heard.outside[row]), 4),
                "surprise": round(float(heard.bits[row]), 3),
                "resolvability": round(float(heard.resolution.resolvability[row]), 4),
                "heard": explain(Idea(phrase, "model"), heard, unanswered, row, changes),
            }
            for row, phrase in enumerate(phrases)
        ],
    }
