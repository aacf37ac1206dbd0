"""What is measured of phrases: how far out, how well they come home, whether they are one idea.

Much of it the controller goes by when it chooses (G, exits, home, joint, through its critic also M and the proposer's
bits), so there a good value is obedience, not proof. `landed` it does not know. That a chord tone comes soon proves
nothing either, random wrong notes do as much; so `resolved` asks for more.
"""

from collections.abc import Sequence

import numpy as np

from sideslip.music.dialogue import Turn
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Phrase
from sideslip.outside.hearing import Hearing, hear
from sideslip.outside.lines import Bools, Floats, Lines
from sideslip.outside.motif import compare
from sideslip.outside.spans import OUTSIDE
from sideslip.outside.tables import ListeningTables
from sideslip.propose.engine import Engine
from sideslip.train.controller.foretold import bits_of_phrases

Columns = dict[str, Floats]
"""By name, a value a phrase, (K,) each; NaN where a phrase has nothing to tell it by."""

LANDS_WITHIN = 2 * TICKS
"""Ticks after the last note of an outside span in which the line should have come home."""


def listened(hearing: Hearing) -> Columns:
    """What the ear tells of each line: G; M and H in bits a note, and their joint excess; the worth of the ways out of
    chromatic runs (resE), how much at home the end is, and both together; the share of chromatic runs that are left by
    a step; whether the last note is a chord tone; of outside spans, those after which a chord tone is reached by step
    within two beats, the line being inside again."""
    resolution, surprise = hearing.resolution, hearing.surprise
    return {
        "outside": hearing.outside,
        "melody": surprise.mean(surprise.melody),
        "harmony": surprise.mean(surprise.harmony),
        "joint": surprise.joint,
        "exits": resolution.exits,
        "home": resolution.home,
        "resolvability": resolution.resolvability,
        "exit_by_step": exit_by_step(hearing),
        "last_chord_tone": resolution.last_chord_tone.astype(np.float64),
        "landed": landed(hearing),
        "ends_inside": ends_inside(hearing),
    }


def answered(turn: Turn, phrases: Sequence[Phrase], tables: ListeningTables, engine: Engine) -> Columns:
    """The same of answers in a turn, and their likeness to the call and the proposer's bits a note."""
    lines = Lines.over(turn.changes, phrases)
    found = listened(hear(lines, tables))
    found["similarity"] = compare(turn.call, lines).similarity
    found["bits"] = bits_of_phrases(engine, turn, phrases)
    return found


def ends_inside(hearing: Hearing) -> Floats:
    """Whether the last note of each line is inside the changes, by itself and as part of the line, (K,) 0 or 1."""
    at = hearing.lines.last
    inside = ~hearing.outsideness.chromatic[at] & (hearing.shift.smoothed[at] <= OUTSIDE)
    return inside.astype(np.float64)


def resolved(columns: Columns, one_idea: float) -> Floats:
    """Whether each phrase comes home as one idea, (K,) 0 or 1: every outside span lands, the end is inside, and as a
    line it surprises by at most `one_idea` bits a note (M)."""
    lands = ~(columns["landed"] < 1)  # nothing to land is no fault
    return (lands & (columns["ends_inside"] > 0) & (columns["melody"] <= one_idea)).astype(np.float64)


def exit_by_step(hearing: Hearing) -> Floats:
    """Share of the runs of chromatic notes that a step leaves for a note that is none, (K,); a run that ends the line
    is left by nothing."""
    lines, chromatic = hearing.lines, hearing.outsideness.chromatic
    leaves = chromatic[:, :-1] & lines.valid[:, 1:] & ~chromatic[:, 1:]
    step = abs(np.diff(lines.pitch, axis=1)) <= 2
    runs = leaves.sum(axis=1) + chromatic[lines.last]
    share: Floats = np.where(runs > 0, (leaves & step).sum(axis=1) / np.maximum(1, runs), np.nan)
    return share


def landed(hearing: Hearing) -> Floats:
    """Share of the outside spans that are landed, (K,)."""
    lines = hearing.lines
    step = np.isin(abs(np.diff(lines.pitch, axis=1, prepend=0)), (1, 2))
    at_home = step & hearing.outsideness.chord_tone & (hearing.shift.smoothed <= OUTSIDE) & lines.valid
    found = np.full(len(lines.pitch), np.nan)
    for row in range(len(found)):
        if ends := [span.last for span in hearing.spans(row)]:
            found[row] = np.mean([_reached(lines, at_home, row, last) for last in ends])
    return found


def _reached(lines: Lines, wanted: Bools, row: int, last: int) -> bool:
    """Whether a wanted note comes within LANDS_WITHIN after a note."""
    soon = lines.onset[row, last + 1 :] - lines.onset[row, last] <= LANDS_WITHIN
    return bool((wanted[row, last + 1 :] & soon).any())
