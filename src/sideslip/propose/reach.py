"""Reaching out: devices applied to the ideas of a proposer, so that there is something outside to choose from.

A model that plays what is likely seldom leaves the changes far enough for a high dial, and the controller can only
choose what is proposed.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from sideslip.music.devices import DEVICES, PLANS
from sideslip.music.dialogue import Idea, Turn
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Phrase

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


def _variants(idea: Idea, turn: Turn, names: Sequence[str]) -> Iterator[Idea]:
    """What each device makes of an idea at its best place, device by device, some of it with a second one elsewhere."""
    for number, name in enumerate(names):
        once = next(DEVICES[name](idea.phrase, turn.changes), None)
        if once is not None:
            made = Idea(once, "device", name)
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
                return Idea(made + Phrase(tuple(note for note in line if note not in kept)), "device", label)
    return None


def _plans(idea: Idea, turn: Turn, names: Sequence[str]) -> Iterator[Idea]:
    """What each plan makes of an idea."""
    return (Idea(phrase, "device", name) for name in names for phrase in PLANS[name](idea.phrase, turn.changes))


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
