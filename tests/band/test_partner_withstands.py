"""Whatever comes in: no exception, nothing that cannot be played, an end when the player leaves; and in time."""

import random
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sideslip.band.events import (
    Ask,
    Believed,
    Command,
    Decided,
    Event,
    Finished,
    Heard,
    Hush,
    Ideas,
    Play,
    Stopped,
    Woken,
)
from sideslip.band.settings import GigSettings
from sideslip.listen.tempo import TempoMap
from sideslip.music.changes import Changes
from sideslip.stage.schedule import check
from sideslip.testing import ScriptedProposer, rehearse

from .players import (
    BAR,
    BLUES,
    CLOCK,
    CONTINUE,
    LIFT,
    NO_CHART,
    PRESS,
    START,
    STOP,
    WALTZ,
    Part,
    chosen,
    clocks,
    eighths,
    partner,
    play,
    position,
    said,
    together,
)

TIMINGS = ("steady", "tap", "follow", "clock")
TRADES = (1, 4, "free", "duet")

STATUS = st.sampled_from([0x80, 0x90, 0x90, 0x91, 0x99, 0xB0, 0xC0, 0xE0, 0xF0, 0xF2, 0xF8, 0xFA, 0xFB, 0xFC, 0xFF])
KEYS = st.sampled_from([36, 48, 52, 55, 60, 62, 64, 67, 72, 76])
MESSAGES = st.one_of(
    st.binary(max_size=5),
    st.builds(lambda status, data: bytes((status, *data)), STATUS, st.lists(st.integers(0, 127), max_size=2)),
    st.builds(lambda key: bytes((0x90, key, 80)), KEYS),
    st.builds(lambda key: bytes((0x80, key, 0)), KEYS),
    st.sampled_from([CLOCK, START, CONTINUE, STOP, PRESS, LIFT, position(0), position(64), position(16383)]),
)
WAITS = st.one_of(
    st.sampled_from([0.0, 1e-9, 0.001, 0.0208, 0.25, 0.5, 0.5, 1.0, 3.0]), st.floats(0, 8, allow_subnormal=False)
)
STREAMS = st.lists(st.tuples(WAITS, MESSAGES, st.integers(1, 12)), max_size=24)


def streamed(played: list[tuple[float, bytes, int]]) -> Part:
    """Messages that come after a wait, some of them several times as far apart."""
    heard, at = [], 0.0
    for wait, message, times in played:
        for _ in range(times):
            at += wait
            heard.append(Heard(at, message))
    return heard


class Judge:
    """Holds every command to what was promised."""

    def __init__(self) -> None:
        self.at, self.beat, self.asks, self.woken, self.finished = 0.0, -1, 0, 0, 0

    def __call__(self, what: Event | Command) -> None:
        assert not self.finished or not isinstance(what, Command)
        match what:
            case Heard() | Woken() | Ideas() | Stopped():
                self.at = max(self.at, what.at)
                self.woken += isinstance(what, Woken)
            case Play(sounds):
                for sound in sounds:
                    check(sound)
                    assert sound.on < sound.off and sound.part in ("partner", "bass", "drums")
            case Hush(part, at) if at > self.at:
                assert part == "partner"  # what it had still to play is taken back, for it stands by its last note
            case Hush(_, at):
                self.beat = -1
            case Ask(ask, turn):
                assert ask == self.asks + 1 and 0 <= turn.start < turn.end and turn.tempo > 0
                self.asks = ask
            case Decided(turn):
                assert 0 <= turn.start < turn.end
                assert all(turn.start <= note.onset < turn.end for note in chosen(what))
            case Believed(beat, belief):
                assert beat > self.beat and 0 < belief.probability <= 1 and 0 <= belief.place <= 1
                self.beat = beat
            case Finished(at):
                assert at <= self.at
                self.finished += 1


