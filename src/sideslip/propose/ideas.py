"""Ideas for a turn: phrases of the model, and what devices make of them.

The model goes out when it is asked to, devices go farther and name what they do (a controller can only choose what is
proposed); without the model there are licks, with the same devices. A wrong note of the player brings answers to it.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

from sideslip.music.dialogue import Idea, Turn
from sideslip.propose.engine import Engine
from sideslip.propose.licks import LickProposer
from sideslip.propose.mending import mend
from sideslip.propose.proposer import Proposer
from sideslip.propose.reach import reach
from sideslip.propose.sampling import Sampler, well_ended

PHRASES, REACHES = 16, 16
"""Phrases drawn from the model, and variants made by devices, a turn."""


class ModelProposer:
    """Phrases drawn from the transformer, every other one free to go out or stay in, then their device variants."""

    def __init__(self, sampler: Sampler, phrases: int = PHRASES, reaches: int = REACHES) -> None:
        self._sampler, self._phrases, self._reaches = sampler, phrases, reaches

    def propose(self, turn: Turn, seed: int) -> tuple[Idea, ...]:
        """As Proposer.propose; no two ideas are alike."""
        asked = (turn.wish, replace(turn.wish, outside=None))
        wishes = [asked[number % len(asked)] for number in range(self._phrases)]
        rng = np.random.default_rng(seed)
        drawn = self._sampler.phrases(turn, wishes, rng)
        phrases = dict.fromkeys(well_ended(phrase, turn.end) for phrase in drawn if phrase.notes)
        ideas = tuple(Idea(phrase, "model") for phrase in phrases)
        ideas += reach(ideas, turn, seed, self._reaches) + mend(ideas, turn, seed)
        foreseen = self._sampler.foresee(turn, [idea.phrase for idea in ideas], rng) if ideas else ()
        return tuple(replace(idea, foresight=each) for idea, each in zip(ideas, foreseen, strict=True))


class LicksAlone:
    """The proposer without weights: licks and their device variants."""

    def __init__(self) -> None:
        self._licks = LickProposer(PHRASES)

    def propose(self, turn: Turn, seed: int) -> tuple[Idea, ...]:
        """As Proposer.propose."""
        ideas = self._licks.propose(turn, seed)
        return ideas + reach(ideas, turn, seed, REACHES) + mend(ideas, turn, seed)


def model_proposer(weights: str) -> Proposer:
    """A proposer that plays from a weights file. Raises WeightsError."""
    return ModelProposer(Sampler(Engine.load(Path(weights))))


def licks_alone(_: str = "") -> Proposer:
    """A proposer that needs no weights."""
    return LicksAlone()
