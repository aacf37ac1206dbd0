"""Wishes as classes."""

import numpy as np

from sideslip.music.dialogue import STYLES, Wish
from sideslip.propose.ground import FAR
from sideslip.propose.wishes import DENSITY, FREE, LEFT, OUTSIDE, REGISTER, WISHES, beats_left, outside_class, wish_row


def test_a_wish_for_nothing_is_the_last_class_of_each() -> None:
    assert wish_row(Wish()).tolist() == FREE.tolist() == [size - 1 for size in WISHES.values()]


def test_every_centre_is_its_own_class() -> None:
    for index, outside in enumerate(OUTSIDE):
        assert outside_class(outside) == index
    for index, density in enumerate(DENSITY):
        assert wish_row(Wish(density=density))[1] == index
    for index, register in enumerate(REGISTER):
        assert wish_row(Wish(register=register))[2] == index
    for index, style in enumerate(STYLES):
        assert wish_row(Wish(style=style)).tolist() == [*FREE[:3], index]


def test_between_two_centres_the_nearer_one_is_meant() -> None:
    assert [wish_row(Wish(density=density))[1] for density in (0.2, 1.0, 2.4, 6.0)] == [0, 1, 3, 4]
    assert [wish_row(Wish(register=pitch))[2] for pitch in (36, 62, 64, 96)] == [0, 1, 2, 4]
    assert [outside_class(g) for g in (0.0, 0.035, 0.2, 0.9)] == [0, 0, 3, 4]


def test_what_is_left_of_a_turn_is_told_in_beats_if_it_is_known() -> None:
    ticks = np.array([0, 11, 12, 191, 192, 500])
    assert beats_left(np.full(6, 192), ticks).tolist() == [16, 15, 15, 0, 0, 0]
    assert beats_left(np.full(2, FAR), ticks[:2]).tolist() == [LEFT - 1] * 2
    assert beats_left(np.array([10**6]), ticks[:1]).tolist() == [LEFT - 2]
