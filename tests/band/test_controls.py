"""Controls: which controller moves which, to what, and what counts as a press or as come to rest."""

from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.band.bindings import CONTROLS, UNBOUND, USUAL, Bindings, Control, Knob, bound, rebound
from sideslip.band.controls import BUTTONS, POSITIONS, Value, check, nudged, turned
from sideslip.band.desk import AT_MOST, AT_REST, HELD, Desk
from sideslip.band.settings import GigSettings
from sideslip.errors import SettingError
from sideslip.music.dialogue import Wish

from .players import BLUES

GIG = GigSettings(BLUES, trade=4, dial=0.4, controls=USUAL)


def cc(number: int, value: int, channel: int = 0) -> bytes:
    return bytes((0xB0 | channel, number, value))


# ---------------------------------------------------------------- positions


def test_every_position_is_one_that_the_control_can_have() -> None:
    assert POSITIONS.keys() == set(CONTROLS)
    for control, positions in POSITIONS.items():
        for position in positions:
            check(control, position)


@given(st.sampled_from(CONTROLS), st.integers(0, 126))
def test_a_knob_goes_through_all_positions_in_order(control: Control, reading: int) -> None:
    positions = POSITIONS[control]
    places = [positions.index(turned(control, reading + more)) for more in (0, 1)]
    assert places[1] - places[0] in (0, 1)
    assert (turned(control, 0), turned(control, 127)) == (positions[0], positions[-1])


def test_half_way_up_the_band_plays_as_it_likes() -> None:
    assert [turned(control, 64) for control in ("density", "register")] == [None, None]


@pytest.mark.parametrize(
    ("control", "value", "by", "to"),
    [
        ("outside", 0.4, 1, 0.45),
        ("outside", 0.43, 1, 0.45),
        ("outside", 0.43, -1, 0.4),
        ("outside", 1.0, 3, 1.0),
        ("outside", 0.0, -1, 0.0),
        ("density", None, 1, 2.5),
        ("density", 1.7, 1, None),
        ("density", 5.7, -1, 5.0),
        ("density", 0.2, -1, 0.5),
        ("trade", 3, 1, 4),
        ("trade", 3, -1, 2),
        ("trade", 64, 1, "free"),
        ("trade", "duet", 1, 1),
        ("trade", 1, -1, "duet"),
        ("lay_out", False, 1, True),
        ("lay_out", True, 1, False),
        ("panic", False, 1, True),
    ],
)
def test_steps_go_from_position_to_position(control: Control, value: Value, by: int, to: Value) -> None:
    assert nudged(control, value, by) == to


# ---------------------------------------------------------------- bindings


def test_what_is_bound_without_learning_is_left_undefined_by_midi() -> None:
    assert set(USUAL.values()) == set(CONTROLS)
    assert all(channel is None and 20 <= number <= 31 for channel, number in USUAL)


def test_a_controller_of_a_channel_comes_before_the_same_one_of_any() -> None:
    bindings: Bindings = {(None, 21): "outside", (3, 21): "density"}
    assert bound(bindings, cc(21, 5, channel=3)) == ((3, 21), "density")
    assert bound(bindings, cc(21, 5, channel=4)) == ((4, 21), "outside")


@given(st.binary(max_size=4))
def test_only_whole_control_changes_move_anything(message: bytes) -> None:
    found = bound(USUAL, message)
    assert (found is not None) == (
        len(message) == 3 and message[0] >> 4 == 0xB and 21 <= message[1] <= 27 and message[2] < 128
    )


@pytest.mark.parametrize("knob", [(None, 64), (0, 66), (None, 120), (0, 123), (0, 128), (0, -1), (16, 20), (-1, 20)])
def test_pedals_and_channel_modes_cannot_be_bound(knob: Knob) -> None:
    with pytest.raises(SettingError, match="other than the pedals 64 and 66"):
        GigSettings(BLUES, controls={knob: "outside"})


def test_an_unknown_control_cannot_be_bound() -> None:
    with pytest.raises(SettingError, match="a control is one of outside, density"):
        GigSettings(BLUES, controls={(None, 20): "volume"})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("knob", "gone"),
    [((0, 74), {(None, 21)}), ((0, 24), {(None, 21), (None, 24)}), ((None, 24), {(None, 21), (None, 24)})],
)
def test_a_control_is_moved_by_one_controller_and_a_controller_moves_one(knob: Knob, gone: set[Knob]) -> None:
    bindings = rebound(USUAL, "outside", knob)
    assert bindings == {k: control for k, control in USUAL.items() if k not in gone} | {knob: "outside"}


def test_the_same_controller_of_another_channel_keeps_its_control() -> None:
    two = rebound(rebound(UNBOUND, "outside", (0, 20)), "density", (1, 20))
    assert two == {(0, 20): "outside", (1, 20): "density"}


