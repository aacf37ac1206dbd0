"""The clock that is sent: when each message is due, and what a receiver makes of it."""

from itertools import pairwise

import numpy as np
import pytest

from sideslip.listen.tempo import TempoMap
from sideslip.listen.transport import Clocked
from sideslip.stage.midi.clock_out import APART, ClockOut, ClockWish

CLOCK, START, CONTINUE, STOP = b"\xf8", b"\xfa", b"\xfb", b"\xfc"
Timed = tuple[float, bytes]
Kept = tuple[float, TempoMap | None]


def sent(out: ClockOut, until: float, *beats: Kept, late: float = 0.0) -> list[Timed]:
    """What goes out up to a moment, each message at its own or `late` seconds after, told of beats on the way."""
    messages: list[Timed] = []
    for at, tempo in (*beats, (until, None)):
        while (due := out.next_due()) is not None and due < at:
            now = due + late
            messages += [(max(now, cue.due), cue.message) for cue in out.due(now, now)]
        if at < until:
            out.keep(tempo, at)
    return messages


def of(kind: bytes, messages: list[Timed]) -> list[float]:
    return [at for at, message in messages if message[:1] == kind[:1]]


def received(messages: list[Timed], unit: int = 4) -> Clocked:
    keeper = Clocked(unit)
    for at, message in messages:
        keeper.hear(at, message)
    return keeper


def drifting(tempo: TempoMap, halves: int, seed: int = 0) -> list[Kept]:
    """A beat, and how it is bent every half beat as after a player who is followed, each told 3 ms late."""
    chance, told = np.random.default_rng(seed), [(tempo.origin + 0.003, tempo)]
    for half in range(1, halves):
        at = tempo.seconds(half / 2)
        tempo = tempo.steered(at, half / 2 + chance.normal(0, 0.03), tempo.bpm + chance.normal(0, 2), over=1.0)
        told.append((at + 0.003, tempo))
    return list(told)


@pytest.mark.parametrize(("unit", "bpm"), [(4, 120.0), (8, 240.0), (2, 60.0), (16, 480.0 / 4)])
def test_a_quarter_has_24_clocks_whatever_the_beat(unit: int, bpm: float) -> None:
    quarter = bpm * 4 / unit
    messages = sent(ClockOut(ClockWish(unit, bpm), 1.0), 1.0 + 4 * 60 / quarter)
    assert [message for _, message in messages] == 96 * [CLOCK]
    assert np.diff([at for at, _ in messages]) == pytest.approx(60 / quarter / 24)


def test_nothing_is_sent_unless_it_is_wished_for_and_a_tempo_known() -> None:
    assert ClockOut(None, 0.0).next_due() is None
    out = ClockOut(ClockWish(4, None), 0.0)
    assert out.next_due() is None and out.due(1.0, 1.0) == []
    assert sent(out, 3.0, (1.0, TempoMap(120, 2.0)))[0][1] == CLOCK


def test_bar_1_begins_at_once_where_it_begins_with_a_note_that_was_just_heard() -> None:
    tempo, heard = TempoMap(140, 5.0), 5.004
    messages = sent(ClockOut(ClockWish(4, 140.0), 0.0), 8.0, (heard, tempo))
    (start,) = of(START, messages)
    after = [at for at in of(CLOCK, messages) if at > start]
    assert start == heard and after[0] == heard + APART
    assert after[1:5] == pytest.approx([tempo.seconds(clock / 24) for clock in (1, 2, 3, 4)])
    assert of(CLOCK, messages)[0] == 0.0  # receivers have settled by then
    assert tempo.beat(6.3) == pytest.approx(tempo_of(received(messages)).beat(6.3), abs=0.003 * 140 / 60)


def tempo_of(keeper: Clocked) -> TempoMap:
    assert keeper.tempo is not None
    return keeper.tempo


def test_a_bar_1_to_come_begins_with_its_first_clock_on_the_line() -> None:
    tempo = TempoMap(100, 4.0)
    messages = sent(ClockOut(ClockWish(4, None), 0.0), 8.0, (1.9, tempo))
    (start,) = of(START, messages)
    assert start == pytest.approx(4.0 - APART)
    assert min(at for at in of(CLOCK, messages) if at > start) == pytest.approx(4.0)
    assert of(CLOCK, messages)[0] == pytest.approx(1.9)
    assert len(of(CLOCK, messages)) == 84 + 160  # from beat -3.5 to beat 6 2/3


@pytest.mark.parametrize("late", [0.0, 0.0005, 0.004])
@pytest.mark.parametrize("seed", range(3))
def test_clocks_go_with_a_beat_that_bends_and_none_is_lost_doubled_or_taken_back(seed: int, late: float) -> None:
    beats = drifting(TempoMap(120, 1.0), 160, seed)
    last = beats[-1][1]
    assert last is not None
    messages = sent(ClockOut(ClockWish(4, 120.0), 0.0), last.seconds(80), *beats, late=late)
    (start,) = of(START, messages)
    clocks = [at for at in of(CLOCK, messages) if at > start]
    assert len(clocks) == 80 * 24
    off = [at - last.seconds(clock / 24) for clock, at in enumerate(clocks)][1:]
    assert min(off) > -0.002 and max(off) < 0.002 + late  # a bend is told when some of it has gone by
    assert min(after - before for before, after in pairwise(clocks)) >= 0.009
    assert [m for _, m in messages if m != CLOCK] == [START]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("unit", "bpm"), [(4, 90.0), (4, 140.0), (4, 260.0), (8, 300.0)])
