"""Chord symbols: every spelling that players write means what a player would say it means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.errors import ChordError
from sideslip.music.chord import NO_CHORD, Chord, parse_chord
from sideslip.music.scale import SCALES

ROOTS = {"C": 0, "B#": 0, "C#": 1, "Db": 1, "D": 2, "D#": 3, "Eb": 3, "E": 4, "Fb": 4, "F": 5, "E#": 5, "F#": 6,
         "Gb": 6, "G": 7, "G#": 8, "Ab": 8, "A": 9, "A#": 10, "Bb": 10, "B": 11, "Cb": 11}  # fmt: skip

# suffix, quality, tones, tensions, scale; in semitones above the root; - is none
TABLE = """
    -          maj     | 0 4 7     | -     | ionian
    6          maj     | 0 4 7 9   | -     | ionian
    69         maj     | 0 4 7 9   | 2     | ionian
    69#11      maj     | 0 4 7 9   | 2 6   | lydian
    maj7       maj7    | 0 4 7 11  | -     | ionian
    maj9       maj7    | 0 4 7 11  | 2     | ionian
    maj9#11    maj7    | 0 4 7 11  | 2 6   | lydian
    maj7#5     maj7    | 0 4 8 11  | -     | lydian_aug
    maj7#9     maj7    | 0 4 7 11  | 3     | lydian#9
    maj7#9#11  maj7    | 0 4 7 11  | 3 6   | lydian#9
    m          min     | 0 3 7     | -     | melodic_minor
    m6         min     | 0 3 7 9   | -     | melodic_minor
    m69        min     | 0 3 7 9   | 2     | melodic_minor
    mMaj7      min     | 0 3 7 11  | -     | melodic_minor
    mMaj13     min     | 0 3 7 11  | 2 9   | melodic_minor
    mMaj9#11   min     | 0 3 7 11  | 2 6   | lydian_b3
    m7         min7    | 0 3 7 10  | -     | dorian
    m9         min7    | 0 3 7 10  | 2     | dorian
    m11        min7    | 0 3 7 10  | 2 5   | dorian
    m13        min7    | 0 3 7 10  | 2 9   | dorian
    m7b9       min7    | 0 3 7 10  | 1     | phrygian
    m7b5       hdim    | 0 3 6 10  | -     | locrian
    dim        dim     | 0 3 6     | -     | whole_half
    dim7       dim     | 0 3 6 9   | -     | whole_half
    aug        aug     | 0 4 8     | -     | whole_tone
    7          dom     | 0 4 7 10  | -     | mixolydian
    9          dom     | 0 4 7 10  | 2     | mixolydian
    11         dom     | 0 4 7 10  | 2 5   | mixolydian
    13         dom     | 0 4 7 10  | 2 9   | mixolydian
    9#11       dom     | 0 4 7 10  | 2 6   | lydian_dom
    9b13       dom     | 0 4 7 10  | 2 8   | mixolydian_b6
    7b9        domalt  | 0 4 7 10  | 1     | phrygian_dom
    7#9        domalt  | 0 4 7 10  | 3     | half_whole
    7b9b13     domalt  | 0 4 7 10  | 1 8   | phrygian_dom
    7#9#11     domalt  | 0 4 7 10  | 3 6   | half_whole
    13b9       domalt  | 0 4 7 10  | 1 9   | half_whole
    13#9       domalt  | 0 4 7 10  | 3 9   | half_whole
    7#5        domalt  | 0 4 8 10  | -     | whole_tone
    9#5        domalt  | 0 4 8 10  | 2     | whole_tone
    9#5#11     domalt  | 0 4 8 10  | 2 6   | whole_tone
    7#5b9      domalt  | 0 4 8 10  | 1     | altered
    7#5#9      domalt  | 0 4 8 10  | 3     | altered
    7alt       domalt  | 0 4 10    | 1 3 8 | altered
    sus4       sus     | 0 5 7     | -     | mixolydian
    7sus4      sus     | 0 5 7 10  | -     | mixolydian
    9sus4      sus     | 0 5 7 10  | 2     | mixolydian
    13sus4     sus     | 0 5 7 10  | 2 9   | mixolydian
    5          maj     | 0 7       | -     | ionian
    add9       maj     | 0 4 7     | 2     | ionian
    madd9      min     | 0 3 7     | 2     | melodic_minor
    sus2       sus     | 0 2 7     | -     | mixolydian
    maj13      maj7    | 0 4 7 11  | 2 9   | ionian
    maj7#11    maj7    | 0 4 7 11  | 6     | lydian
    mMaj9      min     | 0 3 7 11  | 2     | melodic_minor
    m7#5       min7    | 0 3 8 10  | -     | aeolian
    m9b5       hdim    | 0 3 6 10  | 2     | locrian#2
    dimMaj7    dim     | 0 3 6 11  | -     | whole_half
    7b5        dom     | 0 4 6 10  | -     | lydian_dom
    7#11       dom     | 0 4 7 10  | 6     | lydian_dom
    13#11      dom     | 0 4 7 10  | 2 6 9 | lydian_dom
    7b13       dom     | 0 4 7 10  | 8     | mixolydian_b6
    7b9#9      domalt  | 0 4 7 10  | 1 3   | half_whole
    7#9b13     domalt  | 0 4 7 10  | 3 8   | altered
    7b5#5      domalt  | 0 4 6 8 10 | -    | whole_tone
    7sus4b9    sus     | 0 5 7 10  | 1     | phrygian
    13sus4b9   sus     | 0 5 7 10  | 1 9   | dorian_b2
