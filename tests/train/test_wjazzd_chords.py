"""The chords of the Weimar Jazz Database, respelt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.errors import ChordError
from sideslip.music.chord import parse_chord
from sideslip.music.pitch import parse_pitch_class
from sideslip.train.wjazzd_chords import lead_sheet_spelling


@pytest.mark.parametrize(
    ("symbol", "spelling"),
    [
        ("NC", "NC"),
        ("Eb", "Eb"),
        ("F#-", "F#m"),
        ("Ab+", "Abaug"),
        ("Bbj7", "Bbmaj7"),
        ("C-7", "Cm7"),
        ("D-j7", "DmMaj7"),
        ("Do7", "Ddim7"),
        ("Cm7b5", "Cm7b5"),
        ("A7alt", "A7alt"),
        ("F79b", "F7b9"),
        ("C-69", "Cm69"),
        ("E6911#", "E69#11"),
        ("Gsus7913", "G13sus4"),
        ("Ebj7911#", "Ebmaj9#11"),
        ("A+79#", "A7#5#9"),
        ("Bb79#13", "Bb13#9"),
        ("Bb79b13b", "Bb7b9b13"),
        ("Ab+j7/C", "Abmaj7#5/C"),
        ("C713", "C7add13"),
    ],
)
def test_chords_are_spelt_as_on_lead_sheets(symbol: str, spelling: str) -> None:
    assert lead_sheet_spelling(symbol) == spelling
    parse_chord(spelling)


@pytest.mark.parametrize("symbol", ["", "H7", "C9", "Cmaj7", "C7b9", "C-7/", "C7 ", "Cb5", "C7911##", "X" * 1000])
def test_what_the_database_never_writes_is_refused_in_one_line(symbol: str) -> None:
    with pytest.raises(ChordError, match="unknown chord") as mistake:
        lead_sheet_spelling(symbol)
    assert len(str(mistake.value)) < 300


THIRDS_AND_FIFTHS = {"": {4, 7}, "-": {3, 7}, "+": {4, 8}, "o": {3, 6}, "sus": {5, 7}}
SEVENTHS = {"6": 9, "7": 10, "j7": 11}
TENSIONS = {9: (None, 1, 2, 3), 11: (None, 5, 6), 13: (None, 8, 9)}
SIGNS = {1: "b", 2: "", 3: "#", 5: "", 6: "#", 8: "b", 9: ""}


@given(
    root=st.sampled_from(["C", "F#", "Bb", "E"]),
    triad=st.sampled_from(list(THIRDS_AND_FIFTHS)),
    seventh=st.sampled_from(list(SEVENTHS)),
    tensions=st.tuples(*(st.sampled_from(notes) for notes in TENSIONS.values())),
    bass=st.sampled_from([None, "A", "Gb"]),
)
def test_a_chord_keeps_its_notes(
    root: str, triad: str, seventh: str, tensions: tuple[int | None, ...], bass: str | None
) -> None:
    written = [(degree, note) for degree, note in zip(TENSIONS, tensions, strict=True) if note is not None]
    symbol = root + triad + seventh + "".join(f"{degree}{SIGNS[note]}" for degree, note in written)
    chord = parse_chord(lead_sheet_spelling(symbol + (f"/{bass}" if bass else "")))
    diminished_seventh = triad == "o" and seventh == "7"
    notes = {0, *THIRDS_AND_FIFTHS[triad], 9 if diminished_seventh else SEVENTHS[seventh], *(n for _, n in written)}
    tonic = parse_pitch_class(root)
    assert {(note - tonic) % 12 for note in (*chord.tones, *chord.tensions)} == notes
    assert (chord.root, chord.bass) == (tonic, parse_pitch_class(bass or root))
