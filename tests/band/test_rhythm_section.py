"""The rhythm section marks the changes and the metre, however the form is cut up."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.band.rhythm_section import HI_HAT, KICK, PARTS, RIDE, bass, drums, pulses
from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.meter import TICKS, Meter

FOUR = Meter(4, 4)
METERS = [FOUR, Meter(3, 4), Meter(5, 4), Meter(2, 2), Meter(6, 8), Meter(7, 8), Meter(12, 8), Meter(1, 4)]


def changes(text: str, meter: Meter = FOUR) -> Changes:
    """One bar for each group of chords between bars; the chords of a bar share it evenly."""
    starts, chords = [], []
    bars = [bar.split() for bar in text.split("|")]
    for number, bar in enumerate(bars):
        for place, symbol in enumerate(bar):
            starts.append(number * meter.bar + place * meter.bar // len(bar))
            chords.append(parse_chord(symbol))
    return Changes(tuple(starts), tuple(chords), len(bars) * meter.bar, meter)


BLUES = "F7 | Bb7 | F7 | Cm7 F7 | Bb7 | Bdim7 | F7 | D7alt | Gm7 | C7 | F7 D7 | Gm7 C7"


@pytest.mark.parametrize("meter", METERS, ids=str)
def test_every_chord_starts_on_its_root(meter: Meter) -> None:
    form = changes(BLUES, meter)
    played = {note.onset: note.pitch for note in bass(form, 0, 2 * form.length)}
    assert {tick: played[tick] % 12 for tick, _ in form.between(0, 2 * form.length)} == {
        tick: chord.root for tick, chord in form.between(0, 2 * form.length)
    }


def test_a_slash_chord_stands_on_the_note_under_the_slash() -> None:
    assert next(iter(bass(changes("C7/E"), 0, 12))).pitch % 12 == 4


SYMBOLS = st.sampled_from(["C7", "F#m7b5", "Bbmaj7", "E7alt", "Abdim7", "D7sus4", "Gm6", "B+", "C7/E", "N.C."])


@given(st.lists(st.lists(SYMBOLS, min_size=1, max_size=4), min_size=1, max_size=8), st.sampled_from(METERS))
def test_the_line_stays_on_the_double_bass_and_is_one_voice(bars: list[list[str]], meter: Meter) -> None:
    form = changes(" | ".join(" ".join(bar) for bar in bars), meter)
    line = bass(form, -form.length, form.length).notes
    assert all(28 <= note.pitch <= 55 for note in line)
    assert all(note.end <= after.onset for note, after in pairwise(line))


@given(st.lists(st.integers(-100, 1200), min_size=3, max_size=3).map(sorted), st.sampled_from(METERS))
def test_where_the_form_is_cut_makes_no_difference(cuts: list[int], meter: Meter) -> None:
    a, b, c = cuts
    form = changes(BLUES, meter)
    assert bass(form, a, b) + bass(form, b, c) == bass(form, a, c)
    assert drums(meter, a, b) + drums(meter, b, c) == drums(meter, a, c)


def test_it_walks_and_leads_into_the_next_root_by_a_semitone() -> None:
    form = changes("F7 | Bb7 | Eb7 | Ab7")
    line = bass(form, 0, form.length + 1)
    assert [note.onset for note in line] == list(range(0, form.length + 1, TICKS))
    roots = {note.onset: note.pitch for note in line if note.onset % form.meter.bar == 0}
    leads = {note.onset + TICKS: note.pitch for note in line if note.onset % form.meter.bar == 3 * TICKS}
    assert all(abs(leads[tick] - roots[tick]) == 1 for tick in leads)


def test_a_flat_five_chord_gets_its_own_fifth() -> None:
    form = changes("Bm7b5 | Bm7b5")
    assert {(note.pitch - 11) % 12 for note in bass(form, 0, form.length)} <= {0, 3, 6}


def test_no_chord_no_bass() -> None:
    form = changes("C7 | N.C. | N.C. | F7")
    assert not bass(form, form.meter.bar, 3 * form.meter.bar)


def test_swing_in_four() -> None:
    bar = [(note.onset, note.pitch) for note in drums(FOUR, 0, 48)]
    assert [tick for tick, pitch in bar if pitch == RIDE] == [0, 12, 20, 24, 36, 44]
    assert [tick for tick, pitch in bar if pitch == HI_HAT] == [12, 36]
    assert [tick for tick, pitch in bar if pitch == KICK] == [0, 24]


@pytest.mark.parametrize(
    ("meter", "groups"),
    [("3/4", [1, 1, 1]), ("5/4", [1] * 5), ("6/8", [3, 3]), ("12/8", [3] * 4), ("7/8", [2, 2, 3]), ("5/8", [2, 3])],
)
def test_the_pulse_of_other_metres(meter: str, groups: list[int]) -> None:
    places = [*pulses(Meter.parse(meter)), Meter.parse(meter).bar]
    assert [(b - a) // TICKS for a, b in pairwise(places)] == groups


def test_parts_have_channels_of_their_own_and_drums_are_on_ten() -> None:
    assert len({part.channel for part in PARTS.values()}) == len(PARTS)
    assert PARTS["drums"].channel == 9
    assert set(PARTS) == {"player", "partner", "bass", "drums"}
