"""What a place outside is taken for: worked examples, and what must hold of any guess."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.phrase import Note, Phrase
from sideslip.outside.explanations import SLIPS, explanations
from sideslip.outside.guesses import PRIOR, Guess, guesses
from sideslip.outside.hearing import hear
from sideslip.outside.lines import Lines
from sideslip.outside.passage import Passage
from sideslip.outside.spans import Span
from sideslip.outside.tables import ListeningTables

from .worked_examples import INSIDE, LIEBMAN, LIEBMAN_OUT, SLIPPED, TWO_FIVE_ONE, bar_by_bar, line, one_chord, shifted


def guessed(tables: ListeningTables, phrase: Phrase, changes: Changes, first: int, last: int) -> tuple[Guess, ...]:
    """What notes `first` to `last` of a phrase may be."""
    return guesses(hear(Lines.over(changes, [phrase]), tables), 0, Span(first, last))


def probability(found: tuple[Guess, ...], name: str) -> float:
    return sum(guess.probability for guess in found if guess.name == name)


APPROACH = "approach notes"

VAMP = line("D E F A C A F E D F A C A F E D")
"""Two bars of eighths inside Dm7."""


@pytest.mark.parametrize(
    ("name", "phrase", "changes", "first", "last"),
    [
        ("side-slip up a semitone", LIEBMAN, one_chord("Ebmaj7"), LIEBMAN_OUT.start, LIEBMAN_OUT.stop - 1),
        ("side-slip up a semitone", SLIPPED, TWO_FIVE_ONE, 9, 14),
        ("side-slip down a semitone", shifted(VAMP, 4, 12, -1), one_chord("Dm7"), 4, 12),
        ("side-slip by a tritone", shifted(VAMP, 4, 12, 6), one_chord("Dm7"), 4, 12),
        ("side-slip up a minor third", shifted(VAMP, 2, 13, 3), one_chord("Dm7"), 2, 13),
        (
            "tritone substitution",
            line("D F G B Db F Ab Cb Ab F Db Ab Cb Db Gb Cb C E"),
            bar_by_bar("G7", "G7", "Cmaj7"),
            4,
            15,
        ),
        ("sequence", line("C E G D Eb G Bb F Gb Bb Db Ab A C# E B C"), one_chord("Cmaj7"), 4, 15),
        ("superimposed triads", line("E G Bb D F# A D F# A F# D A Bb G"), one_chord("C7"), 3, 11),
        ("superimposed pentatonic", line("C E G Gb Db Eb Bb Ab Db Gb Eb Bb Db Gb E C"), one_chord("C7"), 3, 13),
        ("chromatic run", line("G A Bb B C Db D Eb E F"), one_chord("F7"), 1, 8),
        ("approach notes", line("C Db B C F D# E Ab F# G Eb C# D C# B C"), one_chord("Cmaj7"), 1, 14),
        ("blue notes", line("F G Ab B C Eb F Ab B Bb Ab F Eb F"), one_chord("F7"), 2, 12),
        (
            "altered dominant",
            line("D F G Ab Bb B Db Bb E Db Bb Ab B Ab Bb Db C"),
            bar_by_bar("G7", "G7", "Cmaj7"),
            3,
            15,
        ),
        ("backcycling", line("C E G E F# A C D B G F D E G Bb C A F"), bar_by_bar("Cmaj7", "Cmaj7", "Fmaj7"), 4, 15),
    ],
)
def test_what_musicians_would_say_is_among_the_first_two(
    tables: ListeningTables, name: str, phrase: Phrase, changes: Changes, first: int, last: int
) -> None:
    found = guessed(tables, phrase, changes, first, last)
    assert name in [guess.name for guess in found[:2]], [(guess.name, round(guess.probability, 2)) for guess in found]


@pytest.mark.parametrize(
    ("name", "notes", "first"),
    [
        ("anticipation", "C E G C E G E C Ab Gb Eb C Ab Eb Gb C Db", 8),
        ("delayed resolution", "Ab Gb Eb C Db Ab Gb Eb C Eb Gb Ab C Ab Eb C Db F", 8),
    ],
)
def test_a_neighbours_chord_gains_on_what_it_is_usually(
    tables: ListeningTables, name: str, notes: str, first: int
) -> None:
    """Tones of Ab7 a bar before it comes, and a bar after it went."""
    changes = bar_by_bar("Cmaj7", "Cmaj7", "Ab7") if name == "anticipation" else bar_by_bar("Ab7", "Emaj7", "Emaj7")
    found = guessed(tables, line(notes), changes, first, 14)
    assert probability(found, name) > 3 * PRIOR[name]


phrases = st.lists(st.integers(50, 80), min_size=1, max_size=12).map(
    lambda pitches: Phrase(tuple(Note(6 * i, pitch, 6) for i, pitch in enumerate(pitches)))
)
charts = st.lists(
    st.sampled_from(["C7", "Fm7", "Bbmaj7", "N.C.", "Ebdim7", "Dm7b5", "G7alt", "Asus4", "C+", "Abm6"]),
    min_size=1,
    max_size=3,
).map(lambda symbols: bar_by_bar(*symbols))


@given(phrases, charts, st.data())
def test_probabilities_of_any_span_add_up_to_one(
    tables: ListeningTables, phrase: Phrase, changes: Changes, data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, len(phrase) - 1))
    found = guessed(tables, phrase, changes, first, data.draw(st.integers(first, len(phrase) - 1)))
    chances = [guess.probability for guess in found]
    assert sum(chances) == pytest.approx(1) and chances == sorted(chances, reverse=True)
    names = [guess.name for guess in found]
    assert len(set(names)) == len(names) and set(names) <= PRIOR.keys()


@given(phrases, charts, st.integers(1, 11))
@example(line("D D D D D D D Eb E"), bar_by_bar("C7", "N.C."), 1)
def test_the_key_does_not_matter(tables: ListeningTables, phrase: Phrase, changes: Changes, semitones: int) -> None:
    moved = Changes(
        changes.starts, tuple(chord.transposed(semitones) for chord in changes.chords), changes.length, changes.meter
    )
    here = guessed(tables, phrase, changes, 0, len(phrase) - 1)
    there = guessed(tables, phrase.moved(semitones=semitones), moved, 0, len(phrase) - 1)
    for name in PRIOR:
        assert probability(here, name) == pytest.approx(probability(there, name), abs=1e-9)


def test_other_lines_of_a_hearing_do_not_matter(tables: ListeningTables) -> None:
    alone = hear(Lines.over(TWO_FIVE_ONE, [SLIPPED]), tables)
    among = hear(Lines.over(TWO_FIVE_ONE, [line("C"), SLIPPED + INSIDE.moved(192), SLIPPED, INSIDE]), tables)
    assert guesses(alone, 0, Span(9, 14)) == guesses(among, 2, Span(9, 14))


def test_what_a_trill_tells_it_tells_once(tables: ListeningTables) -> None:
    short, long = (line("E G " + "Db Eb " * times + "D C") for times in (1, 8))
    few = guessed(tables, short, one_chord("Cmaj7"), 2, 3)
    many = guessed(tables, long, one_chord("Cmaj7"), 2, 17)
    assert many[0].probability < few[0].probability + 0.25


def test_over_a_dominant_the_tritone_is_a_substitution_and_elsewhere_a_slip(tables: ListeningTables) -> None:
    for symbol, name, other in (
        ("G7", "tritone substitution", "side-slip by a tritone"),
        ("Gm7", "side-slip by a tritone", "tritone substitution"),
    ):
        names = {guess.name for guess in guessed(tables, line("D F Ab Cb Db F"), one_chord(symbol), 2, 4)}
        assert name in names and other not in names


def test_a_substitute_is_likelier_where_the_dominant_leads_home(tables: ListeningTables) -> None:
    """The same notes over G7, which goes to C, or stays, or goes to C two bars later: odds of substitute to slip."""
    notes = line("D F Ab Cb Db F Ab Cb")

    def odds(*after: str) -> float:
        found = guessed(tables, notes, bar_by_bar("G7", *after), 2, 7)
        return probability(found, "tritone substitution") / probability(found, "side-slip up a semitone")

    assert odds("Cm7") == pytest.approx(2 * odds("Gm7")) == pytest.approx(2 * odds("G7", "G7", "Cm7"))


def test_two_tones_are_no_triad_and_three_no_pentatonic(tables: ListeningTables) -> None:
    for notes, missing in (("Db F Db F", "superimposed triads"), ("Db F Ab Db", "superimposed pentatonic")):
        found = guessed(tables, line(notes), one_chord("Cmaj7"), 0, 3)
        assert missing not in {guess.name for guess in found}


def test_a_triad_and_a_pentatonic_are_named_by_their_roots(tables: ListeningTables) -> None:
    triad = guessed(tables, line("E G Bb D F# A D F# A F# D A Bb G"), one_chord("C7"), 3, 11)
    assert next(guess.words for guess in triad if guess.name == "superimposed triads") == "superimposed D triad"
    notes = line("C E G Gb Db Eb Bb Ab Db Gb Eb Bb Db Gb E C")
    found = guessed(tables, notes, one_chord("C7"), 3, 13)
    assert next(g.words for g in found if g.name == "superimposed pentatonic") == "superimposed Gb pentatonic"


def test_every_slip_of_a_long_inside_line_is_heard_when_nothing_is_expected(
    tables: ListeningTables, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The four bars of the worked example, moved as a whole: with all slips alike beforehand the right one wins."""
    monkeypatch.setattr("sideslip.outside.guesses.PRIOR", dict.fromkeys(PRIOR, 1.0))
    changes = bar_by_bar("Dm7", "Dm7", "Cmaj7", "Cmaj7")
    inside = line("D E F A C A F E D F A C B A F D C E G B A G E D C B G E G B C E")
    for semitones, name in SLIPS.items():
        found = guessed(tables, inside.moved(semitones=semitones), changes, 0, len(inside) - 1)
        slips = [guess.name for guess in found if guess.name in SLIPS.values()]
        assert slips[0] == name


