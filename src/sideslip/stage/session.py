"""The loop of a gig: events in, commands out, and silence whatever happens."""

import logging
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from types import FrameType
from typing import Protocol

from sideslip.band.events import (
    Ask,
    Beat,
    Believed,
    Changed,
    Command,
    Decided,
    Event,
    Finished,
    Hush,
    Mended,
    Panic,
    Play,
    Sound,
    Stopped,
    Woken,
)
from sideslip.stage.clock import Clock
from sideslip.stage.inbox import Inbox

_log = logging.getLogger(__name__)


class Band(Protocol):
    """Who decides: handed every event, answers with commands. The first event is `Woken(0.0)`."""

    @property
    def wake_at(self) -> float | None:
        """The moment (s) at which the band wants to be woken next, if nothing happens before."""
        ...

    def handle(self, event: Event) -> Sequence[Command]:
        """Take an event in; what is to be done now."""
        ...


class Brain(Protocol):
    """Who invents: answers an `Ask` with `Ideas` in the inbox, or not at all."""

    def ask(self, ask: Ask) -> None:
        """Begin to think; returns at once."""
        ...

    def close(self) -> None:
        """Stop thinking."""
        ...


class Output(Protocol):
    """Who sounds: owns every note it began."""

    def play(self, sounds: Sequence[Sound]) -> None:
        """Sound these at their moments; returns at once."""
        ...

    def hush(self, part: str, at: float) -> None:
        """End what a part sounds and forget what it still had to play."""
        ...

    def panic(self) -> None:
        """End all that sounds and forget all that was to come."""
        ...

    def keep(self, beat: Beat) -> None:
        """Go by this beat from now on, wherever others are told of it; returns at once."""
        ...

    def close(self) -> None:
        """End every sounding note."""
        ...


class Record(Protocol):
    """Who writes every event down before the band hears of it."""

    def write(self, event: Event) -> None:
        """Keep an event."""
        ...


Listener = Callable[[Event | Command], None]
"""Someone who watches (trace, screen, page): told every event and every command in order; must be quick."""


class Session:
    """One gig: waits, hands events to the band, and does what it asks."""

    def __init__(
        self,
        band: Band,
        clock: Clock,
        inbox: Inbox,
        brain: Brain,
        output: Output,
        journal: Record | None = None,
        listeners: Sequence[Listener] = (),
    ) -> None:
        self._band, self._clock, self._inbox = band, clock, inbox
        self._brain, self._output = brain, output
        self._journal, self._listeners = journal, tuple(listeners)
        self._finished = False

    def run(self) -> None:
        """Play until the band has finished; brain and output are closed on every way out.

        A wake-up carries the moment that was asked for, so that events reach the band in order of their moments.
        """
        with ExitStack() as closing:
            closing.callback(self._brain.close)
            closing.callback(self._output.close)  # closed first
            self._deliver(Woken(0.0))
            while not self._finished:
                until = self._band.wake_at
                event = self._clock.wait(self._inbox, until)
                if event is None:
                    assert until is not None, "a clock without a moment to wait for returns an event"
                    event = Woken(until)
                self._deliver(event)

    def _deliver(self, event: Event) -> None:
        if self._journal is not None:
            self._journal.write(event)
        self._tell(event)
        for command in self._band.handle(event):
            self._obey(command)
            self._tell(command)

    def _obey(self, command: Command) -> None:
        match command:
            case Play(sounds):
                self._output.play(sounds)
            case Hush(part, at):
                self._output.hush(part, at)
            case Panic():
                self._output.panic()
            case Beat():
                self._output.keep(command)
            case Ask():
                self._brain.ask(command)
            case Finished():
                self._finished = True
            case Decided() | Mended() | Believed() | Changed():
                pass  # only told

    def _tell(self, what: Event | Command) -> None:
        for listener in self._listeners:
            listener(what)


def guarded(listener: Listener) -> Listener:
    """A listener whose failure (a full disk, a closed page) is told once in the log and never stops the music."""
    failed = False

    def told(what: Event | Command) -> None:
        nonlocal failed
        if failed:
            return
        try:
            listener(what)
        except Exception as error:
            failed = True
            _log.warning("a listener failed and is told nothing more: %s: %s", type(error).__name__, error)

    return told


def stop_on_signals(inbox: Inbox, now: Callable[[], float]) -> AbstractContextManager[None]:
    """While inside, Ctrl-C, SIGTERM, SIGHUP and SIGQUIT put `Stopped` into the inbox; after, all is as before.

    A second signal ends the program at once by KeyboardInterrupt, which the session still answers with silence. Hanging
    up stays ignored where the program was started so (by nohup); Ctrl-C does not, though a shell starts what it puts in
    the background so: a note that nobody can stop is worse.
    """
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        if stopping:
            raise KeyboardInterrupt
        stopping = True
        inbox.put(Stopped(now()))

    hanging_up = [] if _is_ignored("SIGHUP") else ["SIGHUP"]
    return _heeded(("SIGINT", "SIGTERM", "SIGQUIT", *hanging_up), stop)


def panic_on_signal(panic: Callable[[], None]) -> AbstractContextManager[None]:
    """While inside, SIGUSR1, where the system has it, calls `panic`, which must be safe in a signal handler."""
    return _heeded(("SIGUSR1",), lambda number, frame: panic())


def _is_ignored(name: str) -> bool:
    return hasattr(signal, name) and signal.getsignal(getattr(signal, name)) is signal.SIG_IGN


@contextmanager
def _heeded(names: Sequence[str], handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    former = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, before in former.items():
            signal.signal(number, before)
