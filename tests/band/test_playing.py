"""From the grid to moments: every note laid down once, when the tempo can be relied on."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.band.events import Hush, Sound
from sideslip.band.feel import STRAIGHT
from sideslip.band.playing import AT_LEAST, RELIED_ON, Playing
from sideslip.listen.tempo import TempoMap
from sideslip.music.phrase import Note, Phrase

TEMPO = TempoMap(120, 10.0)
QUARTERS = Phrase(tuple(Note(12 * k, 60 + k, 6) for k in range(16)))


def test_where_the_tempo_is_agreed_on_all_is_laid_down_at_once() -> None:
    playing = Playing(STRAIGHT, moving=False)
    playing.add("bass", QUARTERS, 120)
    sounds = playing.laid_down(TEMPO, 9.9)
    assert [(sound.on, sound.off) for sound in sounds] == [(10 + k / 2, 10.25 + k / 2) for k in range(16)]
    assert {(sound.part, sound.channel) for sound in sounds} == {("bass", 2)}
    assert playing.laid_down(TEMPO, 9.9) == () and playing.next_at(TEMPO) is None


@pytest.mark.parametrize("bpm", [30, 120, 400])
def test_where_it_moves_only_what_comes_soon_and_the_rest_in_time(bpm: float) -> None:
    tempo = TempoMap(bpm, 10.0)
    ahead = max(RELIED_ON, AT_LEAST * bpm / 60)
    playing = Playing(STRAIGHT, moving=True)
    playing.add("partner", QUARTERS, bpm)
    sounds, at = list(playing.laid_down(tempo, 10.0)), 10.0
    assert [tempo.beat(sound.on) for sound in sounds] == pytest.approx([k for k in range(16) if k < 2 * ahead])
    while (beat := playing.next_at(tempo)) is not None:
        assert tempo.seconds(beat) > at
        at = tempo.seconds(beat)
        more = playing.laid_down(tempo, at)
        assert more and min(sound.on for sound in more) - at >= AT_LEAST - 1e-9
        sounds += more
    assert [sound.pitch for sound in sounds] == list(QUARTERS.pitches)


def test_what_is_not_laid_down_goes_by_the_new_tempo() -> None:
    playing = Playing(STRAIGHT, moving=True)
    playing.add("partner", QUARTERS, 120)
    playing.laid_down(TEMPO, 10.0)
    slower = TEMPO.bent(10.0, 60)
    sounds = playing.laid_down(slower, 15.5)
    assert [sound.on for sound in sounds][-1] == 16.0


def test_a_part_that_is_dropped_is_forgotten_and_the_others_are_not() -> None:
    playing = Playing(STRAIGHT, moving=True)
    playing.add("partner", QUARTERS, 120)
    playing.add("bass", QUARTERS.moved(60), 120)
    assert [playing.hush("partner", 9.0) for _ in range(2)] == [Hush("partner", 9.0)] * 2
    assert playing.next_at(TEMPO) == 5 - RELIED_ON
    assert [hush.part for hush in playing.hush_all(9.0)] == ["partner", "bass", "drums"]
    assert playing.next_at(TEMPO) is None


@pytest.mark.parametrize(("moving", "void"), [(False, 15.0), (True, inf)])
def test_the_last_notes_are_taken_back_wherever_they_are(moving: bool, void: float) -> None:
    playing = Playing(STRAIGHT, moving=moving)
    playing.add("partner", QUARTERS, 120)
    before = playing.laid_down(TEMPO, 10.0)
    assert playing.take_back("partner", 6) == void and playing.take_back("partner", 0) == inf
    changed = Phrase((*QUARTERS.notes[:10], *QUARTERS.moved(semitones=12).notes[10:]))
    assert playing.add("partner", changed, 120, 10) == 10.0
    after = playing.laid_down(TEMPO, 18.0)
    kept = [sound for sound in before if sound.on < void]
    assert [sound.pitch for sound in (*kept, *after)] == list(changed.pitches)


def test_more_than_there_is_cannot_be_taken_back() -> None:
    playing = Playing(STRAIGHT, moving=True)
    playing.add("partner", QUARTERS, 120)
    playing.laid_down(TEMPO, 10.0)
    assert playing.take_back("partner", 99) == 10.0 and playing.take_back("bass", 3) == inf
    assert playing.next_at(TEMPO) is None


@given(st.lists(st.tuples(st.floats(0.01, 1.0), st.floats(60, 240)), min_size=1, max_size=40))
def test_however_the_tempo_bends_each_note_is_laid_down_once(bends: list[tuple[float, float]]) -> None:
    playing, tempo, now, sounds = Playing(STRAIGHT, moving=True), TEMPO, 10.0, list[Sound]()
    playing.add("partner", QUARTERS, 120)
    for wait, bpm in (*bends, (100.0, 120)):
        until = now + wait
        while (beat := playing.next_at(tempo)) is not None and tempo.seconds(beat) <= until:
            now = max(now, tempo.seconds(beat))
            more = playing.laid_down(tempo, now)
            assert more and all(sound.on < sound.off for sound in more)
            sounds += more
        now = until
        tempo = tempo.bent(now, bpm)
    assert [sound.pitch for sound in sounds] == list(QUARTERS.pitches)
