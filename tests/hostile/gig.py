"""Gigs on the virtual clock: a real sender on a cable that can be pulled, and a player who is a nuisance."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from random import Random

from sideslip.band.events import Beat, Command, Decided, Event, Heard, Hush, Panic, Play, Sound, Turned
from sideslip.stage.inbox import Inbox
from sideslip.stage.midi.midi_in import Ear, is_clock
from sideslip.stage.midi.midi_out import Leave, Order, Sender
from sideslip.stage.midi.names import Choice
from sideslip.testing import FakeMidi, VirtualClock
from sideslip.testing.live import Hearing, phrase

SYNTH = "synth"

_LOOK = 2e-5  # s that a look at the time takes: so a sender that spins comes to an end


class _EnoughError(Exception):
    """The sender has come as far as the session's clock."""


class Stage:
    """An `Output`: a sender that keeps up with the session's clock, to a strict synth; `late` is by how much (s) the
    latest note was sent after its moment.

    It is the sender's time, and where its orders come from.
    """

    def __init__(self, clock: VirtualClock, ear: Ear) -> None:
        self._clock, self._ear, self._time, self._until = clock, ear, 0.0, 0.0
        self._orders: deque[Order] = deque()
        self._midi = FakeMidi(outputs=[SYNTH], now=self.now)
        self._port = self._midi.open_output(Choice(SYNTH))
        self._sender = Sender(self._port, self, self.now, ear.sent)
        self.hearing, self.late = Hearing(), 0.0

    def now(self) -> float:
        """The sender's time."""
        self._time += _LOOK
        return self._time

    def take(self, timeout: float) -> Order | None:
        """For the sender: an order, or nothing after a while, or that it is enough."""
        if self._orders:
            return self._orders.popleft()
        if self._time + timeout > self._until:
            raise _EnoughError
        self._time += max(timeout, 0.0)
        return None

    def catch_up(self) -> None:
        """Let the sender work up to the present moment, and the synth hear it."""
        self._until = self._clock.now()
        try:
            while self._sender._step():
                pass
        except _EnoughError:
            self._time = max(self._time, self._until)
        self._hear()

    def _hear(self) -> None:
        for due, at, message in self._port.sent():
            self.hearing.feed(at, message)
            if message[0] & 0xF0 == 0x90:
                self.late = max(self.late, at - due)
        self._midi.sent.clear()

    def _order(self, order: Order) -> None:
        self.catch_up()
        self._orders.append(order)

    def play(self, sounds: Sequence[Sound]) -> None:
        self._order(Play(tuple(sounds)))

    def hush(self, part: str, at: float) -> None:
        self._order(Hush(part, at))

    def panic(self) -> None:
        self._order(Panic())

    def keep(self, beat: Beat) -> None:
        pass

    def close(self) -> None:
        """Fall silent, as the MIDI process does when it is told to leave."""
        self._order(Leave())
        self._sender.run()
        self._hear()

    def pull_the_cable(self) -> None:
        """What is sent from now on reaches nobody."""
        self.catch_up()
        self._midi.unplug(SYNTH)
        self._sender.lose_port()

    def put_it_back(self) -> None:
        """The port is there again, and the synth still plays what it was told to."""
        self.catch_up()
        self._midi.plug(outputs=[SYNTH])
        self._port = self._midi.open_output(Choice(SYNTH))
        self._sender.find_port(self._port)


# ---------------------------------------------------------------- the player

Timed = tuple[float, bytes]
Nuisance = Callable[[float, Random], Iterator[Timed]]


def rubbish(at: float, rng: Random) -> Iterator[Timed]:
    """Bytes of any kind and number."""
    return ((at + n / 500, rng.randbytes(rng.randrange(9))) for n in range(400))


def flood(at: float, rng: Random) -> Iterator[Timed]:
    """A thousand messages a second, whole ones of every kind on every channel, for three seconds."""
    for n in range(3000):
        status = rng.choice((0x80, 0x90, 0xA0, 0xB0, 0xE0)) | rng.randrange(16)
        yield at + n / 1000, bytes((status, rng.randrange(128), rng.randrange(128)))


def forgotten_ends(at: float, rng: Random) -> Iterator[Timed]:
    """Notes that are never let go."""
    return ((at + n / 10, bytes((0x90, 36 + n, 80))) for n in range(40))


def pedal(at: float, rng: Random) -> Iterator[Timed]:
    """The pedal down, on two channels, and left there."""
    return iter(((at, b"\xb0\x40\x7f"), (at, b"\xb1\x40\x7f"), (at, b"\xb0\x42\x7f")))


def strange_hosts(at: float, rng: Random) -> Iterator[Timed]:
    """System messages that nobody asked for, and controllers reset on all channels."""
    for n, message in enumerate(
        (b"\xfe", b"\xf0\x7e\x7f\x09\x01\xf7", b"\xf1\x03", b"\xf6", b"\xf3\x01", b"\xf8") * 20
    ):
        yield at + n / 100, message
    for channel in range(16):
        yield at + 2, bytes((0xB0 | channel, 123, 0))
        yield at + 2, bytes((0xB0 | channel, 121, 0))


