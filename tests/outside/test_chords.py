"""What the chart writes is what the ear takes for inside."""

import pytest

from sideslip.music.chord import NO_CHORD, parse_chord
from sideslip.outside.chords import BASE, CHROMATIC, QUALITIES, TENSION, chord_tones, foreignness, is_tone
from sideslip.outside.hearing import hear
from sideslip.outside.lines import Lines
from sideslip.outside.tables import ListeningTables

from .worked_examples import line, one_chord


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


def test_one_chord_does_not_change_what_is_usual_for_the_next() -> None:
    before = BASE.copy()
    foreignness(parse_chord("C7b5"))
    assert (before == BASE).all()
    assert (foreignness(NO_CHORD) == 0).all() and len(BASE) == len(QUALITIES) + 1


@pytest.mark.parametrize(
    ("symbol", "names"),
    [
        ("C7b5", "C E Gb Bb Gb E C Bb Gb E Gb Bb C"),
        ("C7#11", "C D E F# G A Bb G F# E F# D C"),
        ("Cmaj7#11", "G F# E D B F# G B D F# E D G"),
        ("Csus2", "C D G C D C G D G D C G C"),
        ("C13b9", "C A Bb Db E A G Bb A"),
    ],
)
def test_a_line_of_what_is_written_stays_inside(symbol: str, names: str, tables: ListeningTables) -> None:
    written = hear(Lines.over(one_chord(symbol), [line(names)]), tables)
    assert not written.outsideness.chromatic.any()
    assert (written.outsideness.b < CHROMATIC / 2).all()
    assert written.outside[0] < 0.25
