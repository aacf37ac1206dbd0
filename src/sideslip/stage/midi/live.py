"""The stage of a live gig, as the program sees it: an output, and what is heard arriving in the inbox.

The ports are in a process of their own (`process`); here it is started, kept alive and ended.
"""

import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue

from sideslip.band.events import Beat, Heard, Hush, Panic, Play, Sound
from sideslip.errors import PortError
from sideslip.stage.child import Child
from sideslip.stage.clock import RealClock
from sideslip.stage.inbox import Inbox
from sideslip.stage.jsonlines import Json
from sideslip.stage.midi.clock_out import ClockWish
from sideslip.stage.midi.midi_in import Binding
from sideslip.stage.midi.midi_out import Leave, Order
from sideslip.stage.midi.names import Choice
from sideslip.stage.midi.news import News
from sideslip.stage.midi.plan import Channels, Held, Plan
from sideslip.stage.midi.ports import Backend, Sent, no_system
from sideslip.stage.midi.protocol import Heed, Wish, encode_order
from sideslip.stage.priority import PASSING_ON, hurry
from sideslip.stage.schedule import check

_START = 10.0  # s for a process to open its ports
_LOOK = 0.5  # s between two looks at whether the process lives, which gives a sign of it as often
_MISSED = 8  # looks in a row without one before it counts as hung: a dead JACK server does that to it
_LEAVING = 0.4  # s to fall silent and close the ports
_PAUSES = (0.0, 0.5, 1.0)  # s before the next start, by the number of starts in a row that came to nothing
_KEPT = 20_000  # sent messages remembered


@dataclass(frozen=True, slots=True)
class Obeyed:
    """An order that the MIDI process gave itself."""

    order: Order


