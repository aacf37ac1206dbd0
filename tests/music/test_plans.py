"""Plans: inside, then one idea out, then home on beat 1 of the last bar; worked examples, and any line over any
changes."""

from bisect import bisect_left
from collections import Counter

import pytest
from hypothesis import given

from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.devices import PLANS
from sideslip.music.devices.plans import FARTHEST, Stretch, stretch
from sideslip.music.meter import Meter
from sideslip.music.phrase import Note, Phrase

from .lines import FOUR, at_home, changes, eighths, is_one_line, lines, tunes

TUNE = changes("Dm7", "G7", "Cmaj7", "A7")
LINE = eighths("D E F A C B A G F E D F A G F D E G B D C A G E C# B A G E")
"""Four bars, the last of them begun: bars 2 and 3 are tick 48 to 144."""


def planned(name: str, line: Phrase = LINE, tune: Changes = TUNE) -> Phrase:
    made = next(PLANS[name](line, tune), None)
    assert made is not None, name
    return made


def moves(line: Phrase, made: Phrase) -> list[int]:
    return [b - a for a, b in zip(line.pitches, made.pitches, strict=True)]


def out(way: Stretch | None) -> tuple[int, int] | None:
    return None if way is None else (way.out, way.home)


# ---------------------------------------------------------------- when


@pytest.mark.parametrize(
    ("start", "bars", "meter", "expected"),
    [
        (0, 4, FOUR, (48, 144)),
        (192, 4, FOUR, (240, 336)),
        (0, 3, FOUR, (48, 96)),
        (0, 2, FOUR, (24, 48)),
        (0, 1, FOUR, None),
        (0, 8, FOUR, (48 * 7 - 48 * FARTHEST, 48 * 7)),
        (24, 4, FOUR, (48, 144)),
        (36, 4, FOUR, (96, 144)),
        (36, 2, FOUR, None),
        (0, 4, Meter(3, 4), (36, 108)),
        (0, 2, Meter(3, 4), None),
        (0, 4, Meter(5, 4), (60, 180)),
        (-48, 4, FOUR, (0, 96)),
    ],
)
def test_a_line_leaves_after_its_first_bar_and_is_home_as_the_last_begins(
    start: int, bars: int, meter: Meter, expected: tuple[int, int] | None
) -> None:
    top = start // meter.bar * meter.bar
    line = Phrase(tuple(Note(tick, 60 + tick % 5, 6) for tick in range(start, top + bars * meter.bar - 12, 6)))
    assert out(stretch(line, meter)) == expected


def test_a_line_that_pauses_where_it_should_leave_has_no_plan() -> None:
    assert stretch(eighths("D E F A C B A G - - - - F D E F A G F D E G B D C"), FOUR) is None
    assert stretch(eighths("D E F A C B A G - - - F A D E F A G F D E G B D C"), FOUR) is not None
    assert stretch(eighths("D E F A C B A G F - - - - - D - - - - - - - - - C"), FOUR) is None, "two notes"
    assert stretch(Phrase(), FOUR) is None


def test_the_note_at_home_is_the_nearest_within_a_beat_or_a_new_one() -> None:
    before = [Note(6 * i, 60 + i % 7, 6) for i in range(22)]

    def home(*notes: Note) -> tuple[Note, ...]:
        way = stretch(Phrase((*before, *notes)), FOUR)
        assert way is not None
        return way.line.notes[way.rest - 1 :]

    there, late, early, last = Note(144, 70, 6), Note(150, 71, 6), Note(138, 72, 4), Note(168, 67, 12)
    assert home(early, there, last) == (early, there, last)
    assert home(late, last) == (before[-1], Note(144, 71, 12), last), "it comes sooner and ends when it did"
    assert home(early, last) == (before[-1], Note(144, 72, 4), last)
    assert home(Note(140, 72, 10), late, last) == (before[-1], Note(144, 72, 6), late, last)
    assert home(Note(132, 72, 30), last) == (before[-1], Note(144, 72, 12), last)
    assert home(last) == (before[-1], Note(144, before[-1].pitch, 6), last), "a beat and a half before: played again"
    held = Note(130, 72, 38)
    assert home(held, last) == (Note(130, 72, 14), Note(144, 72, 12), last)


