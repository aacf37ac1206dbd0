"""The scale table is held by the theory behind it: every scale is a mode of one of a few parents."""

import pytest

from sideslip.music.scale import PREFERENCES, SCALES, scale_for

PARENTS: dict[str, list[str | None]] = {
    "ionian": ["dorian", "phrygian", "lydian", "mixolydian", "aeolian", "locrian"],
    "melodic_minor": ["dorian_b2", "lydian_aug", "lydian_dom", "mixolydian_b6", "locrian#2", "altered"],
    "harmonic_minor": [None, None, "dorian#4", "phrygian_dom", "lydian#9"],
    "harmonic_major": [None, None, "lydian_b3"],
    "half_whole": ["whole_half"],
}


def mode(scale: tuple[int, ...], degree: int) -> tuple[int, ...]:
    return tuple(sorted((note - scale[degree]) % 12 for note in scale))


@pytest.mark.parametrize(
    ("parent", "degree", "name"),
    [(parent, i, name) for parent, names in PARENTS.items() for i, name in enumerate(names, 1) if name],
)
def test_modes_begin_on_the_degrees_of_their_parent(parent: str, degree: int, name: str) -> None:
    assert SCALES[name] == mode(SCALES[parent], degree)


def test_the_parents_themselves() -> None:
    assert SCALES["ionian"] == (0, 2, 4, 5, 7, 9, 11)
    assert SCALES["melodic_minor"] == (0, 2, 3, 5, 7, 9, 11)
    assert SCALES["harmonic_minor"] == (0, 2, 3, 5, 7, 8, 11)
    assert SCALES["harmonic_major"] == (0, 2, 4, 5, 7, 8, 11)
    assert SCALES["whole_tone"] == tuple(range(0, 12, 2))
    assert SCALES["half_whole"] == tuple(note for third in (0, 3, 6, 9) for note in (third, third + 1))


def test_all_scales_are_named_by_some_quality_and_ascend() -> None:
    assert {name for names in PREFERENCES.values() for name in names} == set(SCALES)
    for notes in SCALES.values():
        assert list(notes) == sorted(set(notes))
        assert notes[0] == 0 and notes[-1] < 12


@pytest.mark.parametrize(
    ("quality", "notes", "scale"),
    [
        ("dom", (0, 4, 7, 10), "mixolydian"),
        ("dom", (0, 4, 7, 10, 6), "lydian_dom"),
        ("domalt", (0, 4, 7, 10, 3, 8), "altered"),  # no scale has all of them: the fifth gives way
        ("hdim", (0, 3, 6, 10, 2), "locrian#2"),
        ("dim", (0, 3, 6, 9, 1), "whole_half"),  # b9 lies in none of the preferences: the nearest
    ],
)
def test_the_usual_scale_that_holds_the_notes_wins(quality: str, notes: tuple[int, ...], scale: str) -> None:
    assert scale_for(quality, notes) == scale
