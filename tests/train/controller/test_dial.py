"""The dial's figures, on turns made up so that they can be told by hand."""

import numpy as np
import pytest

from sideslip.train.controller.dial import figures, in_order, knob
from sideslip.train.controller.played import Played
from sideslip.train.controller.ways import CONTROLLER, KNOBS, TEMPERATURE


def test_a_knob_that_is_obeyed(played: Played) -> None:
    found = knob(CONTROLLER, played, np.random.default_rng(0))
    told = {name: figure["value"] for name, figure in found.items() if name != "bits_gap_at"}  # type: ignore[index]
    assert told == pytest.approx(
        {
            "spearman": 1.0,
            "monotone": 1.0,
            "spearman_in_context": 1.0,
            "range": 0.4,
            "melody_gap": 0.5,  # beside the real phrases with G > .3
            "joint_ratio": 1.5,
            "bits_gap": 0.0,  # dull at 0, noisy at 1, as real on average
            "similarity": 0.4,
        }
    )
    each = {dial: figure["value"] for dial, figure in found["bits_gap_at"].items()}  # type: ignore[attr-defined]
    assert each == pytest.approx({"0": -0.5, "0.25": -0.25, "0.5": 0.0, "0.75": 0.25, "1": 0.5})


def test_a_knob_that_works_in_one_solo_and_against_it_in_another(played: Played) -> None:
    found = knob(TEMPERATURE, played, np.random.default_rng(0))
    assert found["monotone"] == {"value": 0.5, "ci_low": 0.0, "ci_high": 1.0}
    assert found["range"]["value"] == pytest.approx(0.0)  # type: ignore[index]
    assert (found["range"]["ci_low"], found["range"]["ci_high"]) == pytest.approx((-0.3, 0.3))  # type: ignore[index]


def test_pairs_in_order() -> None:
    values = np.array([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0], [1.0, 1.0, 2.0], [0.0, 0.0, 0.0]])
    assert in_order(values).tolist() == pytest.approx([1.0, 0.0, 2.5 / 3, 0.5])


def test_all_of_it_has_the_names_that_are_asked_for(played: Played) -> None:
    found = figures(played, np.random.default_rng(0))
    asked = {"spearman", "monotone", "range", "melody_gap", "joint_ratio", "bits_gap", "similarity"}
    assert {f"dial_{name}" for name in asked} <= found.keys()
    assert (found["contexts"], found["context_solos"], found["one_idea_bits"]) == (2, 2, 4.0)
    ahead = found["resolved_over_temperature"]
    assert ahead["value"] == 1.0  # type: ignore[index]
    assert found["resolved_over_players_out"]["value"] == 0.5  # type: ignore[index]
    assert list(found["ways"]) == list(KNOBS) and "temperature" in found["baselines"]  # type: ignore[call-overload, operator]
    assert found["real_phrases"].keys() == {"0.1-0.15", "0.3-0.45", "0.45-1"}  # type: ignore[attr-defined]


def test_without_turns_there_is_nothing_to_tell() -> None:
    assert figures(None, np.random.default_rng(0)) == {"contexts": 0}
