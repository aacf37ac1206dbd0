"""What becomes of the player's wrong notes.

    python scripts/evaluate_mistakes.py [--seeds N] [--licks] [--json]

Needs no data: calls are licks over two built-in charts, in each of which one exposed note is moved a semitone off the
changes and left hanging; ideas are those of the shipped model and devices, or with --licks of no model. For each dial:
the share of the calls whose wrong note is answered in the very next phrase by a move that is named, and which; how well
these answers resolve and how far outside they are, beside what would be answered to the same call if nothing in it were
wrong. Calls and ideas depend on the seed, 1 to N.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

import numpy as np

from sideslip.cli import exit_on_mistake
from sideslip.commands.ensemble import Ensemble
from sideslip.listen.mistakes import wrong_notes
from sideslip.music.changes import Changes
from sideslip.music.dialogue import Move, Turn, Wish
from sideslip.music.phrase import Phrase
from sideslip.outside.arc import shaped_dial, wanted_outsideness
from sideslip.outside.controller import Controller, Scored
from sideslip.propose.ideas import licks_alone
from sideslip.propose.licks import LickProposer
from sideslip.propose.proposer import Proposer
from sideslip.stage.files.charts import load_chart

CHARTS = ("blues-in-f", "rhythm-changes")
DIALS = (0.0, 0.25, 0.5, 0.75, 1.0)
MOVES = get_args(Move)


def turn(chart: str, seed: int) -> Turn | None:
    """A four-bar turn after a call with a planted wrong note, at a place in the form that goes with the seed; None
    where there is no room for one."""
    sheet = load_chart(chart)
    changes = sheet.changes()
    length = 4 * changes.meter.bar
    start = (1 + seed % (changes.length // length)) * length
    call = LickProposer(1).propose(Turn(start - length, start, changes), seed)[0].phrase
    found = list(_planted(call, changes, start))
    if not found:
        return None
    wrong = found[np.random.default_rng(seed).integers(len(found))]
    mistakes = wrong_notes(wrong, changes, start)
    return Turn(start, start + length, changes, wrong, wrong, tempo=sheet.tempo, mistakes=mistakes)


def dialled(asked: Turn, dial: float) -> Turn:
    """A turn at a dial, with what the band asks proposers for then."""
    outside = wanted_outsideness(shaped_dial(dial, asked.changes, asked.start, asked.end))
    return replace(asked, dial=dial, wish=Wish(outside=outside))


def _planted(call: Phrase, changes: Changes, now: int) -> Iterator[Phrase]:
    """The call with one note a semitone off, wherever that is heard as a wrong note that has not come home."""
    for index, note in enumerate(call.notes):
        for step in (-1, 1):
            notes = (*call.notes[:index], note.moved(semitones=step), *call.notes[index + 1 :])
            wrong = Phrase(notes)
            if any(one.note == notes[index] and not one.resolved for one in wrong_notes(wrong, changes, now)):
                yield wrong


def answered(proposer: Proposer, controller: Controller, asked: Turn, seed: int) -> tuple[Scored, Scored]:
    """The answer to a wrong note, and the one that would be given if nothing were wrong."""
    ideas = proposer.propose(asked, seed)
    best, plain = (
        controller.choose(heard, [idea for idea in ideas if idea.mending is None or heard.mistakes])
        for heard in (asked, replace(asked, mistakes=()))
    )
    return best.scored[best.index], plain.scored[plain.index]


def figures(found: list[tuple[Scored, Scored]]) -> dict[str, float]:
    """Means over the answers at one dial."""
    moves = [best.idea.mending.move if best.idea.mending else None for best, _ in found]
    told = {
        "answered_by_a_move": np.mean([move is not None for move in moves]),
        **{move: np.mean([made == move for made in moves]) for move in MOVES},
        "resolvability": np.mean([best.resolvability for best, _ in found]),
        "resolvability_plain": np.mean([plain.resolvability for _, plain in found]),
        "outside": np.mean([best.outside for best, _ in found]),
        "outside_plain": np.mean([plain.outside for _, plain in found]),
        "motif": np.mean([best.motif for best, _ in found]),
        "motif_plain": np.mean([plain.motif for _, plain in found]),
        "notes": np.mean([len(best.idea.phrase) for best, _ in found]),
        "notes_plain": np.mean([len(plain.idea.phrase) for _, plain in found]),
    }
    return {name: round(float(value), 3) for name, value in told.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--licks", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    ensemble = Ensemble.shipped()
    proposer, controller = licks_alone() if options.licks else ensemble.proposer(), ensemble.controller()
    rows: dict[float, list[tuple[Scored, Scored]]] = {dial: [] for dial in DIALS}
    for chart in CHARTS:
        for seed in range(1, options.seeds + 1):
            asked = turn(chart, seed)
            if asked is not None:
                for dial in DIALS:
                    rows[dial].append(answered(proposer, controller, dialled(asked, dial), seed))
    found = {dial: figures(rows[dial]) for dial in DIALS}
    if options.json:
        print(json.dumps({"calls": len(rows[DIALS[0]]), "dials": found}, indent=1))
        return
    print(f"{len(rows[DIALS[0]]):3} calls, by dial     " + "".join(f"{dial:8.2f}" for dial in DIALS))
    for name in found[DIALS[0]]:
        print(f"{name:24}" + "".join(f"{found[dial][name]:8.3f}" for dial in DIALS))


if __name__ == "__main__":
    exit_on_mistake(main)