def test_a_receiver_has_the_senders_beats_within_3_ms(unit: int, bpm: float, seed: int) -> None:
    """From the second bar on; jitter as our sender has it at its worst."""
    chance, tempo = np.random.default_rng(seed), TempoMap(bpm, 3.0 + seed / 100)
    keeper = Clocked(unit)
    for at, message in sent(ClockOut(ClockWish(unit, bpm), 0.0), tempo.seconds(64), (tempo.origin + 0.005, tempo)):
        keeper.hear(at + abs(chance.normal(0, 0.0005)), message)
        if keeper.tempo is not None and tempo.beat(at) > 4:
            coming = int(tempo.beat(at)) + 1
            assert keeper.tempo.seconds(coming) == pytest.approx(tempo.seconds(coming), abs=0.003)
    assert keeper.epoch == 1


@pytest.mark.parametrize("late", [0.02, 0.9, 7.31])
def test_a_beat_that_began_longer_ago_is_gone_on_with_at_a_sixteenth(late: float) -> None:
    tempo = TempoMap(140, 5.0)
    messages = sent(ClockOut(ClockWish(4, 140.0), 0.0), 20.0, (5.0 + late, tempo))
    told, (goes_on,) = next(m for _, m in messages if m[0] == 0xF2), of(CONTINUE, messages)
    sixteenth = told[1] | told[2] << 7
    assert 5.0 + late < goes_on < 5.0 + late + 60 / 140 / 4 + 1e-9
    assert goes_on + APART == pytest.approx(tempo.seconds(sixteenth / 4))
    assert of(START, messages) == []
    keeper = tempo_of(received(messages))
    assert keeper.seconds(48) == pytest.approx(tempo.seconds(48), abs=0.001)


def test_where_the_music_stands_the_transport_stops_and_clocks_go_on() -> None:
    first, second = TempoMap(120, 1.0), TempoMap(150, 9.0)
    messages = sent(ClockOut(ClockWish(4, 120.0), 0.0), 14.0, (1.003, first), (6.0, None), (9.002, second))
    assert [m for _, m in messages if m != CLOCK] == [START, STOP, START]
    assert of(STOP, messages) == [pytest.approx(6.0, abs=0.021)]
    assert max(after - before for before, after in pairwise(of(CLOCK, messages))) < 0.0212
    assert tempo_of(received(messages)).seconds(8) == pytest.approx(second.seconds(8), abs=0.001)


def test_a_stop_is_sent_at_once_on_leaving_and_only_where_something_runs() -> None:
    out = ClockOut(ClockWish(4, 120.0), 0.0)
    sent(out, 2.0, (1.0, TempoMap(120, 1.0)))
    assert [cue.message for cue in out.stop(2.0)] == [STOP]
    out.keep(None, 2.0)
    assert [cue.message for cue in out.stop(2.0)] == [STOP]  # for the one before has not gone yet
    sent(out, 3.0)
    assert out.stop(3.0) == []


@pytest.mark.parametrize(("gap", "again"), [(0.3, False), (600.0, True)])
def test_clocks_are_made_up_for_after_a_hitch_and_the_transport_goes_on_anew_after_a_sleep(
    gap: float, again: bool
) -> None:
    tempo, out = TempoMap(120, 1.0), ClockOut(ClockWish(4, 120.0), 0.0)
    messages = sent(out, 3.0, (1.0, tempo))
    now, end = 3.0 + gap, 3.0 + gap + 10.0
    while now < end:
        messages += [(max(now, cue.due), cue.message) for cue in out.due(now, now)]
        due = out.next_due()
        assert due is not None
        now = max(now, due)
    assert [m for _, m in messages if m != CLOCK and m[0] != 0xF2] == [START, *([STOP, CONTINUE] if again else [])]
    assert len(messages) < 24 * 2 * 14
    assert min(after - before for before, after in pairwise(of(CLOCK, messages))) >= APART - 1e-9
    coming = round(tempo.beat(end)) + 1
    assert tempo_of(received(messages)).seconds(coming) == pytest.approx(tempo.seconds(coming), abs=0.003)


def test_receivers_that_come_back_are_told_anew_where_we_are() -> None:
    tempo, out = TempoMap(120, 1.0), ClockOut(ClockWish(4, 120.0), 0.0)
    before = sent(out, 5.1, (1.0, tempo))
    out.go_on(5.1)
    after = sent(out, 8.0)
    assert [m for _, m in before + after if m != CLOCK][1:] == [STOP, b"\xf2\x21\x00", CONTINUE]
    assert of(CONTINUE, after) == [pytest.approx(tempo.seconds(33 / 4) - APART)]
