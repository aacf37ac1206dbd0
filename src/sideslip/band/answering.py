"""From ideas to an answer: judged at the last moment, the best one played."""

from collections.abc import Iterator

from sideslip.band.events import Command, Decided
from sideslip.band.invention import Invention
from sideslip.band.listening import Listening
from sideslip.band.performing import Performing
from sideslip.band.settings import GigSettings
from sideslip.music.dialogue import Turn
from sideslip.outside.controller import Choice, Controller
from sideslip.propose.proposer import Proposer


class Answering:
    """Chooses among the ideas at hand and has the choice performed."""

    def __init__(
        self,
        settings: GigSettings,
        controller: Controller,
        fallback: Proposer,
        listening: Listening,
        performing: Performing,
    ) -> None:
        self.invention = Invention(fallback, settings.seed)
        self._controller, self._listening, self._performing = controller, listening, performing

    def on_line(self, turn: Turn, at: float) -> Iterator[Command]:
        """Answer on the line, whatever there is to answer with; it is `at` (s)."""
        ideas, thinking, late = self.invention.for_turn(turn)
        yield from self._answer(turn, self._controller.choose(turn, ideas), thinking, at, late)

    def before_line(self, early: Turn, turn: Turn, at: float) -> Iterator[Command]:
        """Answer already by a turn that begins before the line of the other, or not at all if no phrase for it leads to
        that line and is better than all that begin there."""
        leading = self.invention.led_in(early, turn.start)
        if not leading.ideas:
            return
        choice = self._controller.choose(early, (*leading.ideas, *self.invention.for_turn(turn).ideas))
        if choice.index < len(leading.ideas):
            yield from self._answer(early, choice, leading.thinking, at)

    def _answer(self, turn: Turn, choice: Choice, thinking: float, at: float, late: bool = False) -> Iterator[Command]:
        tempo = self._listening.tempo
        assert tempo is not None, "an answer has its line"
        yield from self._performing.answer(turn, choice.scored[choice.index].idea.phrase, at)
        yield Decided(turn, choice, thinking, self._listening.belief(tempo.beat(at)), at, late)