@pytest.mark.parametrize(
    ("symbol", "tonics"), [("C7", {"C", "G", "F"}), ("Dm7", {"D", "A"}), ("Cmaj7", set()), ("N.C.", set())]
)
def test_a_blues_is_played_over_its_first_fourth_and_fifth(
    tables: ListeningTables, symbol: str, tonics: set[str]
) -> None:
    lines = Lines.over(one_chord(symbol), [line("Gb Bb B Db Eb")])
    found = explanations(Passage.of(lines, tables, 0, Span(1, 4)))
    assert {root for name, root, _ in found if name == "blue notes"} == tonics


def test_an_explanation_foretells_all_ways_on_with_chances_that_add_up_to_one(tables: ListeningTables) -> None:
    """The last note at each of the 25 intervals. Left out: approach notes, which hang on what follows; sequences, which
    give the same note again no chance; and pentatonics, which want enough different notes."""
    totals: dict[str, float] = {}
    inside = line("D F A C E G")
    for interval in range(-12, 13):
        phrase = Phrase((*inside, Note(36, inside.pitches[-1] + interval, 6)))
        found = list(explanations(Passage.of(Lines.over(one_chord("G7"), [phrase]), tables, 0, Span(3, 6))))
        for name, _, bits in found:
            same = sum(name == other for other, *_ in found)
            totals[name] = totals.get(name, 0.0) + float(np.exp(bits[-1])) / same
    assert len(totals) > 15
    for name in totals.keys() - {"approach notes", "sequence", "superimposed pentatonic"}:
        assert totals[name] == pytest.approx(1, abs=1e-6), name


def test_a_note_on_the_other_side_of_the_one_after_next_encloses_it(tables: ListeningTables) -> None:
    """A or D, then F# and G: A and F# lie around G; D is no approach to either."""

    def chance(first: str) -> float:
        lines = Lines.over(one_chord("Ebmaj7"), [line(f"C {first} F# G")])
        (bits,) = (bits for name, _, bits in explanations(Passage.of(lines, tables, 0, Span(1, 2))) if name == APPROACH)
        return float(np.exp(bits[0]))

    assert chance("A") > 0.1 > 2 * chance("D")


def test_without_learnt_tables_there_are_guesses_too() -> None:
    found = guessed(ListeningTables.unlearnt(), SLIPPED, TWO_FIVE_ONE, 9, 14)
    assert np.isfinite([guess.probability for guess in found]).all()


def test_the_names_of_the_slips_are_those_of_the_devices() -> None:
    assert SLIPS.keys() == {1, -1, 2, -2, 3, -3, 4, -4, 6}
    assert set(SLIPS.values()) <= PRIOR.keys() and parse_chord("C7").transposed(6).symbol == "Gb7"
