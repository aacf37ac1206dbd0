"""Hosts: what a DAW or a hardware sequencer sends to a device that follows its transport.

Ways are named by what they do. Where one is a host's own, it is from its source (Ardour: libs/ardour/ticker.cc), its
manual (Logic Pro: MIDI sync and reset messages; Live: synchronising) or a log of its port (Reaper); other hosts have
been seen to do any of these.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sideslip.listen.clock_messages import CLOCK, CONTINUE, START, STOP, song_position
from sideslip.listen.tempo import Piece, TempoMap

Timed = tuple[float, bytes]
"""Seconds and a message."""

RESET = tuple(
    bytes((status | channel, *data))
    for channel in range(16)
    for status, data in ((0xB0, (64, 0)), (0xB0, (121, 0)), (0xB0, (123, 0)), (0xE0, (0, 64)), (0xC0, (0,)))
)
"""On every channel: pedal up, controllers reset, all notes off, pitch bend centred, and a program."""

HUSH = tuple(bytes((0xB0 | channel, number, 0)) for channel in range(16) for number in (120, 123))
"""On every channel: all sound off, all notes off."""

_START, _CONTINUE, _STOP, _HERE = bytes((START,)), bytes((CONTINUE,)), bytes((STOP,)), b""  # the last: the position


@dataclass(frozen=True, slots=True)
class Host:
    """What is sent before the first clock from the top, from elsewhere, and after a jump while it runs; what at a stop;
    and whether clocks `idle` on while it stands. An empty message stands for the song position."""

    top: tuple[bytes, ...] = (_START,)
    elsewhere: tuple[bytes, ...] = (_HERE, _CONTINUE)
    jump: tuple[bytes, ...] = (_HERE, _CONTINUE)
    stop: tuple[bytes, ...] = (_STOP,)
    idle: bool = False


HOSTS: Mapping[str, Host] = MappingProxyType(
    {
        "stops and goes on at a jump": Host(jump=(_STOP, _HERE, _CONTINUE)),  # Ardour
        "continues at a jump, clocks idle": Host(idle=True, stop=(_STOP, *RESET)),
        "resets and continues at a jump": Host(  # Logic Pro with reset messages on
            top=(*RESET, _HERE, _START), elsewhere=(*RESET, _HERE, _CONTINUE), jump=(*RESET, _HERE, _CONTINUE)
        ),
        "hushes before it goes on": Host(  # Reaper
            elsewhere=(*HUSH, _HERE, _CONTINUE), jump=(_STOP, *HUSH, _HERE, _CONTINUE), stop=(_STOP, _HERE, *HUSH)
        ),
        "tells only the position at a jump": Host(jump=(_HERE,)),
        "tells only the position at a jump, clocks idle": Host(jump=(_HERE,), idle=True, stop=(_STOP, *HUSH)),
        "starts at a jump to the top": Host(jump=(_START,), idle=True),  # Live in pattern mode, drum machines
        "continues first, then tells the position": Host(elsewhere=(_CONTINUE, _HERE), jump=(_CONTINUE, _HERE)),
    }
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The host plays from a moment to another (s), its beats, which are quarters, being where `tempo` has them."""

    begin: float
    end: float
    tempo: TempoMap


def transport(
    host: Host, bpm: float, *quarters: tuple[float, float], begin: float = 1.0, pause: float = 0.0
) -> tuple[list[Timed], list[Stretch]]:
    """A host plays stretches of its song, each from a quarter to another (sixteenths, the first being 0), one right
    after the other as in a cycle, or standing for `pause` seconds between them: the messages, and where it truly was.
    """
    gap, messages, stretches, at = 60 / bpm / 24, list[Timed](), list[Stretch](), begin
    if host.idle:
        messages += _clocks(begin - 48 * gap, 48, gap)
    for number, (first, last) in enumerate(quarters):
        jumps = number > 0 and not pause
        words = host.jump if jumps else host.elsewhere if first else host.top
        messages += _said(at - (gap / 2 if host.idle or jumps else 0.001), words, first)
        clocks = round((last - first) * 24)
        messages += _clocks(at, clocks, gap)
        end = at + clocks * gap
        stretches.append(Stretch(at, end, TempoMap.of([Piece(at, first, bpm)])))
        at = end
        if pause or number == len(quarters) - 1:
            messages += _said(end - gap / 2, host.stop, first)
            idle = round(pause / gap)
            messages += _clocks(end, idle, gap) if host.idle else ()
            at = end + (idle * gap if host.idle else pause)
    return messages, stretches


def _clocks(at: float, count: int, gap: float) -> Iterator[Timed]:
    return ((at + clock * gap, bytes((CLOCK,))) for clock in range(count))


def _said(at: float, words: tuple[bytes, ...], quarter: float) -> Iterator[Timed]:
    """Messages a microsecond apart, as they leave one buffer."""
    return ((at + n * 1e-6, word or song_position(round(4 * quarter))) for n, word in enumerate(words))
