"""Reasons in words, each true by what was measured."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.dialogue import Idea, Outing
from sideslip.music.phrase import Note, Phrase
from sideslip.outside import explain as explaining
from sideslip.outside.explain import explain
from sideslip.outside.guesses import Guess
from sideslip.outside.hearing import hear
from sideslip.outside.lines import Lines
from sideslip.outside.motif import compare
from sideslip.outside.spelling import spelt
from sideslip.outside.tables import ListeningTables

from .worked_examples import INSIDE, LIEBMAN, SLIPPED, TWO_FIVE_ONE, bar_by_bar, line, one_chord, shifted, with_pitches

Reason = Callable[..., str]


@pytest.fixture
def why(tables: ListeningTables) -> Reason:
    def reason(phrase: Phrase, changes: Changes = TWO_FIVE_ONE, label: str = "", call: Phrase = Phrase()) -> str:
        lines = Lines.over(changes, [phrase])
        return explain(Idea(phrase, "device", label), hear(lines, tables), compare(call, lines), 0, changes)

    return reason


def test_a_side_slip_says_where_it_leaves_and_lands(why: Reason) -> None:
    text = "side-slips up a semitone over G7 in bar 2 and back, lands on D, the 5th, on the and of 4 in bar 2"
    assert why(SLIPPED, label="side-slip up a semitone") == text


def test_liebman_lands_on_the_major_seventh(why: Reason) -> None:
    moved = LIEBMAN.moved(ticks=19 * 48)
    text = "goes outside over Ebmaj7 in bar 20 (heard as a side-slip up a semitone) and back, "
    assert why(moved, one_chord("Ebmaj7")) == text + "lands on D, the major 7th, on the and of 3 in bar 20"


def test_an_inside_line_says_where_it_ends(why: Reason) -> None:
    assert why(INSIDE) == "stays inside, ends on E, the 5th of A7b9, on the and of 4 in bar 4"


def test_bars_count_on_through_the_choruses(why: Reason) -> None:
    assert why(INSIDE.moved(ticks=192 * 3)).endswith("on the and of 4 in bar 16")


def test_an_answer_says_what_it_takes_up(why: Reason) -> None:
    assert why(INSIDE, call=INSIDE.moved(semitones=2)).startswith("stays inside, takes up your motif, ends on")
    generator = np.random.default_rng(0)
    other = with_pitches(INSIDE, generator.integers(50, 80, len(INSIDE)).tolist())
    assert ", answers your rhythm, " in why(INSIDE, call=other)
    unlike = Phrase(tuple(Note(30 * i, pitch, 20) for i, pitch in enumerate((50, 62, 61, 73, 72))))
    assert "your" not in why(INSIDE, call=unlike)


@pytest.mark.parametrize(
    ("late", "verb", "of"), [(0, "lands", ""), (24, "lands", ""), (25, "comes home", " of Ebmaj7")]
)
def test_home_is_a_landing_only_within_two_beats(why: Reason, late: int, verb: str, of: str) -> None:
    """Liebman's way back to D, after a rest."""
    rested = Phrase((*LIEBMAN.notes[:10], *(note.moved(ticks=late) for note in LIEBMAN.notes[10:])))
    assert f", {verb} on D, the major 7th{of}, " in why(rested, one_chord("Ebmaj7"))


TWICE = shifted(shifted(INSIDE, 3, 12, 1), 20, 27, -1)
"""Out twice: from Dm7 to G7, and from Cmaj7 to A7b9."""

PLACES = "from Dm7 in bar 1 to G7 in bar 2 and from Cmaj7 in bar 3 to A7b9 in bar 4"
HEARD = (
    "from Dm7 in bar 1 to G7 in bar 2 (heard as a side-slip up a semitone) "
    "and from Cmaj7 in bar 3 to A7b9 in bar 4 (heard as a side-slip down a semitone)"
)


@pytest.mark.parametrize(
    ("label", "does"),
    [
        ("side-slip up a semitone twice", "side-slips up a semitone twice, outside"),
        ("side-slip up a semitone + enclosure", "side-slips up a semitone and plays an enclosure, outside"),
        ("side-slip up a semitone", "side-slips up a semitone, outside"),
        ("", "goes outside"),
    ],
)
def test_of_several_places_none_is_given_to_a_device(why: Reason, label: str, does: str) -> None:
    assert (
        why(TWICE, label=label)
        == f"{does} {PLACES if label else HEARD}, lands on A, the root, on the and of 2 in bar 4"
    )


def test_of_two_devices_none_is_given_the_only_place(why: Reason) -> None:
    text = why(SLIPPED, label="side-slip up a semitone twice")
    assert text.startswith("side-slips up a semitone twice, outside over G7 in bar 2 and back, lands on D, the 5th, ")


def test_a_place_is_told_of_once(why: Reason) -> None:
    """Both side-slips lie within the bar of a vamp."""
    quick = with_pitches(line("D " * len(TWICE), ticks=1), TWICE.pitches)
    text = why(quick, one_chord("Dm7", bars=1), "side-slip up a semitone twice")
    assert text.startswith("side-slips up a semitone twice, outside over Dm7 in bar 1 and back, ")


