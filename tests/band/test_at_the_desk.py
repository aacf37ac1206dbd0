"""What a player asks for while the gig goes on: whose turn is cut by it (nobody's), and from when it counts."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sideslip.band.bindings import USUAL
from sideslip.band.events import Ask, Changed, Command, Decided, Event, Heard, Nudged, Panic, Play, Turned
from sideslip.band.settings import GigSettings
from sideslip.band.trading import State
from sideslip.listen.tempo import TempoMap
from sideslip.music.dialogue import Idea
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Note, Phrase
from sideslip.stage.rehearsal import Performance, rehearse, replay
from sideslip.testing import ScriptedProposer

from .players import BAR, BLUES, comping, eighths, of, partner, play, said, together

TIME = TempoMap(120.0)
GIG = GigSettings(BLUES, 120.0, trade=4, starts_at=0.0, ends=4 * BLUES.length, controls=USUAL)


def turn(beat: float, control: Any, value: Any) -> Sequence[Any]:
    """A control is turned at a beat."""
    return [Turned(TIME.seconds(beat), control, value)]


def turns(performance: Performance) -> list[tuple[float, float]]:
    """The partner's turns, in bars from 0."""
    return [(one.turn.start / BAR, one.turn.end / BAR) for one in performance.decided]


def sounding(performance: Performance, begin: float, end: float) -> list[float]:
    """The beats at which the partner's notes begin, from beat to beat."""
    beats = [TIME.beat(sound.on) for sound in performance.part("partner")]
    return [beat for beat in beats if begin - 1e-6 <= beat < end - 1e-6]


ALL_ALONG = eighths(TIME, 0, 4 * 48)
"""A player who never stops."""


# ---------------------------------------------------------------- lay out


@pytest.mark.parametrize("trade", [2, 4, "free", "duet"])
def test_who_lays_out_from_the_beginning_never_plays(trade: Any) -> None:
    performance, told = play(replace(GIG, trade=trade), eighths(TIME, 0, 12), turn(0, "lay_out", True))
    assert performance.part("partner") == () and of(Decided, told) == of(Ask, told) == []


@pytest.mark.parametrize("beat", [16.0, 17.3, 20.5, 31.9])
def test_a_partner_who_is_to_lay_out_ends_with_the_note_that_sounds(beat: float) -> None:
    plain, _ = play(GIG, eighths(TIME, 0, 15))
    cut, told = play(GIG, eighths(TIME, 0, 15), turn(beat, "lay_out", True))
    at = TIME.seconds(beat)
    begun = [sound for sound in plain.part("partner") if sound.on <= at]
    assert list(cut.part("partner")) == begun and begun
    assert of(Changed, told) == [Changed("lay_out", True, pytest.approx(at + 0.15))]


def test_a_long_note_is_let_go_of_within_a_beat() -> None:
    held = ScriptedProposer([[Idea(Phrase((Note(0, 60, 4 * BAR),)), "model")]])
    cut, _ = play(GIG, eighths(TIME, 0, 15), turn(17, "lay_out", True), proposer=held)
    assert [TIME.beat(sound.off) for sound in cut.part("partner")] == [pytest.approx(18.0)]


def test_what_was_not_played_is_not_remembered() -> None:
    proposer = ScriptedProposer()
    play(GIG, ALL_ALONG, turn(20, "lay_out", True), turn(30, "lay_out", False), proposer=proposer)
    after = next(one for one in proposer.turns if one.start == 12 * BAR)
    assert after.partner.end <= 21 * TICKS < 8 * BAR


def test_in_bars_the_partner_comes_in_again_where_its_turn_would_have_been() -> None:
    for back in (33, 40, 44, 46.5):
        performance, _ = play(GIG, ALL_ALONG, turn(18, "lay_out", True), turn(back, "lay_out", False))
        assert turns(performance) == [(4, 8), (12, 16), (20, 24), (28, 32), (36, 40), (44, 48)]
    performance, _ = play(GIG, ALL_ALONG, turn(18, "lay_out", True), turn(52, "lay_out", False))
    assert turns(performance)[:2] == [(4, 8), (20, 24)] and not sounding(performance, 19, 80)


