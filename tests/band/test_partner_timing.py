"""Who gives the beat: the partner answers on the beat of a count-in, of a player who drifts, of a MIDI clock."""

from dataclasses import replace
from itertools import pairwise
from math import sin, tau
from typing import Any

import pytest

from sideslip.band.events import Beat, Believed, Finished, Hush, Ideas, Play, Woken
from sideslip.band.invention import DECIDE_AHEAD
from sideslip.band.settings import GigSettings
from sideslip.listen.tempo import TempoMap
from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.dialogue import Idea
from sideslip.music.meter import Meter
from sideslip.music.phrase import Phrase
from sideslip.testing import Performance, ScriptedProposer, notes

from .players import (
    BAR,
    BLUES,
    CONTINUE,
    LIFT,
    PRESS,
    RUN,
    START,
    STOP,
    WALTZ,
    chosen,
    clocks,
    comping,
    eighths,
    line,
    of,
    play,
    position,
    runs,
    said,
    taps,
)

TAP = GigSettings(BLUES, tempo=120.0, timing="tap", ends=BLUES.length)
FOLLOW = GigSettings(BLUES, tempo=120.0, timing="follow", ends=2 * BLUES.length)
CLOCKED = GigSettings(BLUES, timing="clock")


def onsets(performance: Performance, tempo: TempoMap, part: str = "partner") -> list[float]:
    """The beats at which a part begins its notes."""
    return [tempo.beat(sound.on) for sound in performance.part(part)]


def starts(performance: Performance) -> list[float]:
    """The beats at which the answers were to begin."""
    return [decided.turn.start / 12 for decided in performance.decided]


def sounded(told: list[Any]) -> list[int]:
    """The pitches that the partner was to sound, in order of the asking."""
    return [sound.pitch for play in of(Play, told) for sound in play.sounds if sound.part == "partner"]


# ---------------------------------------------------------------- a count-in


@pytest.mark.parametrize("bpm", [60, 97, 150, 240])
def test_after_four_taps_the_answer_in_fours_begins_on_bar_5_of_the_tapped_tempo(bpm: int) -> None:
    gap = 60 / bpm
    tapped = TempoMap(bpm, 1.0 + 4 * gap)
    performance, _ = play(TAP, taps(1.0, gap, 4), eighths(tapped, 0, 15))
    first = performance.decided[0].turn
    assert performance.part("partner")[0].on == pytest.approx(tapped.seconds(16), abs=1e-3)
    assert first.tempo == pytest.approx(bpm)
    assert (len(first.call), first.call.start, 76 in first.player.pitches[:1]) == (30, 0, False)
    assert performance.end == pytest.approx(tapped.seconds(48))


def test_the_pedal_counts_in() -> None:
    presses = said(*((1.0 + k / 2 + off, pedal) for k in range(4) for off, pedal in ((0.0, PRESS), (0.2, LIFT))))
    performance, _ = play(TAP, presses, eighths(TempoMap(120, 3.0), 0, 15))
    assert performance.part("partner")[0].on == pytest.approx(11.0, abs=1e-3)
    assert performance.decided[0].turn.call.start == 0


def test_an_upbeat_between_the_count_in_and_bar_1_is_heard() -> None:
    tapped = TempoMap(120, 3.0)
    performance, told = play(TAP, taps(1.0, 0.5, 4), line(tapped, (-0.5, 74)), eighths(tapped, 0, 15))
    assert performance.decided[0].turn.player.notes[0].onset == -6
    assert [one.beat for one in of(Believed, told)][:2] == [0, 1]


def test_without_a_count_in_bar_1_is_the_first_note_and_that_is_part_of_the_call() -> None:
    tempo = TempoMap(120, 1.0)
    performance, _ = play(TAP, eighths(tempo, 0, 15))
    assert performance.part("partner")[0].on == pytest.approx(tempo.seconds(16), abs=1e-9)
    assert performance.decided[0].turn.call.pitches[:3] == (72, 74, 76)


def test_three_taps_count_in_a_waltz() -> None:
    tapped = TempoMap(180, 2.0)
    gig = GigSettings(WALTZ, 120.0, timing="tap", ends=WALTZ.length * 2)
    performance, _ = play(gig, taps(1.0, 1 / 3, 3), eighths(tapped, 0, 11))
    assert onsets(performance, tapped)[0] == pytest.approx(12, abs=1e-3)


