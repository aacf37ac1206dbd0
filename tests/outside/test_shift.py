"""The shift filter: leaving the changes and coming home."""

from dataclasses import replace

import numpy as np
import pytest

from sideslip.music.changes import Changes
from sideslip.music.phrase import Phrase
from sideslip.outside.hearing import Hearing, hear
from sideslip.outside.lines import Lines
from sideslip.outside.outsideness import Outsideness
from sideslip.outside.shift import transition
from sideslip.outside.spans import Span, outside_spans
from sideslip.outside.tables import ListeningTables

from .worked_examples import INSIDE, LIEBMAN, LIEBMAN_OUT, PARKER, SLIPPED, TWO_FIVE_ONE, one_chord


def heard(changes: Changes, phrase: Phrase, tables: ListeningTables) -> Hearing:
    return hear(Lines.over(changes, [phrase]), tables)


def test_liebman_leaves_and_returns(tables: ListeningTables) -> None:
    shift = heard(one_chord("Ebmaj7"), LIEBMAN, tables).shift
    assert (shift.smoothed[0, LIEBMAN_OUT] > 0.6).all()
    assert (shift.smoothed[0, LIEBMAN_OUT.stop :] < 0.3).all()


def test_parker_stays_inside(tables: ListeningTables) -> None:
    hearing = heard(one_chord("D7"), PARKER, tables)
    assert hearing.outside[0] < 0.15
    assert hearing.spans(0) == ()


@pytest.mark.parametrize("semitones", [1, -1])
def test_a_planted_side_slip_is_found_where_it_is(tables: ListeningTables, semitones: int) -> None:
    slipped = Phrase(tuple(n.moved(semitones=semitones if 9 <= i <= 14 else 0) for i, n in enumerate(INSIDE)))
    hearing = heard(TWO_FIVE_ONE, slipped, tables)
    (span,) = hearing.spans(0)
    assert 9 <= span.first < span.last <= 14
    assert (hearing.shift.smoothed[0, [*range(8), *range(17, 32)]] < 0.2).all()


def test_the_inside_line_is_inside(tables: ListeningTables) -> None:
    hearing = heard(TWO_FIVE_ONE, INSIDE, tables)
    assert hearing.outside[0] < 0.05
    assert hearing.static[0] < 0.05
    assert hearing.spans(0) == ()


def test_online_knows_less_than_smoothed_at_the_way_out(tables: ListeningTables) -> None:
    shift = heard(TWO_FIVE_ONE, SLIPPED, tables).shift
    assert shift.online[0, 9] < shift.smoothed[0, 9]  # what follows tells that the first slipped note was one
    last = len(SLIPPED) - 1
    assert shift.online[0, last] == pytest.approx(shift.smoothed[0, last])


def test_online_does_not_know_the_future(tables: ListeningTables) -> None:
    whole, start = (heard(TWO_FIVE_ONE, p, tables).shift.online[0, :12] for p in (SLIPPED, Phrase(SLIPPED.notes[:12])))
    assert whole == pytest.approx(start)


def test_a_line_is_measured_alike_alone_and_among_longer_ones(tables: ListeningTables) -> None:
    short = Phrase(SLIPPED.notes[:13])
    alone = heard(TWO_FIVE_ONE, short, tables)
    among = hear(Lines.over(TWO_FIVE_ONE, [INSIDE, short, Phrase()]), tables)
    assert among.outside[1] == pytest.approx(alone.outside[0])
    assert among.bits[1] == pytest.approx(alone.bits[0])
    assert among.spans(1) == alone.spans(0)
    assert among.outside[2] == among.bits[2] == 0


def test_a_line_transposed_with_its_chords_measures_the_same(tables: ListeningTables) -> None:
    starts, chords = TWO_FIVE_ONE.starts, tuple(chord.transposed(3) for chord in TWO_FIVE_ONE.chords)
    there = heard(Changes(starts, chords, TWO_FIVE_ONE.length), SLIPPED.moved(semitones=3), tables)
    here = heard(TWO_FIVE_ONE, SLIPPED, tables)
    assert there.outside[0] == pytest.approx(here.outside[0])
    assert there.bits[0] == pytest.approx(here.bits[0])


def test_every_row_of_the_transition_is_a_distribution() -> None:
    assert transition().sum(axis=1) == pytest.approx(np.ones(12))
    assert (transition() >= 0).all()


def test_spans_bridge_one_note_and_need_two_bare_chromatic_notes(tables: ListeningTables) -> None:
    hearing = heard(one_chord("Ebmaj7"), LIEBMAN, tables)
    bare = replace(hearing.outsideness, ornament=np.zeros_like(hearing.outsideness.ornament))
    ornaments = replace(hearing.outsideness, ornament=hearing.outsideness.chromatic)

    def spans(outside: list[int], outsideness: Outsideness = bare) -> tuple[Span, ...]:
        smoothed = np.where(np.isin(np.arange(len(LIEBMAN)), outside), 0.9, 0.1)[None]
        return outside_spans(smoothed, outsideness, hearing.lines, 0)

    assert spans([3, 4, 5, 6, 7, 8, 9]) == (Span(4, 9),)  # trimmed: Ab is no foreign note
    assert spans([3, 4, 5, 7, 8, 9]) == (Span(4, 9),)
    assert spans([3, 4, 5, 8, 9]) == (Span(4, 5), Span(8, 9))
    assert spans([3, 4, 8, 9]) == (Span(8, 9),)  # one foreign note is no span
    assert spans([3, 4, 5, 6, 7, 8, 9], ornaments) == ()
    assert spans([]) == ()
