"""The dial and its arc over the chorus."""

import pytest

from sideslip.errors import SettingError
from sideslip.outside.arc import check_dial, shaped_dial, wanted_outsideness

from .worked_examples import one_chord

CHORUS = one_chord("C7", bars=12)


def test_the_dial_asks_for_quantiles_of_real_phrases() -> None:
    assert [wanted_outsideness(d) for d in (0, 0.5, 0.9, 1)] == pytest.approx([0.02, 0.12, 0.46, 0.74])
    assert wanted_outsideness(0.125) == pytest.approx((0.02 * 0.06) ** 0.5)


def test_tension_builds_to_the_later_middle_and_drops_at_the_top() -> None:
    first, middle, later, last = (shaped_dial(0.5, CHORUS, bar * 48, bar * 48 + 96) for bar in (24, 28, 31, 34))
    assert first < middle < later
    assert first < last < later
    assert shaped_dial(0.5, CHORUS, 36 * 48, 38 * 48) == pytest.approx(first)  # every chorus anew


def test_a_conversation_begins_closer_to_home() -> None:
    chorus = [shaped_dial(0.5, CHORUS, bar * 48, bar * 48 + 96) for bar in (0, 12, 24, 36)]
    assert chorus[0] < chorus[1] < chorus[2] == pytest.approx(chorus[3])
    assert chorus[0] > 0.8 * chorus[3]


def test_the_arc_is_gentle_and_leaves_the_ends_of_the_dial() -> None:
    places = [(bar * 48, bar * 48 + 192) for bar in range(24)]
    assert {shaped_dial(0.0, CHORUS, *place) for place in places} == {0.0}
    shaped = [shaped_dial(0.8, CHORUS, *place) for place in places]
    assert 0.5 <= min(shaped) < max(shaped) <= 0.92
    assert max(shaped_dial(1.0, CHORUS, *place) for place in places) == 1.0


@pytest.mark.parametrize("dial", [-0.01, 1.5, float("nan"), float("inf")])
def test_a_dial_beyond_its_ends_is_said_so(dial: float) -> None:
    with pytest.raises(SettingError, match=f"from 0 .* to 1 .*; found {dial}"):
        check_dial(dial)
