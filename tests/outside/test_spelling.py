"""Notes of a line by names that can be read."""

import pytest

from sideslip.music.chord import parse_chord
from sideslip.outside.spelling import in_line

from .worked_examples import line


@pytest.mark.parametrize(
    ("symbol", "notes"),
    [
        ("G7", "Gb Ab C Bb Ab Gb"),  # A flat over G7: no A#
        ("C7", "D F# A D"),  # a D triad
        ("Dm7", "D F A C#"),
        ("Ebmaj7", "E F G Ab B Db Eb Gb Db E D Bb G"),  # Liebman
        ("F#m7", "G# A# B"),
        ("N.C.", "Bb Db"),
    ],
)
def test_steps_and_thirds_can_be_read_as_such(symbol: str, notes: str) -> None:
    phrase = line(notes)
    assert " ".join(in_line(phrase.pitches, [parse_chord(symbol)] * len(phrase))) == notes


def test_no_notes_have_no_names() -> None:
    assert in_line([], []) == []