@pytest.mark.parametrize("timing", ["tap", "follow"])
@pytest.mark.parametrize("trade", [1, 4, "free", "duet"])
@pytest.mark.parametrize("rhythm", [False, True])
def test_a_lone_note_that_is_held_is_music_in_the_end(timing: str, trade: object, rhythm: bool) -> None:
    gig = replace(TAP, timing=timing, trade=trade, rhythm=rhythm)  # type: ignore[arg-type]
    performance, told = play(gig, notes((1.0, 9.0, 72)))
    assert performance.decided[0].turn.call.pitches == (() if trade == 1 else (72,))
    assert performance.end == pytest.approx(25.0)
    assert len(of(Woken, told)) < 200
    assert all(
        s.on % 0.5 == pytest.approx(0, abs=1e-6) for s in performance.part("bass")
    )  # never late and off the beat


def test_two_notes_that_might_have_been_taps_are_a_call_once_no_third_follows() -> None:
    performance, _ = play(replace(TAP, trade="free"), notes((1.0, 1.2, 72), (1.5, 1.7, 72)))
    assert performance.decided[0].turn.call.pitches == (72, 72)
    assert performance.decided[0].turn.start == 36  # a tap was waited for until beat 2.5, a beat of rest until 2.4


def test_before_and_without_a_beat_a_player_may_leave() -> None:
    performance, told = play(TAP, taps(1.0, 0.5, 2), stop_at=2.0)
    assert performance.sounds == () and performance.end == 2.0
    assert of(Finished, told) == [Finished(2.0)]


def test_drums_alone_never_begin_the_music_but_count_it_in() -> None:
    sticks = notes(*((1.0 + k / 2, 1.1 + k / 2, 37) for k in range(4)), channel=9)
    performance, _ = play(TAP, sticks, eighths(TempoMap(120, 3.0), 0, 15))
    assert performance.part("partner")[0].on == pytest.approx(11.0, abs=1e-3)


# ---------------------------------------------------------------- a player who drifts


def drifting(bpm: float, amount: float, beats: int, begin: float = 0.0) -> TempoMap:
    """A player who wanders about a tempo, up and down within 32 bars."""
    tempo = TempoMap(bpm, begin)
    for beat in range(1, beats):
        tempo = tempo.bent(tempo.seconds(beat), bpm * (1 + amount * sin(tau * beat / 128)))
    return tempo


@pytest.mark.parametrize("amount", [0.0, 0.04, -0.04])
def test_answers_bass_and_drums_stay_with_a_player_who_drifts(amount: float) -> None:
    player = drifting(120.0, amount, 96, begin=3.0)
    line = [part for begin in range(0, 96, 32) for part in (*eighths(player, begin, begin + 15.5),)]
    gig = replace(FOLLOW, rhythm=True)
    performance, _ = play(gig, taps(1.0, 0.5, 4), line, comping(player, 0, 96))
    assert starts(performance) == [16, 48, 80]
    for part in ("partner", "bass"):
        off = [player.seconds(round(beat)) - player.seconds(beat) for beat in onsets(performance, player, part)]
        assert len(off) > 40 and max(map(abs, off)) < 0.06
    rides = [sound for sound in performance.part("drums") if sound.pitch == 51 and sound.velocity > 70]
    off = [player.seconds(round(beat)) - player.seconds(beat) for beat in (player.beat(s.on) for s in rides)]
    assert len(off) > 80 and max(map(abs, off)) < 0.06


@pytest.mark.parametrize("trade", [1, 4, "free"])
@pytest.mark.parametrize("amount", [0.04, -0.08])
def test_a_tempo_that_bends_neither_loses_a_note_nor_sounds_one_twice(trade: object, amount: float) -> None:
    player = drifting(120.0, amount, 96)
    calls = [part for begin in range(0, 96, 12) for part in (*eighths(player, begin, begin + 3.5),)]
    performance, told = play(replace(FOLLOW, trade=trade), calls, comping(player, 0, 96), proposer=runs())  # type: ignore[arg-type]
    assert len(performance.decided) >= 3
    wanted = [pitch for decided in performance.decided for pitch in chosen(decided).pitches]
    assert sounded(told) == wanted
    assert [sound.pitch for sound in performance.part("partner")] == wanted


