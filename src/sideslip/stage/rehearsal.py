"""A gig on the virtual clock: the live engine with nothing live about it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from sideslip.band.events import Ask, Believed, Command, Decided, Event, Gesture, Ideas, Mended, Sound, Stopped, Woken
from sideslip.music.phrase import Phrase
from sideslip.propose.proposer import Proposer
from sideslip.stage.clock import Clock, VirtualClock
from sideslip.stage.inbox import Inbox
from sideslip.stage.recorder import Recorder
from sideslip.stage.session import Band, Listener, Record, Session

THINKING = 0.06
"""Seconds that a rehearsed proposer takes for an answer: what the shipped one takes live on a small machine."""


class InlineBrain:
    """Thinks at once, and lets the answer arrive `delay` seconds later on the clock."""

    def __init__(self, proposer: Proposer, inbox: Inbox, clock: Clock, delay: float = THINKING) -> None:
        self._proposer, self._inbox, self._clock, self._delay = proposer, inbox, clock, delay

    def ask(self, ask: Ask) -> None:
        """Put the answer into the inbox, stamped with the moment at which it arrives."""
        ideas = self._proposer.propose(ask.turn, ask.seed)
        self._inbox.put(Ideas(self._clock.now() + self._delay, ask.ask, ideas, self._delay))

    def close(self) -> None:
        """Nothing runs."""


@dataclass(frozen=True, slots=True)
class Performance:
    """What came of a rehearsal: values to compare.

    `sounds` are the notes that sounded, by moment; `decided` the band's choices in order; `believed` what the player
    was taken to play over, beat by beat; `events` all that the band was handed (what a journal keeps); `end` the moment
    at which it was over; `mended` what the partner did where the harmony moved from under it. Moments are seconds.
    """

    sounds: tuple[Sound, ...]
    decided: tuple[Decided, ...]
    believed: tuple[Believed, ...]
    events: tuple[Event, ...]
    end: float
    mended: tuple[Mended, ...] = ()

    def part(self, name: str) -> tuple[Sound, ...]:
        """The notes of one part."""
        return tuple(sound for sound in self.sounds if sound.part == name)


class _Keeper:
    """Keeps what is told: all of it or, `brief`, what was chosen without what it was chosen from, and no events."""

    def __init__(self, brief: bool) -> None:
        self._brief = brief
        self.events: list[Event] = []
        self.decided: list[Decided] = []
        self.believed: list[Believed] = []
        self.mended: list[Mended] = []

    def __call__(self, what: Event | Command) -> None:
        if isinstance(what, Decided):
            self.decided.append(_chosen(what) if self._brief else what)
        elif isinstance(what, Believed):
            self.believed.append(what)
        elif isinstance(what, Mended):
            self.mended.append(what)
        elif isinstance(what, Event) and not self._brief:
            self.events.append(what)

    def performance(self, sounds: tuple[Sound, ...], end: float) -> Performance:
        """All that was kept, with what sounded."""
        told = tuple(self.decided), tuple(self.believed), tuple(self.events)
        return Performance(sounds, *told, end, tuple(self.mended))


def _chosen(decided: Decided) -> Decided:
    """A decision without the other ideas, and without what had been played before."""
    choice, nothing = decided.choice, Phrase()
    turn = replace(decided.turn, player=nothing, partner=nothing)
    return replace(decided, turn=turn, choice=replace(choice, index=0, scored=(choice.scored[choice.index],)))


def rehearse(
    band: Band,
    heard: Sequence[Gesture],
    proposer: Proposer,
    *,
    delay: float = THINKING,
    stop_at: float | None = None,
    journal: Record | None = None,
    listeners: Sequence[Listener] = (),
    brief: bool = False,
) -> Performance:
    """Play a gig from beginning to end as fast as the machine allows; the same arguments give the same performance.

    `heard` is what the player does; `delay` how long every answer of the proposer takes, in seconds. The gig ends
    when the band says so, or when the player leaves at `stop_at`. Of hours all ideas fill the memory: a `brief`
    performance has of each decision only the answer, and no events. Raises StandstillError if it can never end.
    """
    clock, inbox, keeper = VirtualClock(), Inbox(), _Keeper(brief)
    for event in heard:
        inbox.put(event)
    if stop_at is not None:
        inbox.put(Stopped(stop_at))
    recorder = Recorder(clock.now)
    brain = InlineBrain(proposer, inbox, clock, delay)
    Session(band, clock, inbox, brain, recorder, journal, (keeper, *listeners)).run()
    return keeper.performance(recorder.sounds, clock.now())


class _Unasked:
    """A brain for a replay: what it once answered comes from the journal."""

    def ask(self, ask: Ask) -> None:
        pass

    def close(self) -> None:
        pass


class _Past:
    """A clock on which exactly the events of a journal happen; one torn off ends with the player leaving."""

    def __init__(self, events: Iterator[Event]) -> None:
        self._events = events
        self._now = 0.0

    def now(self) -> float:
        return self._now

    def wait(self, inbox: Inbox, until: float | None) -> Event | None:
        event = next(self._events, Stopped(self._now))
        self._now = max(self._now, event.at)
        return event


def replay(band: Band, events: Iterable[Event], brief: bool = False) -> Performance:
    """Hand a band the events of a journal again; one made from the same settings plays the same performance.

    The first event, the wake-up with which every gig begins, is delivered by the session itself.
    """
    left = iter(events)
    first = [event for event in islice(left, 1) if event != Woken(0.0)]
    clock, keeper = _Past(chain(first, left)), _Keeper(brief)
    recorder = Recorder(clock.now)
    Session(band, clock, Inbox(), _Unasked(), recorder, None, (keeper,)).run()
    return keeper.performance(recorder.sounds, clock.now())
