"""Played turns, spoilt phrases, rankings, rows of the tracker and costs, on made solos."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from sideslip.errors import DataError
from sideslip.listen.tables import TrackerTables
from sideslip.outside.controller import Controller
from sideslip.outside.tables import ListeningTables
from sideslip.propose.engine import Engine
from sideslip.testing.weights import TINY, random_weights
from sideslip.train.controller import cost, rankings, tracked
from sideslip.train.controller.judged import Judged, judged, judged_by_fold
from sideslip.train.controller.played import Filling, play
from sideslip.train.controller.slips import plant
from sideslip.train.controller.spoilt import WRONG_NOTES, phrases, spoilt
from sideslip.train.controller.ways import CONTROLLER, ways
from sideslip.train.listening import HeardSolo
from sideslip.train.proposer.contexts import Place, places
from sideslip.train.solos import Solo
from sideslip.train.tracker.chord_figures import chord_figures
from sideslip.train.tracker.place_figures import place_figures

Made = Callable[..., Solo]


@pytest.fixture(scope="module")
def heard(made: Made) -> list[HeardSolo]:
    """Six solos over three tunes, one of them free."""
    styles = ("COOL", "POSTBOP", "SWING", "FREE", "FUSION", "BEBOP")
    return [
        HeardSolo.of(made(seed, notes=150, id=f"solo-{seed}", group=f"tune-{seed % 3}", style=style))
        for seed, style in enumerate(styles)
    ]


@pytest.fixture(scope="module")
def solos(heard: list[HeardSolo], tables: ListeningTables) -> list[Judged]:
    return judged(heard, tables)


def test_free_solos_are_not_judged(solos: list[Judged], heard: list[HeardSolo], tables: ListeningTables) -> None:
    assert [solo.heard.solo.id for solo in solos] == [f"solo-{number}" for number in (0, 1, 2, 4, 5)]
    with pytest.raises(DataError, match="found none among 1"):
        judged([heard[3]], tables)


def test_with_folds_each_tune_is_heard_with_what_the_others_taught(heard: list[HeardSolo]) -> None:
    found = judged_by_fold(heard, 3)
    assert sorted(solo.heard.solo.id for solo in found) == [f"solo-{number}" for number in (0, 1, 2, 4, 5)]
    by_tune = {solo.heard.solo.group: solo.tables for solo in found}
    profiles = [tables.profile.tobytes() for tables in by_tune.values()]
    assert len(set(profiles)) == 3
    assert all(solo.tables.profile.tobytes() == by_tune[solo.heard.solo.group].profile.tobytes() for solo in found)
    with pytest.raises(DataError, match="at least 4 tunes"):
        judged_by_fold(heard, 4)


def test_a_planted_slip_moves_one_segment(solos: list[Judged]) -> None:
    pitch, slipped = plant(solos[0], 1.0, np.random.default_rng(0))
    moved = pitch - solos[0].hearing.lines.pitch
    assert slipped.any() and ((moved != 0) == slipped).all()
    for row in np.flatnonzero(slipped.any(axis=1)):
        at = np.flatnonzero(slipped[row])
        assert (np.diff(at) == 1).all() and len(set(moved[row, at].tolist())) == 1 and at[0] >= 2


def test_phrases_are_spoilt_as_told(solos: list[Judged], tables: ListeningTables) -> None:
    whole, bad = phrases(solos), spoilt(solos, np.random.default_rng(0))
    assert len(whole.solo) == sum(solo.long.sum() for solo in solos)
    assert all((sample.solo == whole.solo).all() for sample in bad.values())
    means = {name: sample.columns["melody"].mean() for name, sample in bad.items()}
    assert means["a semitone up"] == pytest.approx(whole.columns["melody"].mean())  # a line is a line in any key
    assert means["random notes"] > means["four wrong notes"] > whole.columns["melody"].mean() + 0.2
    assert WRONG_NOTES == 4


def test_turns_are_filled_once_and_measured_in_every_way(solos: list[Judged], tables: ListeningTables) -> None:
    told: list[str] = []
    played = play(solos, Filling(Engine(TINY, random_weights()), Controller(tables), 0), 3, told.append)
    assert played is not None and set(played.ways) == set(ways())
    assert len(played.solo) == 3 and all(len(column) == 3 for way in played.ways.values() for column in way.values())
    assert set(played.phrases.columns["resolved"].tolist()) <= {0.0, 1.0}
    assert (played.phrases.columns["melody"] <= played.one_idea).mean() == pytest.approx(0.9, abs=0.05)
    assert len(played.turns(CONTROLLER, (0.0, 1.0)).solo) == 6
    assert (played.far_phrases.columns["outside"] > 0.3).all()
    here = [place for solo in solos for place in places(solo.heard.solo)]
    assert len(here) >= 3 and len(played.real["bits"]) == 3


def test_too_short_solos_have_no_turn(made: Made, tables: ListeningTables) -> None:
    short = judged([HeardSolo.of(made(1, notes=16, phrase=np.zeros(16, dtype=np.int64)))], tables)
    assert play(short, Filling(Engine(TINY, random_weights()), Controller(tables), 0), 3, print) is None


# ---------------------------------------------------------------- rankings


def ranked(solos: list[Judged], styles: dict[str, float], performers: dict[str, float]) -> dict[str, object]:
    tiers = {"style_rank": styles, "performer_tier": performers}
    return rankings.figures(solos, tiers, np.random.default_rng(0))


def test_expectations_that_hold_and_their_opposite(solos: list[Judged]) -> None:
    order = {solo.style: rank for rank, solo in enumerate(sorted(solos, key=lambda solo: solo.outside))}
    right = ranked(solos, order, {"Nobody": 1})
    wrong = ranked(solos, {style: -rank for style, rank in order.items()}, {})
    assert right["style_spearman"]["value"] == 1.0 and wrong["style_spearman"]["value"] == -1.0  # type: ignore[index]
    assert right["performer_spearman"] is None and right["performers"] == 1 and wrong["performers"] == 0


def test_performers_are_means_of_their_solos(solos: list[Judged]) -> None:
    by = ["A", "B", "A", "B", "C"]
    named = [
        Judged(replace(solo.heard, solo=replace(solo.heard.solo, performer=name)), solo.hearing, solo.tables)
        for solo, name in zip(solos, by, strict=True)
    ]
    means = {
        name: np.mean([solo.outside for solo, who in zip(solos, by, strict=True) if who == name]) for name in "ABC"
    }
    order = {name: rank for rank, name in enumerate(sorted(means, key=lambda name: means[name]))}
    found = ranked(named, {}, order | {"Somebody else": 9.0})
    assert found["performer_spearman"]["value"] == 1.0 and found["performers"] == 3  # type: ignore[index]
    assert found["style_spearman"] is None


def test_outer_styles_against_inner_ones(solos: list[Judged]) -> None:
    outside = {solo.style: solo.outside for solo in solos}
    wins = [outside[outer] > outside[inner] for outer in ("POSTBOP", "FUSION") for inner in ("COOL", "SWING")]
    assert ranked(solos, {}, {})["outer_styles_auc"]["value"] == pytest.approx(np.mean(wins))  # type: ignore[index]
    assert ranked(solos[:1], {}, {})["outer_styles_auc"] is None


# ---------------------------------------------------------------- tracker and cost


def test_rows_of_the_tracker_are_those_of_its_own_script(found: list[Place], made: Made) -> None:
    harmony = TrackerTables.unlearnt().harmony
    solos = [made(seed, notes=60) for seed in range(2)]
    ours = tracked.figures([*solos, replace(made(3, notes=60), harm=None)], harmony, 5, np.random.default_rng(0))
    theirs = chord_figures(solos, harmony, 5) | place_figures(solos, harmony)
    for name in ("root_online", "root_lag1"):
        assert ours[name]["value"] == pytest.approx(theirs[name])  # type: ignore[index]
    assert ours["position_16_bars"] is None and theirs["position_windows"] == 0


def test_a_choice_is_timed_beside_a_standard(tables: ListeningTables, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cost, "TURNS", 20)

    def ticking() -> Iterator[float]:
        now = 0.0
        while True:  # a choice takes 2 ms, the standard half of one
            for step in (0.001, 0.002, 0.0005):
                now += step
                yield now

    ticks = ticking()
    found = cost.figures(Controller(tables), lambda: next(ticks), np.random.default_rng(0))
    assert found == pytest.approx({"choose_32_ms": 2.0, "choose_32_p99_ms": 2.0, "choose_32_ratio": 4.0})