# ---------------------------------------------------------------- what


@pytest.mark.parametrize(("name", "semitones"), [("up a semitone", 1), ("down a semitone", -1)])
def test_a_planned_side_slip_keeps_the_line_and_one_shift_up_to_home(name: str, semitones: int) -> None:
    made = planned(f"planned side-slip {name}")
    assert moves(LINE, made)[:23] == [0] * 8 + [semitones] * 15
    assert made.notes[24].onset == 144 and made.pitches[24] % 12 == 1, "C sharp, the third of A7"
    assert made.notes[25:] == LINE.notes[25:]
    assert [(n.onset, n.duration) for n in made] == [(n.onset, n.duration) for n in LINE]


def test_a_line_that_stays_in_the_scale_when_shifted_is_not_slipped_by_plan() -> None:
    """A line that is all but whole-tone over an augmented chord is nearly where it was after a tritone."""
    whole = eighths("F G A B A G F G A Bb C# B A G F G A Bb A G F G A B A", near=60)
    assert next(PLANS["planned side-slip by a tritone"](whole, changes("Faug")), None) is None
    assert next(PLANS["planned side-slip up a semitone"](whole, changes("Faug")), None) is not None


@pytest.mark.parametrize(
    ("name", "shifts"),
    [
        ("sequence in semitones", (1, 2, 3, 4)),
        ("sequence in semitones, falling", (-1, -2, -3, -4)),
        ("sequence in minor thirds", (3, 6, 9, 12)),
        ("sequence in minor thirds, falling", (-3, -6, -9, -12)),
        ("repeated side-slip up a semitone", (0, 1, 0, 1)),
        ("repeated side-slip down a semitone", (0, -1, 0, -1)),
    ],
)
def test_a_figure_is_repeated_every_half_bar(name: str, shifts: tuple[int, ...]) -> None:
    line, tune = LINE.moved(semitones=-12 if shifts[-1] > 4 else 0), changes("Dm7", "G7", "Em7", "A7")
    made, figure = planned(f"planned {name}", line, tune), line.between(24, 48)
    copies = [note for k, shift in enumerate(shifts, 1) for note in figure.moved(24 * k, shift)]
    assert list(made.between(48, 138)) == copies[:-1], "the last of them may move to lead home"
    assert at_home(made, 24, tune)


def test_a_figure_of_too_few_notes_is_a_whole_bar() -> None:
    line = eighths("D - F A C - A - F E D - A G F - E G B - C B C - C# B A G", near=62)
    made = planned("planned sequence in semitones", line)
    assert made.between(48, 96).pitches == tuple(p + 1 for p in line.between(0, 48).pitches)
    assert made.between(96, 132).pitches == tuple(p + 2 for p in line.between(0, 36).pitches)
    assert next(PLANS["planned repeated side-slip up a semitone"](line, TUNE), None) is None


def test_a_figure_does_not_thin_out_or_crowd_a_line() -> None:
    thin = eighths("D - F - C - A - F E D F A G F D E G B D C A G E C# B A G")
    assert next(PLANS["planned sequence in semitones"](thin, TUNE), None) is None
    crowded = eighths("D E F A C B A G A - - G - - A - B - - A - B - A C# B A G", near=60)
    assert next(PLANS["planned sequence in semitones"](crowded, TUNE), None) is None


def test_a_figure_that_is_held_over_the_bar_line_ends_there() -> None:
    line = Phrase((*LINE.notes[:7], Note(42, 67, 12), *LINE.notes[9:]))
    made = planned("planned sequence in semitones, falling", line)
    assert made.notes[7] == Note(42, 67, 6) and made.notes[8].onset == 48


