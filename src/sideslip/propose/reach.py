"""Reaching out: devices applied to the ideas of a proposer, so that there is something outside to choose from.

A model that plays what is likely seldom leaves the changes far enough for a high dial, and the controller can only
choose what is proposed.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np

from sideslip.music.devices import DEVICES
from sideslip.music.dialogue import Idea, Turn
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Phrase

SHARES = {
    "side-slip up a semitone": 4.0,
    "side-slip down a semitone": 3.0,
    "tritone substitution": 3.0,
    "sequence in minor thirds": 2.0,
    "superimposed triads": 2.0,
    "side-slip by a tritone": 1.5,
}
"""How often a device is tried first, beside 1 for the others: the shifts of real outside playing are a semitone up in
46 %, a tritone in 19 % and a semitone down in 12 % (Weimar Jazz Database)."""

TRIES = 4
"""Places at which a second device is tried."""

FAR = 0.6
"""From this dial on every other variant has a second device: one takes a line of four bars half out at most."""

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
    """A second device well away from where the first one worked, if there is room."""
    first, last = _touched(idea.phrase, once.phrase)
    for name in (name for name in names if name in SHARES):
        for phrase in islice(DEVICES[name](once.phrase, turn.changes), TRIES):
            begins, ends = _touched(once.phrase, phrase)
            if begins >= last + APART or ends <= first - APART:
                in_order = (once.label, name) if begins > last else (name, once.label)
                label = f"{name} twice" if name == once.label else " + ".join(in_order)
                return Idea(phrase, "device", label)
    return None


def reach(ideas: Sequence[Idea], turn: Turn, seed: int, count: int) -> tuple[Idea, ...]:
    """At most `count` new ideas that devices make of the given ones, which are not among them.

    The ideas take turns in a random order, each with the devices in an order of its own. What `Proposer.propose`
    promises of the ideas given holds for the new ones: they begin at `turn.start`, are over by `turn.end`, are one note
    at a time, and are the same for the same ideas and seed. No phrase comes twice.
    """
    rng = np.random.default_rng(seed)
    names = np.array(list(DEVICES))
    shares = np.array([SHARES.get(name, 1.0) for name in names])
    shares /= shares.sum()
    waiting = [
        _variants(ideas[i], turn, rng.choice(names, len(names), replace=False, p=shares).tolist())
        for i in rng.permutation(len(ideas))
    ]
    seen = {idea.phrase for idea in ideas}
    reached: list[Idea] = []
    while waiting and len(reached) < count:
        variants = waiting.pop(0)
        new = next((idea for idea in variants if idea.phrase not in seen), None)
        if new is not None:
            seen.add(new.phrase)
            reached.append(new)
            waiting.append(variants)
    return tuple(reached)
