"""Learning controllers: which one is meant, and what stays as it was."""

from collections.abc import Iterable

import pytest

from sideslip.band.bindings import UNBOUND, USUAL, Bindings, Control, Knob
from sideslip.band.events import Event, Heard, Stopped
from sideslip.commands.learning import Shown, learn


def cc(number: int, value: int, channel: int = 0) -> bytes:
    return bytes((0xB0 | channel, number, value))


def shown(control: Control, *messages: bytes, taken: Iterable[Knob] = ()) -> list[Knob | None]:
    ear = Shown(control, list(taken))
    return [ear.hear(message) for message in messages]


def test_a_knob_is_meant_once_it_has_moved_far_enough() -> None:
    assert shown("outside", cc(74, 60), cc(74, 70), cc(74, 75), cc(74, 76)) == [None, None, None, (0, 74)]


def test_a_knob_that_trembles_is_not_meant_beside_one_that_moves() -> None:
    tremble = [cc(11, 60 + step % 3, channel=2) for step in range(20)]
    move = [cc(20, step, channel=3) for step in range(20)]
    found = shown("density", *(message for pair in zip(tremble, move, strict=True) for message in pair))
    assert next(knob for knob in found if knob) == (3, 20)


def test_a_button_is_meant_when_it_is_pressed() -> None:
    assert shown("lay_out", cc(25, 0), cc(25, 63), cc(25, 64)) == [None, None, (0, 25)]


def test_one_that_has_just_been_taken_may_still_move() -> None:
    assert shown("density", cc(74, 0), cc(74, 127), cc(75, 0), cc(75, 127), taken=[(0, 74)])[1:] == [
        None,
        None,
        (0, 75),
    ]


@pytest.mark.parametrize("message", [cc(64, 127), cc(66, 127), cc(123, 127), b"\x90\x19\x7f", b"\xb0\x19", b""])
def test_pedals_modes_and_keys_are_not_meant(message: bytes) -> None:
    assert shown("panic", message) == [None]


class Player:
    """Does one thing after the other, each once it is asked for."""

    def __init__(self, *done: str | list[bytes] | None) -> None:
        self._done = list(done)
        self._heard: list[Event] = []

    def keys(self) -> list[str] | None:
        done = self._done.pop(0) if self._done else None
        if done is None or isinstance(done, str):
            return done if done is None else [done]
        self._heard = [Heard(0.0, message) if message else Stopped(0.0) for message in done]
        return []

    def heard(self) -> list[Event]:
        heard, self._heard = self._heard, []
        return heard

    def teaches(self, *controls: Control, bindings: Bindings = UNBOUND) -> Bindings | None:
        return learn(controls, bindings, self.keys, self.heard)


def test_each_control_is_asked_for_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    knob, button = [cc(74, 0), cc(74, 40), cc(74, 80)], [cc(30, 127, channel=9)]
    player = Player("x", knob, [], "enter", [cc(74, 90)], button)
    assert player.teaches("outside", "density", "panic", bindings=USUAL) == {
        **{old: control for old, control in USUAL.items() if control not in ("outside", "panic")},
        (0, 74): "outside",
        (9, 30): "panic",
    }
    assert capsys.readouterr().err.splitlines() == [
        "outside: turn its knob (now 21)",
        "outside: controller 74 on channel 1",
        "density: turn its knob (now 22)",
        "panic: press its button (now 27)",
        "panic: controller 30 on channel 10",
    ]


def test_where_nobody_can_answer_the_rest_stays_as_it_is() -> None:
    assert Player([cc(74, 0), cc(74, 80)], None).teaches("outside", "density") == {(0, 74): "outside"}


@pytest.mark.parametrize("leaves", ["q", [b""]])
def test_who_leaves_has_taught_nothing(leaves: str | list[bytes]) -> None:
    assert Player([cc(74, 0), cc(74, 80)], leaves).teaches("outside", "density") is None