# ---------------------------------------------------------------- a MIDI clock


def test_from_a_start_bar_1_counts_and_the_answer_lies_on_the_clocks_bar_lines() -> None:
    tempo = TempoMap(132, 1.0)
    performance, _ = play(
        replace(CLOCKED, ends=BLUES.length, rhythm=True),
        said((0.99, START)),
        clocks(tempo, 0, 49, jitter=0.003),
        eighths(tempo, 0, 15),
    )
    assert starts(performance) == [16]
    assert onsets(performance, tempo) == pytest.approx(list(range(16, 32)), abs=0.02)
    assert performance.decided[0].turn.call.pitches[:2] == (72, 74)  # also what was played on the very first beat
    assert performance.decided[0].turn.call.start == 0
    assert onsets(performance, tempo, "bass")[0] == pytest.approx(1, abs=0.02)
    assert performance.end == pytest.approx(tempo.seconds(48), abs=0.01)


def test_a_clock_that_runs_before_the_start_lets_the_band_begin_on_beat_1() -> None:
    tempo = TempoMap(120, 1.0)
    gig = replace(CLOCKED, rhythm=True)
    performance, _ = play(gig, clocks(tempo, -2, 8, jitter=0.002), said((0.99, START)), stop_at=4.0)
    assert onsets(performance, tempo, "bass") == pytest.approx([0, 1, 2, 3, 4, 5], abs=0.02)


def test_a_clock_without_a_start_is_no_music() -> None:
    tempo = TempoMap(120)
    performance, _told = play(
        replace(CLOCKED, rhythm=True), clocks(tempo, 0, 64), eighths(tempo, 0, 15), stop_at=tempo.seconds(64)
    )
    assert performance.sounds == () and performance.decided == () and performance.believed == ()


@pytest.mark.parametrize("timing", ["tap", "steady", "follow"])
def test_a_clock_means_nothing_where_another_gives_the_beat(timing: str) -> None:
    tempo = TempoMap(120, 1.0)
    gig = replace(TAP, timing=timing)  # type: ignore[arg-type]
    plain, _ = play(gig, eighths(tempo, 0, 15))
    noisy, _ = play(gig, eighths(tempo, 0, 15), said((0.5, START)), clocks(TempoMap(90), 0, 40), said((9.0, STOP)))
    assert noisy.sounds == plain.sounds


def test_a_stop_in_the_middle_of_an_answer_is_silence_at_once_and_after() -> None:
    tempo = TempoMap(120, 1.0)
    stop = tempo.seconds(21.3)
    performance, told = play(
        replace(CLOCKED, rhythm=True),
        said((0.99, START), (stop, STOP)),
        clocks(tempo, 0, 60),  # many devices send clocks while they stand
        eighths(tempo, 0, 15),
        stop_at=tempo.seconds(60),
    )
    assert {hush.part for hush in of(Hush, told) if hush.at == stop} == {"partner", "bass", "drums"}
    assert performance.part("partner") and max(sound.off for sound in performance.sounds) <= stop + 1e-9


def test_a_clock_that_ceases_is_silence_after_two_beats_and_no_spinning() -> None:
    tempo = TempoMap(120, 1.0)
    performance, told = play(
        replace(CLOCKED, rhythm=True), said((0.99, START)), clocks(tempo, 0, 20), eighths(tempo, 0, 15), stop_at=60.0
    )
    assert max(sound.off for sound in performance.sounds) == pytest.approx(tempo.seconds(22), abs=0.05)
    assert len(of(Woken, told)) < 100


def test_continue_goes_on_from_there_with_the_turn_that_is_next() -> None:
    tempo, later = TempoMap(120, 1.0), TempoMap(120, 5.0)  # it stands for four seconds, eight beats, from beat 10 on
    performance, _told = play(
        replace(CLOCKED, ends=BLUES.length),
        said((0.99, START), (tempo.seconds(9.99), STOP), (later.seconds(9.99), CONTINUE)),
        clocks(tempo, 0, 10),
        clocks(later, 10, 49),
        eighths(tempo, 0, 8),
        eighths(later, 10, 15),
    )
    (decided,) = performance.decided
    assert decided.turn.start == 4 * BAR and len(decided.turn.call) == 10  # what was before the stop is void
    assert onsets(performance, later) == pytest.approx(list(range(16, 32)), abs=0.01)
    assert performance.end == pytest.approx(later.seconds(48), abs=0.01)