@pytest.mark.parametrize("timing", TIMINGS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    trade=st.sampled_from(TRADES),
    changes=st.sampled_from([BLUES, WALTZ, NO_CHART]),
    ends=st.sampled_from([None, 1, 97, BLUES.length]),
    rhythm=st.booleans(),
    anywhere=st.booleans(),
    played=STREAMS,
)
def test_any_bytes_at_any_moments(
    timing: str,
    trade: object,
    changes: Changes,
    ends: int | None,
    rhythm: bool,
    anywhere: bool,
    played: list[tuple[float, bytes, int]],
) -> None:
    gig = GigSettings(changes, 150.0, trade, ends=ends, rhythm=rhythm, timing=timing, anywhere=anywhere)  # type: ignore[arg-type]
    heard, judge = streamed(played), Judge()
    leaves = min(heard[-1].at if heard else 0.0, 90.0) + 3.0
    performance = rehearse(partner(gig), heard, ScriptedProposer(), stop_at=leaves, listeners=[judge])
    assert judge.finished == 1 and performance.end <= leaves
    assert all(0 <= sound.on <= sound.off <= performance.end for sound in performance.sounds)
    assert judge.woken < 60 + 20 * performance.end + 3 * len(heard)


@pytest.mark.parametrize("trade", TRADES)
@pytest.mark.parametrize("changes", [BLUES, NO_CHART])
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(played=STREAMS, jitter=st.sampled_from([0.0, 0.004, 0.03]), bpm=st.sampled_from([21, 97, 180, 399]))
def test_any_bytes_between_the_clocks(
    trade: object, changes: Changes, played: list[tuple[float, bytes, int]], jitter: float, bpm: float
) -> None:
    gig = GigSettings(changes, trade=trade, timing="clock", rhythm=True)  # type: ignore[arg-type]
    tempo, judge = TempoMap(bpm, 1.0), Judge()
    heard = together(said((0.99, START)), clocks(tempo, 0, 40, jitter), streamed(played))
    performance = rehearse(partner(gig), heard, ScriptedProposer(), stop_at=tempo.seconds(40), listeners=[judge])
    assert judge.finished == 1
    assert judge.woken < 60 + 20 * performance.end + 3 * len(heard)


# ---------------------------------------------------------------- too much


def flood(begin: float, seconds: float, seed: int = 1) -> Iterator[Heard]:
    """A thousand messages a second on sixteen channels, with long sysex between."""
    chance = random.Random(seed)
    for k in range(round(1000 * seconds)):
        status = chance.choice((0x90, 0x90, 0x90, 0x80, 0x80, 0xB0, 0xE0)) | chance.randrange(16)
        message = bytes((status, chance.randrange(128), chance.randrange(128)))
        if status & 0xF0 == 0xB0:
            message = bytes((status, 1, message[2]))
        yield Heard(begin + k / 1000, message if k % 50 else b"\xf0" + bytes(2000) + b"\xf7")


@pytest.mark.parametrize("timing", TIMINGS)
@pytest.mark.parametrize("trade", [4, "duet"])
def test_a_flood_of_notes_is_heard_in_time_and_the_next_phrase_answered(timing: str, trade: object) -> None:
    tempo = TempoMap(120, 1.0)
    gig = GigSettings(BLUES, trade=trade, timing=timing, ends=20 * BAR)  # type: ignore[arg-type]
    clock = [said((0.99, START)), clocks(tempo, 0, 82)] if timing == "clock" else []
    release = said(*((11.5 + channel / 100, bytes((0xB0 | channel, 123, 0))) for channel in range(16)))
    later = TempoMap(120, 17.0)  # bar 9
    began = time.process_time()
    performance, told = play(gig, *clock, tuple(flood(1.0, 10.0)), release, eighths(later, 0, 7))
    assert time.process_time() - began < 5
    answers = [decided for decided in performance.decided if 17.0 < _when(told, decided) < 26.0]
    assert len(answers) == 1 and set(answers[0].turn.call.pitches[-8:]) <= {72, 74, 76, 77, 79}


def _when(told: list[Event | Command], command: Command) -> float:
    return next(what.at for what in reversed(told[: told.index(command)]) if isinstance(what, Woken | Heard | Ideas))


def test_a_long_gig_stays_quick() -> None:
    """What is remembered is bounded: the last minutes cost what the first did."""
    tempo = TempoMap(240, 1.0)
    gig = GigSettings(BLUES, tempo=240.0, trade="free", timing="follow", rhythm=True)
    heard = [event for begin in range(0, 1200, 12) for event in eighths(tempo, begin, begin + 4)]
    marks = [time.process_time()]

    def mark(what: Event | Command) -> None:
        if isinstance(what, Heard) and what.at > 70.0 * len(marks):
            marks.append(time.process_time())

    rehearse(partner(gig), heard, ScriptedProposer(), stop_at=301.0, listeners=[mark])
    took = [after - before for before, after in pairwise(marks)]
    assert len(took) == 4 and max(took) < 3 * min(took)