def test_a_planned_backcycle_is_four_dominants_into_the_last_bar() -> None:
    made = planned("planned backcycle")
    for start, dominant in ((48, "C#7"), (72, "F#7"), (96, "B7"), (120, "E7")):
        chord = parse_chord(dominant)
        wanted = {pc % 12 for pc in (*chord.tones, chord.root + 2, chord.root + 9)}
        assert {note.pitch % 12 for note in made.between(start, start + 24)} <= wanted, dominant


def test_planned_pentatonics_fall_into_the_last_bar() -> None:
    made = planned("planned fall of pentatonics")
    for start, root in ((48, 6), (72, 5), (96, 4), (120, 3)):  # from F sharp to E flat, a tritone from A
        wanted = {(root + degree) % 12 for degree in (0, 2, 4, 7, 9)}
        assert {note.pitch % 12 for note in made.between(start, start + 24)} <= wanted


def test_half_a_bar_is_too_short_for_a_cycle_or_a_sequence() -> None:
    line = LINE.between(0, 90)
    fit = {name for name, family in PLANS.items() if next(family(line, changes("Dm7", "Cmaj7")), None)}
    assert fit == {"planned side-slip up a semitone", "planned side-slip down a semitone"}


def test_what_has_come_home_ends_there() -> None:
    """On E, the fifth of A7; on B flat no plan is made."""
    assert not any(next(family(Phrase((*LINE.notes[:-1], Note(168, 70, 6))), TUNE), None) for family in PLANS.values())


def test_no_plan_ends_where_no_chord_is_or_after_a_rest() -> None:
    no_chord = changes("Dm7", "G7", "Cmaj7", "N.C.")
    rested = Phrase(tuple(note for note in LINE if not 120 <= note.onset < 144))
    for family in PLANS.values():
        assert next(family(LINE, no_chord), None) is None
        made = next(family(rested, TUNE), None)
        assert made is None or made.between(120, 144).notes, "a figure may fill the rest"


# ---------------------------------------------------------------- all of them


@given(lines(), tunes())
def test_every_plan_is_inside_at_first_and_home_on_beat_one_of_the_last_bar(line: Phrase, tune: Changes) -> None:
    way = stretch(line, tune.meter)
    for name, family in PLANS.items():
        for made in family(line, tune):
            assert way is not None and is_one_line(made), name
            assert made.start == line.start and made.end <= line.end, name
            index = bisect_left([note.onset for note in made], way.home)
            assert way.home % tune.meter.bar == 0 and made.notes[index].onset == way.home, name
            assert line.notes[-1].onset < way.home + tune.meter.bar, name
            assert at_home(made, index, tune), name
            assert made.between(line.start, way.out).pitches == line.between(line.start, way.out).pitches, name
            assert way.out - line.start >= tune.meter.bar // 2, name
            count = len(made.between(way.out, way.home))
            assert 2 / 3 <= count / (way.rest - way.first) <= 3 / 2, name
            tail = zip(made.notes[index + 1 :], way.line.notes[way.rest + 1 :], strict=True)
            assert len({a.pitch - b.pitch for a, b in tail} | {0, 12, -12}) == 3, name


@given(lines(), tunes())
def test_a_planned_side_slip_keeps_every_interval_but_the_last(line: Phrase, tune: Changes) -> None:
    for name, family in PLANS.items():
        if name.startswith("planned side-slip"):
            for made in family(line, tune):
                way = stretch(line, tune.meter)
                assert way is not None
                before, after = (each.between(way.out, way.home).pitches[:-1] for each in (way.line, made))
                assert len({b - a for a, b in zip(before, after, strict=True)}) == 1


def test_a_real_turn_of_four_bars_has_several_plans() -> None:
    found = Counter(name for name, family in PLANS.items() for _ in family(LINE, TUNE))
    assert len(found) >= 8 and set(found.values()) == {1}
