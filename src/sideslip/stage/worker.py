"""A brain in its own process, so that thinking never delays a note and a crash never stops the music.

Asks that get no answer stay unanswered: the band has licks of its own for that.
"""

import logging
import threading
from collections.abc import Callable

from sideslip.band.events import Ask, Ideas
from sideslip.stage.child import Child
from sideslip.stage.codec import decode_ideas, encode_ask
from sideslip.stage.inbox import Inbox
from sideslip.stage.jsonlines import Json

_log = logging.getLogger(__name__)

_START_PATIENCE = 30.0  # s from the start of a process to its first word, on a slow disk
_PAUSES = (0.0, 1.0, 2.0, 5.0, 15.0)  # s before the next start, by the number of starts in a row that came to nothing


class WorkerBrain:
    """Keeps one proposer process alive and passes it the newest ask.

    `factory` is "module:function", called in the child with `argument`; answers come into `inbox` stamped by `now`.
    A child that has died, or has thought longer than `patience` seconds when the next ask comes, is replaced in the
    background; an ask that a newer one overtakes before the child is free is dropped.
    """

    def __init__(
        self,
        inbox: Inbox,
        now: Callable[[], float],
        factory: str,
        argument: str | None = None,
        patience: float = 3.0,
    ) -> None:
        self._inbox, self._now, self._patience = inbox, now, patience
        self._command = ("sideslip.stage.worker_process", factory, argument or "")
        self._changed = threading.Condition()
        # all below is guarded by the condition
        self._child: Child | None = None
        self._wanted: tuple[Ask, float] | None = None  # the newest ask and its moment
        self._thinking: tuple[int, float] | None = None  # number and moment of the ask that the child has
        self._deadline: float | None = None  # by when the child must speak; None while it has nothing to do
        self._closed = False
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._listen, self._speak)]
        for thread in self._threads:
            thread.start()

    def ask(self, ask: Ask) -> None:
        """Have the newest ask answered; never blocks."""
        with self._changed:
            now = self._now()
            self._wanted = ask, now
            if self._deadline is not None and now > self._deadline and self._child is not None:
                _log.warning("the proposer does not answer: starting another")
                self._child.kill()
            self._changed.notify_all()

    def close(self) -> None:
        """End the process, at once."""
        with self._changed:
            self._closed = True
            if self._child is not None:
                self._child.kill()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(0.4)

    def _listen(self) -> None:
        fruitless = 0
        while (child := self._begin()) is not None:
            fruitless = 0 if self._hear_out(child) else fruitless + 1
            with self._changed:
                self._deadline = self._thinking = self._child = None
                if not self._closed:
                    _log.warning("the proposer's process has ended with code %s: starting another", child.code)
                self._changed.wait_for(lambda: self._closed, _PAUSES[min(fruitless, len(_PAUSES) - 1)])

    def _begin(self) -> Child | None:
        with self._changed:
            if self._closed:
                return None
            try:
                self._child = Child(*self._command)
            except OSError as error:
                _log.warning("no process for the proposer can be started: %s", error.strerror)
                return None
            self._deadline = self._now() + _START_PATIENCE
            return self._child

    def _hear_out(self, child: Child) -> bool:
        """Take in all that a child says until it ends; whether it ever said anything."""
        spoke = False
        try:
            for line in child.lines():
                self._take(line)
                spoke = True
        except ValueError as error:
            child.kill()
            _log.warning("the proposer's process does not make sense: %s", error)
        return spoke

    def _take(self, line: Json) -> None:
        with self._changed:
            thought, self._thinking, self._deadline = self._thinking, None, None
            self._changed.notify_all()
        if thought is not None:
            number, asked = thought
            if line.get("ask") != number:
                raise ValueError(f"ask {number} was to be answered, found {line.get('ask')!r:.40}")
            now = self._now()
            self._inbox.put(Ideas(now, number, decode_ideas(line), now - asked))

    def _speak(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or (self._wanted is not None and self._is_free()))
                if self._closed or self._wanted is None or self._child is None:
                    return
                (ask, asked), self._wanted = self._wanted, None
                self._thinking = ask.ask, asked
                self._deadline = self._now() + self._patience
                child = self._child
            child.send(encode_ask(ask))

    def _is_free(self) -> bool:
        return self._child is not None and self._deadline is None
