"""Changes: the chord in force at any tick of a form that repeats for ever."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.errors import ChartError
from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.meter import Meter


def changes(*places: tuple[int, str], length: int) -> Changes:
    starts, symbols = zip(*places, strict=True)
    return Changes(starts, tuple(map(parse_chord, symbols)), length)


TWO_FIVE = changes((0, "Dm7"), (24, "G7"), (48, "Cmaj7"), length=96)


@pytest.mark.parametrize(
    ("tick", "symbol", "began", "following"),
    [
        (0, "Dm7", 0, (24, "G7")),
        (23, "Dm7", 0, (24, "G7")),
        (24, "G7", 24, (48, "Cmaj7")),
        (95, "Cmaj7", 48, (96, "Dm7")),
        (96, "Dm7", 96, (120, "G7")),
        (-1, "Cmaj7", -48, (0, "Dm7")),
        (-96, "Dm7", -96, (-72, "G7")),
        (96_000_023, "Dm7", 96_000_000, (96_000_024, "G7")),
    ],
)
def test_where_the_chord_began_and_what_comes_next(
    tick: int, symbol: str, began: int, following: tuple[int, str]
) -> None:
    assert TWO_FIVE.at(tick).symbol == symbol
    assert TWO_FIVE.began(tick) == began
    after, chord = TWO_FIVE.next(tick)
    assert (after, chord.symbol) == following


def test_between_gives_each_chord_once_and_the_first_at_the_very_start() -> None:
    assert [(tick, chord.symbol) for tick, chord in TWO_FIVE.between(30, 121)] == [
        (30, "G7"),
        (48, "Cmaj7"),
        (96, "Dm7"),
        (120, "G7"),
    ]
    assert list(TWO_FIVE.between(30, 30)) == []


def test_one_chord_for_ever_comes_round_with_the_form() -> None:
    vamp = changes((0, "Dm7"), length=48)
    assert vamp.next(0) == (48, vamp.chords[0])
    assert [tick for tick, _ in vamp.between(0, 144)] == [0, 48, 96]


@st.composite
def forms(draw: st.DrawFn) -> Changes:
    length = draw(st.integers(1, 400))
    starts = sorted({0, *draw(st.lists(st.integers(0, length - 1), max_size=8))})
    symbols = draw(st.lists(st.sampled_from(["C7", "Fm7", "B7alt"]), min_size=len(starts), max_size=len(starts)))
    return Changes(tuple(starts), tuple(map(parse_chord, symbols)), length, Meter(3, 4))


@given(forms(), st.integers(-1000, 1000), st.integers(0, 300))
def test_between_agrees_with_at_on_every_tick(form: Changes, start: int, span: int) -> None:
    spread = dict(form.between(start, start + span))
    chord = None
    for tick in range(start, start + span):
        chord = spread.get(tick, chord)
        assert chord == form.at(tick) == form.at(tick + form.length)
        assert form.began(tick) <= tick < form.next(tick)[0]


@pytest.mark.parametrize(
    ("starts", "symbols", "length"),
    [
        ((12,), ("C7",), 48),
        ((0, 0), ("C7", "F7"), 48),
        ((0, 48), ("C7", "F7"), 48),
        ((0, 24, 12), ("C7", "F7", "G7"), 48),
        ((0, 24), ("C7",), 48),
    ],
)
def test_changes_that_cannot_be_laid_out_are_refused(
    starts: tuple[int, ...], symbols: tuple[str, ...], length: int
) -> None:
    with pytest.raises(ChartError, match="increasing places"):
        Changes(starts, tuple(map(parse_chord, symbols)), length)


@given(forms(), st.integers(-500, 500), st.integers(-500, 500))
def test_a_form_entered_further_on_is_the_same_form(form: Changes, ticks: int, tick: int) -> None:
    assert form.moved(ticks).at(tick) == form.at(tick + ticks)
    assert form.moved(ticks).length == form.length


@given(forms(), st.integers(-500, 500), st.integers(1, 100), st.integers(-200, 700))
def test_a_chord_replaced_is_replaced_there_and_nowhere_near(form: Changes, start: int, span: int, away: int) -> None:
    other = form.replaced(start, start + span, parse_chord("Db7"))
    tick = start + away
    wanted = "Db7" if 0 <= away < span else form.at(tick).symbol
    assert other.at(tick).symbol == wanted
    assert other.length % form.length == 0


def test_a_chorus_from_the_chord_of_each_beat() -> None:
    chords = [parse_chord(symbol) for symbol in ("Dm7", "Dm7", "G7", "G7", "Cmaj7", "Cmaj7", "Cmaj7", "Cmaj7")]
    assert Changes.by_beat(chords, Meter()) == TWO_FIVE