def test_by_ear_it_is_the_next_rest_that_is_answered() -> None:
    gig = replace(GIG, trade="free")
    heard = eighths(TIME, 0, 4), eighths(TIME, 12, 16), eighths(TIME, 24, 28)
    performance, _ = play(gig, *heard, turn(5.5, "lay_out", True), turn(14, "lay_out", False))
    assert [one.turn.start // TICKS for one in performance.decided] == [5, 17, 29]
    assert not sounding(performance, 6.5, 17)
    assert all(note.onset >= 13 * TICKS for note in performance.decided[1].turn.call)


# ---------------------------------------------------------------- take over


def test_who_takes_over_begins_on_the_next_bar_line_and_plays_on_in_phrases_of_four_bars() -> None:
    performance, _ = play(GIG, ALL_ALONG, turn(5.5, "take_over", True), stop_at=TIME.seconds(60))
    assert turns(performance) == [(2, 6), (6, 10), (10, 14), (14, 18)]
    assert sounding(performance, 8, 9)[0] == pytest.approx(8)


def test_who_takes_over_just_before_a_line_begins_on_the_one_after() -> None:
    performance, _ = play(GIG, ALL_ALONG, turn(7.9, "take_over", True), stop_at=TIME.seconds(60))
    assert turns(performance)[0] == (3, 7)


@pytest.mark.parametrize("trade", [4, "free", "duet"])
def test_the_player_may_comp_or_be_silent_for_as_long_as_the_partner_solos(trade: Any) -> None:
    gig = replace(GIG, trade=trade, patience=6.0)
    for heard in (comping(TIME, 0, 160), eighths(TIME, 0, 4), ALL_ALONG):
        performance, told = play(gig, heard, turn(0.5, "take_over", True))
        assert turns(performance) == [(bar, min(bar + 4, 48)) for bar in range(1, 48, 4)]
        assert {one.turn.start // BAR for one in of(Ask, told)} == set(range(1, 48, 4))


def test_a_solo_goes_on_from_its_own_last_phrase_and_from_what_the_player_does() -> None:
    proposer = ScriptedProposer()
    play(GIG, eighths(TIME, 0, 1), eighths(TIME, 12, 14), turn(1, "take_over", True), proposer=proposer)
    second = [one for one in proposer.turns if one.start == 5 * BAR][-1]
    assert second.partner.start == BAR and second.partner.end > 4 * BAR
    assert second.call.start == 12 * TICKS and second.call.end <= 14 * TICKS


@pytest.mark.parametrize("off", [9, 15, 20, 23.99])
def test_the_word_is_given_back_when_the_phrase_is_over(off: float) -> None:
    performance, _ = play(GIG, ALL_ALONG, turn(5.5, "take_over", True), turn(off, "take_over", False))
    end = 6 if off < 23.9 else 10  # the next phrase was decided already
    assert turns(performance)[:2] == [(2, 6), (6, 10)] if end == 10 else [(2, 6), (10, 14)]
    assert turns(performance)[-1][0] == {6: 42, 10: 46}[end]


def test_by_ear_who_was_given_the_word_back_is_answered_at_a_rest() -> None:
    gig = replace(GIG, trade="free")
    heard = eighths(TIME, 0, 2), eighths(TIME, 26, 30)
    performance, _ = play(gig, *heard, turn(1, "take_over", True), turn(8, "take_over", False))
    assert turns(performance)[0] == (1, 5) and performance.decided[1].turn.start == 31 * TICKS


def test_a_solo_taken_over_and_given_back_before_it_began_was_none() -> None:
    performance, _ = play(GIG, ALL_ALONG, turn(1, "take_over", True), turn(2, "take_over", False))
    assert turns(performance)[:2] == [(5, 9), (13, 17)]


def test_an_answer_goes_over_into_a_solo_without_a_gap() -> None:
    performance, _ = play(GIG, ALL_ALONG, turn(18, "take_over", True), turn(40, "take_over", False))
    assert turns(performance)[:3] == [(4, 8), (8, 12), (16, 20)]


def test_an_answer_by_ear_goes_over_into_a_solo_that_ends_on_a_bar_line() -> None:
    gig = replace(GIG, trade="duet")
    performance, _ = play(gig, eighths(TIME, 0, 2), eighths(TIME, 4, 5), turn(3.5, "take_over", True))
    first, second = performance.decided[0].turn, performance.decided[1].turn
    assert first.start % BAR and first.end == second.start and second.end % BAR == 0
    assert sounding(performance, 5, first.end / TICKS)  # a duet's note breaks off no solo


def test_a_decided_answer_that_has_not_begun_comes_before_the_solo() -> None:
    performance, _ = play(GIG, ALL_ALONG, turn(15.95, "take_over", True))
    assert turns(performance)[:3] == [(4, 8), (8, 12), (12, 16)]


@pytest.mark.parametrize("trade", [4, "free"])
def test_a_solo_ends_with_the_gig(trade: Any) -> None:
    gig = replace(GIG, trade=trade, ends=10 * BAR)
    performance, _ = play(gig, eighths(TIME, 0, 2), turn(30, "take_over", True), turn(38, "lay_out", True))
    assert turns(performance)[-1] == (8, 10) and performance.end == TIME.seconds(40)
    assert not sounding(performance, 39, 40)


# ---------------------------------------------------------------- both


def test_laying_out_comes_before_taking_over() -> None:
    both = turn(2, "take_over", True), turn(14, "lay_out", True), turn(21, "lay_out", False)
    performance, _ = play(GIG, ALL_ALONG, *both)
    assert turns(performance)[:3] == [(1, 5), (6, 10), (10, 14)]
    assert not sounding(performance, 15, 24)


def test_both_at_once_is_silence_until_laying_out_is_over() -> None:
    both = turn(2, "lay_out", True), turn(2, "take_over", True), turn(61, "lay_out", False)
    performance, _ = play(GIG, ALL_ALONG, *both)
    assert turns(performance)[0] == (16, 20)


def test_what_is_asked_for_before_the_first_note_counts_from_there() -> None:
    gig = replace(GIG, starts_at=None)
    heard = [replace(event, at=event.at + 5) for event in eighths(TIME, 0, 2)]
    performance, _ = play(gig, heard, turn(2, "take_over", True))
    assert performance.decided[0].at == pytest.approx(5 + TIME.seconds(4) - 0.05)
    performance, _ = play(gig, heard, turn(2, "lay_out", True))
    assert performance.decided == ()
    performance, _ = play(gig, heard, turn(2, "trade", 1))
    assert turns(performance)[:2] == [(1, 2), (3, 4)]


# ---------------------------------------------------------------- trade


@pytest.mark.parametrize("beat", [0.6, 8, 15.99, 16, 25, 31.9])
def test_the_length_of_turns_changes_when_the_answer_is_over(beat: float) -> None:
    performance, _ = play(GIG, ALL_ALONG, turn(beat, "trade", 2))
    assert turns(performance)[:4] == [(4, 8), (10, 12), (14, 16), (18, 20)]


def test_where_nothing_was_said_yet_it_changes_at_once() -> None:
    heard = eighths(TIME, 0, 15), eighths(TIME, 38, 42)
    performance, _ = play(GIG, *heard, turn(33, "trade", 2))  # in the player's second turn
    assert turns(performance)[:2] == [(4, 8), (10, 12)]
    performance, _ = play(GIG, *heard, turn(35, "trade", 2))  # nearer to the next line
    assert turns(performance)[:2] == [(4, 8), (11, 13)]


def test_from_bars_to_rests_and_back() -> None:
    heard = eighths(TIME, 0, 15), eighths(TIME, 33, 36), eighths(TIME, 60, 66)
    performance, _ = play(GIG, *heard, turn(20, "trade", "free"), turn(45, "trade", 1))
    beats = [(one.turn.start / TICKS, one.turn.end / TICKS) for one in performance.decided]
    assert beats[:4] == [(16, 32), (37, 41), (48, 52), (56, 60)]
    assert performance.decided[1].turn.call.start == 33 * TICKS


def test_from_rests_to_bars_once_the_phrase_is_answered() -> None:
    gig = replace(GIG, trade="free")
    performance, _ = play(gig, eighths(TIME, 0, 5), turn(3, "trade", 2))
    beats = [(one.turn.start / TICKS, one.turn.end / TICKS) for one in performance.decided]
    assert beats[:3] == [(6, 11), (20, 28), (36, 44)]  # counted from bar 4, the nearest line to beat 11


def test_a_duet_that_is_broken_off_is_a_seam_too() -> None:
    gig = replace(GIG, trade="duet")
    performance, _ = play(gig, eighths(TIME, 0, 5), turn(7, "trade", 2), eighths(TIME, 8, 20))
    assert [one.turn.start / TICKS for one in performance.decided][:3] == [6, 16, 32]


def test_while_the_partner_solos_or_lays_out_it_waits() -> None:
    solo = turn(2, "take_over", True), turn(18, "take_over", False)
    performance, _ = play(GIG, ALL_ALONG, turn(10, "trade", 1), *solo)
    assert turns(performance)[:3] == [(1, 5), (6, 7), (8, 9)]
    out = turn(2, "lay_out", True), turn(18, "lay_out", False)
    performance, _ = play(GIG, ALL_ALONG, turn(10, "trade", 1), *out)
    assert turns(performance)[:2] == [(5, 6), (7, 8)]


# ---------------------------------------------------------------- panic


@pytest.mark.parametrize("trade", [4, "free"])
def test_panic_forgets_the_answer_and_keeps_the_turns(trade: Any) -> None:
    gig = replace(GIG, trade=trade)
    heard = eighths(TIME, 0, 15), eighths(TIME, 33, 47)
    plain, _ = play(gig, *heard)
    performance, told = play(gig, *heard, turn(19.1, "panic", True))
    assert not sounding(performance, 19.1, 33) and len(of(Panic, told)) == 1
    assert all(sound.off <= TIME.seconds(19.1) for sound in performance.part("partner") if sound.on < TIME.seconds(33))
    assert turns(performance) == turns(plain)
    assert performance.decided[1].turn.partner.end <= 19.1 * TICKS
    assert of(Changed, told) == []


def test_after_panic_by_ear_the_player_is_heard_at_once() -> None:
    gig = replace(GIG, trade="free")
    heard = eighths(TIME, 0, 14), eighths(TIME, 18, 20)
    assert [one.turn.start // TICKS for one in play(gig, *heard)[0].decided] == [15, 30]
    assert [one.turn.start // TICKS for one in play(gig, *heard, turn(17, "panic", True))[0].decided] == [15, 21]


def test_panic_before_the_first_note_stops_what_may_hang() -> None:
    _, told = play(replace(GIG, starts_at=None), turn(2, "panic", True), stop_at=5.0)
    assert len(of(Panic, told)) == 1


def test_bass_and_drums_stop_too_and_go_on_with_their_next_bar() -> None:
    performance, _ = play(replace(GIG, rhythm=True), eighths(TIME, 0, 15), turn(17.1, "panic", True))
    bass = [TIME.beat(sound.on) for sound in performance.part("bass")]
    assert not [beat for beat in bass if 17.1 < beat < 20] and [beat for beat in bass if 20 <= beat < 24]


# ---------------------------------------------------------------- dials


def test_a_dial_turned_between_ask_and_rest_is_asked_for_again() -> None:
    gig, asks = replace(GIG, trade="free", dial=0.0, tempo=60.0), []
    slow = TempoMap(60.0)
    (first,) = (ask for ask in of(Ask, play(gig, eighths(slow, 0, 4))[1]))
    assert first.turn.start == 5 * TICKS
    for steps in (1, 30):  # from the ask to the rest it is a tenth of a second
        sweep: list[Any] = [Turned(4.82 + 0.002 * step, "outside", (step + 1) / steps) for step in range(steps)]
        performance, told = play(gig, eighths(slow, 0, 4), sweep)
        asks.append([ask.turn.dial for ask in of(Ask, told)])
        assert performance.decided[0].turn.dial == 1.0
    assert asks == [[0.0, 1.0], [0.0, pytest.approx(1 / 30)]]


def test_a_swept_knob_does_not_ask_at_every_step() -> None:
    sweep = said(*((TIME.seconds(4) + 0.005 * step, bytes((0xB0, 21, step % 128))) for step in range(1500)))
    _, told = play(replace(GIG, trade=2), eighths(TIME, 0, 7), sweep, stop_at=TIME.seconds(16))
    assert len(of(Ask, told)) <= 6 and len(of(Changed, told)) <= 10


def test_density_and_register_are_asked_for_from_the_next_turn_on() -> None:
    proposer = ScriptedProposer()
    moved = turn(18, "density", 3.0), turn(18, "register", 72)
    play(replace(GIG, trade=2), ALL_ALONG, *moved, proposer=proposer)
    wishes = {one.start // BAR: (one.wish.density, one.wish.register) for one in proposer.turns}
    assert wishes[2] == (None, None) and wishes[6] == (3.0, 72)


def test_the_players_own_controllers_do_all_this() -> None:
    knobs = said(
        *((TIME.seconds(beat), bytes((0xB3, number, value))) for beat, number, value in ((5.5, 26, 127), (5.6, 26, 0)))
    )
    performance, told = play(GIG, ALL_ALONG, knobs)
    assert turns(performance)[0] == (2, 6)
    assert [(one.control, one.value) for one in of(Changed, told)] == [("take_over", True)]


# ---------------------------------------------------------------- whatever comes

beats = st.floats(0, 80)
moves = st.one_of(
    st.builds(lambda at, value: Turned(TIME.seconds(at), "trade", value), beats, st.sampled_from([1, 2, 4, "free"])),
    st.builds(
        lambda at, control, value: Turned(TIME.seconds(at), control, value),
        beats,
        st.sampled_from(["lay_out", "take_over"]),
        st.booleans(),
    ),
    st.builds(
        lambda at, control: Nudged(TIME.seconds(at), control, 1),
        beats,
        st.sampled_from(["outside", "density", "register", "trade", "lay_out", "take_over", "panic"]),
    ),
    st.builds(
        lambda at, number, value: Heard(TIME.seconds(at), bytes((0xB0, number, value))),
        beats,
        st.integers(20, 28),
        st.integers(0, 127),
    ),
)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from([1, 4, "free", "duet"]), st.lists(moves, max_size=12), st.booleans())
def test_whatever_is_asked_for_one_note_sounds_at_a_time_and_a_journal_replays(
    trade: Any, moves: list[Event], talks: bool
) -> None:
    gig = replace(GIG, trade=trade, ends=24 * BAR)
    player = eighths(TIME, 0, 60) if talks else [*eighths(TIME, 0, 5), *eighths(TIME, 30, 33)]
    band = partner(gig)
    played_in = []

    def watch(what: Event | Command) -> None:
        if isinstance(what, Play):
            played_in.append(band.state)

    performance = rehearse(band, together(player, moves), ScriptedProposer(), listeners=[watch])  # type: ignore[arg-type]
    assert State.LAYING_OUT not in played_in
    starts = [one.turn.start for one in performance.decided]
    assert starts == sorted(set(starts)) and all(one.turn.end <= 24 * BAR for one in performance.decided)
    sounds = sorted(performance.part("partner"), key=lambda sound: sound.on)
    assert all(one.off <= following.on + 1e-6 for one, following in pairwise(sounds))
    assert replay(partner(gig), performance.events) == performance
