"""What is called resolved, on lines that musicians would agree about."""

from collections.abc import Sequence

import numpy as np
import pytest

from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.dialogue import Turn
from sideslip.music.phrase import Note, Phrase
from sideslip.outside.hearing import Hearing, hear
from sideslip.outside.lines import Lines
from sideslip.outside.tables import ListeningTables
from sideslip.propose.engine import Engine
from sideslip.testing.weights import TINY, random_weights
from sideslip.train.controller.heard import answered, ends_inside, exit_by_step, landed, listened, resolved

EBJ7 = Changes((0,), (parse_chord("Ebmaj7"),), 48 * 4)
INSIDE = (64, 65, 67)
OUT = (68, 71, 73, 75, 78, 73, 76)
"""David Liebman, Nica's Dream, bar 20: E F G, then out to E major over Ebmaj7."""


def heard(tables: ListeningTables, *pitches: Sequence[int], ticks: int = 3) -> Hearing:
    phrases = [Phrase(tuple(Note(ticks * i, p, ticks) for i, p in enumerate(each))) for each in pitches]
    return hear(Lines.over(EBJ7, phrases), tables)


HOME, LEAPT, LEFT = (*INSIDE, *OUT, 74, 70, 67), (*INSIDE, *OUT, 67, 70, 67), (*INSIDE, *OUT)


def test_a_span_lands_by_a_step_onto_a_chord_tone(tables: ListeningTables) -> None:
    hearing = heard(tables, HOME, LEAPT, LEFT, (67, 70, 72, 70, 67))
    assert [len(hearing.spans(row)) for row in range(4)] == [1, 1, 1, 0]
    assert landed(hearing).tolist()[:3] == [1.0, 0.0, 0.0] and np.isnan(landed(hearing)[3])


def test_a_chord_tone_that_the_shifted_line_has_too_is_no_landing(tables: ListeningTables) -> None:
    """E flat after E, as D sharp in E major: a step onto the root, and still outside."""
    hearing = heard(tables, (*INSIDE, *OUT, 75))
    assert hearing.outsideness.chord_tone[0, -1] and hearing.shift.smoothed[0, -1] > 0.5
    assert landed(hearing).tolist() == [0.0]


def test_landing_takes_two_beats_at_most(tables: ListeningTables) -> None:
    notes = [Note(3 * i, p, 3) for i, p in enumerate((*INSIDE, *OUT))]
    late = [Phrase((*notes, Note(27 + wait, 74, 12), Note(39 + wait, 70, 12))) for wait in (24, 25)]
    assert landed(hear(Lines.over(EBJ7, late), tables)).tolist() == [1.0, 0.0]


def test_the_end_is_inside_by_itself_and_as_part_of_the_line(tables: ListeningTables) -> None:
    assert ends_inside(heard(tables, HOME, LEFT, (67, 70, 74, 76))).tolist() == [1.0, 0.0, 0.0]


def test_exits_by_step_are_counted_by_runs_of_chromatic_notes(tables: ListeningTables) -> None:
    """Over Ebmaj7 E and B are chromatic: left by step to Eb, by leap to G, not at all."""
    hearing = heard(tables, (67, 76, 75, 70), (67, 76, 67, 70), (67, 70, 76), (67, 76, 75, 71, 67), (67, 70, 67))
    found = exit_by_step(hearing)
    assert found[:4].tolist() == [1.0, 0.0, 0.0, 0.5] and np.isnan(found[4])


def test_resolved_asks_for_all_three() -> None:
    columns = {
        "landed": np.array([np.nan, 1.0, 0.5, 1.0, 1.0]),
        "ends_inside": np.array([1.0, 1.0, 1.0, 0.0, 1.0]),
        "melody": np.array([3.0, 3.0, 3.0, 3.0, 5.0]),
    }
    assert resolved(columns, 4.0).tolist() == [1.0, 1.0, 0.0, 0.0, 0.0]


def test_an_answer_is_heard_beside_its_call(tables: ListeningTables) -> None:
    call = Phrase(tuple(Note(6 * i, 67 + i % 5, 6) for i in range(8)))
    turn = Turn(96, 192, EBJ7, call, call)
    phrase = call.moved(96)
    found = answered(turn, [phrase, Phrase(phrase.notes[:3])], tables, Engine(TINY, random_weights()))
    assert found["similarity"][0] == pytest.approx(1.0) and found["similarity"][1] < 1
    assert listened(heard(tables, HOME)).keys() == found.keys() - {"similarity", "bits"}
    assert all(len(values) == 2 for values in found.values()) and (found["bits"] > 0).all()
