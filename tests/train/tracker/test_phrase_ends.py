"""Learning when a phrase is over, and measuring it."""

from collections.abc import Callable

import numpy as np
import pytest

from sideslip.errors import DataError
from sideslip.listen.phrase_context import FEATURES, GAPS
from sideslip.listen.phrasing import PhraseWeights
from sideslip.train.solos import Solo
from sideslip.train.tracker.phrase_ends import DELAY, gaps_of, learn, score
from sideslip.train.tracker.phrase_figures import figures, listen

Maker = Callable[..., Solo]


def breathing(made: Maker, seed: int, notes: int = 150) -> Solo:
    """Eighths; after a long note the phrase is over and a beat of rest follows, after a short one just as long a
    breath inside the phrase: how long the gap is tells nothing."""
    rng = np.random.default_rng(seed)
    kind = rng.choice(3, size=notes, p=(0.7, 0.15, 0.15))  # goes on, breathes, ends
    length = np.choose(kind, (0.45, 0.1, 0.9))
    onset = np.concatenate(([0.0], np.cumsum(np.choose(kind, (0.5, 1.35, 2.15)))[:-1]))
    chords = ("C",) * (int(onset[-1]) + 4)
    return made(
        seed,
        notes,
        group=f"tune {seed}",
        performed=onset,
        duration_beats=length,
        phrase=np.concatenate(([0], np.cumsum(kind == 2)[:-1])),
        chord=chords,
        harm=chords,
    )


@pytest.fixture(scope="module")
def solos(made: Maker) -> list[Solo]:
    return [breathing(made, seed) for seed in range(6)]


@pytest.fixture(scope="module")
def learnt(solos: list[Solo]) -> PhraseWeights:
    return learn(solos)


def test_it_learns_what_the_length_of_the_gap_does_not_tell(learnt: PhraseWeights, made: Maker) -> None:
    other = [breathing(made, 100)]
    plain, taught = figures(other, PhraseWeights.timed()), figures(other, learnt)
    assert plain["phrase_end_precision"] < 0.7
    assert taught["phrase_end_f1"] > 0.95
    assert taught["phrase_end_delay"] < plain["phrase_end_delay"]
    assert taught["phrase_end_cut"] < 0.01


def test_the_same_solos_teach_the_same(learnt: PhraseWeights, solos: list[Solo]) -> None:
    again = learn(solos)
    assert (again.columns.tolist(), again.level) == (learnt.columns.tolist(), learnt.level)


def test_every_gap_has_a_row_for_each_step_that_it_reaches(made: Maker) -> None:
    solo = made(performed=np.array([0.0, 0.5, 2.0, 8.0]), duration_beats=np.array([0.45, 0.5, 0.25, 1.0]), notes=4)
    gaps = gaps_of([solo])
    assert np.bincount(gaps.note, minlength=3).tolist() == [0, 12, len(GAPS)]
    assert gaps.table.shape == (12 + len(GAPS), len(FEATURES))
    assert gaps.table[:12, 0].tolist() == GAPS[:12].tolist()
    assert gaps.weight.sum() == pytest.approx(2)


def test_cutting_notes_short_makes_the_gaps_longer(solos: list[Solo]) -> None:
    assert len(gaps_of(solos, 0.5).note) > len(gaps_of(solos).note)


def test_a_level_is_scored_by_the_first_step_that_reaches_it(made: Maker) -> None:
    solo = made(
        notes=4,
        performed=np.array([0.0, 2.0, 3.0, 9.0]),
        duration_beats=np.array([0.5, 0.5, 0.5, 1.0]),
        phrase=np.array([0, 1, 1, 2]),
    )
    gaps = gaps_of([solo])
    odds = gaps.table[:, 0]  # as if the gap itself were the odds
    assert score(gaps, odds, 1.0) == (1.0, 1.0)
    assert score(gaps, odds, 0.5) == (0.8, 0.5)
    assert score(gaps, odds, 2.0) == (pytest.approx(2 / 3), 2.0)
    assert score(gaps, odds, 99.0) == (pytest.approx(2 / 3), GAPS[-1])


def test_half_of_the_ends_are_declared_in_time(learnt: PhraseWeights, solos: list[Solo]) -> None:
    assert figures(solos, learnt)["phrase_end_delay"] <= DELAY + 1e-9


def test_figures_count_every_gap_once(made: Maker) -> None:
    solo = made(
        notes=5,
        performed=np.array([0.0, 1.0, 3.0, 4.0, 6.0]),
        duration_beats=np.full(5, 0.5),
        phrase=np.array([0, 0, 1, 2, 2]),
    )
    heard = [(gap.heard, gap.marked) for gap in listen(solo, PhraseWeights.timed())]
    assert heard == [(False, False), (True, True), (False, True), (True, False)]
    measured = figures([solo], PhraseWeights.timed())
    assert measured == {
        "phrase_end_precision": 0.5,
        "phrase_end_recall": 0.5,
        "phrase_end_f1": 0.5,
        "phrase_end_f1_low": 0.5,
        "phrase_end_f1_high": 0.5,
        "phrase_end_delay": 1.0,
        "phrase_end_cut": 0.5,
    }


def test_without_phrases_there_is_nothing_to_learn_or_measure(made: Maker) -> None:
    whole = [made(seed, phrase=np.zeros(120, int), group=f"tune {seed}") for seed in (0, 1)]
    for nothing in (whole, [], [made()]):
        with pytest.raises(DataError):
            learn(nothing)
    for nothing in (whole, [made(notes=1, phrase=np.zeros(1, int))], []):
        with pytest.raises(DataError):
            figures(nothing, PhraseWeights.timed())