class LiveMidi:
    """An `Output` on a MIDI port, and an input whose messages come into the inbox as `Heard`.

    Make it with `LiveMidi.open`. `input` and `output` are the ports opened; `sent` the latest messages, due and sent in
    seconds on the session's clock, of all of which `on_sent` is told as they are known. If the process
    dies, what it sounded is ended and what it still had to play is played by the next one.
    """

    def __init__(self, inbox: Inbox, clock: RealClock, wish: Wish) -> None:
        self._inbox, self._clock, self._wish = inbox, clock, wish
        self.input = self.output = Choice("")
        self.sent: deque[Sent] = deque(maxlen=_KEPT)
        self.on_sent: Callable[[Sequence[Sent]], None] = lambda sent: None
        self._plan = Plan()  # noted by the thread that speaks, as orders go out
        self._left: tuple[Held, Channels] = (), ()  # by the process before: what sounded, the channels it played
        self._news = News()
        self._missed = 0
        self._closing = threading.Event()
        self._outbox: SimpleQueue[Order | Heed | Obeyed | None] = SimpleQueue()
        self._opened: SimpleQueue[PortError | None] = SimpleQueue()
        self._child = Child("sideslip.stage.midi.process")
        self._child.send(wish.encode())
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._listen, self._speak)]
        for thread in self._threads:
            thread.start()

    @classmethod
    def open(
        cls,
        inbox: Inbox,
        clock: RealClock,
        input: str | None = None,
        output: str | None = None,
        backend: Backend | None = None,
        midi_clock: bool = False,
        clock_out: ClockWish | None = None,
        panics: Sequence[Binding] = (),
        offset: float = 0.0,
        wait: bool = True,
    ) -> "LiveMidi":
        """Open both ports by the names a player types; with `midi_clock`, clock and transport are heard too.

        `panics` are controllers that end all sound at once, however busy this program is; `offset` is how much
        later than ordered everything is sent, in s; `clock_out` asks for a MIDI clock beside the notes.
        Raises PortError if one cannot be opened, or if the MIDI system does not answer; who does not `wait` for that
        calls `opened`.
        """
        ports, bound = (input, output, backend or Backend()), tuple(panics)
        wish = Wish(*ports, clock.origin, clock=midi_clock, panics=bound, offset=offset, clock_out=clock_out)
        live = cls(inbox, clock, wish)
        if wait:
            live.opened()
        return live

    def opened(self) -> None:
        """Return once both ports are open. Raises PortError as `open` does."""
        try:
            error = self._opened.get(timeout=_START)
        except Empty:
            error = PortError(f"the MIDI system does not answer within {_START:g} s; is its server stuck?")
        if error is not None:
            self.close()
            raise error

    @property
    def hurries(self) -> bool:
        """Whether the thread that sends has been given real-time priority; it asks for it."""
        if not hasattr(os, "sched_getscheduler"):
            return False
        try:
            return os.sched_getscheduler(self._child.pid) == os.SCHED_FIFO
        except ProcessLookupError:
            return False

    def play(self, sounds: Sequence[Sound]) -> None:
        """Sound these at their moments. Raises ValueError for what MIDI cannot play."""
        for sound in sounds:
            check(sound)
        self._outbox.put(Play(tuple(sounds)))

    def hush(self, part: str, at: float) -> None:
        """End what a part sounds and forget what it still had to play."""
        self._outbox.put(Hush(part, at))

    def panic(self) -> None:
        """End all that sounds and forget all that was to come; safe in any thread and in a signal handler."""
        self._outbox.put(Panic())

    def heed(self, panics: Sequence[Binding]) -> None:
        """End all sound when one of these controllers is pressed, however busy this program is."""
        self._wish = replace(self._wish, panics=tuple(panics))
        self._outbox.put(Heed(tuple(panics)))

    def keep(self, beat: Beat) -> None:
        """Have the clock that is sent go by this beat, if there is one."""
        if self._wish.clock_out is not None:
            self._outbox.put(beat)

    def close(self) -> None:
        """Fall silent and end the process."""
        self._closing.set()
        self._outbox.put(Leave())
        self._threads[0].join(_LEAVING)
        self._child.kill()
        for thread in self._threads:
            thread.join(_LEAVING)

    def _listen(self) -> None:
        hurry(PASSING_ON)
        fruitless = 0
        while True:
            opened = self._hear_out(self._child)
            if self._closing.is_set():
                return
            if not self.output.name:
                # rtmidi2 ends its whole process where python-rtmidi says that there is no server
                self._opened.put(
                    no_system(self._wish.backend.api_here, f"it ended our process, code {self._child.code}")
                )
                return
            if opened:
                self._left = self._plan.sounding(self._clock.now() - self._wish.offset), self._plan.channels
                self._news.troubled(f"the MIDI process has ended with code {self._child.code}: starting another")
            fruitless = 0 if opened else fruitless + 1
            if self._closing.wait(_PAUSES[min(fruitless, len(_PAUSES) - 1)]):
                return
            try:
                self._restart()
            except OSError as error:
                self._news.troubled(f"no MIDI process can be started: {error.strerror}")

    def _hear_out(self, child: Child) -> bool:
        """Take in all that a process says until it ends; whether it opened its ports."""
        opened = False
        try:
            for line in child.lines():
                opened = self._take(line) or opened
        except ValueError as error:
            self._news.troubled(f"the MIDI process does not make sense: {error}")
        return opened

    def _take(self, line: Json) -> bool:
        self._missed = 0
        match line:
            case {"heard": list(messages)}:
                for at, message in messages:
                    self._inbox.put(Heard(at, bytes.fromhex(message)))
            case {"sent": list(messages)}:
                sent = [Sent(due, at, bytes.fromhex(message)) for due, at, message in messages]
                self.sent.extend(sent)
                self.on_sent(sent)
            case {"panicked": [ended, forgotten]}:
                self._outbox.put(Obeyed(Panic()))
                self._news.panicked(self._clock.now(), ended, forgotten)
            case {"opened": {"input": [*heard], "output": [*played]}}:
                self.input, self.output = Choice(*heard), Choice(*played)
                self._news.opened(self.input, self.output)
                self._opened.put(None)
                return True
            case {"error": str(text)} if not self.output.name:
                self._opened.put(PortError(text))
            case {"error": str(text)}:
                self._news.troubled(text)
            case {"gone": "input" | "output" as way}:
                self._news.gone(way, getattr(self, way).name)
            case {"back": "input" | "output" as way}:
                self._news.back(way, getattr(self, way).name)
        return False

    def _restart(self) -> None:
        """A new process on the same ports, which first ends what the old one left sounding when it died."""
        sounding, channels = self._left
        wish = replace(self._wish, input=self.input, output=self.output, sounding=sounding, used=channels)
        child = Child("sideslip.stage.midi.process")
        child.send(wish.encode())
        self._missed = 0
        self._child = child
        self._outbox.put(None)
        if self._closing.is_set():
            child.kill()

    def _speak(self) -> None:
        """Pass orders on without ever holding up the band; notice a process that hangs, tell a new one the plan."""
        hurry(PASSING_ON)
        told, looked, order = self._child, self._clock.now(), None
        while not isinstance(order, Leave):
            order = self._next_order()
            now, child = self._clock.now(), self._child
            if child is not told:
                told = child
                for known in self._plan.after(now - self._wish.offset):
                    child.send(encode_order(known))
            elif order is not None:
                child.send(encode_order(order))
            if now - looked >= _LOOK:  # counted in looks, not seconds: the machine may have slept
                looked = now
                self._missed += 1
            if self._missed >= _MISSED:
                self._news.troubled("the MIDI process does not answer: starting another")
                self._missed = 0
                child.kill()

    def _next_order(self) -> Order | Heed | None:
        """What is to be passed on, already in the plan; None if nothing came for a while."""
        try:
            item = self._outbox.get(timeout=_LOOK)
        except Empty:
            return None
        if item is not None and not isinstance(item, Heed):
            self._plan.note(item.order if isinstance(item, Obeyed) else item, self._clock.now())
        return None if isinstance(item, Obeyed) else item
