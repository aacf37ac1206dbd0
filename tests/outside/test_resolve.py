"""Whether lines come home."""

import pytest

from sideslip.music.changes import Changes
from sideslip.music.phrase import Phrase
from sideslip.outside.hearing import hear
from sideslip.outside.lines import Lines
from sideslip.outside.resolve import Resolution
from sideslip.outside.tables import ListeningTables

from .worked_examples import INSIDE, SLIPPED, TWO_FIVE_ONE, line, one_chord, shifted


def resolved(changes: Changes, phrase: Phrase, tables: ListeningTables) -> Resolution:
    return hear(Lines.over(changes, [phrase]), tables).resolution


@pytest.mark.parametrize(
    ("names", "worth"),
    [
        ("E Db C", 1.0),  # a step into a chord tone
        ("E Db D", 0.6),  # a step into another note of the scale
        ("E Ab C", 0.5),  # a leap into a chord tone
        ("E Db A", 0.2),  # a leap into another note of the scale
        ("E G Ab", 0.0),  # left open
        ("E D C", 0.65),  # nothing to resolve
        ("E Db C G Ab A", 0.8),  # 1 and .6
        ("E Eb Db C", 1.0),  # one run, left once
    ],
)
def test_the_way_out_of_chromatic_notes(names: str, worth: float, tables: ListeningTables) -> None:
    assert resolved(one_chord("Cmaj7"), line(names), tables).exits[0] == pytest.approx(worth)


def test_home_is_a_chord_tone_in_a_line_that_is_back(tables: ListeningTables) -> None:
    straight = resolved(TWO_FIVE_ONE, INSIDE, tables)
    assert straight.last_chord_tone[0]
    assert straight.home[0] > 0.9
    still_out = shifted(INSIDE, 24, 31, 1)
    assert resolved(TWO_FIVE_ONE, still_out, tables).home[0] < 0.5


def test_a_chance_chord_tone_of_a_shifted_line_is_not_home(tables: ListeningTables) -> None:
    out = line("C E G B Db F Ab C Ab F Db F")  # Db major from the second half on; F... over Cmaj7, then C
    chance = line("C E G B Db F Ab C Ab F Db C")
    ends = resolved(one_chord("Cmaj7"), chance, tables)
    assert ends.last_chord_tone[0]
    assert ends.home[0] < 0.6
    assert resolved(one_chord("Cmaj7"), out, tables).home[0] < ends.home[0]


def test_resolvability_joins_both(tables: ListeningTables) -> None:
    resolution = resolved(TWO_FIVE_ONE, SLIPPED, tables)
    assert resolution.resolvability[0] == pytest.approx(0.6 * resolution.exits[0] + 0.4 * resolution.home[0])


def test_silence_resolves_nothing(tables: ListeningTables) -> None:
    assert resolved(TWO_FIVE_ONE, Phrase(), tables).resolvability[0] == 0
