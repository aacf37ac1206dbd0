"""From a driver's callback to what the band hears.

The callback stamps and appends. Another thread takes messages on from there, in order and none left out, through an ear
that knows what is no news: broken bytes, sysex, our own notes come back over a cable, and clocks where nobody asked.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from queue import SimpleQueue

from sideslip.listen.clock_messages import CLOCK, CONTINUE, POSITION, START, STOP
from sideslip.stage.messages import DATA_BYTES
from sideslip.stage.midi.echo import Echo

Stamped = tuple[float, bytes]
"""Seconds and the bytes of a message."""

Binding = tuple[int | None, int]
"""A controller of a channel (0..15, None: of any) by its number."""

_PEDALS = (64, 66)  # sustain, sostenuto
_CHANNEL_MODES = 120  # controllers from here up speak of the channel as a whole. Source: MIDI 1.0
_NOISE, _NOISY = 8, 1.0  # broken messages within so many s after which no controller on the line is believed
_BATCH = 500  # messages handed on at a time
_GONE = b"gone"  # this object in the place of a message: the keyboard is gone


_CLOCK = {POSITION: 3, CLOCK: 1, START: 1, CONTINUE: 1, STOP: 1}  # bytes of a message


def is_clock(message: bytes) -> bool:
    """Whether a message is a clock or a whole one of the transport."""
    return bool(message) and len(message) == _CLOCK.get(message[0]) and max(message[1:], default=0) < 0x80


def is_sound(message: bytes) -> bool:
    """Whether a message is of use: a whole channel message; no clock, no sysex, no sign of life."""
    data = message[1:]
    return len(data) == DATA_BYTES.get(message[0] & 0xF0 if message else 0, -1) and max(data) < 0x80


def panics(message: bytes, bindings: Sequence[Binding]) -> bool:
    """Whether a message is a controller that is bound to panic, pressed (64 or above)."""
    if len(message) != 3 or message[0] & 0xF0 != 0xB0 or not 64 <= message[2] < 0x80:
        return False
    return any(channel in (None, message[0] & 0x0F) and number == message[1] for channel, number in bindings)


class Ear:
    """Lets through what the player plays, and `clock` and transport if wanted. Pure: moments are arguments, in s.

    While broken messages come in, controllers that hold no notes are not believed: they would turn knobs by chance.
    """

    def __init__(self, clock: bool = False) -> None:
        self._clock = clock
        self._echo = Echo()
        self._broken: deque[float] = deque(maxlen=_NOISE)  # when the latest broken messages came
        self._held: dict[bytes, None] = {}  # what the player holds, as the messages that would let go of it

    def sent(self, at: float, message: bytes) -> None:
        """Note what we send ourselves."""
        if _strikes(message):
            self._echo.sent(at, message[0] & 0x0F, message[1], message[2])

    def lets_through(self, at: float, message: bytes) -> bool:
        """Whether a message is the player's own, and not a note of ours that has come back."""
        if self._clock and is_clock(message):
            return True
        if not is_sound(message):
            if not message or message[0] < 0xF0:
                self._broken.append(at)
            return False
        if _turns(message) and len(self._broken) == _NOISE and at - self._broken[0] < _NOISY:
            return False
        channel = message[0] & 0x0F
        if _strikes(message):
            if self._echo.strikes(at, channel, message[1], message[2]):
                return False
        elif message[0] & 0xF0 in (0x80, 0x90) and self._echo.ends(channel, message[1]):
            return False
        self._follow(message)
        return True

    def let_go(self) -> list[bytes]:
        """The messages that end all that the player holds, for when the keyboard is gone."""
        ends = list(self._held)
        self._held.clear()
        self._echo.clear()
        return ends

    def _follow(self, message: bytes) -> None:
        kind, channel = message[0] & 0xF0, message[0] & 0x0F
        if kind in (0x80, 0x90):
            self._hold(bytes((0x80 | channel, message[1], 64)), _strikes(message))
        elif kind == 0xB0 and message[1] in _PEDALS:
            self._hold(bytes((0xB0 | channel, message[1], 0)), message[2] >= 64)

    def _hold(self, end: bytes, down: bool) -> None:
        if down:
            self._held[end] = None
        else:
            self._held.pop(end, None)


def _strikes(message: bytes) -> bool:
    return message[0] & 0xF0 == 0x90 and message[2] > 0


def _turns(message: bytes) -> bool:
    """Whether a message is a controller that neither holds notes nor ends them."""
    return message[0] & 0xF0 == 0xB0 and message[1] not in _PEDALS and message[1] < _CHANNEL_MODES


class Listener:
    """Takes messages from the driver's thread to `hand_on`, through an ear, on the thread that runs it.

    `on_panic` is called first when one of `bindings` is pressed.
    """

    def __init__(
        self,
        hand_on: Callable[[Sequence[Stamped]], None],
        clock: bool = False,
        bindings: Sequence[Binding] = (),
        on_panic: Callable[[], None] = lambda: None,
    ) -> None:
        self._hand_on, self._bindings, self._on_panic = hand_on, tuple(bindings), on_panic
        self._ear = Ear(clock)
        self._sent: deque[Stamped] = deque()  # what the sender's thread says; the ear is told before it hears
        self._arrived: SimpleQueue[Stamped | None] = SimpleQueue()

    def on_message(self, at: float, message: bytes) -> None:
        """For the driver: append, nothing else."""
        self._arrived.put((at, message))

    def heed(self, bindings: Sequence[Binding]) -> None:
        """Let these press `on_panic` from now on."""
        self._bindings = tuple(bindings)

    def sent(self, at: float, message: bytes) -> None:
        """For the sender: this was sent at that moment."""
        self._sent.append((at, message))

    def gone(self, at: float) -> None:
        """The keyboard is gone: what it held ends now."""
        self._arrived.put((at, _GONE))

    def run(self) -> None:
        """Hand on until stopped."""
        while (first := self._arrived.get()) is not None:
            batch = [first]
            while len(batch) < _BATCH and not self._arrived.empty():
                more = self._arrived.get()
                if more is None:
                    self._arrived.put(None)
                    break
                batch.append(more)
            if self._bindings and any(panics(message, self._bindings) for _, message in batch):
                self._on_panic()
            self._tell_ear()
            heard = [passed for at, message in batch for passed in self._passed(at, message)]
            if heard:
                self._hand_on(heard)

    def _tell_ear(self) -> None:
        while self._sent:
            self._ear.sent(*self._sent.popleft())

    def _passed(self, at: float, message: bytes) -> Iterator[Stamped]:
        if message is _GONE:
            yield from ((at, end) for end in self._ear.let_go())
        elif self._ear.lets_through(at, message):
            yield at, message

    def stop(self) -> None:
        """End `run` once everything before is handed on."""
        self._arrived.put(None)
