"""Following the chart, and hearing the coming chord early."""

from hypothesis import given
from hypothesis import strategies as st

from sideslip.listen.harmony import EARLY, HarmonyTracker
from sideslip.music.changes import Changes
from sideslip.music.chord import NO_CHORD, parse_chord

C, G_FLAT = parse_chord("Cmaj7"), parse_chord("Gb7")
CHANGES = Changes((0, 48), (C, G_FLAT), 96)


def told(*notes: tuple[int, int], changes: Changes = CHANGES) -> HarmonyTracker:
    """A tracker that heard notes as (tick, pitch)."""
    tracker = HarmonyTracker(changes)
    for tick, pitch in notes:
        tracker.hear(tick, pitch, 80)
    return tracker


def test_the_chart_holds_by_the_clock() -> None:
    tracker = told()
    assert [tracker.belief(tick).chord.symbol for tick in (0, 20, 48, 95, 96, -1)] == [
        *("Cmaj7", "Cmaj7", "Gb7", "Gb7", "Cmaj7", "Gb7")
    ]
    assert tracker.changes is CHANGES


def test_away_from_a_change_the_chart_is_taken_at_its_word() -> None:
    belief = told((12, 66), (18, 70)).belief(20)
    assert (belief.chord, belief.probability, belief.stance) == (C, 1.0, "inside")


def test_the_coming_chord_played_early_is_heard() -> None:
    belief = told((36, 66), (40, 70), (44, 73)).belief(44)
    assert (belief.chord, belief.expected, belief.stance) == (G_FLAT, C, "anticipating")
    assert 0.5 < belief.probability < 0.8  # three notes are a hint, no proof


def test_the_chord_in_force_is_heard_to_its_end() -> None:
    belief = told((36, 60), (40, 64), (44, 67)).belief(44)
    assert (belief.chord, belief.expected, belief.stance) == (C, C, "inside")
    assert belief.probability > 0.8


def test_without_notes_the_statistics_speak() -> None:
    belief = told((20, 66)).belief(40)  # what was played before the last beat does not count
    assert belief.stance == "inside"
    assert abs(belief.probability - (1 - EARLY)) < 1e-12


def test_notes_to_come_do_not_count() -> None:
    assert told((36, 60), (46, 66)).belief(40) == told((36, 60)).belief(40)


def test_a_short_chord_is_judged_by_its_own_notes() -> None:
    quick = Changes((0, 42, 48), (G_FLAT, C, G_FLAT), 96)
    assert told((36, 66), (39, 70), (43, 64), changes=quick).belief(44).stance == "inside"


def test_a_chord_struck_again_is_no_change() -> None:
    again = Changes((0, 48), (C, C), 96)
    assert told((44, 66), changes=again).belief(44).probability == 1.0


symbols = st.sampled_from(["Cmaj7", "Dm7", "G7", "G7alt", "F#m7b5", "Bdim7", "Eb6", "Ab+", "F7sus4", "N.C."])


@given(
    st.lists(symbols, min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(-20, 120), st.integers(0, 127)), max_size=200),
    st.integers(-100, 200),
)
def test_a_belief_is_always_a_probability(chords: list[str], notes: list[tuple[int, int]], tick: int) -> None:
    parsed = tuple(NO_CHORD if symbol == "N.C." else parse_chord(symbol) for symbol in chords)
    changes = Changes(tuple(range(0, 12 * len(parsed), 12)), parsed, 12 * len(parsed))
    belief = told(*notes, changes=changes).belief(tick)
    assert 0.5 <= belief.probability <= 1
    assert belief.expected == changes.at(tick)
    assert (belief.stance == "inside") == (belief.chord == belief.expected)