@pytest.mark.parametrize(("bar", "answered"), [(1, 5), (4, 5), (5, 5), (6, 13), (9, 13), (12, 13), (13, 13), (14, 21)])
def test_a_song_position_says_whose_turn_is_next(bar: int, answered: int) -> None:
    """In the partner's own turn it lays out, unless that begins there."""
    tempo = TempoMap(120, 1.0)
    beat = 4 * (bar - 1)
    performance, _ = play(
        CLOCKED,
        clocks(tempo, beat - 4, 84, jitter=0.002),
        said((tempo.seconds(beat - 0.05), position(4 * beat)), (tempo.seconds(beat - 0.04), CONTINUE)),
        stop_at=tempo.seconds(81),
    )
    assert starts(performance)[0] == 4 * (answered - 1)
    assert onsets(performance, tempo)[0] == pytest.approx(4 * (answered - 1), abs=0.02)


def test_a_second_start_is_a_fresh_conversation_from_bar_1() -> None:
    first, second = TempoMap(120, 1.0), TempoMap(120, 12.0)
    performance, _ = play(
        CLOCKED,
        said((0.99, START), (11.99, START)),
        clocks(first, 0, 22),
        clocks(second, 0, 40),
        eighths(first, 0, 15),
        eighths(second, 2, 14, pitches=(67, 69)),
        stop_at=second.seconds(33),
    )
    assert starts(performance) == [16, 16]
    again = performance.decided[1].turn
    assert set(again.player.pitches) == {67, 69} and again.partner == Phrase() and again.call.start == 24
    sounds = [sound for sound in performance.part("partner") if sound.on >= 12.0 - 1e-9]
    assert [second.beat(sound.on) for sound in sounds] == pytest.approx(list(range(16, 32)), abs=0.01)


def test_ideas_that_were_asked_for_before_a_second_start_are_void() -> None:
    first, second = TempoMap(120, 1.0), TempoMap(120, 1.71)
    performance, told = play(
        replace(CLOCKED, trade=1),
        said((0.99, START), (1.7, START)),
        clocks(first, 0, 1.4),
        clocks(second, 0, 8),
        delay=2.2,
        stop_at=5.0,
    )
    (late, _), (decided,) = of(Ideas, told), performance.decided
    assert second.origin < late.at < second.seconds(4) - DECIDE_AHEAD  # in time, and for a bar 2
    assert {scored.idea.source for scored in decided.choice.scored} == {"lick"}


@pytest.mark.parametrize("rhythm", [False, True])
def test_a_clock_that_changes_its_tempo_takes_the_rest_of_the_answer_along(rhythm: bool) -> None:
    tempo = TempoMap(120, 1.0)
    tempo = tempo.bent(tempo.seconds(20), 150)
    performance, _told = play(
        replace(CLOCKED, ends=BLUES.length, rhythm=rhythm),
        said((0.99, START)),
        clocks(tempo, 0, 50, jitter=0.002),
        eighths(tempo, 0, 15),
        proposer=ScriptedProposer([[Idea(Phrase(tuple(n for k in range(4) for n in RUN.moved(48 * k))), "model")]]),
    )
    beats = onsets(performance, tempo)
    assert [sound.pitch for sound in performance.part("partner")] == [60 + k for k in range(8)] * 4
    off = [beat - wanted for beat, wanted in zip(beats[::2], range(16, 32), strict=True)]
    assert max(map(abs, off[:5])) < 0.02 and max(map(abs, off[7:])) < 0.02
    assert max(map(abs, off[5:7])) < 0.3  # laid down before the change could be known
    assert performance.end == pytest.approx(tempo.seconds(48), abs=0.01)


@pytest.mark.parametrize("trade", ["free", "duet"])
def test_by_ear_on_a_clock_the_answer_begins_on_a_beat_of_it(trade: object) -> None:
    tempo = TempoMap(100, 1.0)
    performance, _ = play(
        replace(CLOCKED, trade=trade),  # type: ignore[arg-type]
        said((0.99, START)),
        clocks(tempo, 0, 24, jitter=0.003),
        eighths(tempo, 0, 3),
        stop_at=tempo.seconds(20),
    )
    (decided,) = performance.decided
    assert decided.turn.start == 48 and len(decided.turn.call) == 6
    assert onsets(performance, tempo) == pytest.approx([4, 5, 6, 7], abs=0.02)


