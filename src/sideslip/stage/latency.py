"""How late notes go out, and arrive, while the proposer thinks without a pause: measured where it runs."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sideslip.band.events import Ask, Ideas, Sound
from sideslip.music.dialogue import Turn
from sideslip.stage.clock import Clock, RealClock
from sideslip.stage.inbox import Inbox
from sideslip.stage.midi.live import LiveMidi
from sideslip.stage.midi.midi_in import Stamped
from sideslip.stage.midi.ports import Sent
from sideslip.stage.midi.witness import Witness
from sideslip.stage.session import Brain

RATE = 40
"""Notes a second: two hands full."""

_AHEAD = 1.0  # s by which notes are laid down before they are due, as a phrase is
_LENGTH = 0.01  # s of a note
_GOLDEN = 0.618034  # its multiples scatter evenly between the whole numbers
_LOW, _COUNT = 24, 80  # the lowest pitch, and how many go by before one comes again
_START = 30.0  # s for the first ideas: a slow disk
_ARRIVING = 0.2  # s for the last note


@dataclass(frozen=True, slots=True)
class Timing:
    """Moments in seconds, one a message, in the order in which they were sent.

    `late` is how long after its moment a message was sent; `arrived` how long after its moment it was at a port that
    hears it, None for one that never was there, empty where no port hears it. `hurried` tells real-time priority,
    `turns` how often the proposer thought a turn through meanwhile, `thinking` the seconds of each.
    """

    late: tuple[float, ...]
    arrived: tuple[float | None, ...]
    hurried: bool
    thinking: tuple[float, ...]


def measure(
    live: LiveMidi,
    inbox: Inbox,
    clock: RealClock,
    brain: Brain,
    turn: Turn,
    seconds: float,
    witness: Witness | None = None,
    tell: Callable[[float], None] = lambda done: None,
) -> Timing:
    """Send notes for so many seconds, and close `live`; `tell` is told once a second how many have gone by."""
    thinker = _Thinker(brain, inbox, clock, turn)
    thinker.think(clock.now() + _START, once=True)
    start = clock.now() + _AHEAD / 2
    for number in range(round(seconds)):
        live.play(list(_second(start + number, number * RATE)))
        thinker.think(start + number + 1 - _AHEAD / 2)
        tell(number + 1.0)
    thinker.think(start + seconds + _ARRIVING)
    hurried = live.hurries
    live.close()  # which tells what was sent
    sent = tuple(one for one in live.sent if one.message[0] < 0xB0)  # notes, not the pedals that come up at the end
    heard = () if witness is None else travelled(sent, witness.end(), clock.origin)
    late = tuple(one.at - one.due for one in sent)
    return Timing(late, tuple(heard), hurried, tuple(thinker.spent))


def travelled(sent: Iterable[Sent], arrived: Iterable[Stamped], origin: float) -> Iterator[float | None]:
    """How long after its moment each message sent was there; of equal ones the first was there first."""
    moments: dict[bytes, deque[float]] = defaultdict(deque)
    for at, message in arrived:
        moments[message].append(at - origin)
    for one in sent:
        there = moments[one.message]
        yield there.popleft() - one.due if there else None


def _second(start: float, first: int) -> Iterator[Sound]:
    """A second of notes, scattered so that they meet every phase of whatever else goes on in the machine."""
    for number in range(first, first + RATE):
        on = start + (number - first + number * _GOLDEN % 1 / 2) / RATE
        yield Sound(on, on + _LENGTH, "trial", 0, _LOW + number % _COUNT, 1)


class _Thinker:
    """Has the proposer think a turn through, again and again; `spent` is how long each time took, in seconds."""

    def __init__(self, brain: Brain, inbox: Inbox, clock: Clock, turn: Turn) -> None:
        self._brain, self._inbox, self._clock, self._turn = brain, inbox, clock, turn
        self.spent: list[float] = []
        self._ask()

    def think(self, until: float, once: bool = False) -> None:
        """Until a moment, or until it has thought once if that is sooner."""
        while (event := self._clock.wait(self._inbox, until)) is not None:
            if isinstance(event, Ideas):
                self.spent.append(event.thinking)
                self._ask()
                if once:
                    return

    def _ask(self) -> None:
        self._brain.ask(Ask(len(self.spent), self._turn, seed=len(self.spent)))