def test_of_three_places_the_strongest_two_are_told_of_and_home_is_after_the_last(why: Reason) -> None:
    last_weak, first_weak = TWICE + SLIPPED.moved(ticks=192), SLIPPED + TWICE.moved(ticks=192)
    assert why(last_weak) == f"goes outside {HEARD}, comes home on D, the 5th of G7, on the and of 4 in bar 6"
    text = HEARD.replace("bar 1", "bar 5").replace("bar 2", "bar 6").replace("bar 3", "bar 7").replace("bar 4", "bar 8")
    assert why(first_weak) == f"goes outside {text}, lands on A, the root, on the and of 2 in bar 8"


def test_a_span_over_several_chords_and_the_chord_it_lands_on(why: Reason) -> None:
    out = shifted(INSIDE, 10, 19, 1)
    slipped = " (heard as a side-slip up a semitone), lands on "
    assert why(out).startswith(f"goes outside from G7 in bar 2 to Cmaj7 in bar 3{slipped}")
    vamp = one_chord("Dm7")
    long_slip = shifted(line("D E F A C A F E D F A C A F E D F A C A F D E F D C A F"), 5, 20, 1)
    text = "goes outside over Dm7 in bars 1 to 3 (heard as a side-slip up a semitone) and back"
    assert why(long_slip, vamp).startswith(text)


def test_a_line_that_does_not_come_back_says_so(why: Reason) -> None:
    text = why(line("C E G C Db F Ab Db F Ab"), one_chord("Cmaj7"))
    assert text.startswith("goes outside over Cmaj7 in bars 1 to 2 ")
    assert text.endswith(", ends outside on Ab, the b13 of Cmaj7, on the and of 1 in bar 2")


def test_a_line_that_comes_back_without_a_chord_tone_only_ends(why: Reason) -> None:
    text = why(line("C E G C E G Db F Ab Db F Ab Gb D A"), one_chord("Cmaj7"))
    assert text.startswith("goes outside over Cmaj7 in bar")
    assert text.endswith("ends on A, the 13th of Cmaj7, on beat 4 of bar 2")


def test_a_device_that_is_not_heard_as_outside_claims_no_place(why: Reason) -> None:
    assert why(INSIDE, label="enclosure").startswith("plays an enclosure and stays inside, ends on E")
    assert why(INSIDE, label="a new thing").startswith("uses a new thing and stays inside, ")


def test_silence_lays_out(why: Reason) -> None:
    assert why(Phrase(), label="enclosure") == "lays out"


def test_under_no_chord_a_note_has_no_degree(why: Reason) -> None:
    text = "plays freely over no chord, ends on Bb on beat 2 of bar 1"
    assert why(line("C E Bb"), bar_by_bar("N.C.", "N.C.")) == text


def test_a_device_over_no_chord_is_neither_inside_nor_outside(why: Reason) -> None:
    text = "plays a sequence over no chord, ends on Bb on beat 2 of bar 1"
    assert why(line("C E Bb"), bar_by_bar("N.C.", "C7"), label="sequence") == text


def test_a_line_with_a_chord_under_part_of_it_can_be_inside(why: Reason) -> None:
    assert why(line("C E G C E G C E G E"), bar_by_bar("N.C.", "C7")).startswith("stays inside, ")


def test_a_chord_tone_that_comes_early_belongs_to_the_coming_chord(why: Reason) -> None:
    text = why(line("E D C G E C F#"), bar_by_bar("Cmaj7", "Gb7"))
    assert text.endswith("ends on Gb, the root of the coming Gb7, on beat 4 of bar 1")


def test_a_line_that_lands_on_another_chord_says_where_it_was_going(why: Reason) -> None:
    """Db7 for G7: F Ab Cb Db, then a semitone down to C, or already to E when its chord is yet to come."""
    away = "D E F A C A F E D F Cb Ab Gb F Db Ab "
    text = "plays a tritone substitution over G7 in bar 2 on the way to Cmaj7, lands on G, the 5th, on beat 1 of bar 3"
    assert why(line(away + "G E C"), label="tritone substitution") == text
    early = "on the way to Cmaj7, lands early on E, the 3rd, on the and of 4 in bar 2"
    assert early in why(line("D E F A C A F E D Cb Ab Gb Ab Cb Db E G"), label="tritone substitution")


def test_who_says_what_was_done_needs_no_guess(why: Reason) -> None:
    assert "heard as" in why(SLIPPED) and "heard as" not in why(SLIPPED, label="side-slip up a semitone")


