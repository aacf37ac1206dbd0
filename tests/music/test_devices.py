"""Devices: what a musician would check, and what must hold for any line over any changes."""

from itertools import accumulate, islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.devices import (
    DEVICES,
    anticipate,
    delay_resolution,
    enclosure,
    guide_tones,
    sequence,
    side_slip,
    triad_pair,
    tritone_substitution,
)
from sideslip.music.meter import Meter
from sideslip.music.phrase import Note, Phrase
from sideslip.music.pitch import HIGHEST, LOWEST, parse_pitch_class

SYMBOLS = (
    "C6",
    "Dbmaj7",
    "Dm7",
    "Eb7",
    "E7alt",
    "F#m7b5",
    "G7",
    "Abdim7",
    "A7b9",
    "Bb7",
    "Bm",
    "C7sus4",
    "Faug",
    "N.C.",
)


FOUR = Meter(4, 4)


def changes(*bars: str, meter: Meter = FOUR) -> Changes:
    """One or more chords a bar, evenly spread; a chord that stays is not struck again."""
    starts: dict[int, str] = {}
    for number, bar in enumerate(bars):
        symbols = bar.split()
        for i, symbol in enumerate(symbols):
            if list(starts.values())[-1:] != [symbol]:
                starts[number * meter.bar + i * meter.bar // len(symbols)] = symbol
    return Changes(tuple(starts), tuple(map(parse_chord, starts.values())), len(bars) * meter.bar, meter)


def eighths(names: str, near: int = 72) -> Phrase:
    """Swing eighths from tick 0, each the octave nearest to the note before; "-" is an eighth of rest."""
    notes, pitch = [], near
    for i, name in enumerate(names.split()):
        if name != "-":
            pitch = min(range(pitch - 6, pitch + 6), key=lambda p: ((p - parse_pitch_class(name)) % 12, abs(p - pitch)))
            notes.append(Note(i * 6, pitch, 6))
    return Phrase(tuple(notes))


def by_step(a: int, b: int) -> bool:
    return 1 <= abs(a - b) <= 2


BLUES = changes("Bb7", "Eb7", "Bb7", "Fm7 Bb7")
CADENCE = changes("Dm7", "G7", "Cmaj7", "Cmaj7")
LINE = eighths("D E F A C B A G F E D F A G F D E - G - E D C")
BLUES_LINE = eighths("D F Ab D C Bb Ab F G Bb Db F Eb Db C Bb Ab G F D C D F Ab Bb")


# ---------------------------------------------------------------- side-slip


@pytest.mark.parametrize("semitones", [1, -1])
def test_a_slipped_line_leaves_by_a_semitone_and_comes_home_by_step(semitones: int) -> None:
    slipped = side_slip(BLUES_LINE, BLUES, semitones, 3, 7)
    assert slipped is not None
    moved = [b - a for a, b in zip(BLUES_LINE.pitches, slipped.pitches, strict=True)]
    assert moved[:3] == [0, 0, 0] and moved[3:7] == [semitones] * 4 and not any(moved[9:])
    assert slipped.pitches[8] % 12 in BLUES.at(48).tones
    assert by_step(slipped.pitches[7], slipped.pitches[8])
    assert [(n.onset, n.duration) for n in slipped] == [(n.onset, n.duration) for n in BLUES_LINE]


def test_an_exit_that_is_a_step_into_a_guide_tone_is_left_alone() -> None:
    slipped = side_slip(LINE, CADENCE, 1, 10, 15)
    assert slipped is not None
    assert slipped.pitches[10:16] == tuple(pitch + 1 for pitch in LINE.pitches[10:16])
    assert slipped.pitches[16:] == LINE.pitches[16:], (
        "Eb falls to E natural's neighbour: home is the third of C as it was"
    )


@pytest.mark.parametrize(("rest", "home"), [("", 71), ("- ", 72)], ids=["on the beat", "off the beat"])
def test_a_guide_tone_is_preferred_on_a_beat(rest: str, home: int) -> None:
    slipped = side_slip(eighths(f"G A {rest}B C C G", near=67), changes("Cmaj7"), 1, 1, 3)
    assert slipped is not None
    assert slipped.pitches[3:5] == (73, home), "from C sharp to the major seventh, or to the root as it was"


@pytest.mark.parametrize(
    ("semitones", "first", "last"),
    [(1, 0, 4), (1, 3, 4), (1, 3, 11), (1, 18, len(LINE) - 1), (0, 3, 6), (7, 3, 6)],
    ids=["from the first note", "two notes", "nine notes", "no home", "no shift", "too far"],
)
def test_what_is_no_side_slip(semitones: int, first: int, last: int) -> None:
    assert side_slip(LINE, CADENCE, semitones, first, last) is None


def test_a_slip_out_of_the_range_is_not_made() -> None:
    top = Phrase(tuple(Note(6 * i, HIGHEST - i % 2, 6) for i in range(8)))
    assert side_slip(top, CADENCE, 1, 2, 5) is None
    assert side_slip(top.moved(semitones=-2), CADENCE, 1, 2, 5) is not None


# ---------------------------------------------------------------- other harmonies


def test_the_tritone_substitute_is_heard_and_falls_home_by_semitone() -> None:
    played = tritone_substitution(LINE, CADENCE, 48)
    assert played is not None
    over = {note.pitch % 12 for note in played.between(48, 96)}
    assert over <= {1, 5, 8, 11, 3, 10}, "Db F Ab Cb, and of its scale what is not in G's: Eb and Bb"
    assert {1, 8} & over, "G7 does not have these"
    assert abs(played.pitches[15] - played.pitches[16]) == 1
    assert played.pitches[16] % 12 in CADENCE.at(96).tones
    assert played.between(0, 48) == LINE.between(0, 48)


def test_only_a_dominant_that_moves_up_a_fourth_is_substituted() -> None:
    assert tritone_substitution(LINE, CADENCE, 0) is None, "Dm7 is no dominant"
    assert tritone_substitution(BLUES_LINE, BLUES, 48) is None, "Eb7 moves to Bb7, a fifth up"
    assert tritone_substitution(BLUES_LINE, BLUES, 0) is not None, "Bb7 moves to Eb7"


def test_a_substitution_needs_three_notes_over_the_dominant_and_a_prompt_resolution() -> None:
    assert tritone_substitution(eighths("- - - - - - - - - - - - - - F D E C"), CADENCE, 48) is None
    assert tritone_substitution(eighths("- - - - - - - - F E D B G F D B - - E C"), CADENCE, 48) is not None
    assert tritone_substitution(eighths("- - - - - - - - F E D B G F D B - - - E C"), CADENCE, 48) is None


def test_a_substitution_that_would_hardly_be_heard_is_not_made() -> None:
    assert tritone_substitution(eighths("- - - - - A G G F"), changes("A7", "Dm7"), 0) is None, "Eb Db Db D"


def test_anticipation_plays_the_next_chord_a_beat_early() -> None:
    early = anticipate(LINE, CADENCE, 48)
    assert early is not None
    assert all(note.pitch % 12 in CADENCE.at(96).tones for note in early.between(84, 108))
    assert early.between(0, 84) == LINE.between(0, 84)


def test_a_delayed_resolution_keeps_the_dominant_and_steps_to_a_guide_tone() -> None:
    late = delay_resolution(LINE, CADENCE, 48)
    assert late is not None
    held, home = late.between(96, 108).notes[-1], late.between(108, 120).notes[0]
    assert held.pitch % 12 in CADENCE.at(48).tones
    assert home.pitch % 12 in guide_tones(CADENCE.at(96)) and by_step(held.pitch, home.pitch)


def test_a_triad_pair_alternates_three_notes_each() -> None:
    paired = triad_pair(LINE, CADENCE, 8, 13)
    assert paired is not None
    assert {p % 12 for p in paired.pitches[8:11]} <= {1, 5, 8}, "Db over G7"
    assert {p % 12 for p in paired.pitches[11:14]} <= {3, 7, 10}, "Eb over G7"
    assert paired.pitches[14] % 12 in CADENCE.at(48).tones and by_step(paired.pitches[13], paired.pitches[14])
    assert triad_pair(LINE, CADENCE, 0, 5) is None, "Dm7 has no pair"


def test_a_line_that_is_nearly_a_triad_pair_already_is_left_alone() -> None:
    assert triad_pair(eighths("D Db F Ab Eb G C B D"), changes("G7"), 1, 6) is None


# ---------------------------------------------------------------- figures


def test_an_enclosure_takes_its_time_from_a_long_note() -> None:
    line = Phrase((Note(0, 67, 24), Note(24, 64, 12)))
    around = enclosure(line, changes("C6"), 1)
    assert around == Phrase((Note(0, 67, 12), Note(12, 65, 6), Note(18, 63, 6), Note(24, 64, 12)))


def test_an_enclosure_in_a_line_of_eighths_moves_the_two_notes_before() -> None:
    around = enclosure(LINE, CADENCE, 16)
    assert around is not None
    assert [b - a for a, b in zip(LINE.pitches, around.pitches, strict=True) if a != b] == [1]
    assert around.pitches[14:17] == (77, 75, 76), "F, Eb, E: the scale step above, the semitone below, the third of C"


def test_an_enclosure_does_not_repeat_the_note_before() -> None:
    line = Phrase((Note(0, 65, 24), Note(24, 64, 12)))
    around = enclosure(line, changes("C6"), 1)
    assert around is not None and around.pitches == (65, 63, 65, 64)


def test_only_a_chord_tone_with_room_before_it_is_enclosed() -> None:
    assert enclosure(LINE, CADENCE, 0) is None
    assert enclosure(LINE, CADENCE, 9) is None, "E over G7 is no chord tone"
    assert enclosure(Phrase((Note(0, 65, 5), Note(5, 64, 12))), CADENCE, 1) is None


def test_a_sequence_repeats_the_figure_in_minor_thirds_and_comes_home_to_a_guide_tone() -> None:
    climbing = sequence(BLUES_LINE, BLUES, 4, 4, 3)
    assert climbing is not None
    figure = climbing.pitches[4:8]
    assert climbing.pitches[8:12] == tuple(pitch + 3 for pitch in figure)
    assert climbing.pitches[12:15] == tuple(pitch + 6 for pitch in figure[:3]), "the last note may move to lead home"
    assert climbing.pitches[16] % 12 in guide_tones(BLUES.at(96)) and by_step(
        climbing.pitches[15], climbing.pitches[16]
    )


def test_a_sequence_that_climbs_far_takes_the_rest_of_the_line_with_it() -> None:
    low = LINE.moved(semitones=-12)
    climbing = sequence(low, CADENCE, 0, 4, 4, times=3)
    assert climbing is not None
    assert climbing.pitches[17:] == LINE.pitches[17:]
    assert sequence(LINE, CADENCE, 0, 4, 4, times=3) is None, "too high for the partner"


def test_a_sequence_needs_a_figure_and_a_home() -> None:
    assert sequence(LINE, CADENCE, 0, 2, 3) is None
    assert sequence(LINE, CADENCE, 14, 4, 3) is None
    assert sequence(eighths("C D E G E D C D E G E D - - A G"), changes("C6"), 0, 4, 1) is not None
    assert sequence(eighths("C D E G E D C D E G E D - - - A G"), changes("C6"), 0, 4, 1) is None, "home comes late"


# ---------------------------------------------------------------- all of them


@st.composite
def tunes(draw: st.DrawFn) -> Changes:
    """One to six bars of any chords or of cadences, in 4/4, 3/4 or 5/4."""
    bar = st.sampled_from((*SYMBOLS, *("G7 C6", "Bb7 Eb7", "E7alt A7b9", "A7b9 Dm7", "Dm7 G7", "C6 N.C.")))
    return changes(*draw(st.lists(bar, min_size=1, max_size=6)), meter=Meter(draw(st.sampled_from((4, 3, 5)))))


@st.composite
def eighth_lines(draw: st.DrawFn) -> Phrase:
    """A bebop line: two bars and more of eighths from the top of the form, in small intervals."""
    pitches = accumulate(draw(st.lists(st.integers(-4, 4), min_size=17, max_size=24)), initial=66)
    return Phrase(tuple(Note(6 * i, min(HIGHEST, max(LOWEST, pitch)), 6) for i, pitch in enumerate(pitches)))


@st.composite
def rough_lines(draw: st.DrawFn) -> Phrase:
    """Up to 24 notes, one at a time, of any length, with rests, anywhere in the range."""
    notes, tick, pitch = [], draw(st.integers(-48, 96)), draw(st.integers(LOWEST, HIGHEST))
    for _ in range(draw(st.sampled_from((16, 24, 9, 5, 2, 1, 0)))):
        duration = draw(st.sampled_from((6, 6, 6, 1, 3, 4, 12, 24)))
        notes.append(Note(tick, pitch, duration, draw(st.integers(1, 127))))
        tick += duration + draw(st.sampled_from((0, 0, 0, 6, 30)))
        pitch = min(HIGHEST, max(LOWEST, pitch + draw(st.integers(-5, 5))))
    return Phrase(tuple(notes))


def lines() -> st.SearchStrategy[Phrase]:
    return eighth_lines() | rough_lines()


@given(lines(), tunes())
def test_every_application_is_one_line_within_the_old_one(line: Phrase, tune: Changes) -> None:
    for name, family in DEVICES.items():
        for made in islice(family(line, tune), 4):
            assert all(a.onset < b.onset and a.end <= b.onset for a, b in pairwise(made)), name
            assert made.start == line.start and made.end <= line.end, name
            assert all(note.duration > 0 and 1 <= note.velocity <= 127 for note in made), name
            assert all(LOWEST <= pitch <= HIGHEST for pitch in made.pitches), name
            assert made != line, name


@given(lines(), tunes(), st.sampled_from((-4, -3, -1, 1, 3, 4, 6)), st.integers(0, 9), st.integers(2, 9))
def test_every_side_slip_comes_home(line: Phrase, tune: Changes, semitones: int, first: int, length: int) -> None:
    last = first + length - 1
    slipped = side_slip(line, tune, semitones, first, last)
    if slipped is None:
        return
    home = slipped.notes[last + 1]
    assert home.pitch % 12 in tune.at(home.onset).tones and by_step(slipped.pitches[last], home.pitch)
    assert all(b == a + semitones for a, b in zip(line.pitches[first:last], slipped.pitches[first:last], strict=True))
    assert slipped.notes[:first] == line.notes[:first] and slipped.notes[last + 2 :] == line.notes[last + 2 :]


@given(
    eighth_lines(), st.lists(st.sampled_from(("G7 C6", "Bb7 Eb7", "E7alt A7b9", "A7b9 Dm7")), min_size=1, max_size=4)
)
def test_every_tritone_substitution_resolves_by_semitone(line: Phrase, bars: list[str]) -> None:
    tune = changes(*bars)
    for tick, _ in tune.between(line.start, line.end):
        played = tritone_substitution(line, tune, tick)
        if played is not None:
            change, after = tune.next(tick)
            last, home = played.between(line.start, change).notes[-1], played.between(change, line.end).notes[0]
            assert home.pitch % 12 in after.tones and abs(home.pitch - last.pitch) == 1
            over = [note.pitch % 12 for note in played.between(tune.began(tick), change)]
            assert sum(pc not in tune.at(tick).tones for pc in over) >= 2
            repeats = [a == b for a, b in pairwise(line.pitches)]
            upto = played.notes.index(home)
            assert all(was or a != b for was, (a, b) in zip(repeats[:upto], pairwise(played.pitches), strict=False))


@given(lines(), tunes(), st.integers(0, 9), st.integers(3, 5), st.sampled_from((-4, -3, -1, 1, 3, 4)))
def test_every_sequence_keeps_its_rhythm_and_its_step(
    line: Phrase, tune: Changes, at: int, size: int, step: int
) -> None:
    made = sequence(line, tune, at, size, step)
    if made is not None:
        figure, copy = made.notes[at : at + size], made.notes[at + size : at + 2 * size]
        period = copy[0].onset - figure[0].onset
        assert copy == tuple(note.moved(period, step) for note in figure)
        last, home = made.notes[at + 3 * size - 1 : at + 3 * size + 1]
        assert home.pitch % 12 in guide_tones(tune.at(home.onset)) and by_step(last.pitch, home.pitch)
        assert home.onset - last.end <= 12


def test_the_first_devices_to_fit_are_the_side_slip_and_the_substitution() -> None:
    names = [name for name, family in DEVICES.items() if next(family(LINE, CADENCE), None)]
    assert names[:4] == [
        "side-slip up a semitone",
        "tritone substitution",
        "side-slip down a semitone",
        "sequence in minor thirds",
    ]


def test_the_best_side_slip_comes_home_on_a_beat_without_moving_a_note() -> None:
    best = next(DEVICES["side-slip up a semitone"](LINE, CADENCE))
    moved = [i for i, (a, b) in enumerate(zip(LINE.pitches, best.pitches, strict=True)) if a != b]
    assert {best.pitches[i] - LINE.pitches[i] for i in moved} == {1} and 4 <= len(moved) <= 8
    assert best.notes[moved[-1] + 1].onset % 12 == 0


def test_a_slip_does_not_reach_across_a_rest() -> None:
    line = eighths("D E F A C B A G F E D F A G F D - - - - E G E D C")
    best = next(DEVICES["side-slip up a semitone"](line, CADENCE))
    moved = [i for i, (a, b) in enumerate(zip(line.pitches, best.pitches, strict=True)) if a != b]
    assert max(moved) < 15, "home is before the rest, though a step to a guide tone waits behind it"


def test_every_chord_has_guide_tones_among_its_tones() -> None:
    assert {symbol: guide_tones(parse_chord(symbol)) for symbol in ("C7", "Cm7", "C6", "Cmaj7", "C7sus4", "N.C.")} == {
        "C7": (4, 10),
        "Cm7": (3, 10),
        "C6": (4, 9),
        "Cmaj7": (4, 11),
        "C7sus4": (5, 10),
        "N.C.": (),
    }
