"""Following a chart, hearing what is played against it, finding the place, and doing without a chart."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.listen.harmony.tables import HarmonyTables
from sideslip.listen.harmony.tracker import LOST, HarmonyTracker
from sideslip.listen.harmony.vocabulary import CHORDS
from sideslip.music.changes import Changes
from sideslip.music.chord import NO_CHORD, parse_chord
from sideslip.music.leadsheet import parse_chart
from sideslip.music.meter import Meter

TABLES = HarmonyTables.unlearnt()
BLUES = parse_chart(
    "title: Blues\nkey: F\n| F7 | Bb7 | F7 | Cm7 F7 |\n| Bb7 | Bdim7 | F7 | D7 |\n| Gm7 | C7 | F7 D7 | Gm7 C7 |"
).changes()
BAR = BLUES.meter.beats


def tracker(chart: Changes | None = BLUES, anywhere: bool = False) -> HarmonyTracker:
    return HarmonyTracker(TABLES, Meter(), chart, anywhere)


def comp(told: HarmonyTracker, beat: float, symbol: str) -> None:
    """A left hand strikes a chord from its root up."""
    chord = parse_chord(symbol)
    told.strike(beat, [40 + (chord.root - 40) % 12 + (tone - chord.root) % 12 for tone in chord.tones])


def choruses(told: HarmonyTracker, bars: int, leave_out: int | None = None) -> None:
    """A left hand on every beat through so many bars of the blues, perhaps without one of them."""
    played = [bar for bar in range(bars + 1) if bar != leave_out][:bars]
    for beat in range(bars * BAR):
        comp(told, beat, BLUES.at((played[beat // BAR] * BAR + beat % BAR) * 12).symbol)


def test_with_nothing_heard_the_chart_holds_by_the_clock() -> None:
    told = tracker()
    symbols = [told.belief(beat).chord.symbol for beat in (0, 3, 4, 14, 16, 48)]
    assert symbols == ["F7", "F7", "Bb7", "F7", "Bb7", "F7"]
    assert told.belief(48).stance == "inside"
    assert told.changes is BLUES


def test_a_substitute_in_the_left_hand_is_noticed_and_played_on_until_its_chord_ends() -> None:
    told = tracker()
    choruses(told, 9)
    comp(told, 36, "Gb7")
    belief = told.belief(36.5)
    assert (belief.chord.symbol, belief.expected.symbol, belief.stance) == ("Gb7", "C7", "reharmonising")
    comp(told, 37, "Gb7")
    told.belief(37.5)
    assert told.changes.at(38 * 12).symbol == "Gb7"
    assert told.changes.at(41 * 12).symbol == "F7"
    assert told.belief(41).stance == "inside"
    assert told.changes.at(38 * 12).symbol == "C7"


def test_the_coming_chord_in_the_last_beat_is_an_anticipation() -> None:
    told = tracker()
    for beat in range(3):
        comp(told, beat, "F7")
    comp(told, 3.0, "Bb7")
    belief = told.belief(3.4)
    assert (belief.chord.symbol, belief.expected.symbol, belief.stance) == ("Bb7", "F7", "anticipating")


def test_a_voicing_pushed_by_an_eighth_belongs_to_the_beat_it_anticipates() -> None:
    told = tracker()
    choruses(told, 1)
    comp(told, 3.6, "Bb7")
    assert told.belief(3.9).stance == "inside"
    assert told.belief(4.1).probability > 0.9


def test_a_line_speaks_softly() -> None:
    told = tracker()
    choruses(told, 1)
    for eighth, pitch in enumerate((66, 70, 73, 76)):  # Gb7 over Bb7
        told.hear(4 + eighth / 2, pitch)
    assert told.belief(6).probability > 0.2
    assert told.changes == BLUES


def test_a_substitute_is_played_on_to_the_end_of_its_bar_and_no_further() -> None:
    told = tracker(Changes((0, 96), (parse_chord("G7"), parse_chord("Cmaj7")), 192))
    comp(told, 0, "Db7")
    comp(told, 1, "Db7")
    assert told.belief(1.5).probability > 0.9
    assert [told.changes.at(beat * 12).symbol for beat in (1, 3, 4, 7)] == ["Db7", "Db7", "G7", "G7"]


def test_a_place_that_is_ruled_out_is_left_for_one_that_is_likelier_than_not() -> None:
    told = tracker()
    followed = []
    for bar in range(12):  # the player begins with the second four bars
        for beat in range(bar * BAR, bar * BAR + BAR):
            comp(told, beat, BLUES.at((beat + 4 * BAR) * 12).symbol)
        belief = told.belief(bar * BAR + BAR - 0.1)
        followed.append((belief.stance == "lost", belief.bar == (bar + 4) % 12 + 1))
    assert followed[-1] == (False, True)
    assert all(right for lost, right in followed[6:])


def test_places_with_the_same_chords_ahead_are_as_good_as_one() -> None:
    aaba = parse_chart(
        "title: Song\nform: A A B A\n[A]\n| Cmaj7 | Am7 | Dm7 | G7 |\n| Cmaj7 | Am7 | Dm7 | G7 |\n[B]\n"
        "| E7 | E7 | A7 | A7 |\n| D7 | D7 | G7 | G7 |"
    ).changes()
    told = tracker(aaba, anywhere=True)
    for beat in range(3 * BAR):
        comp(told, beat, aaba.at(beat * 12).symbol)
    belief = told.belief(3 * BAR - 0.1)
    assert belief.stance == "inside" and belief.place > 0.5
    assert told.changes.at(3 * BAR * 12).symbol == "G7"


def test_a_chart_in_another_place_is_given_from_when_it_is_followed() -> None:
    told = tracker()
    choruses(told, 12, leave_out=4)
    told.belief(12 * BAR - 0.1)
    assert 4 * BAR < told.placed_at < 12 * BAR
    assert tracker().placed_at < -1000


def test_over_no_chord_what_is_heard_is_believed() -> None:
    told = tracker(Changes((0, 48), (NO_CHORD, parse_chord("C7")), 96))
    assert told.belief(0).chord is NO_CHORD
    comp(told, 1, "Ebmaj7")
    told.strike(2, [51, 55, 58, 62, 65])
    belief = told.belief(2.5)
    assert (belief.chord.symbol, belief.stance) == ("Ebmaj7", "inside")


def test_a_bar_left_out_is_noticed() -> None:
    told = tracker()
    choruses(told, 12, leave_out=4)
    belief = told.belief(12 * BAR - 0.1)
    assert (belief.bar, belief.stance) == (1, "inside")
    assert told.changes.at(12 * BAR * 12).symbol == "Bb7"  # the clock's bar 13 is bar 2 of the form


def test_the_place_is_found_from_an_unknown_start() -> None:
    told = tracker(anywhere=True)
    assert told.belief(0).stance == "lost"
    for beat in range(8 * BAR):
        comp(told, beat, BLUES.at((beat + 5 * BAR) * 12).symbol)  # from bar 6
    belief = told.belief(8 * BAR - 0.1)
    assert (belief.bar, belief.stance) == (1, "inside")
    assert belief.place > 0.9


def test_without_a_chart_and_with_nothing_heard_there_is_no_chord() -> None:
    told = tracker(None)
    assert told.changes.at(0) is NO_CHORD
    assert told.belief(0).expected is NO_CHORD


def test_without_a_chart_the_left_hand_tells_the_chord_and_the_key_the_rest() -> None:
    told = tracker(None)
    for beat, symbol in enumerate(("Dm7",) * 4 + ("G7",) * 4 + ("Cmaj7",) * 8 + ("Dm7",) * 3):
        comp(told, beat, symbol)
    belief = told.belief(18.5)
    assert belief.chord.symbol == "Dm7"
    assert belief.probability > 0.8
    given = told.changes
    assert given.at(18 * 12).symbol == "Dm7"
    assert given.at(20 * 12).symbol == "C6"


def test_a_line_alone_widens_the_scale_and_makes_up_no_chord() -> None:
    told = tracker(None)
    for eighth, pitch in enumerate((62, 64, 65, 67, 69, 71, 72, 71, 67, 64, 60, 62, 64, 67, 72, 60)):
        told.hear(eighth / 2, pitch)
    told.belief(8)
    assert [chord.symbol for _, chord in told.changes.between(9 * 12, 30 * 12)] == ["C6"]


def test_a_form_is_known_when_it_comes_round() -> None:
    told = tracker(None)
    choruses(told, 30)
    given = told.changes
    assert given.length == BLUES.length
    heard = [given.at(beat * 12).symbol for beat in range(0, 48, 2)]
    assert heard == [BLUES.at(beat * 12).symbol for beat in range(0, 48, 2)]


def test_hindsight_knows_better_than_the_moment() -> None:
    told = tracker(None)
    for beat in (2, 3, 4, 5):
        comp(told, beat, "Ebmaj7")
    assert told.belief(6).chord.root == 3
    assert told.hindsight(4).root == 3


symbols = st.sampled_from(["Cmaj7", "Dm7", "G7", "G7alt", "F#m7b5", "Bdim7", "Eb6", "Ab+", "F7sus4", "N.C."])
notes = st.tuples(st.floats(-8, 200), st.integers(0, 127), st.sampled_from(["line", "voicing"]))


@given(
    st.lists(symbols, max_size=8), st.lists(notes, max_size=60), st.booleans(), st.sampled_from(["4/4", "3/4", "7/8"])
)
def test_a_belief_is_always_a_probability(
    chords: list[str], played: list[tuple[float, int, str]], anywhere: bool, metre: str
) -> None:
    meter = Meter.parse(metre)
    parsed = tuple(parse_chord(symbol) for symbol in chords)
    starts = tuple(range(0, meter.bar * len(parsed), meter.bar))
    chart = Changes(starts, parsed, meter.bar * len(parsed), meter) if parsed else None
    told = HarmonyTracker(TABLES, meter, chart, anywhere)
    for beat, pitch, hand in sorted(played):
        told.hear(beat, pitch) if hand == "line" else told.strike(beat, [pitch, pitch + 4, pitch + 10])
        belief = told.belief(beat)
        assert 0 <= belief.probability <= 1 and 0 <= belief.place <= 1
        assert belief.place >= LOST or belief.stance == "lost" or chart is None
        assert told.changes.length % meter.bar == 0


@pytest.mark.parametrize(
    ("chord", "voicing"),
    [
        ("G7alt", (53, 59, 63, 68)),  # 7 3 #5 b9
        ("G7b9", (53, 56, 59, 62)),  # 7 b9 3 5
        ("Gsus4", (53, 57, 60, 62)),  # 7 9 4 5
        ("Cmaj7#11", (52, 55, 59, 66)),  # 3 5 7 #11
    ],
)
def test_what_the_symbol_says_is_inside(chord: str, voicing: tuple[int, ...]) -> None:
    told = tracker(Changes((0, 96), (parse_chord(chord), parse_chord("Fm7")), 192))
    for beat in range(8):
        told.strike(beat, voicing)
        assert told.belief(beat + 0.9).stance == "inside"


def test_chords_that_change_off_the_beat_are_inside_when_played_as_written() -> None:
    waltz = parse_chart("title: Waltz\ntime: 3/4\n| Dm7 G7 | Cmaj7 |").changes()
    told = HarmonyTracker(TABLES, Meter(3, 4), waltz)
    for bar in range(0, 16, 2):
        for beat, symbol in ((0.0, "Dm7"), (1.5, "G7"), (3.0, "Cmaj7")):
            comp(told, 3 * bar + beat, symbol)
            assert told.belief(3 * bar + beat + 0.4).stance != "reharmonising"


def test_a_side_step_over_a_vamp_does_not_reach_into_the_coming_bars() -> None:
    told = tracker(Changes((0,), (parse_chord("Dm7"),), 48))
    for beat in range(13):
        comp(told, beat, "Dm7")
    for beat, symbol in ((13, "Ebm7"), (14, "Ebm6"), (14.6, "Ebm7")):
        comp(told, beat, symbol)
        told.belief(beat + 0.3)
    given = told.changes
    assert given.at(15 * 12).symbol == "Ebm7"
    assert {given.at(tick).symbol for tick in range(16 * 12, 48 * 12, 12)} == {"Dm7"}


@pytest.mark.parametrize("chart", [BLUES, None])
def test_a_flood_leaves_a_belief(chart: Changes | None) -> None:
    told = tracker(chart)
    told.strike(0.0, [20 + note % 80 for note in range(400)])
    for beat in range(30):
        for note in range(100):
            told.hear(beat + note / 1000, note)
        told.strike(beat + 0.2, list(range(128)))
        assert 0 < told.belief(beat + 0.5).probability <= 1
    comp(told, 40, "F7")
    assert told.belief(40.5).chord.root == 5


def test_a_lone_bass_note_says_less_than_a_chord() -> None:
    walks, struck = tracker(None), tracker(None)
    walks.strike(0, [41])
    comp(struck, 0, "F7")
    assert walks.belief(0.5).probability < struck.belief(0.5).probability / 2


def test_the_tables_that_a_book_would_give_are_chances() -> None:
    for name, table in TABLES.tensors().items():
        assert (table > 0).all() and (table <= 1).all(), name
    assert np.allclose(TABLES.moves.sum(axis=(1, 2)), 1)
    assert CHORDS == 60
