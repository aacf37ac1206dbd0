"""Reaching out: devices applied to the ideas of a proposer, so that there is something outside to choose from.

A model that plays what is likely seldom leaves the changes far enough for a high dial, and the controller can only
choose what is proposed.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from sideslip.music.devices import DEVICES, PLANS
from sideslip.music.devices.leading import home_tones
from sideslip.music.dialogue import Idea, Outing, Turn
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Note, Phrase

SHARES = {
    "side-slip up a semitone": 4.0,
    "side-slip down a semitone": 3.0,
    "tritone substitution": 3.0,
    "superimposed pentatonic": 3.0,
    "backcycling": 2.0,
    "sequence in minor thirds": 2.0,
    "side-slip by a tritone": 1.5,
    "planned side-slip up a semitone": 3.0,
    "planned side-slip down a semitone": 3.0,
    "planned backcycle": 3.0,
    "planned fall of pentatonics": 2.0,
    "planned side-slip by a tritone": 1.5,
}
"""How often a device or a plan is tried first, beside 1 for the others: the shifts of real outside playing are a
semitone up in 46 %, a tritone in 19 % and a semitone down in 12 % (Weimar Jazz Database). Second devices are those
named here."""

FAR = 0.6
"""From this dial on every other variant has a second device: one takes a line of four bars half out at most."""

PLANNED = ((0.4, 0.6), (0.0, 0.25))
"""Share of variants that are plans for the whole phrase, by the dial: none up to the first, a quarter from the last."""

APART = 2 * TICKS
"""Between two devices lie two beats, so that the line is heard to come home in between."""


def _touched(before: Phrase, after: Phrase) -> tuple[int, int]:
    """The first and the last tick at which a note is not what it was."""
    onsets = [note.onset for note in set(before.notes) ^ set(after.notes)]
    return min(onsets), max(onsets)


def _outing(name: str, before: Phrase, after: Phrase, turn: Turn) -> Outing:
    """Where a device has taken a line: from the first note that is another until, from the last of them on, one is home
    by step. Notes that a sequence has taken with it by octaves are no others."""
    played = {(note.onset, note.pitch % 12) for note in before}
    other = [note for note in after if (note.onset, note.pitch % 12) not in played]
    other = other or [note for note in after if note not in set(before)]
    last = after.notes.index(other[-1]) + (len(other) == 1)  # one note alone cannot be out and home
    home = next(
        (note for led, note in pairwise(after.notes[max(0, last - 1) :]) if _is_home(led, note, turn)), other[-1]
    )
    return Outing(name, other[0].onset, home.onset)


def _is_home(led: Note, note: Note, turn: Turn) -> bool:
    """Whether a note is where lines come home to, a step from the one before."""
    return abs(note.pitch - led.pitch) in (1, 2) and note.pitch % 12 in home_tones(turn.changes.at(note.onset))


def _planned(name: str, before: Phrase, after: Phrase, turn: Turn) -> Outing:
    """Where a plan has taken a line: home on beat 1 of its last bar."""
    bar = turn.changes.meter.bar
    return replace(_outing(name, before, after, turn), home=before.notes[-1].onset // bar * bar)


def _variants(idea: Idea, turn: Turn, names: Sequence[str]) -> Iterator[Idea]:
    """What each device makes of an idea at its best place, device by device, some of it with a second one elsewhere."""
    for number, name in enumerate(names):
        once = next(DEVICES[name](idea.phrase, turn.changes), None)
        if once is not None:
            made = Idea(once, "device", name, outings=(_outing(name, idea.phrase, once, turn),))
            further = turn.dial >= FAR and number % 2 == 0
            yield (_again(idea, made, turn, names) if further else None) or made


def _again(idea: Idea, once: Idea, turn: Turn, names: Sequence[str]) -> Idea | None:
    """A second device well away from where the first one worked, later in the line or earlier, if there is room."""
    first, last = _touched(idea.phrase, once.phrase)
    line, names = once.phrase, [name for name in names if name in SHARES]
    early, late = line.between(line.start, first - APART + 1), line.between(last + APART, line.end)
    for part in sorted((late, early), key=len, reverse=True):
        for name in names:
            made = next(DEVICES[name](part, turn.changes), None)
            if made is not None and (part is late or made.notes[-1] == part.notes[-1]):
                in_order = (once.label, name) if part is late else (name, once.label)
                label = f"{name} twice" if name == once.label else " + ".join(in_order)
                kept = set(part)
                outings = (*once.outings, _outing(name, part, made, turn))
                whole = made + Phrase(tuple(note for note in line if note not in kept))
                return Idea(whole, "device", label, outings=tuple(sorted(outings, key=lambda one: one.out)))
    return None


def _plans(idea: Idea, turn: Turn, names: Sequence[str]) -> Iterator[Idea]:
    """What each plan makes of an idea."""
    line = idea.phrase
    return (
        Idea(phrase, "device", name, outings=(_planned(name, line, phrase, turn),))
        for name in names
        for phrase in PLANS[name](line, turn.changes)
    )


def _in_turn(waiting: Sequence[Iterator[Idea]], seen: set[Phrase], count: int) -> list[Idea]:
    """At most `count` new ideas, one of each that waits, then again; `seen` grows by them."""
    line, new = deque(waiting), list[Idea]()
    while line and len(new) < count:
        variants = line.popleft()
        idea = next((idea for idea in variants if idea.phrase not in seen), None)
        if idea is not None:
            seen.add(idea.phrase)
            new.append(idea)
            line.append(variants)
    return new


def _shuffled(table: Mapping[str, object], rng: np.random.Generator) -> list[str]:
    """The names of a table in a random order, those with large SHARES sooner."""
    names = list(table)
    waits = rng.exponential(size=len(names)) / [SHARES.get(name, 1.0) for name in names]
    return [names[i] for i in waits.argsort()]


def reach(ideas: Sequence[Idea], turn: Turn, seed: int, count: int) -> tuple[Idea, ...]:
    """At most `count` new ideas that devices make of the given ones, which are not among them.

    First come plans for whole phrases, as many as the dial asks for, then devices; for both the ideas take turns, each
    with an order of its own. What `Proposer.propose` promises of the ideas given holds for the new
    ones: they begin at `turn.start`, are over by `turn.end`, are one note at a time, and are the same for the same
    ideas and seed. No phrase comes twice.
    """
    rng = np.random.default_rng(seed)
    order = [ideas[i] for i in rng.permutation(len(ideas))]
    planned = round(count * float(np.interp(turn.dial, *PLANNED)))
    seen = {idea.phrase for idea in ideas}
    plans = _in_turn([_plans(idea, turn, _shuffled(PLANS, rng)) for idea in order], seen, planned)
    devices = [_variants(idea, turn, _shuffled(DEVICES, rng)) for idea in reversed(order)]
    return (*plans, *_in_turn(devices, seen, count - len(plans)))
