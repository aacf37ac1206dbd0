"""Where a place outside begins and ends, and where it comes home."""

import numpy as np

from sideslip.outside.hearing import hear
from sideslip.outside.lines import Lines
from sideslip.outside.spans import Span, landing, whole
from sideslip.outside.tables import ListeningTables

from .worked_examples import SLIPPED, TWO_FIVE_ONE


def test_a_span_takes_in_the_notes_at_its_ends_that_are_out_with_it() -> None:
    smoothed = np.array([0.9, 0.4, 0.6, 0.9, 0.9, 0.51, 0.5, 0.9])
    assert whole(Span(3, 4), smoothed) == Span(2, 5)
    assert whole(Span(0, 7), smoothed) == Span(0, 7)


def test_a_slip_is_whole_although_the_last_note_suits_the_coming_chord(tables: ListeningTables) -> None:
    hearing = hear(Lines.over(TWO_FIVE_ONE, [SLIPPED]), tables)
    (span,) = hearing.spans(0)
    assert (span, whole(span, hearing.shift.smoothed[0])) == (Span(9, 13), Span(9, 14))


def test_home_is_the_first_chord_tone_after() -> None:
    chord_tone = np.array([True, False, False, True, True])
    assert landing(Span(1, 1), chord_tone) == 3
    assert landing(Span(1, 3), chord_tone) == 4
    assert landing(Span(1, 4), chord_tone) is None
