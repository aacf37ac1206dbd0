"""Measure the ear on annotated solos: the quantiser, the phrase ends, and what a note costs.

    python scripts/evaluate_tracker.py --data solos_val.jsonl.gz [--json]

The quantiser gets the performed onsets and the tempo of each solo, as it would live, and is compared with the annotated
ticks. Phrase ends are what the online ear says, against the phrases that people marked. The cost of a note is the time
to pair its note-on and note-off and to tell the harmony tracker, median over all notes.
"""

import argparse
import json
import time
from collections.abc import Iterable
from pathlib import Path
from statistics import median

import numpy as np

from sideslip.cli import exit_on_mistake
from sideslip.listen.harmony import HarmonyTracker
from sideslip.listen.notes import NotePairer
from sideslip.listen.phrasing import PhraseEar
from sideslip.listen.quantise import PUSH_SECONDS, quantise
from sideslip.listen.tempo import TempoMap
from sideslip.train.solos import Solo, read_solos


def tick_errors(solo: Solo) -> list[int]:
    """How many ticks the quantiser is off, note by note."""
    push = TempoMap(solo.tempo).beats_in(PUSH_SECONDS)
    ticks = quantise(solo.performed.tolist(), push)
    return [tick - right for tick, right in zip(ticks, solo.onset_ticks.tolist(), strict=True)]


def phrase_ends(solo: Solo) -> list[tuple[bool, bool]]:
    """For every note but the last: whether the ear heard the phrase end before the next one, and whether people did."""
    ear, heard = PhraseEar(), []
    for onset, length in zip(solo.performed.tolist(), solo.duration_beats.tolist(), strict=True):
        heard.append(ear.ended(onset))
        ear.started(onset)
        ear.stopped(onset + length)
    return list(zip(heard[1:], (np.diff(solo.phrase) > 0).tolist(), strict=True))


def note_costs(solo: Solo) -> list[float]:
    """Milliseconds that each note takes from its bytes to the tracker's memory."""
    pairer, tracker, costs = NotePairer(), HarmonyTracker(solo.changes()), []
    for note in solo.line():
        on, off = bytes((0x90, note.pitch, note.velocity)), bytes((0x80, note.pitch, 0))
        began = time.perf_counter()
        pairer.feed(note.onset, on)
        tracker.hear(note.onset, note.pitch, note.velocity)
        pairer.feed(note.end, off)
        costs.append(1000 * (time.perf_counter() - began))
    return costs


def figures(solos: Iterable[Solo]) -> dict[str, float]:
    """All measures over all notes of the solos; shares are 0..1."""
    errors: list[int] = []
    ends: list[tuple[bool, bool]] = []
    costs: list[float] = []
    for solo in solos:
        errors += tick_errors(solo)
        ends += phrase_ends(solo)
        costs += note_costs(solo)
    found = sum(heard and marked for heard, marked in ends)
    return {
        "notes": len(errors),
        "quantiser_hit": sum(error == 0 for error in errors) / len(errors),
        "quantiser_within_one_tick": sum(abs(error) <= 1 for error in errors) / len(errors),
        "phrase_end_precision": found / max(1, sum(heard for heard, _ in ends)),
        "phrase_end_recall": found / max(1, sum(marked for _, marked in ends)),
        "note_cost_ms": median(costs),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="solos, JSON Lines, plain or .gz")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    options = parser.parse_args()
    measured = figures(read_solos(options.data))
    if options.json:
        print(json.dumps(measured))
    else:
        print("\n".join(f"{name:<26} {value:.4g}" for name, value in measured.items()))


if __name__ == "__main__":
    exit_on_mistake(main)