# ---------------------------------------------------------------- the desk


def test_the_desk_begins_as_the_gig_was_set() -> None:
    desk = Desk(GigSettings(BLUES, trade=2, dial=0.7, wish=Wish(density=2.0, register=60.0, style="BEBOP")))
    assert [desk.value(control) for control in CONTROLS] == [0.7, 2.0, 60.0, 2, False, False, False]
    assert desk.wish == Wish(density=2.0, register=60.0, style="BEBOP") and desk.settles_at is None


def test_what_is_not_bound_is_music() -> None:
    desk = Desk(GIG)
    assert desk.hear(0.0, cc(64, 127)) is None and desk.hear(0.0, b"\x90\x3c\x50") is None
    assert desk.hear(0.0, cc(21, 127)) == (("outside", 1.0),)
    assert Desk(GigSettings(BLUES)).hear(0.0, cc(21, 127)) is None


def pressed(*readings: tuple[float, int], control: Control = "lay_out") -> list[bool]:
    """Whether a control was on after each of a button's readings (moment, value)."""
    desk, number = Desk(GIG), next(number for (_, number), bound_to in USUAL.items() if bound_to == control)
    on = []
    for at, reading in readings:
        for what, value in desk.hear(at, cc(number, reading)) or ():
            desk.move(at, what, value)
        on.append(bool(desk.value(control)))
    return on


@pytest.mark.parametrize("control", ["lay_out", "take_over"])
def test_each_press_of_a_pad_that_springs_back_turns_its_control_over(control: Control) -> None:
    tap = [(1.0, 127), (1.1, 0), (3.0, 127), (3.1, 0), (5.0, 64), (5.1, 63)]
    assert pressed(*tap, control=control) == [True, True, False, False, True, True]


def test_a_pad_that_stays_down_does_what_it_shows() -> None:
    assert pressed((1.0, 127), (3.0, 0), (5.0, 127), (7.0, 0)) == [True, False, True, False]


def test_a_pad_may_be_held() -> None:
    assert pressed((1.0, 127), (1.0 + HELD, 0)) == [True, False]


def test_a_knob_may_be_a_button() -> None:
    up = [(1 + 0.01 * reading, reading) for reading in range(0, 128, 3)]
    assert pressed(*up).count(True) == sum(reading >= 64 for _, reading in up)
    assert pressed(*up, (5.0, 100), (5.1, 20))[-1] is False


def test_panic_is_pressed_once_and_let_go_of_for_nothing() -> None:
    desk = Desk(GIG)
    heard = [desk.hear(at, cc(27, value)) for at, value in ((0.0, 127), (0.1, 100), (5.0, 0), (6.0, 127))]
    assert heard == [(("panic", True),), (), (), (("panic", True),)]
    assert desk.move(0.0, "panic", True) and desk.move(0.1, "panic", True) and desk.settles_at is None


def test_a_sweep_is_told_once_when_it_has_come_to_rest() -> None:
    desk, told = Desk(GIG), []
    for step in range(60):
        at = 0.01 * step
        told += desk.settled(at)
        desk.move(at, "outside", turned("outside", 50 + step))
    assert told == [] and desk.settles_at == pytest.approx(0.59 + AT_REST, abs=0.06)  # its last step moved nothing
    assert desk.settled(desk.settles_at - 0.01) == () and desk.settled(desk.settles_at) == ("outside",)
    assert desk.settles_at is None and desk.settled(9.0) == ()


def test_a_control_that_never_rests_is_told_once_a_second() -> None:
    desk, told = Desk(GIG), 0
    for step in range(100):
        at = 0.1 * step
        told += len(desk.settled(at))
        desk.move(at, "outside", turned("outside", 64 + 10 * (step % 7)))
    assert told == pytest.approx(10 / AT_MOST, abs=2)


def test_what_comes_back_to_where_it_was_is_not_told() -> None:
    desk = Desk(GIG)
    assert desk.move(0.0, "outside", 0.9) and desk.move(0.05, "outside", 0.4) and not desk.move(0.06, "outside", 0.4)
    assert desk.settled(1.0) == ()


@pytest.mark.parametrize(("control", "value"), [("outside", 1.1), ("trade", 0), ("lay_out", 1), ("density", 9.0)])
def test_what_a_control_cannot_be_is_refused(control: Control, value: Value) -> None:
    with pytest.raises(SettingError, match=f"{control} can be"):
        Desk(GIG).move(0.0, control, value)


def test_bindings_are_frozen() -> None:
    assert isinstance(USUAL, MappingProxyType) and isinstance(rebound(USUAL, "panic", (0, 1)), MappingProxyType)
    assert set(BUTTONS) < set(CONTROLS)
