"""Devices: what a musician would check, and what must hold for any line over any changes."""

from bisect import bisect_left
from collections.abc import Callable
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.devices import (
    DEVICES,
    anticipate,
    backcycle,
    delay_resolution,
    enclosure,
    falling_pentatonics,
    guide_tones,
    pentatonic,
    sequence,
    side_slip,
    triad_pair,
    tritone_substitution,
)
from sideslip.music.devices.superimpose import PENTATONICS, TRIAD_PAIRS
from sideslip.music.phrase import Note, Phrase
from sideslip.music.pitch import HIGHEST

from .lines import (
    BLUES,
    BLUES_LINE,
    CADENCE,
    LINE,
    SYMBOLS,
    at_home,
    by_step,
    changes,
    eighth_lines,
    eighths,
    is_one_line,
    lines,
    tunes,
)

# ---------------------------------------------------------------- side-slip


@pytest.mark.parametrize("semitones", [1, -1])
def test_a_slipped_line_leaves_by_a_semitone_and_comes_home_by_step(semitones: int) -> None:
    slipped = side_slip(BLUES_LINE, BLUES, semitones, 3, 7)
    assert slipped is not None
    moved = [b - a for a, b in zip(BLUES_LINE.pitches, slipped.pitches, strict=True)]
    assert moved[:3] == [0, 0, 0] and moved[3:7] == [semitones] * 4 and not any(moved[9:])
    assert slipped.pitches[8] % 12 in guide_tones(BLUES.at(48))
    assert by_step(slipped.pitches[7], slipped.pitches[8])
    assert [(n.onset, n.duration) for n in slipped] == [(n.onset, n.duration) for n in BLUES_LINE]


def test_an_exit_that_is_a_step_into_a_guide_tone_is_left_alone() -> None:
    slipped = side_slip(LINE, CADENCE, 1, 10, 15)
    assert slipped is not None
    assert slipped.pitches[10:16] == tuple(pitch + 1 for pitch in LINE.pitches[10:16])
    assert slipped.pitches[16:] == LINE.pitches[16:], (
        "Eb falls to E natural's neighbour: home is the third of C as it was"
    )


@pytest.mark.parametrize("rest", ["", "- "], ids=["on the beat", "off the beat"])
def test_home_is_a_guide_tone_where_a_root_was_nearer(rest: str) -> None:
    slipped = side_slip(eighths(f"G A {rest}B C C G", near=67), changes("Cmaj7"), 1, 1, 3)
    assert slipped is not None
    assert slipped.pitches[3:5] == (73, 71), "from C sharp to the major seventh"


def test_home_over_a_chord_without_guide_tones_is_a_chord_tone_and_none_is_over_no_chord() -> None:
    line = eighths("G A B C D C")
    slipped = side_slip(line, changes("C5"), 1, 1, 4)
    assert slipped is not None and slipped.pitches[5] % 12 in (0, 7)
    assert side_slip(line, changes("N.C."), 1, 1, 4) is None


def test_home_is_not_heard_over_a_rest_of_more_than_a_beat() -> None:
    assert side_slip(eighths("G A B C - - E D"), changes("Cmaj7"), 1, 1, 3) is not None
    assert side_slip(eighths("G A B C - - - E D"), changes("Cmaj7"), 1, 1, 3) is None


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


def test_only_what_leaves_the_scale_is_slipped() -> None:
    line = eighths("C D G A C A G D C D G A", near=60)
    assert next(DEVICES["side-slip up a whole tone"](line, changes("Cmaj7")), None) is None, "D E A B"
    assert next(DEVICES["side-slip up a whole tone"](line, changes("Abmaj7")), None) is not None
    over_none = eighths("C D G A C A G D E D", near=60)
    assert next(DEVICES["side-slip up a semitone"](over_none, changes("N.C.", "C6")), None) is None


# ---------------------------------------------------------------- other harmonies


