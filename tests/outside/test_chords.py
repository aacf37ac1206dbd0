"""What the chart writes is what the ear takes for inside."""

import pytest

from sideslip.music.tension import CHROMATIC
from sideslip.outside.hearing import hear
from sideslip.outside.lines import Lines
from sideslip.outside.tables import ListeningTables

from .worked_examples import line, one_chord


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
