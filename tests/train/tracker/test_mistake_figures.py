"""Planting wrong notes in made-up solos, where it is known what must be found."""

from collections.abc import Callable

import numpy as np

from sideslip.train.solos import Solo
from sideslip.train.tracker.mistake_figures import figures


def roots(made: Callable[..., Solo], pitches: list[int], beats: float) -> Solo:
    """Notes a bar apart over C, each a phrase."""
    n = len(pitches)
    chords = ("C",) * (4 * n)
    return made(
        notes=n,
        onset_ticks=48 * np.arange(n),
        performed=4.0 * np.arange(n),
        pitch=np.array(pitches),
        duration_beats=np.full(n, beats),
        phrase=np.arange(n),
        bar=np.arange(4 * n) // 4 + 1,
        beat=np.arange(4 * n) % 4 + 1,
        num=np.full(4 * n, 4),
        bass=np.full(4 * n, 36),
        chord=chords,
        harm=chords,
    )


def test_all_that_is_planted_in_lone_notes_is_found_and_nothing_else(made: Callable[..., Solo]) -> None:
    measured = figures([roots(made, [60, 67, 60, 67], 1.0)])
    assert measured["wrong_note_planted"] == 4
    assert measured["wrong_note_recognised"] == measured["wrong_note_recognised_open"] == 1
    assert measured["wrong_note_expected"] == 1  # Db leans on C, Ab on G; B and Gb are not foreign enough
    assert measured["wrong_note_per_100"] == measured["wrong_note_exposed"] == 0


def test_what_is_wrong_already_is_counted_and_nothing_is_planted_there(made: Callable[..., Solo]) -> None:
    measured = figures([roots(made, [60, 61, 60, 61], 1.0)])
    assert measured["wrong_note_planted"] == 2
    assert measured["wrong_note_per_100"] == measured["wrong_note_open_per_100"] == 50
    assert measured["wrong_note_exposed"] == 1


def test_short_notes_leave_no_room_and_no_solos_no_figures(made: Callable[..., Solo]) -> None:
    assert figures([roots(made, [60, 67], 0.2)])["wrong_note_planted"] == 0
    assert set(figures([]).values()) == {0}


def test_the_same_seed_plants_the_same(made: Callable[..., Solo]) -> None:
    solos = [made(seed) for seed in range(3)]
    assert figures(solos, 1) == figures(solos, 1)
    assert figures(solos, 1)["wrong_note_planted"] > 0