def forearm(at: float, rng: Random) -> Iterator[Timed]:
    """All keys at once, and let go."""
    yield from ((at, bytes((0x90, key, 100))) for key in range(128))
    yield from ((at + 0.5, bytes((0x80, key, 0))) for key in range(128))


def yesterday(at: float, rng: Random) -> Iterator[Timed]:
    """What a driver stamps with a moment long gone, or not yet come."""
    return ((at + rng.choice((-100.0, -1.0, 1.0)), bytes((0x90, 60 + n % 12, 80 * (n % 2)))) for n in range(50))


def the_end_of_it(at: float, rng: Random) -> Iterator[Timed]:
    """The hand lifted from everything, as a player does who hears that something hangs."""
    for channel in range(16):
        yield at, bytes((0xB0 | channel, 64, 0))
        yield at, bytes((0xB0 | channel, 123, 0))


NUISANCES: tuple[Nuisance, ...] = (rubbish, flood, forgotten_ends, pedal, strange_hosts, forearm, yesterday)


class Player:
    """Plays a turn, rests a turn, until some moment; now and then a nuisance, and what the program is to withstand: the
    cable out for two seconds, panic, a control turned. `clocked` sends a MIDI clock with jitter, too.

    `calls` are the moments (s) at which each call began, and whether all went well with it and the one before;
    `answers` those at which one was decided, with how many notes. Notes that were laid down on a beat are held against
    the grid of the tempo agreed on: `off` is how far (s) one ever was from it. `pulled` is how often the cable was out.
    """

    def __init__(
        self,
        inbox: Inbox,
        clock: VirtualClock,
        stage: Stage,
        ear: Ear,
        beat: float,
        beats: int,
        ends: float,
        clocked: bool,
    ) -> None:
        self._inbox, self._clock, self._stage, self._ear, self._clocked = inbox, clock, stage, ear, clocked
        self._beat, self._length, self._beats, self._rng = beat, beats * beat, beats, Random(1)
        self.ends = ends - ends % (2 * self._length)
        self._later: deque[tuple[float, Callable[[], None]]] = deque()
        self._laid: list[float] = []
        self.calls, self.answers, self.off = list[tuple[float, bool]](), list[tuple[float, int]](), 0.0
        self.pulled = 0
        if clocked:
            inbox.put(Heard(0.0, b"\xfa"))
        self._plan()

    def __call__(self, what: Event | Command) -> None:
        """Listen to the session, and go on with the next turn when this one is all but over."""
        self._stage.catch_up()
        now = self._clock.now()
        while self._later and self._later[0][0] <= now:
            self._later.popleft()[1]()
        if isinstance(what, Play):
            self._laid = [sound.on for sound in what.sounds if sound.part == "partner"]
        elif isinstance(what, Decided):
            notes = what.choice.scored[what.choice.index].idea.phrase.notes
            self.answers.append((now, len(notes)))
            on_beat = [note.onset / 12 * self._beat for note in notes if note.onset % 12 == 0]
            self.off = max([self.off, *(min(abs(laid - on) for laid in self._laid) for on in on_beat)])

    def unanswered(self) -> list[float]:
        """The calls with which nothing went wrong, and which had no answer before the next one."""
        return [
            at
            for at, is_well in self.calls
            if is_well and not any(at < moment < at + 2 * self._length and notes for moment, notes in self.answers)
        ]

    def _plan(self) -> None:
        """Lay out a call, and what comes with it."""
        number, at, length = len(self.calls) + 1, 2 * self._length * len(self.calls), self._length
        if at >= self.ends - self._beat:
            return
        self._hear(phrase(at, self._beats, self._beat, self._rng))
        if self._clocked:
            ticks = range(48 * self._beats)
            self._hear((max(0.0, at + n * self._beat / 24 + self._rng.uniform(-0.004, 0.004)), b"\xf8") for n in ticks)
        if number % 3 == 0:
            nuisance = NUISANCES[number // 3 % len(NUISANCES)]
            self._annoy(nuisance(at + self._rng.uniform(0.1, length), self._rng))
            self._annoy(the_end_of_it(at + 1.9 * length, self._rng))
        if number % 10 == 0:
            out = at + length * self._rng.uniform(1, 1.5)
            self._later += ((out, self._stage.pull_the_cable), (out + 2.0, self._stage.put_it_back))
            self.pulled += 1
        elif number % 10 == 5:
            self._inbox.put(Turned(at + length * 1.5, "panic", True))
        elif number % 10 == 7:
            self._inbox.put(Turned(at + length * 0.5, "outside", self._rng.random()))
        self.calls.append((at, number % 3 == 2 and number % 5 > 1))
        self._later.append((at + 2 * length - self._beat, self._plan))

    def _annoy(self, messages: Iterator[Timed]) -> None:
        """A nuisance; that a host stops is none."""
        self._hear((at, message) for at, message in messages if not (self._clocked and is_clock(message)))

    def _hear(self, messages: Iterator[Timed]) -> None:
        for at, message in sorted(messages):
            if self._ear.lets_through(at, message):
                self._inbox.put(Heard(at, message))