def test_the_tritone_substitute_is_heard_and_falls_home_by_semitone() -> None:
    played = tritone_substitution(LINE, CADENCE, 48)
    assert played is not None
    over = {note.pitch % 12 for note in played.between(48, 96)}
    assert over <= {1, 5, 8, 11, 3, 10}, "Db F Ab Cb, and of its scale what is not in G's: Eb and Bb"
    assert {1, 8} & over, "G7 does not have these"
    assert abs(played.pitches[15] - played.pitches[16]) == 1
    assert played.pitches[16] % 12 in guide_tones(CADENCE.at(96))
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
    (first, last), home = early.between(84, 96), early.notes[16]
    assert first.pitch % 12 in CADENCE.at(96).tones and last.pitch % 12 in CADENCE.at(96).scale
    assert home.pitch % 12 in guide_tones(CADENCE.at(96)) and by_step(last.pitch, home.pitch)
    assert early.between(0, 84) == LINE.between(0, 84)


def test_a_single_early_note_is_a_chord_tone() -> None:
    line = eighths("D E F A C B A G F E D F A B - Db E G", near=60)
    assert anticipate(line, CADENCE, 48, ticks=6) is None, "D would lead to E, but is no tone of C"


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
    assert paired.pitches[14] % 12 in (5, 11) and by_step(paired.pitches[13], paired.pitches[14])
    assert triad_pair(LINE, changes("Bdim7"), 0, 5) is None, "a diminished chord has no pair"


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_the_triads_of_a_pair_have_no_tone_in_common(symbol: str) -> None:
    chord = parse_chord(symbol)
    pair = [{(chord.root + root + degree) % 12 for degree in (0, 4, 7)} for root in TRIAD_PAIRS.get(chord.quality, ())]
    assert not pair or not pair[0] & pair[1]


@pytest.mark.parametrize("symbol", ["Cmaj7", "Dm7", "Bm7b5", "Gm"])
def test_over_chords_that_are_not_dominant_pairs_colour_and_pentatonics_leave(symbol: str) -> None:
    chord = parse_chord(symbol)
    colours = {(chord.root + root + degree) % 12 for root in TRIAD_PAIRS[chord.quality] for degree in (0, 4, 7)}
    leaves = {(chord.root + PENTATONICS[chord.quality][0] + degree) % 12 for degree in (0, 2, 4, 7, 9)}
    assert len(colours - set(chord.scale)) <= 1 and len(leaves - set(chord.scale)) >= 3


def test_a_superimposed_pentatonic_is_e_flat_minors_over_d_minor_and_d_flat_majors_over_g7() -> None:
    over_minor, over_dominant = pentatonic(LINE, CADENCE, 1, 6), pentatonic(LINE, CADENCE, 8, 13)
    assert over_minor is not None and over_dominant is not None
    assert {p % 12 for p in over_minor.pitches[1:7]} <= {3, 6, 8, 10, 1} and at_home(over_minor, 7, CADENCE)
    assert {p % 12 for p in over_dominant.pitches[8:14]} <= {1, 3, 5, 8, 10} and at_home(over_dominant, 14, CADENCE)
    assert pentatonic(LINE, changes("Faug"), 1, 6) is None
    inside = pentatonic(eighths("C G B G C# B G E"), changes("C9b5"), 1, 6)
    assert inside is None, "Gb Bb Gb Db Bb Gb are at home in lydian dominant"


def test_backcycling_plays_the_dominants_that_lead_by_fourths_to_the_target() -> None:
    slow = changes("Cmaj7", "Cmaj7", "Cmaj7", "Fmaj7")
    line = eighths("C E G B A G E D C D E F G F E D C B C D F E D C B A G")
    cycled = backcycle(line, slow, 144)
    assert cycled is not None and cycled.between(0, 48) == line.between(0, 48)
    for start, dominant in ((48, "A7"), (72, "D7"), (96, "G7"), (120, "C7")):
        chord = parse_chord(dominant)
        allowed = {*chord.tones, chord.root + 2, chord.root + 9}
        assert {note.pitch % 12 for note in cycled.between(start, start + 24)} <= {pc % 12 for pc in allowed}, dominant
    assert cycled.notes[24].onset == 144 and at_home(cycled, 24, slow)
    assert backcycle(line, changes("A7 D7", "G7 C7", "A7 D7", "Fmaj7"), 144, 2) is None, "nothing foreign: it is there"


