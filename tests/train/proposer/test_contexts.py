"""Places in solos: on bar lines, with the phrase before as the call; what is asked for comes back in its place."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from sideslip.errors import DataError
from sideslip.music.dialogue import Turn, Wish
from sideslip.music.meter import Meter
from sideslip.music.phrase import Note, Phrase
from sideslip.train.proposer.contexts import BARS, NEAR, Place, answers, chosen, on_bars, places
from sideslip.train.solos import Solo

Made = Callable[..., Solo]


def with_pickup(solo: Solo, beats: int) -> Solo:
    """The same solo, its first bar line so many beats later."""
    index = np.arange(len(solo.beat)) - beats
    return replace(solo, bar=index // 4 + 1, beat=index % 4 + 1)


def test_turns_begin_on_bar_lines_near_a_phrase_and_do_not_overlap(found: list[Place]) -> None:
    assert len(found) > 8
    for place in found:
        turn = place.turn
        assert turn.start % 48 == 0 and turn.end - turn.start == BARS * 48
        assert abs(place.real.start - turn.start) <= NEAR and place.real.notes[-1].onset < turn.end
        assert turn.player.notes[-len(turn.call) :] == turn.call.notes
        assert turn.player.notes[-1].onset < min(turn.start, place.real.start)
    for one, after in pairwise(found):
        assert one.solo.id != after.solo.id or one.turn.end <= after.turn.start


def test_the_call_and_what_was_really_played_are_neighbouring_phrases(made: Made) -> None:
    solo = made(1, notes=300)
    line = solo.line()
    for place in places(solo):
        first = line.notes.index(place.real.notes[0])
        phrase = solo.phrase[first]
        assert line.notes[first - 1] == place.turn.call.notes[-1] and solo.phrase[first - 1] == phrase - 1
        assert len(place.turn.call) == (solo.phrase == phrase - 1).sum()


@pytest.mark.parametrize("beats", [0, 1, 3])
def test_a_pickup_lies_before_tick_0_and_everything_keeps_its_chord(made: Made, beats: int) -> None:
    solo = with_pickup(made(2), beats)
    laid = on_bars(solo)
    assert laid is not None
    line, changes = laid
    before = solo.changes()
    for note, was in zip(line, solo.line(), strict=True):
        assert note.onset == was.onset - 12 * beats and changes.at(note.onset) == before.at(was.onset)
        assert changes.meter.beat_of(note.onset) // 1 == solo.beat[was.onset // 12]


def test_only_even_bars_of_4_4_with_chords_give_places(made: Made) -> None:
    solo = made(1, notes=300)
    silent = ("NC",) * len(solo.chord)
    beat = solo.beat.copy()
    beat[40:] = (beat[40:] + 1) % 4 + 1  # two beats are missing
    assert list(places(solo))
    assert not list(places(replace(solo, chord=silent, harm=None)))
    assert not list(places(replace(solo, beat=beat)))
    assert not list(places(replace(solo, meter=Meter(3, 4))))


def test_the_choice_goes_with_the_seed_and_keeps_the_order(made: Made) -> None:
    solos = [made(seed, notes=300) for seed in range(4)]
    one, same, other = (chosen(solos, 5, np.random.default_rng(seed)) for seed in (1, 1, 2))
    starts = [[(place.solo.id, place.turn.start) for place in each] for each in (one, same, other)]
    assert starts[0] == starts[1] == sorted(starts[0]) != starts[2]
    with pytest.raises(DataError, match="found none among 0"):
        chosen([], 5, np.random.default_rng(1))


def test_each_wish_gets_its_own_answers_though_they_are_asked_in_an_order_of_chance(found: list[Place]) -> None:
    asked: list[float | None] = []

    def draw(turn: Turn, wishes: Sequence[Wish], rng: np.random.Generator) -> tuple[Phrase, ...]:
        asked.extend(wish.register for wish in wishes)
        return tuple(Phrase((Note(turn.start, int(wish.register or 0), 6),)) for wish in wishes)

    wishes = [Wish(register=value) for value in (54, 60, 66, 72)]
    each = answers(draw, found[0].turn, wishes, 5, np.random.default_rng(0))
    assert [[phrase.pitches for phrase in phrases] for phrases in each] == [[(p,)] * 5 for p in (54, 60, 66, 72)]
    assert asked != sorted(asked, key=lambda value: value or 0)
