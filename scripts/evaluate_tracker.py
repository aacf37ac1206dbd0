"""Measure the tracker on annotated solos: chords, place, tempo, phrase ends, wrong notes, and what a note costs.

    python scripts/evaluate_tracker.py --data solos_val.jsonl.gz [--json] [--seed N] [--tables FILE]

What is played is the solos as performed, alone or with simulated comping: a left hand that strikes root, third and
seventh on 45 % of the beats, 5 % of its notes wrong, from the seed. In docs/log.md stands what each figure means.
Without --json there is a table, part by part as it is measured: about a minute in all for fifty solos.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from sideslip.band.listening import Listening
from sideslip.band.settings import GigSettings
from sideslip.cli import exit_on_mistake
from sideslip.listen.quantise import PUSH_SECONDS, quantise
from sideslip.listen.tables import TrackerTables, load_tracker
from sideslip.listen.tempo import TempoMap
from sideslip.resources import resource
from sideslip.train.solos import Solo, read_solos
from sideslip.train.tracker import mistake_figures, phrase_figures, pulse_figures
from sideslip.train.tracker.chord_figures import chord_figures, key_figures, substitution_figures
from sideslip.train.tracker.comping import shells
from sideslip.train.tracker.hearing import played, rng_of
from sideslip.train.tracker.place_figures import dropped_figures, place_figures


def quantiser_figures(solos: Sequence[Solo]) -> dict[str, float]:
    """The quantiser gets performed onsets and the tempo of each solo, as it would live: notes on their very tick."""
    errors: list[int] = []
    for solo in solos:
        ticks = quantise(solo.performed.tolist(), TempoMap(solo.tempo).beats_in(PUSH_SECONDS))
        errors += [tick - right for tick, right in zip(ticks, solo.onset_ticks.tolist(), strict=True)]
    return {
        "notes": len(errors),
        "quantiser_hit": sum(error == 0 for error in errors) / len(errors),
        "quantiser_within_one_tick": sum(abs(error) <= 1 for error in errors) / len(errors),
    }


def cost_figures(solos: Sequence[Solo], tables: TrackerTables, seed: int) -> dict[str, float]:
    """Milliseconds from the bytes of a note (on and off) to all that listens, the tempo followed, over all notes of the
    solos and of the comping under them. The chart is as long as the solo. `belief_cost_ms`: once a beat, what is
    believed and what the proposer would be given."""
    costs: list[float] = []
    beliefs: list[float] = []
    for number, solo in enumerate(solos):
        listening = Listening(GigSettings(solo.changes(), min(max(solo.tempo, 20), 400), timing="follow"), tables)
        tempo, beat = TempoMap(solo.tempo, origin=1.0), 0
        for note in played(solo, shells(solo.chord_at_beat, rng_of(seed, 5, number))):
            on, off = tempo.seconds(note.beat), tempo.seconds(note.beat + 0.3)
            while listening.tempo is not None and (beat := beat + 1) < note.beat:
                began = time.perf_counter()
                listening.belief(beat)
                listening.changes(beat)
                beliefs.append(1000 * (time.perf_counter() - began))
            beat = min(beat, int(note.beat) + 1)
            began = time.perf_counter()
            for at, message in ((on, (0x90, note.pitch, 80)), (off, (0x80, note.pitch, 0))):
                listening.hear(at, bytes(message))
                if listening.tempo is not None:
                    list(listening.music(listening.tempo))
            costs.append(1000 * (time.perf_counter() - began))
    costs.sort()
    return {
        "note_cost_ms": median(costs),
        "note_cost_p99_ms": costs[int(0.99 * len(costs))],
        "belief_cost_ms": median(beliefs or [0.0]),
    }


def main() -> None:
    """Measure part by part; print all at the end as JSON, or each as it comes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="solos, JSON Lines, plain or .gz")
    parser.add_argument(
        "--seed", type=int, default=1, help="of the simulated comping and the planted notes (default 1)"
    )
    parser.add_argument("--tables", type=Path, help="the tracker's tables (default: those that ship)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    options = parser.parse_args()
    tables = load_tracker(options.tables or resource("models", "tracker.safetensors"))
    solos = list(read_solos(options.data))
    charted, seed = [solo for solo in solos if solo.harm is not None], options.seed
    parts: list[Callable[[], dict[str, float]]] = [
        lambda: quantiser_figures(solos),
        lambda: chord_figures(charted, tables.harmony, seed),
        lambda: key_figures(charted, tables.harmony),
        lambda: place_figures(charted, tables.harmony),
        lambda: dropped_figures(charted, tables.harmony, seed),
        lambda: substitution_figures(charted, tables.harmony, seed),
        lambda: pulse_figures.figures(charted, seed),
        lambda: phrase_figures.figures(solos, tables.phrase),
        lambda: mistake_figures.figures(solos, seed),
        lambda: cost_figures(charted, tables, seed),
    ]
    measured: dict[str, float] = {}
    for number, part in enumerate(parts, 1):
        found = part()
        measured |= found
        if options.json:
            print(f"{number} of {len(parts)} parts measured", file=sys.stderr)
        else:
            print("\n".join(f"{name:<28} {value:.4g}" for name, value in found.items()), flush=True)
    if options.json:
        print(json.dumps(measured))


if __name__ == "__main__":
    exit_on_mistake(main)
