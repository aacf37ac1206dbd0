"""Lead sheets as music21 writes them are read as music21 means them: chords, places, repeats."""

import warnings
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from sideslip.music.chord import Chord
from sideslip.music.meter import TICKS
from sideslip.stage.files.musicxml import read_musicxml

pytestmark = pytest.mark.slow  # music21 takes a second to load

ROOTS = ("C", "D-", "D", "E-", "E", "F", "F#", "G", "A-", "A", "B-", "B")
KINDS = (
    "major", "minor", "augmented", "diminished", "dominant-seventh", "major-seventh", "minor-major-seventh",
    "minor-seventh", "augmented-major-seventh", "augmented-seventh", "half-diminished-seventh", "diminished-seventh",
    "seventh-flat-five", "major-sixth", "minor-sixth", "major-ninth", "dominant-ninth", "minor-major-ninth",
    "minor-ninth", "augmented-major-ninth", "augmented-dominant-ninth", "half-diminished-ninth", "dominant-11th",
    "major-11th", "minor-major-11th", "minor-11th", "augmented-major-11th", "augmented-11th", "half-diminished-11th",
    "major-13th", "dominant-13th", "minor-major-13th", "minor-13th", "augmented-major-13th",
    "augmented-dominant-13th", "half-diminished-13th", "suspended-second", "suspended-fourth",
    "suspended-fourth-seventh", "power",
)  # fmt: skip

FOURTH, FIFTH, TWO = 5, 7, 2
"""What one of the two has in a chord and the other leaves out: a fifth, the fourth of a 13th, the third of a fifth."""


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def score(bars: list[list[tuple[float, Any]]], repeats: tuple[tuple[int, int], ...] = ()) -> Any:
    """A score of bars of four, each a list of (beat from 0, chord); repeats are given by their first and last bar."""
    from music21 import bar, meter, note, stream

    part = stream.Part()
    for number, chords in enumerate(bars):
        measure = stream.Measure(number=number + 1)
        if number == 0:
            measure.append(meter.TimeSignature("4/4"))
        measure.insert(0, note.Rest(quarterLength=4))
        for beat, chord in chords:
            measure.insert(beat, chord)
        if any(number == first for first, _ in repeats):
            measure.leftBarline = bar.Repeat(direction="start")
        if any(number == last for _, last in repeats):
            measure.rightBarline = bar.Repeat(direction="end")
        part.append(measure)
    return stream.Score([part])


def written(score: Any) -> bytes:
    from music21.musicxml.m21ToXml import GeneralObjectExporter

    document: bytes = GeneralObjectExporter(score).parse()
    return document


def agrees(chord: Chord, meant: Any) -> bool:
    """Whether a chord has the root that was meant, its tones, and no others but for what either leaves out."""
    pitches = {(pitch.pitchClass - chord.root) % 12 for pitch in meant.pitches}
    tones, held = (
        {(tone - chord.root) % 12 for tone in some} for some in (chord.tones, {*chord.tones, *chord.tensions})
    )
    same_root = chord.root == meant.root().pitchClass and chord.bass == meant.bass().pitchClass
    return same_root and tones <= pitches | {FIFTH} and pitches <= held | {FOURTH, FIFTH, TWO}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_on_every_root(kind: str) -> None:
    harmony = pytest.importorskip("music21.harmony")
    meant = [harmony.ChordSymbol(root=root, kind=kind) for root in ROOTS]
    chords = read_musicxml(written(score([[(0, chord)] for chord in meant]))).changes().chords
    assert [agrees(chord, one) for chord, one in zip(chords, meant, strict=True)] == [True] * len(ROOTS), chords


@pytest.mark.parametrize("seed", range(6))
def test_places_basses_and_repeats(seed: int) -> None:
    harmony = pytest.importorskip("music21.harmony")
    rng = Random(seed)

    def chord(bar: int, beat: int) -> Any:
        root = ROOTS[(5 * bar + beat + seed) % 12]  # never twice the same in a row
        made = harmony.ChordSymbol(root=root, kind=rng.choice(("major-seventh", "minor-seventh", "dominant-seventh")))
        if rng.random() < 0.3:
            made = harmony.ChordSymbol(root=root, kind="minor", bass=made.pitches[1].name.replace("--", "-"))
        return made

    bars = [[(beat, chord(bar, beat)) for beat in ((0, 2) if rng.random() < 0.4 else (0,))] for bar in range(8)]
    whole = score(bars, repeats=((0, 3), (5, 6)) if seed % 2 else ((2, 7),))
    sheet = read_musicxml(written(whole))
    expanded = whole.parts[0].expandRepeats()
    meant = [
        (index, round(one.offset * TICKS), one)
        for index, measure in enumerate(expanded.getElementsByClass("Measure"))
        for one in measure.getElementsByClass(harmony.ChordSymbol)
    ]
    found = [(index, tick, chord) for index, bar in enumerate(sheet.bars()) for tick, chord in bar]
    assert [(index, tick) for index, tick, _ in found] == [(index, tick) for index, tick, _ in meant]
    roots = [(chord.root, chord.bass) for _, _, chord in found]
    assert roots == [(one.root().pitchClass, one.bass().pitchClass) for _, _, one in meant]