@pytest.mark.parametrize(
    ("guess", "words"),
    [
        (Guess("side-slip up a semitone", "", 0.6), "a side-slip up a semitone"),
        (Guess("altered dominant", "", 0.6), "an altered dominant"),
        (Guess("approach notes", "", 0.6), "approach notes"),
        (Guess("blue notes", "F", 0.6), "blue notes of F"),
        (Guess("backcycling", "", 0.6), "backcycling"),
        (Guess("superimposed triads", "D", 0.6), "a superimposed D triad"),
        (Guess("superimposed triads", "D and Em", 0.6), "superimposed D and Em triads"),
        (Guess("superimposed pentatonic", "E", 0.6), "a superimposed E pentatonic"),
        (Guess("unexplained", "", 0.9), None),
        (Guess("sequence", "", 0.49), None),
    ],
)
def test_only_a_guess_that_outweighs_all_others_is_named(
    why: Reason, monkeypatch: pytest.MonkeyPatch, guess: Guess, words: str | None
) -> None:
    monkeypatch.setattr(explaining, "guesses", lambda *_: (guess,))
    told = "" if words is None else f" (heard as {words})"
    assert why(SLIPPED).startswith(f"goes outside over G7 in bar 2{told} and back, ")


@pytest.mark.parametrize(
    ("symbols", "notes"),
    [
        (("Cmaj7",), "Db"),
        (("Cmaj7",), "Db Eb"),
        (("N.C.", "Cmaj7"), "Db Gb Ab Eb B Gb Ab Db Gb Ab"),
        (("Cmaj7", "N.C."), "Db Gb Ab Eb B Gb Ab Db Gb Ab"),
    ],
)
def test_a_scrap_of_a_line_is_told_of_too(why: Reason, symbols: tuple[str, ...], notes: str) -> None:
    text = why(line(notes), bar_by_bar(*symbols))
    assert text and "\n" not in text


def test_chords_shorter_than_a_beat_are_told_of(why: Reason) -> None:
    quick = Changes(tuple(range(0, 96, 3)), tuple(parse_chord("C7" if i % 2 else "F#7") for i in range(32)), 96)
    text = why(line("Db Gb Ab Eb B Gb Ab Db Gb Ab"), quick)
    assert text and "\n" not in text


@pytest.mark.parametrize(
    ("pitch", "symbol", "name"),
    [
        (66, "D7", "F#"),
        (66, "Ebm7", "Gb"),
        (65, "C#7", "E#"),
        (71, "Gb7sus4", "Cb"),
        (61, "C7", "Db"),
        (63, "C7", "D#"),
        (66, "Fdim7", "Gb"),
        (62, "Abm7b5", "D"),
        (70, "N.C.", "Bb"),
    ],
)
def test_notes_are_spelt_by_their_degree(pitch: int, symbol: str, name: str) -> None:
    chord = parse_chord(symbol)
    assert spelt(pitch, chord) == name


# ---------------------------------------------------------------- what devices say that they did


def told(tables: ListeningTables, phrase: Phrase, *outings: Outing) -> str:
    """Why an idea was chosen that devices made, over Dm7 G7 Cmaj7 A7b9."""
    lines = Lines.over(TWO_FIVE_ONE, [phrase])
    idea = Idea(phrase, "device", " + ".join(one.device for one in outings), outings=outings)
    return explain(idea, hear(lines, tables), compare(Phrase(), lines), 0, TWO_FIVE_ONE)


SLIP = Outing("side-slip up a semitone", SLIPPED.notes[9].onset, SLIPPED.notes[16].onset)
"""What was done to get SLIPPED, home on E at the beginning of bar 3."""


def test_a_device_is_told_where_it_was_and_lands_where_it_came_home(tables: ListeningTables) -> None:
    text = "side-slips up a semitone over G7 in bar 2 on the way to Cmaj7, lands on E, the 3rd, on beat 1 of bar 3"
    assert told(tables, SLIPPED, SLIP) == text
    early = replace(SLIP, home=SLIPPED.notes[15].onset)
    assert told(tables, SLIPPED, early).endswith(
        " over G7 in bar 2 and back, lands on D, the 5th, on the and of 4 in bar 2"
    )


def test_a_planned_device_is_named_as_one(tables: ListeningTables) -> None:
    plan = replace(SLIP, device="planned side-slip up a semitone")
    assert told(tables, SLIPPED, plan).startswith("plays a planned side-slip up a semitone over G7 in bar 2")


def test_a_device_that_nobody_hears_is_not_told_of(tables: ListeningTables) -> None:
    assert told(tables, INSIDE, SLIP).startswith("stays ")
    elsewhere = Outing("side-slip up a semitone", SLIPPED.notes[24].onset, SLIPPED.notes[28].onset)
    assert told(tables, SLIPPED, elsewhere).startswith("goes outside over G7 in bar 2 (heard as")
    assert "plays an enclosure and stays inside" in told(tables, INSIDE, replace(SLIP, device="enclosure"))


def test_a_chord_tone_is_no_end_outside(tables: ListeningTables) -> None:
    for phrase in (Phrase(SLIPPED.notes[:15]), Phrase(SLIPPED.notes[:14])):
        lines = Lines.over(TWO_FIVE_ONE, [phrase])
        chromatic = bool(hear(lines, tables).outsideness.chromatic[0, len(phrase) - 1])
        assert ("ends outside on" in told(tables, phrase)) == chromatic
