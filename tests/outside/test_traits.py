"""Traits of lines: what a musician would say of them, in numbers; and lines of which little can be said."""

from collections.abc import Sequence

import numpy as np
import pytest

from sideslip.music.changes import Changes
from sideslip.music.dialogue import Foresight
from sideslip.music.phrase import Note, Phrase
from sideslip.outside.hearing import hear
from sideslip.outside.lines import Floats, Lines
from sideslip.outside.session import Session
from sideslip.outside.tables import ListeningTables
from sideslip.outside.traits import Foreseen, known, traits

from .worked_examples import INSIDE, LIEBMAN, PARKER, SLIPPED, TWO_FIVE_ONE, line, one_chord

NOTHING = Session.of((), None)
VAMP = one_chord("Cmaj7")


def measured(
    tables: ListeningTables,
    changes: Changes,
    *phrases: Phrase,
    session: Session = NOTHING,
    told: Sequence[Foresight | None] | None = None,
) -> dict[str, Floats]:
    lines = Lines.over(changes, phrases)
    foreseen = Foreseen.of(told or [None] * len(phrases), lines.pitch.shape[1])
    return dict(traits(hear(lines, tables, session), foreseen, session))


def test_all_names_are_known_beforehand(tables: ListeningTables) -> None:
    assert measured(tables, VAMP, INSIDE).keys() == known()


def test_shape_is_counted(tables: ListeningTables) -> None:
    found = measured(tables, VAMP, line("C D E G C C"))  # up 2 2 3 5, and once more
    assert found["stride"][0] == pytest.approx(12 / 5)
    assert found["steps"][0] == pytest.approx(2 / 5)
    assert found["repeats"][0] == pytest.approx(1 / 5)
    assert found["turns"][0] == 0.0
    assert found["range"][0] == pytest.approx(1.0)
    assert found["pitch_classes"][0] == pytest.approx(4 / 6)
    assert found["climax"][0] == pytest.approx(4 / 6)


def test_a_figure_played_again_and_again_has_few_patterns(tables: ListeningTables) -> None:
    found = measured(tables, VAMP, line("C D E C D E C D E"), line("C D F E G D B C A"))
    assert found["patterns"][0] < found["patterns"][1] == 1.0


def test_the_line_beneath_the_line_is_that_on_the_beats(tables: ListeningTables) -> None:
    found = measured(tables, VAMP, line("E A D A C A B"))  # eighths: E, the D above, C, B on the beats
    assert found["beat_stride"][0] == pytest.approx((10 + 2 + 1) / 3)


def test_a_step_home_is_told_from_a_leap(tables: ListeningTables) -> None:
    found = measured(tables, one_chord("D7"), PARKER, line("F# D Db F#"))
    assert found["exits_by_step"].tolist() == [1.0, 0.0]
    assert found["exits_to_chord_tone"].tolist() == [1.0, 1.0]
    assert found["ornaments"].tolist() == [1.0, 0.0]


def test_a_side_slip_fits_one_shift(tables: ListeningTables) -> None:
    slipped = measured(tables, TWO_FIVE_ONE, INSIDE, SLIPPED)
    assert slipped["shift_gain"][0] == 0.0
    assert slipped["outside"][1] > slipped["outside"][0] + 0.1
    out = measured(tables, one_chord("Ebmaj7"), Phrase(LIEBMAN.notes[3:10]))
    assert out["shift_gain"][0] > 0.0 and out["longest_away"][0] >= 2


def test_habits_are_held_against_those_of_the_session(tables: ListeningTables) -> None:
    leaping = Session.of([60, 72, 60, 72, 60, 72], 66.0)
    found = measured(tables, VAMP, INSIDE, session=leaping)
    assert found["stride_apart"][0] == pytest.approx(12 - found["stride"][0])
    assert np.isnan(measured(tables, VAMP, INSIDE)["stride_apart"][0])


def test_what_was_played_before_is_less_surprising(tables: ListeningTables) -> None:
    again = Session.of(INSIDE.pitches, None)
    found = measured(tables, TWO_FIVE_ONE, INSIDE, SLIPPED, session=again)
    assert found["session"][0] < found["session"][1]


def test_foresight_is_read_note_by_note(tables: ListeningTables) -> None:
    told = Foresight((1.0, 2.0, 5.0, 1.0), (1.0, 1.0, 4.0, 1.0), (0.1, 0.2, 0.8))
    found = measured(tables, one_chord("D7"), PARKER, told=[told])
    assert found["model"][0] == pytest.approx((2 + 5 + 1) / 3)  # the first note is not counted
    assert found["doubt"][0] == pytest.approx(2.0)
    assert found["model_at_chromatic"][0] == pytest.approx(5 - 1.5)
    assert found["home_ahead"][0] == pytest.approx(0.8)  # after Db, the only chromatic note
    assert found["home_foretold"][0] == pytest.approx(np.log2(0.8))


POOR = {
    "one note": (VAMP, Phrase((Note(0, 61, 6),))),
    "two notes": (VAMP, Phrase((Note(0, 61, 6), Note(6, 62, 6)))),
    "silence": (VAMP, Phrase()),
    "no chord": (one_chord("N.C."), INSIDE),
    "all one pitch": (VAMP, Phrase(tuple(Note(6 * i, 60, 6) for i in range(8)))),
}


@pytest.mark.parametrize(("changes", "phrase"), POOR.values(), ids=POOR)
def test_a_line_of_which_little_can_be_said_is_said_little_of(
    tables: ListeningTables, changes: Changes, phrase: Phrase
) -> None:
    alone = measured(tables, changes, phrase)
    beside = measured(tables, changes, phrase, INSIDE)
    for name, values in alone.items():
        assert not np.isinf(values).any(), name
        assert beside[name][0] == pytest.approx(values[0], nan_ok=True), name


def test_of_a_conversation_that_has_not_begun_nothing_is_said(tables: ListeningTables) -> None:
    found = measured(tables, TWO_FIVE_ONE, INSIDE)
    assert np.isnan(found["session"][0]) and np.isnan(found["off_register"][0])
