"""How foreign a degree is: the chord has the last word, a close neighbour a say."""

import pytest

from sideslip.music.changes import Changes
from sideslip.music.chord import NO_CHORD, parse_chord
from sideslip.music.tension import BASE, QUALITIES, TENSION, chord_tones, foreign_at, foreignness, is_tone, is_tone_at


@pytest.mark.parametrize(
    ("symbol", "tones"),
    [
        ("C7", {0, 4, 7, 10}),
        ("C7b5", {0, 4, 6, 10}),  # Gb for G
        ("C7#11", {0, 4, 7, 10}),
        ("Cmaj7#5", {0, 4, 8, 11}),
        ("Cm7#5", {0, 3, 8, 10}),
        ("C7alt", {0, 4, 8, 10}),  # no natural fifth
        ("C7b9", {0, 4, 7, 10}),  # with a fifth, Ab is a colour
        ("Csus2", {0, 2, 7, 10}),  # D for F; a triad is silent about its seventh
        ("C7sus4", {0, 5, 7, 10}),
        ("Cmaj7sus4", {0, 5, 7, 11}),  # B for Bb
        ("C5", {0, 7, 11}),  # neither third
        ("C", {0, 4, 7, 11}),
        ("C6", {0, 4, 7, 9, 11}),
        ("Cm6", {0, 3, 7, 9, 11}),
        ("Cdim7", {0, 3, 6, 9}),
        ("N.C.", set()),
    ],
)
def test_chord_tones_are_those_of_the_symbol_then_those_of_its_kind(symbol: str, tones: set[int]) -> None:
    assert chord_tones(parse_chord(symbol)) == tones


@pytest.mark.parametrize(
    "suffix", ["7", "7b5", "7#11", "13b9", "sus2", "6sus2", "m7b5", "7alt", "maj7#5", "69#11", "5"]
)
@pytest.mark.parametrize("root", ["C", "F#", "Ab"])
def test_all_that_a_symbol_names_is_inside(root: str, suffix: str) -> None:
    chord = parse_chord(root + suffix)
    foreign = foreignness(chord)
    assert all(is_tone(60 + tone, chord) and foreign[(tone - chord.root) % 12] == 0 for tone in chord.tones)
    assert all(foreign[(tension - chord.root) % 12] <= TENSION for tension in chord.tensions)


@pytest.mark.parametrize(
    ("symbol", "degree", "foreign"),
    [("C7b5", 7, 0.3), ("C7alt", 7, 0.3), ("Csus2", 5, 0.3), ("C7sus4", 4, 0.3), ("C7", 6, 0.45), ("C7b9", 8, 0.1)],
)
def test_what_a_symbol_leaves_out_costs_something_and_the_rest_what_is_usual(
    symbol: str, degree: int, foreign: float
) -> None:
    assert foreignness(parse_chord(symbol))[degree] == foreign < 0.5


def test_nothing_is_foreign_over_no_chord() -> None:
    assert foreignness(NO_CHORD) == (0,) * 12 and len(BASE) == len(QUALITIES) + 1


PLACES = Changes((0, 48, 96), (parse_chord("Fm7"), parse_chord("E7"), NO_CHORD), 144)


@pytest.mark.parametrize(
    ("pitch", "tick", "foreign", "tone"),
    [
        (64, 35, 0.7, False),  # E over Fm7
        (64, 36, 0.05, True),  # a beat before E7
        (67, 53, 0.15, False),  # G of Fm7, over E7 for less than half a beat
        (67, 54, 0.4, False),
        (67, 95, 0.4, False),  # no chord forgives nothing
        (67, 96, 0.0, False),
    ],
)
def test_a_close_neighbour_forgives(pitch: int, tick: int, foreign: float, tone: bool) -> None:
    assert foreign_at(pitch, tick, PLACES) == pytest.approx(foreign)
    assert is_tone_at(pitch, tick, PLACES) is tone
