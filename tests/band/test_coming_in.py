"""How the partner comes in: before the line where the player does so too and leaves room, never over them, and not at
all for somebody who is not there."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sideslip.band.events import Ask, Decided, Heard
from sideslip.band.invention import DECIDE_AHEAD
from sideslip.band.pickups import LATELY, LONGEST, SHORTEST, Pickups, pickup
from sideslip.band.settings import GigSettings
from sideslip.music.dialogue import Idea, Turn
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Note, Phrase
from sideslip.stage.files.trace import record
from sideslip.testing import Performance, notes

from .players import BAR, BLUES, Part, play, together

BEAT = 0.5  # s at 120
GIG = GigSettings(BLUES, tempo=120.0, trade=2, starts_at=2.0, ends=12 * BAR)


def at(beat: float) -> float:
    """The moment (s) of a beat of the gig."""
    return 2.0 + beat * BEAT


def eighths(first: float, count: int) -> Part:
    """Eighths from a beat on."""
    return notes(*((at(first + i / 2), at(first + i / 2 + 0.4), 60 + i % 5) for i in range(count)))


RUN = (65, 67, 69, 70, 72, 70, 69, 67, 65)
"""Up and down the scale, over F7."""


class Eager:
    """One idea a turn, in eighths from its start to the end of its first full bar: a run, or a repeated note where the
    turn does not begin as it likes to."""

    def __init__(self, early: bool = True) -> None:
        self._early = early

    def propose(self, turn: Turn, seed: int) -> tuple[Idea, ...]:
        line = -(-turn.start // BAR) * BAR
        likes = (turn.start < line) is self._early
        ticks = range(turn.start, line + BAR, 6)
        return (Idea(Phrase(tuple(Note(t, RUN[i] if likes else 65, 5) for i, t in enumerate(ticks))), "model"),)


class Syncopated(Eager):
    """The same, but with nothing on the line where it begins before it."""

    def propose(self, turn: Turn, seed: int) -> tuple[Idea, ...]:
        (idea,) = super().propose(turn, seed)
        if turn.start % BAR == 0:
            return (idea,)
        return (replace(idea, phrase=Phrase(tuple(note for note in idea.phrase if note.onset % BAR))),)


def begins(performance: Performance) -> list[float]:
    """The beats at which answers were decided to begin."""
    return [decided.turn.start / TICKS for decided in performance.decided]


def test_who_comes_in_before_the_line_is_answered_before_the_line() -> None:
    performance, _ = play(replace(GIG, ends=4 * BAR), eighths(-0.5, 9), proposer=Eager())
    assert begins(performance) == [7.5]
    assert performance.part("partner")[0].on == pytest.approx(at(7.5), abs=0.06)  # swung
    assert any(sound.on == pytest.approx(at(8)) for sound in performance.part("partner"))
    assert performance.decided[0].turn.call.start == -6


def test_who_begins_on_the_line_is_answered_on_the_line() -> None:
    performance, _ = play(replace(GIG, ends=4 * BAR), eighths(0, 8), proposer=Eager())
    assert begins(performance) == [8.0]


@pytest.mark.parametrize("beats_played", [15, 16, 17])
def test_who_plays_up_to_the_line_is_not_talked_over(beats_played: int) -> None:
    performance, _ = play(replace(GIG, ends=4 * BAR), eighths(-0.5, beats_played), proposer=Eager())
    assert begins(performance) == [8.0]


def test_a_phrase_on_the_line_that_is_better_is_waited_for() -> None:
    performance, _ = play(replace(GIG, ends=4 * BAR), eighths(-0.5, 9), proposer=Eager(early=False))
    assert begins(performance) == [8.0]


def test_a_phrase_that_does_not_lead_to_the_line_waits_for_it() -> None:
    performance, _ = play(replace(GIG, ends=4 * BAR), eighths(-0.5, 9), proposer=Syncopated())
    assert begins(performance) == [8.0]


def test_ideas_for_a_pickup_that_come_too_late_are_dropped() -> None:
    performance, _ = play(replace(GIG, ends=4 * BAR), eighths(-0.5, 9), proposer=Eager(), delay=0.6)
    assert begins(performance) == [8.0]


def test_a_habit_is_kept_for_a_while_and_then_forgotten() -> None:
    habit = Pickups()
    assert habit.room == 0
    run = Phrase(tuple(Note(tick, 60, 5) for tick in range(-6, 24, 6)))
    assert habit.hear(run, 0) == 6 and habit.room == 6
    for _ in range(LATELY - 1):
        assert habit.hear(run.between(0, 24), 0) == 0 and habit.room == 6
    habit.hear(run.between(0, 24), 0)
    assert habit.room == 0


@settings(max_examples=200)
@given(st.lists(st.tuples(st.integers(-60, 60), st.integers(1, 30)), max_size=12))
def test_a_pickup_is_at_most_a_beat_after_a_rest_and_goes_on(drawn: list[tuple[int, int]]) -> None:
    player = Phrase.of(Note(onset, 60, duration) for onset, duration in drawn)
    ticks = pickup(player, 0)
    assert ticks == 0 or SHORTEST <= ticks <= LONGEST
    if ticks:
        assert any(note.onset == -ticks for note in player)
        assert not any(-ticks - TICKS < note.end and note.onset < -ticks for note in player)
        assert player.between(0, TICKS).notes


def silences(patience: float | None) -> tuple[list[float], int]:
    """The beats at which a player is answered who plays for two bars, then again from beat 32 on; how many asks."""
    gig = replace(GIG, ends=12 * BAR, patience=patience)
    performance, told = play(gig, eighths(0, 16), eighths(32, 16), proposer=Eager())
    return begins(performance), sum(isinstance(what, Ask) for what in told)


def test_who_is_silent_for_too_long_is_not_answered_until_they_play_again() -> None:
    (always, asked), (patient, fewer) = silences(None), silences(5.0)
    assert always == [8, 24, 40]
    assert patient == [8, 40]
    assert fewer < asked


def test_a_key_that_is_held_is_no_silence() -> None:
    held = (Heard(at(0), b"\x90\x3c\x40"),)
    performance, _ = play(replace(GIG, ends=8 * BAR, patience=6.0), held, proposer=Eager())
    assert begins(performance) == [8, 24]


def test_chords_of_the_left_hand_are_no_silence() -> None:
    chords = together(*(notes(*((at(b), at(b + 1), p) for p in (48, 52, 57))) for b in range(0, 32, 4)))
    performance, _ = play(replace(GIG, ends=8 * BAR, patience=6.0), chords, proposer=Eager())
    assert begins(performance) == [8, 24]


def test_the_trace_says_that_ideas_came_too_late() -> None:
    late, _ = play(replace(GIG, ends=4 * BAR), eighths(0, 8), proposer=Eager(), delay=30.0)
    told = record(late.decided[0], BLUES.meter)
    assert told["late"] and "too late" in told["why"]
    assert {candidate["source"] for candidate in told["candidates"]} == {"lick"}
    timely, told_timely = play(replace(GIG, ends=4 * BAR), eighths(0, 8), proposer=Eager())
    assert "late" not in record(timely.decided[0], BLUES.meter)
    assert [what.late for what in told_timely if isinstance(what, Decided)] == [False]


def test_what_is_sent_ahead_of_its_beat_is_chosen_as_much_sooner() -> None:
    for early in (0.0, 0.2):
        performance, _ = play(replace(GIG, ends=4 * BAR, early=early), eighths(0, 8), proposer=Eager())
        assert performance.decided[0].at == pytest.approx(at(8) - DECIDE_AHEAD - early)
