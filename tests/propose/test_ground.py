"""The ground under a line: what is in force, what comes next, over the top of the form too."""

import numpy as np

from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.propose.ground import FAR, PLACE, Ground, silence_before

C, F, G = (parse_chord(symbol) for symbol in ("C7", "F7", "G7"))
ROUND = Changes((0, 48, 96), (C, F, C), 144)
"""Three bars that end on the chord on which they begin."""


def column(rows: np.ndarray, name: str) -> list[int]:
    found: list[int] = rows[:, list(PLACE).index(name)].tolist()
    return found


def test_a_chord_that_goes_on_over_the_top_of_the_form_is_no_change() -> None:
    ground = Ground.of_changes(ROUND, 0, 288)
    ticks = np.array([96, 144, 180])
    assert ground.chords(ticks).change.tolist() == [192, 192, 192]
    assert column(ground.places(ticks), "next_in") == [8, 4, 1]
    assert column(ground.places(ticks), "next_root") == [5, 5, 5]


def test_the_change_after_the_next_is_known_at_the_end_of_what_is_asked() -> None:
    ground = Ground.of_changes(Changes((0, 48, 96), (C, F, G), 144), 0, 48)
    rows = ground.places(np.array([0, 47]))
    assert column(rows, "next_root") == [5, 5] and column(rows, "after_root") == [7, 7]
    chords = ground.chords(np.array([0]))
    assert (chords.root[0], chords.next_root[0]) == (0, 5)
    assert chords.standing[0].tolist() == chords.next_standing[0].tolist()  # both are dominants
    assert ground.chords(np.array([60])).next_root[0] == 7


def test_one_chord_for_ever_never_changes() -> None:
    ground = Ground.of_changes(Changes((0,), (C,), 96), 0, 960)
    assert ground.chords(np.array([0, 500, 959])).change.tolist() == [FAR] * 3
    assert column(ground.places(np.array([959])), "next_in") == [8]


def test_a_first_note_is_awaited_from_its_bar_line_or_the_beat_before() -> None:
    assert [silence_before(first, first % 48 // 12) for first in (0, 1, 12, 47, 48, 60)] == [-12, 0, 0, 0, 36, 48]
