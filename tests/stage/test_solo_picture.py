"""The picture of a solo: what is in it, and where."""

from xml.etree import ElementTree

import pytest

from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.meter import Meter
from sideslip.music.phrase import Note
from sideslip.stage.page.solo import Bracket, SoloPicture, colour, draw_solo

SVG = "{http://www.w3.org/2000/svg}"
BLUES = Changes((0, 48, 96), tuple(map(parse_chord, ("F7", "Bb7", "F7/C"))), 192)


def drawn(picture: SoloPicture) -> ElementTree.Element:
    return ElementTree.fromstring(draw_solo(picture))


def words(root: ElementTree.Element, kind: str) -> list[str]:
    return [each.text or "" for each in root.iter(f"{SVG}text") if kind in (each.get("class") or "").split()]


def rects(root: ElementTree.Element) -> list[ElementTree.Element]:
    """The notes: all rectangles with a colour of their own, without those of the legend."""
    return [each for group in root.findall(f"{SVG}g") for each in group.iter(f"{SVG}rect") if each.get("fill")]


NOTES = [(Note(0, 65, 12), "F", 0.0), (Note(12, 66, 6), "Gb", 1.0), (Note(96, 60, 3), "C", None)]


def test_notes_chords_and_bars_are_there() -> None:
    root = drawn(SoloPicture("A & B", BLUES, NOTES))
    assert words(root, "title") == ["A & B"] and words(root, "chord") == ["F7", "Bb7", "F7/C"]
    assert words(root, "name") == ["F", "Gb", "C"]
    assert [each.get("fill") for each in rects(root)] == [colour(0.0), colour(1.0), colour(None)]
    first, second, third = (float(each.get("x", "")) for each in rects(root))
    assert first < second < third and float(rects(root)[1].get("y", "")) < float(rects(root)[0].get("y", ""))


def test_the_further_outside_the_redder() -> None:
    red = [int(colour(value)[1:3], 16) for value in (0.0, 0.3, 0.6, 1.0)]
    assert red == sorted(red) and len(set(red)) == 4


def test_a_place_outside_is_bracketed_and_home_is_ringed() -> None:
    notes = [*NOTES[:2], (Note(18, 69, 6), "A", 0.1)]
    root = drawn(SoloPicture("A", BLUES, notes, [Bracket(12, 18, "side-slip? 40%", (18, 69))]))
    assert words(root, "guess") == ["side-slip? 40%"] and words(root, "home") == ["3rd"]
    (path,) = [each.get("d", "") for each in root.iter(f"{SVG}path")]
    left, right = float(path[1:].split()[0]), float(path.split("H")[1].split("V")[0])
    gb = rects(root)[1]
    assert left == pytest.approx(float(gb.get("x", ""))) and right > left
    rings = [each for each in root.iter(f"{SVG}rect") if each.get("class") == "ring"]
    assert len(rings) == 2  # one in the legend


def test_places_that_would_cover_each_other_lie_one_above_the_other() -> None:
    brackets = [Bracket(12 * i, 12 * i + 6, "a long name of a thing") for i in range(4)]
    root = drawn(SoloPicture("A", BLUES, [(Note(12 * i, 66, 6), "Gb", 1.0) for i in range(4)], brackets))
    places = [
        (each.get("y"), float(each.get("x", ""))) for each in root.iter(f"{SVG}text") if each.get("class") == "guess"
    ]
    assert len(places) == 4 and len({height for height, _ in places}) > 1
    for height, x in places:
        assert all(abs(x - other) > 120 for y, other in places if y == height and other != x)


def test_a_place_over_the_end_of_a_system_goes_on_in_the_next() -> None:
    notes = [(Note(180 + 6 * i, 66, 6), "Gb", 1.0) for i in range(6)]
    root = drawn(SoloPicture("A", BLUES, notes, [Bracket(180, 216, "out")]))
    assert words(root, "guess") == ["out", "(out)"] and len(root.findall(f"{SVG}g")) == 2


def test_systems_of_the_form_without_notes_are_left_out() -> None:
    far = [NOTES[0], (Note(192 * 5 + 3, 65, 12), "F", 0.0)]
    root = drawn(SoloPicture("A", BLUES, far))
    assert len(root.findall(f"{SVG}g")) == 2 and "21" in words(root, "small")


def test_some_bars_alone_are_shared_out_evenly() -> None:
    notes = [(Note(48 * bar, 65, 12), "F", 0.0) for bar in range(12)]
    root = drawn(SoloPicture("A", BLUES, notes, (), (3, 8)))
    numbers = [word for word in words(root, "small") if word.isdigit()]
    assert numbers == ["3", "4", "5", "6", "7", "8"] and len(root.findall(f"{SVG}g")) == 2
    assert len(rects(root)) == 6


@pytest.mark.parametrize(
    ("changes", "notes"),
    [
        (BLUES, []),
        (BLUES, [(Note(-30, 60, 6), "C", 0.2), (Note(-6, 60, 6), "C", 0.2)]),
        (Changes((0,), (parse_chord("N.C."),), 36, Meter(3, 4)), [(Note(0, 60, 6), "C", None)]),
        (Changes(tuple(range(0, 48, 3)), (parse_chord("C7"), parse_chord("F7")) * 8, 48), NOTES),
        (
            Changes((0,), (parse_chord("C7"),), 72, Meter(6, 8)),
            [(Note(0, 0, 1), "C", 1.0), (Note(1, 127, 1), "G", 1.0)],
        ),
    ],
)
def test_anything_that_can_be_played_can_be_drawn(
    changes: Changes, notes: list[tuple[Note, str, float | None]]
) -> None:
    root = drawn(SoloPicture("<A>", changes, notes))
    assert words(root, "title") == ["<A>"] and len(rects(root)) == len(notes)
    height = float(root.get("height", "0"))
    assert all(float(each.get("y", "0")) < height for each in rects(root))
