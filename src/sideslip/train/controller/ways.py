"""Ways to fill a turn: the controller's, with and without what it rests on, and baselines at equal candidates.

Every way has CANDIDATES phrases to choose from, or draws one of as many by chance, which is to draw one. Those
that turn a knob are used at each of its settings. Scraps at the end are taken off all alike
(`propose.sampling.well_ended`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sideslip.music.dialogue import Idea, Turn, Wish
from sideslip.music.phrase import Phrase
from sideslip.outside.arc import shaped_dial, wanted_outsideness
from sideslip.outside.controller import Controller
from sideslip.outside.critic import Critic
from sideslip.propose.drawing import NEVER, Draw, draw
from sideslip.propose.engine import Engine, softmax
from sideslip.propose.ideas import PHRASES, REACHES, ModelProposer
from sideslip.propose.memory import Floats
from sideslip.propose.sampling import Sampler, Sampling, well_ended
from sideslip.propose.tokens import Ints
from sideslip.train.controller.foretold import bits_of_phrases

IN_PLAY = (PHRASES, REACHES)
CANDIDATES = sum(IN_PLAY)

DIALS = (0.0, 0.25, 0.5, 0.75, 1.0)
TEMPERATURES = (0.8, 1.0, 1.2, 1.5)
NUCLEI = (0.8, 0.9, 0.95)

CONTROLLER, RANDOM = "controller", "random choice"
WITHOUT_CRITIC, WITHOUT_DEVICES = "controller without critic", "controller without devices"
WISH_ALONE = "wish alone"
TEMPERATURE, NUCLEUS, LIKELIEST = "temperature", "top-p", "likelihood alone"

KNOBS = {
    CONTROLLER: DIALS,
    WITHOUT_CRITIC: DIALS,
    WITHOUT_DEVICES: DIALS,
    RANDOM: DIALS,
    WISH_ALONE: DIALS,
    TEMPERATURE: TEMPERATURES,
    NUCLEUS: NUCLEI,
    LIKELIEST: (1.0,),
}
"""The settings of each way; the likeliest phrase is looked for at the temperatures of play."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to fill a turn, and where its knob stands."""

    name: str
    setting: float


def ways() -> list[Way]:
    """All of them, at all their settings."""
    return [Way(name, setting) for name, settings in KNOBS.items() for setting in settings]


def at_dial(turn: Turn, dial: float) -> Turn:
    """A turn as the band asks for it: what is wished for is what the controller will look for."""
    outside = wanted_outsideness(shaped_dial(dial, turn.changes, turn.start, turn.end))
    return replace(turn, dial=dial, wish=replace(turn.wish, outside=outside))


def nucleus(share: float) -> Draw:
    """Draws from the likeliest classes that together have this share of all chances (top-p; Holtzman et al. 2020)."""

    def drawn(logits: Floats, temperature: Floats, floor: float, rng: np.random.Generator) -> Ints:
        chance = softmax(logits / temperature[:, None])
        order = np.argsort(-chance, axis=-1, kind="stable")
        ordered = np.take_along_axis(chance, order, axis=-1)
        kept = np.zeros(chance.shape, dtype=np.bool_)
        np.put_along_axis(kept, order, np.cumsum(ordered, axis=-1) - ordered < share, axis=-1)
        return draw(np.where(kept, logits, NEVER), temperature, 0.0, rng)

    return drawn


class Players:
    """Fill turns in all ways, with one engine."""

    def __init__(self, engine: Engine, controller: Controller) -> None:
        self._engine, self._controller = engine, controller
        self._uncritical = replace(controller, critic=Critic.unlearnt())
        self._sampler = Sampler(engine)
        self._in_play, self._many = (ModelProposer(self._sampler, *each) for each in (IN_PLAY, (CANDIDATES, 0)))
        self._wished = _at(engine, 1.0)
        self._baselines = {Way(TEMPERATURE, heat): _at(engine, heat) for heat in TEMPERATURES}
        self._baselines |= {Way(NUCLEUS, share): _at(engine, 1.0, nucleus(share)) for share in NUCLEI}

    def fill(self, turn: Turn, seed: Sequence[int]) -> dict[Way, Phrase]:
        """A phrase in each way; each asks with a seed of its own, which goes with `seed`."""
        free, seeds = replace(turn, wish=Wish()), _seeds(seed)
        found: dict[Way, Phrase] = {}
        for dial in DIALS:
            asked = at_dial(free, dial)
            ideas = self._in_play.propose(asked, next(seeds))
            found[Way(CONTROLLER, dial)] = _chosen(self._controller, asked, ideas)
            found[Way(WITHOUT_CRITIC, dial)] = _chosen(self._uncritical, asked, ideas)
            found[Way(RANDOM, dial)] = ideas[next(seeds) % len(ideas)].phrase
            of_the_model = self._many.propose(asked, next(seeds))
            found[Way(WITHOUT_DEVICES, dial)] = _chosen(self._controller, asked, of_the_model)
        wishes = [at_dial(free, dial).wish for dial in DIALS]
        wished = _drawn(self._wished, free, wishes, next(seeds))
        found |= {Way(WISH_ALONE, dial): phrase for dial, phrase in zip(DIALS, wished, strict=True)}
        for way, sampler in self._baselines.items():
            (found[way],) = _drawn(sampler, free, [Wish()], next(seeds))
        phrases = _drawn(self._sampler, free, [Wish()] * CANDIDATES, next(seeds))
        likeliest = int(np.argmin(bits_of_phrases(self._engine, free, phrases)))
        return found | {Way(LIKELIEST, 1.0): phrases[likeliest]}


def _chosen(controller: Controller, turn: Turn, ideas: Sequence[Idea]) -> Phrase:
    return ideas[controller.choose(turn, ideas).index].phrase


def _at(engine: Engine, heat: float, how: Draw = draw) -> Sampler:
    """A sampler of one temperature."""
    return Sampler(engine, Sampling(temperatures=(heat, heat)), how)


def _drawn(sampler: Sampler, turn: Turn, wishes: Sequence[Wish], seed: int) -> list[Phrase]:
    """A phrase for each wish, none of which anybody has chosen."""
    drawn = sampler.phrases(turn, wishes, np.random.default_rng(seed))
    return [well_ended(phrase, turn.end) for phrase in drawn]


def _seeds(seed: Sequence[int]) -> Iterator[int]:
    rng = np.random.default_rng(seed)
    while True:
        yield int(rng.integers(1 << 31))
