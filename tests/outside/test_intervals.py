"""The melodic model, small enough to reckon by hand."""

import numpy as np
import pytest

from sideslip.outside.intervals import INTERVALS, IntervalModel, count_intervals, smooth
from sideslip.outside.lines import Floats, Lines

from .worked_examples import line, one_chord

UP_2 = 14
VAMP = one_chord("Cmaj7")


def taught(*lines: str, fewest: int = 1) -> IntervalModel:
    return smooth(count_intervals([Lines.over(VAMP, [line(names) for names in lines])], fewest))


def predicted(model: IntervalModel, names: str) -> Floats:
    """P of each interval to the last note of a line."""
    chances: Floats = model.predict(Lines.over(VAMP, [line(names)]).pitch)[0, -1]
    return chances


def test_witten_bell_by_hand() -> None:
    model = taught("C D E F#")  # three whole tones up: one kind of interval
    unigram = (3 + 1 / INTERVALS) / 4
    assert predicted(model, "C D")[UP_2] == pytest.approx(unigram)
    after_one = (2 + unigram) / 3
    assert predicted(model, "C D E")[UP_2] == pytest.approx(after_one)
    assert predicted(model, "C D E F#")[UP_2] == pytest.approx((1 + after_one) / 2)


def test_an_unmet_context_falls_back_to_the_longest_met() -> None:
    model = taught("C D E F#")
    assert predicted(model, "E C D E").tolist() == predicted(model, "C D E").tolist()
    assert predicted(model, "C A C").tolist() == predicted(model, "C D").tolist()


def test_every_row_is_a_distribution() -> None:
    model = taught("C D E F G A B C", "C E G E C", "G F# F E Eb D")
    assert model.rows.sum(axis=1) == pytest.approx(np.ones(len(model.rows)))
    assert (model.rows > 0).all()


def test_rare_contexts_are_left_out_the_empty_one_never() -> None:
    assert len(taught("C D E F#", fewest=2).contexts) == 2  # the empty one, and one whole tone
    assert taught("C D E F#", fewest=99).contexts.tolist() == [0]


def test_lines_do_not_run_into_each_other() -> None:
    model = taught("C D", "C D")
    assert model.contexts.tolist() == [0]