"""
ROWS = {line.split()[0].replace("-", ""): line.split(maxsplit=1)[1] for line in TABLE.strip().splitlines()}

# a suffix of the table and the other ways to write it
SPELLINGS = """
    -        M maj ma j
    m        - min mi MIN Mi −
    maj7     M7 ma7 MA7 Maj7 j7 Δ Δ7 △ △7 ∆7 ^ ^7 7M (maj7)
    m7       -7 min7 mi7 MI7 –7
    mMaj7    mM7 mmaj7 -maj7 -Δ7 -^7 -Δ m(maj7) mMaj mi(Maj7) minΔ
    m7b5     m7(b5) -7b5 min7b5 mi7(♭5) ø ø7 Ø7 h h7 m7-5 -7-5
    dim      ° o º mb5
    dim7     °7 o7 º7
    aug      + (#5) +5 (♯5)
    7#5      +7 7+ aug7 7aug 7+5 7(#5) 7♯5
    7alt     alt 7(alt)
    7b9      7(b9) 7-9 7♭9
    7#9      7(#9) 7+9 7♯9
    7b9#9    7(b9#9) 7(b9,#9) 7#9b9
    7#9b13   7(#9,b13) 7(#9b13) 7b13#9 7#9,b13
    7b5      7-5 7(b5)
    7#11     7+11 7(#11)
    13b9     13(b9) 7b9(13) 7b913
    13#11    13(#11)
    6        maj6 M6 add6
    69       6/9 6add9 6(9) maj69
    m6       -6 min6 mi6
    m69      m6/9 -6/9
    sus4     sus
    7sus4    7sus sus7 7(sus4)
    9sus4    9sus sus9 sus49
    13sus4   13sus sus13
    7sus4b9  7susb9 7b9sus 7b9sus4 7sus(b9)
    add9     2 add2 (add9)
    madd9    madd2 m(add9)
    maj9     M9 Δ9 ^9 ma9 j9
    maj9#11  ^9#11 Δ9(#11) M9#11
    maj7#11  maj7(#11) Δ#11 M7+11
    maj7#5   maj7(#5) +maj7 +M7 augΔ
    mMaj9    -Δ9 mM9 m(maj9)
    m9       -9 min9 mi9
    m11      -11 mi11
    m13      -13 mi13
    5        no3 (omit3)
"""
SPELT = [
    (line.split()[0].replace("-", "") if line.split()[0] == "-" else line.split()[0], other)
    for line in SPELLINGS.strip().splitlines()
    for other in line.split()[1:]
]


def relative(chord: Chord) -> str:
    """A chord as a row of the table."""

    def notes(pcs: tuple[int, ...]) -> str:
        return " ".join(str((pc - chord.root) % 12) for pc in pcs) or "-"

    return " | ".join((chord.quality, notes(chord.tones), notes(chord.tensions), chord.scale_name))


@pytest.mark.parametrize("suffix", ROWS)
def test_every_suffix_means_its_row_on_every_root(suffix: str) -> None:
    row = " | ".join(" ".join(cell.split()) for cell in ROWS[suffix].split("|"))
    for name, root in ROOTS.items():
        chord = parse_chord(name + suffix)
        assert (chord.symbol, chord.root, chord.bass) == (name + suffix, root, root)
        assert relative(chord) == row
        assert [(pc - root) % 12 for pc in chord.scale] == list(SCALES[chord.scale_name])


@pytest.mark.parametrize(("suffix", "other"), SPELT)
def test_players_spellings_mean_the_same(suffix: str, other: str) -> None:
    for root in ("C", "Bb", "F#"):
        plain, spelt = parse_chord(root + suffix), parse_chord(root + other)
        assert spelt.symbol == root + other
        assert (spelt.root, relative(spelt)) == (plain.root, relative(plain))


@pytest.mark.parametrize(
    ("symbol", "root", "bass", "quality"),
    [
        ("Bb7", 10, 10, "dom"),
        ("B7", 11, 11, "dom"),
        ("B♭7", 10, 10, "dom"),
        ("C-7", 0, 0, "min7"),
        ("C♭7", 11, 11, "dom"),
        ("Ab5", 8, 8, "maj"),  # a fifth on A flat, not A with a flat fifth
        ("A(b5)", 9, 9, "maj"),
        ("Eb9", 3, 3, "dom"),
        ("Bbb", 9, 9, "maj"),
        ("F##m", 7, 7, "min"),
        ("C/E", 0, 4, "maj"),
        ("Cm7/Bb", 0, 10, "min7"),
        ("C6/9/G", 0, 7, "maj"),
        ("Ab7/G♭", 8, 6, "dom"),
        ("Db/Ebb", 1, 2, "maj"),
    ],
)
def test_flats_belong_to_the_root_and_a_slash_to_the_bass(symbol: str, root: int, bass: int, quality: str) -> None:
    chord = parse_chord(symbol)
    assert (chord.root, chord.bass, chord.quality) == (root, bass, quality)


@pytest.mark.parametrize("spelling", ["N.C.", "NC", "n.c.", "N.C", "nc", " N.C. "])
def test_no_chord(spelling: str) -> None:
    assert parse_chord(spelling) is NO_CHORD
    assert (NO_CHORD.symbol, NO_CHORD.root, NO_CHORD.bass, NO_CHORD.quality) == ("N.C.", 0, 0, "NC")
    assert (NO_CHORD.tones, NO_CHORD.tensions, NO_CHORD.scale, NO_CHORD.scale_name) == ((), (), (), "")
    assert NO_CHORD.transposed(5) is NO_CHORD
    assert NO_CHORD.degree(0) == ""


@pytest.mark.parametrize(
    "symbol",
    ["", "Hm7", "7", "Cx", "C8", "Cm7b", "C7(b9", "C7b9)", "C()", "C/", "C/e", "C/9", "C//E", "Bbb7", "Bbb5", "Cb5b",
     "C7 b9", "C\n7", "Cmmaj7m", "CMm", "%", "/", "C|", "C" * 41, "C7" + "b9" * 400, "Сmaj7"],
)  # fmt: skip
def test_what_no_player_would_write_is_refused(symbol: str) -> None:
    with pytest.raises(ChordError, match="unknown chord") as caught:
        parse_chord(symbol)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 300


def test_the_refusal_says_what_is_possible() -> None:
    with pytest.raises(ChordError, match="'Hm7': a chord is a root A to G with b or #, a quality such as m7"):
        parse_chord("Hm7")
    with pytest.raises(ChordError, match="'dm7': a root is a capital letter, as in 'Dm7'"):
        parse_chord("dm7")


@pytest.mark.parametrize(
    ("symbol", "semitones", "expected"),
    [
        ("C7alt", 1, "Db7alt"),
        ("F#m7b5", 2, "G#m7b5"),
        ("B♭Δ7", 2, "CΔ7"),
        ("Cm7/Bb", 5, "Fm7/Eb"),
        ("A(b5)", 3, "C(b5)"),
        ("C6/9/G", -1, "B6/9/Gb"),
    ],
)
def test_transposing_keeps_the_players_spelling(symbol: str, semitones: int, expected: str) -> None:
    assert parse_chord(symbol).transposed(semitones).symbol == expected


@pytest.mark.parametrize(
    ("symbol", "names"),
    [
        ("G7alt", {"G": "root", "B": "3rd", "F": "7th", "Ab": "b9", "Bb": "#9", "Eb": "b13", "C#": "#11"}),
        ("Dm7", {"F": "3rd", "A": "5th", "C": "7th", "E": "9th", "F#": "major 3rd"}),
        ("Bm7b5", {"D": "3rd", "F": "b5", "A": "7th"}),
        ("Cdim7", {"A": "7th", "Gb": "b5"}),
        ("C6", {"A": "6th", "D": "9th"}),
        ("F7sus4", {"Bb": "4th", "Eb": "7th"}),
        ("Cmaj7", {"B": "major 7th", "F#": "#11", "A": "13th"}),
    ],
)
def test_degrees_are_named_as_the_chord_has_them(symbol: str, names: dict[str, str]) -> None:
    chord = parse_chord(symbol)
    assert {note: chord.degree(ROOTS[note]) for note in names} == names
    assert chord.degree(chord.root + 60) == "root"


SYMBOLS = st.builds(
    lambda root, suffix, bass: root + suffix + bass,
    st.sampled_from(sorted(ROOTS)),
    st.sampled_from([*ROWS, *(other for _, other in SPELT)]),
    st.sampled_from(["", "/E", "/Bb", "/F#"]),
)


@given(SYMBOLS, st.integers(-30, 30))
def test_transposing_moves_everything_and_an_octave_is_home(symbol: str, semitones: int) -> None:
    chord = parse_chord(symbol)
    moved = chord.transposed(semitones)
    assert moved == parse_chord(moved.symbol)
    for before, after in (
        (chord.tones, moved.tones),
        (chord.tensions, moved.tensions),
        (chord.scale, moved.scale),
        ((chord.root, chord.bass), (moved.root, moved.bass)),
    ):
        assert after == tuple((pc + semitones) % 12 for pc in before)
    assert chord.transposed(12) == chord
    home = moved.transposed(-semitones)
    assert (home.tones, home.tensions, home.scale, home.bass) == (chord.tones, chord.tensions, chord.scale, chord.bass)


@given(st.text(max_size=60) | st.text(alphabet="ABCb#mM7695/°øΔ+-()susadlt^,1234", max_size=14))
def test_any_text_is_a_chord_or_a_chord_error(text: str) -> None:
    try:
        chord = parse_chord(text)
    except ChordError:
        return
    if chord is not NO_CHORD:
        assert chord.root in chord.tones
        assert chord.root in chord.scale
        assert chord.symbol == text.strip()
        assert not set(chord.tones) & set(chord.tensions)
        assert {*chord.tones, *chord.tensions, *chord.scale, chord.bass} <= set(range(12))
