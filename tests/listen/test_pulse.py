"""Following a pulse without a click, on lines made up here."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.listen.count_in import Count
from sideslip.listen.following import Follower, Following
from sideslip.listen.pulse import PLACES, Pulse, likely_places
from sideslip.listen.tempo import TempoMap

FOUR = Count(4, 1)
C, DRUM = b"\x90\x3c\x50", b"\x99\x26\x50"


def swung(bars: int, seed: int = 0) -> list[float]:
    """Places (beats) of a line of swung eighths as people play it: a little late, not all of them, breaths between."""
    chance = np.random.default_rng(seed)
    places = []
    for beat in range(4 * bars):
        if beat % 16 >= 14:
            continue
        places += [beat + chance.normal(0.04, 0.02)] if chance.random() < 0.85 else []
        places += [beat + chance.normal(0.66, 0.02)] if chance.random() < 0.75 else []
    return places


def drifting(bpm: float, drift: float, beats: float = 64) -> Callable[[float], float]:
    """The moment (s) of a beat at a tempo that becomes so much faster over so many beats, and then slower again."""
    grid = np.arange(0, 400, 1 / 16)
    pace = 60 / (bpm * (1 + drift * (1 - np.cos(np.pi * grid / beats)) / 2))
    seconds = np.concatenate([[0.0], np.cumsum(pace[:-1] / 16)])
    return lambda beat: float(np.interp(beat, grid, seconds))


@pytest.mark.parametrize("bpm", [100, 140, 200])
@pytest.mark.parametrize(
    ("drift", "comped"), [(0.0, False), (0.02, False), (-0.02, False), (0.06, True), (-0.06, True)]
)
def test_a_player_who_drifts_is_followed_within_60_ms(bpm: float, drift: float, comped: bool) -> None:
    moment, follower, off = drifting(bpm, drift), Follower(TempoMap(bpm), 0.0), []
    chords = [beat + finger / 50 for beat in range(0, 190, 3) for finger in range(3)] if comped else []
    beat = 0
    for at in [moment(place) for place in sorted(swung(48) + chords)]:
        while moment(beat) <= at:
            off.append(abs(follower.tempo.seconds(beat) - moment(beat)))
            beat += 1
        follower.hear(max(at, 0.0))
    assert np.mean(np.array(off) < 0.06) > (0.97 if comped else 0.85)
    assert max(off) < 0.12


def test_bends_are_few_and_never_a_jump() -> None:
    moment, follower = drifting(140, 0.06), Follower(TempoMap(140), 0.0)
    for place in swung(32):
        before = follower.tempo
        at = max(moment(place), 0.0)
        follower.hear(at)
        assert follower.tempo.beat(at) == pytest.approx(before.beat(at))
        assert 0.7 * 140 / 1.3 <= follower.tempo.bpm <= 1.4 * 140 * 1.3
    assert len(follower.tempo.pieces) < 2 * 128 + 2


def test_silence_keeps_the_tempo() -> None:
    follower = Follower(TempoMap(120), 0.0)
    for place in swung(8):
        follower.hear(max(0.0, place / 2))
    before = follower.tempo
    follower.hear(100.0)
    assert follower.tempo.bpm == pytest.approx(before.bpm, rel=0.02)


def test_a_chord_counts_once_and_for_more_than_a_note() -> None:
    line, two, many = (Follower(TempoMap(120), 0.0) for _ in range(3))
    for beat in range(24):
        for player, fingers in ((line, 1), (two, 2), (many, 5)):
            for finger in range(fingers):
                player.hear(0.52 * beat + 0.005 * finger)
    assert two.tempo == many.tempo
    assert abs(two.tempo.seconds(24) - 24 * 0.52) < 0.02 < abs(line.tempo.seconds(24) - 24 * 0.52)


def test_the_places_of_notes_are_shares() -> None:
    for row in PLACES:
        assert len(row) == 24
        assert sum(row) == pytest.approx(2400, abs=24)
    for bpm in (20.0, 65.0, 130.0, 270.0, 400.0):
        assert likely_places(bpm).shape == (24,)
        assert likely_places(bpm).min() > 0.3


@given(st.floats(20, 400), st.lists(st.sampled_from([0.0, 0.01, 0.1, 0.2, 0.3, 0.7, 5.0, 5000.0]), max_size=60))
def test_the_pulse_never_runs_away(bpm: float, waits: list[float]) -> None:
    pulse = Pulse(bpm)
    for wait in waits:
        before = pulse.beat
        pulse.hear(wait)
        assert 0.7 * bpm <= pulse.bpm <= 1.4 * bpm
        assert np.isfinite(pulse.beat) and pulse.chances.sum() == pytest.approx(1, abs=1e-3)
        assert abs(pulse.beat - before - wait * bpm / 60) <= 2.5 + 0.5 * wait * bpm / 60


# ---------------------------------------------------------------- from the first note on


def test_following_begins_at_the_first_note_that_counts_nobody_in() -> None:
    keeper = Following(120, FOUR)
    for at, message in ((0.9, DRUM), (1.0, C)):
        keeper.hear(at, message)
    assert (keeper.tempo, keeper.epoch, keeper.wake_at) == (None, 0, 4.0)
    keeper.hear(1.34, C)
    assert keeper.tempo is None
    keeper.hear(1.5, b"\x90\x3e\x50")
    assert keeper.tempo is not None and keeper.epoch == 1
    assert keeper.tempo.seconds(0) == pytest.approx(1.0, abs=0.02)
    assert keeper.since is None


def test_following_begins_after_a_count_in_whose_taps_are_no_music() -> None:
    keeper = Following(90, FOUR)
    for tap in range(4):
        keeper.hear(0.5 * tap, C)
    assert keeper.tempo is not None and keeper.tempo.origin == pytest.approx(2.0)
    assert keeper.since == pytest.approx(1.625)
    for place in swung(16):
        keeper.hear(max(2.0 + place * 0.49, 1.7), C)
    assert keeper.tempo is not None and keeper.epoch == 1
    assert keeper.tempo.bpm == pytest.approx(60 / 0.49, rel=0.02)
    assert keeper.tempo.beat(2.0 + 48 * 0.49) == pytest.approx(48, abs=0.15)


def test_a_held_first_note_begins_it_when_it_is_woken() -> None:
    keeper = Following(120, FOUR)
    keeper.hear(1.0, C)
    keeper.woken(4.01)
    assert keeper.tempo is not None
    assert keeper.tempo.seconds(0) == pytest.approx(1.0, abs=0.02)


def test_drums_and_pedals_say_nothing_about_the_pulse() -> None:
    keeper = Following(120, FOUR)
    for at, message in ((1.0, C), (1.3, b"\x90\x3e\x50")):
        keeper.hear(at, message)
    before = keeper.tempo
    assert before is not None
    for beat in range(40):
        keeper.hear(2.0 + 0.45 * beat, DRUM)
        keeper.hear(2.0 + 0.45 * beat, b"\xb0\x40\x7f")
    assert keeper.tempo == before
