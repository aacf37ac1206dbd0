"""What is asked, and whether it is there."""

import pytest

from sideslip.train.controller.goals import GOALS, at_least, at_most, between, reach, verdicts
from sideslip.train.controller.table import short, table


def interval(value: float, low: float, high: float) -> dict[str, float]:
    return {"value": value, "ci_low": low, "ci_high": high}


@pytest.mark.parametrize(
    ("goal", "figure", "verdict"),
    [
        (at_least("", 0.8, 0.9), 0.79, "MISSED"),
        (at_least("", 0.8, 0.9), 0.8, "met"),
        (at_least("", 0.8, 0.9), interval(0.9, 0.7, 0.95), "aim met"),
        (at_most("", 0.07, 0.05), 0.08, "MISSED"),
        (at_most("", 0.07, 0.05), interval(0.06, 0.04, 0.09), "met"),
        (between("", -0.4, 0.4), -0.5, "MISSED"),
        (between("", 0.29, 0.51), 0.3, "met"),
        (at_least("", 0.0, sure=True), interval(0.1, -0.01, 0.2), "MISSED"),
        (at_least("", 0.0, sure=True), interval(0.1, 0.01, 0.2), "met"),
        (at_least("", 0.8), None, ""),
        (at_least("", 0.8), {"others": 1.0}, ""),
    ],
)
def test_verdicts_by_hand(goal: object, figure: object, verdict: str) -> None:
    assert goal.verdict(figure) == verdict  # type: ignore[attr-defined]


def test_bounds_are_said_as_they_are() -> None:
    assert at_least("", 0.83, 0.86).wanted == ">= 0.83" and at_least("", 0.83, 0.86).aimed == ">= 0.86"
    assert between("", -0.4, 0.4).wanted == "within 0.4" and between("", 0.29, 0.51).wanted == "0.29 to 0.51"
    assert at_most("", 3.05).wanted == "<= 3.05" and at_least("", 0.0, sure=True).wanted == ">= 0, surely"


def test_an_aim_is_never_less_than_what_must_be() -> None:
    for goal in GOALS.values():
        if goal.aim:
            assert goal.must[0] <= goal.aim[0] and goal.aim[1] <= goal.must[1], goal.words


def test_verdicts_are_given_of_what_was_measured() -> None:
    found = verdicts({"dial_range": interval(0.4, 0.3, 0.5), "solos": 3})
    assert found == {"dial_range": {"must": ">= 0.35", "aim": "", "verdict": "met"}}


def test_a_table_has_a_line_a_figure_and_a_row_a_way() -> None:
    means = {"outside": interval(0.1, 0.0, 0.2), "landed": None}
    text = table(
        {
            "seed": 0,
            "dial_range": interval(0.3, 0.2, 0.4),
            "baselines": {"temperature": {"range": interval(0.1, 0.0, 0.2)}},
            "position_16_bars": None,
            "ways": {"controller": {"0.5": means}},
            "real_turns": means,
        }
    ).splitlines()
    assert text[0].split() == ["seed", "0"]
    assert text[1].split(None, 1)[1] == "0.300 [0.200, 0.400]   >= 0.35: MISSED"
    assert [line.split()[0] for line in text[2:6]] == ["baselines", "temperature", "range", "position_16_bars"]
    assert text[5].split()[1] == "-"
    assert text[6].startswith("means") and text[7].startswith("controller 0.5") and text[8].startswith("real_turns")
    assert text[7].split()[2:] == ["0.100"] + ["-"] * 7


def test_figures_are_short() -> None:
    assert short(interval(0.1234, 0.1, 0.2)) == "0.123 [0.100, 0.200]" and short(0.5, 2) == "0.50"
    assert short(None) == "-" and short(7) == "7" and reach("x") is None
