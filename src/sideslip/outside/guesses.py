"""What it was that left the changes: a guess, with how sure it is.

Every explanation foretells the notes of the span with some probability; times how often it is played at all, that gives
how likely it is to be the right one, among those that are known. Which one it was is often not to be heard: five notes
that fit the chord a semitone up may well fit another, so a guess is told with its probability, and its rival beside it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp

import numpy as np

from sideslip.outside.explanations import explanations, leads_home
from sideslip.outside.hearing import Hearing
from sideslip.outside.lines import Floats
from sideslip.outside.passage import Passage
from sideslip.outside.spans import Span

UNEXPLAINED = "unexplained"
"""Notes that fit nothing known, and do not go as a line goes either."""

PRIOR: Mapping[str, float] = {
    "side-slip up a semitone": 0.15,
    "side-slip down a semitone": 0.08,
    "side-slip by a tritone": 0.10,
    "side-slip up a whole tone": 0.045,
    "side-slip down a whole tone": 0.045,
    "side-slip up a minor third": 0.045,
    "side-slip down a minor third": 0.045,
    "side-slip up a major third": 0.045,
    "side-slip down a major third": 0.045,
    "tritone substitution": 0.08,
    "sequence": 0.08,
    "altered dominant": 0.08,
    "superimposed triads": 0.05,
    "superimposed pentatonic": 0.05,
    "approach notes": 0.04,
    "backcycling": 0.03,
    "chromatic run": 0.02,
    "anticipation": 0.02,
    "delayed resolution": 0.02,
    "blue notes": 0.04,
    UNEXPLAINED: 0.08,
}
"""How often each is played, up to a factor. The shifts are the square roots of the record's shares (a semitone up 46 %,
a tritone 19 %, a semitone down 12 %), because those were counted with a filter that prefers the first three twice over;
the tritone is a side-slip or a substitution by the chord. The others are by judgement."""

ON_THE_WAY_HOME = {"tritone substitution": 2.0, "altered dominant": 2.0}
"""How much more often these are played over a dominant that moves up a fourth within a bar: there they lead."""

TRUST = 0.7
"""Exponent of a note's likelihood: notes that follow from each other tell less than notes drawn one by one."""

SURE = 0.5
"""From this probability on a guess is told without its rival."""


@dataclass(frozen=True, slots=True)
class Guess:
    """One explanation by name, the `root` it is meant from where it has one ("Eb"), and its probability, 0..1."""

    name: str
    root: str
    probability: float

    @property
    def known(self) -> bool:
        """Whether it explains anything."""
        return self.name != UNEXPLAINED

    @property
    def words(self) -> str:
        """Its name with its root: "blue notes of F", "superimposed D triad"."""
        if not self.root:
            return self.name
        if self.name.startswith("superimposed "):
            what = self.name.removeprefix("superimposed ")
            return f"superimposed {self.root} {what if ' and ' in self.root else what.removesuffix('s')}"
        return f"{self.name} of {self.root}"


def guesses(hearing: Hearing, row: int, span: Span) -> tuple[Guess, ...]:
    """What a span of one line may have been, the likeliest first; the probabilities of all add up to 1.

    The more of what is out the span takes in, the better: give it `whole`.
    """
    passage = Passage.of(hearing.lines, hearing.tables, row, span)
    names, roots, likelihoods = zip(*explanations(passage), strict=True)
    told_by_all = (np.stack(likelihoods) * (TRUST / _times(passage))).sum(axis=1)
    found: dict[str, list[tuple[float, str]]] = {}
    for name, root, log in zip(names, roots, told_by_all.tolist(), strict=True):
        found.setdefault(name, []).append((log, root))
    most = float(told_by_all.max())
    usual = {name: PRIOR[name] * share for name, share in ON_THE_WAY_HOME.items()} if leads_home(passage) else {}
    worth = {
        name: usual.get(name, PRIOR[name]) * sum(exp(log - most) for log, _ in each) / len(each)
        for name, each in found.items()
    }
    total = sum(worth.values())
    told = (Guess(name, max(each)[1], worth[name] / total) for name, each in found.items())
    return tuple(sorted(told, key=lambda guess: -guess.probability))


def _times(passage: Passage) -> Floats:
    """(n,): the how-manieth time each note is reached from the same note before: what a trill tells, it tells once."""
    met: Counter[tuple[int, int]] = Counter()
    times = []
    for move in zip(passage.notes.pitch[0].tolist(), passage.way.tolist(), strict=True):
        met[move] += 1
        times.append(met[move])
    return np.array(times, dtype=np.float64)