@pytest.mark.parametrize(("meter", "bpm"), [(Meter(6, 8), 180), (Meter(7, 8), 240), (Meter(12, 8), 300)])
def test_over_eight_a_beat_is_an_eighth_of_the_clock(meter: Meter, bpm: float) -> None:
    changes = Changes((0,), (parse_chord("C7"),), 4 * meter.bar, meter)
    tempo = TempoMap(bpm, 1.0)
    performance, _ = play(
        GigSettings(changes, trade=2, timing="clock", ends=4 * meter.bar, rhythm=True),
        said((0.99, START)),
        clocks(tempo, 0, 4 * meter.beats + 2, jitter=0.002, unit=8),
        line(tempo, *((beat, 72 + beat % 5) for beat in range(meter.beats))),
    )
    assert starts(performance) == [2 * meter.beats]
    assert onsets(performance, tempo) == pytest.approx(list(range(2 * meter.beats, 4 * meter.beats)), abs=0.03)


def test_nothing_but_what_is_due_wakes_the_band() -> None:
    tempo = TempoMap(120, 1.0)
    for gig in (CLOCKED, replace(CLOCKED, trade="free"), replace(FOLLOW, ends=None), replace(TAP, ends=None)):
        heard = [said((0.99, START)), clocks(tempo, 0, 120), eighths(tempo, 0, 15), comping(tempo, 0, 120)]
        performance, told = play(replace(gig, rhythm=True), *heard, stop_at=tempo.seconds(120))
        assert len(of(Woken, told)) < 8 * performance.end


def test_bass_and_drums_do_not_play_what_is_over_when_the_beat_is_found() -> None:
    performance, told = play(replace(TAP, rhythm=True), notes((1.0, 1.3, 72)))
    asked = [sound for play in of(Play, told) for sound in play.sounds]
    assert min(sound.on for sound in asked) == pytest.approx(4.0)  # a tap was waited for until then
    assert [sound.on for sound in performance.sounds] == sorted(sound.on for sound in asked)


# ---------------------------------------------------------------- what is told of the beat


def beats(told: list[Any]) -> list[tuple[float, float | None]]:
    """The moment at which each map was told, and its tempo."""
    return [(beat.at, beat.tempo and beat.tempo.bpm) for beat in of(Beat, told)]


def test_a_steady_beat_is_told_with_bar_1_and_stands_when_the_gig_is_over() -> None:
    tempo = TempoMap(120, 1.0)
    _, told = play(GigSettings(BLUES, tempo=120.0, ends=BLUES.length), eighths(tempo, 0, 15))
    assert of(Beat, told) == [Beat(tempo, 1.0), Beat(None, tempo.seconds(48))]


def test_a_beat_that_bends_is_told_as_often_as_it_bends() -> None:
    performance, told = play(FOLLOW, taps(1.0, 0.5, 4), comping(drifting(120.0, 0.04, 96, begin=3.0), 0, 96))
    maps = [beat.tempo for beat in of(Beat, told)[:-1]]
    assert len(maps) > 20 and len(set(map(id, maps))) == len(maps)
    for beat, after in pairwise(of(Beat, told)[:-1]):
        assert after.tempo.seconds(after.tempo.beat(after.at)) == pytest.approx(after.at)
        assert after.tempo.beat(after.at) == pytest.approx(beat.tempo.beat(after.at))  # no map jumps
    assert of(Beat, told)[-1] == Beat(None, performance.end)


def test_a_beat_that_stops_and_begins_anew_is_told_so() -> None:
    first, second, third = TempoMap(120, 1.0), TempoMap(120, 9.0), TempoMap(120, 15.0)
    _, told = play(
        CLOCKED,
        said((0.99, START), (5.0, STOP), (8.99, START), (14.99, START)),  # the last without a stop
        clocks(first, -2, 8),
        clocks(second, -2, 12),
        clocks(third, 0, 4),
        stop_at=17.0,
    )
    assert [at for at, _ in beats(told)] == pytest.approx([1.0, 5.0, 9.0, 14.99, 15.0, 17.0])
    assert [bpm is not None for _, bpm in beats(told)] == [True, False, True, False, True, False]