def test_pentatonics_fall_by_semitones_into_the_target() -> None:
    fallen = falling_pentatonics(LINE, CADENCE, 96, 3)
    assert fallen is not None and at_home(fallen, 16, CADENCE)
    for start, root in ((24, 3), (48, 2), (72, 1)):
        wanted = {(root + degree) % 12 for degree in (0, 2, 4, 7, 9)}
        assert {note.pitch % 12 for note in fallen.between(start, start + 24)} <= wanted


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


def test_only_a_guide_tone_with_room_before_it_is_enclosed() -> None:
    assert enclosure(LINE, CADENCE, 0) is None
    assert enclosure(LINE, CADENCE, 9) is None, "E over G7 is no chord tone"
    assert enclosure(LINE, CADENCE, 10) is None, "D over G7 is no guide tone"
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


@given(lines(), tunes())
def test_every_application_is_one_line_within_the_old_one(line: Phrase, tune: Changes) -> None:
    for name, family in DEVICES.items():
        for made in islice(family(line, tune), 4):
            assert is_one_line(made), name
            assert made.start == line.start and made.end <= line.end, name
            assert made != line, name


def test_every_device_finds_a_place() -> None:
    lines = ((LINE, CADENCE), (BLUES_LINE, BLUES), (LINE.moved(semitones=-12), CADENCE))
    assert all(any(next(family(*line), None) for line in lines) for family in DEVICES.values())


Landed = tuple[Phrase | None, int]
"""What a device makes, and the tick from which it is home."""


def _index(line: Phrase, index: int) -> int:
    return line.notes[index].onset if index < len(line) else line.end


HOMES: dict[str, Callable[[Phrase, Changes, int, int, int], Landed]] = {
    "side-slip": lambda line, tune, i, n, k: (side_slip(line, tune, k, i, i + n - 1), _index(line, i + n)),
    "enclosure": lambda line, tune, i, n, k: (enclosure(line, tune, i), _index(line, i)),
    "triad pair": lambda line, tune, i, n, k: (triad_pair(line, tune, i, i + n - 1), _index(line, i + n)),
    "pentatonic": lambda line, tune, i, n, k: (pentatonic(line, tune, i, i + n - 1), _index(line, i + n)),
    "tritone": lambda line, tune, i, n, k: (
        tritone_substitution(line, tune, _index(line, i)),
        tune.next(_index(line, i))[0],
    ),
    "backcycle": lambda line, tune, i, n, k: (backcycle(line, tune, 6 * i + 36, n // 2), 6 * i + 36),
    "fall": lambda line, tune, i, n, k: (falling_pentatonics(line, tune, 6 * i + 36, n // 2), 6 * i + 36),
    "anticipation": lambda line, tune, i, n, k: (
        anticipate(line, tune, _index(line, i)),
        tune.next(_index(line, i))[0],
    ),
    "delay": lambda line, tune, i, n, k: (
        delay_resolution(line, tune, _index(line, i)),
        tune.next(_index(line, i))[0] + 12,
    ),
}
"""By device, how it is applied near note `i` to `n` notes (or chords) with a shift of `k`."""


@pytest.mark.parametrize("name", HOMES)
@given(lines(), tunes(), st.integers(0, 24), st.integers(2, 9), st.sampled_from((-4, -3, -2, -1, 1, 2, 3, 4, 6)))
def test_every_device_comes_home_by_step_to_a_guide_tone(
    name: str, line: Phrase, tune: Changes, i: int, n: int, k: int
) -> None:
    made, home = HOMES[name](line, tune, i, n, k)
    if made is not None:
        index = bisect_left([note.onset for note in made], home)
        assert at_home(made, index, tune)
        assert is_one_line(made) and made.start == line.start and made.end <= line.end


@given(lines(), tunes(), st.sampled_from((-4, -3, -1, 1, 3, 4, 6)), st.integers(0, 9), st.integers(2, 9))
def test_every_side_slip_keeps_its_intervals(
    line: Phrase, tune: Changes, semitones: int, first: int, length: int
) -> None:
    last = first + length - 1
    slipped = side_slip(line, tune, semitones, first, last)
    if slipped is None:
        return
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
            assert home.pitch % 12 in guide_tones(after) and abs(home.pitch - last.pitch) == 1
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
        assert at_home(made, at + 3 * size, tune)


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
