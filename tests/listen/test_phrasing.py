"""Phrase ends: at a rest of one beat for a line at rest, and as the line itself says for an ear that listens along."""

from collections.abc import Iterable
from itertools import pairwise
from math import inf, isfinite, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.errors import WeightsError
from sideslip.listen.phrase_context import FEATURES, GAPS, PhraseContext
from sideslip.listen.phrasing import HELD, PhraseEar, PhraseWeights, split
from sideslip.music.phrase import Note, Phrase

SOLOISTS = PhraseWeights(np.array([0.69, 0.42, 0.91, 0.63, -0.79, 6.72, 1.11, 0.30]), 5.84)
"""As learnt from the training solos of the Weimar Jazz Database, rounded."""

BPM = 160.0

EIGHTHS = [(i / 2, 0.45) for i in range(8)]
"""Onsets and lengths in beats."""


def line(*notes: tuple[int, int]) -> Phrase:
    """Notes from (onset, duration) in ticks."""
    return Phrase(tuple(Note(onset, 60, duration) for onset, duration in notes))


def test_a_rest_of_a_beat_parts_two_phrases() -> None:
    first, second = split(line((0, 6), (6, 6), (24, 6), (30, 6)))
    assert (first, second) == (line((0, 6), (6, 6)), line((24, 6), (30, 6)))


def test_a_shorter_rest_does_not() -> None:
    assert len(split(line((0, 6), (17, 6)))) == 1
    assert len(split(line((0, 6), (17, 6)), rest=11)) == 2


def test_a_long_note_under_short_ones_bridges_the_rest() -> None:
    assert len(split(line((0, 48), (2, 4), (50, 4)))) == 1


def test_silence_has_no_phrases() -> None:
    assert split(Phrase()) == []


def test_a_line_may_begin_anywhere() -> None:
    assert [part.start for part in split(line((-100, 6), (500, 6)))] == [-100, 500]


@given(st.lists(st.tuples(st.integers(-50, 200), st.integers(1, 30)), max_size=30), st.integers(1, 24))
def test_splitting_loses_nothing_and_leaves_only_short_rests(notes: list[tuple[int, int]], rest: int) -> None:
    whole = Phrase.of(Note(onset, 60 + i, duration) for i, (onset, duration) in enumerate(notes))
    parts = split(whole, rest)
    assert tuple(note for part in parts for note in part) == whole.notes
    assert all(after.start - before.end >= rest for before, after in pairwise(parts))
    assert all(split(part, rest) == [part] for part in parts)


# ---------------------------------------------------------------- the ear that was taught nothing


def test_the_ear_waits_one_beat_after_the_last_note() -> None:
    ear = PhraseEar(PhraseWeights.timed())
    ear.started(4.0, BPM)
    ear.stopped(4.5)
    assert ear.ends_at() == 5.5
    assert [ear.ended(beat) for beat in (4.5, 5.49, 5.5, 9.0)] == [False, False, True, True]


def test_nothing_ends_before_it_began_or_soon_while_it_sounds() -> None:
    ear = PhraseEar(PhraseWeights.timed())
    assert (ear.ends_at(), ear.ended(100.0)) == (None, False)
    ear.started(0.0, BPM)
    ear.started(0.5, BPM)
    ear.stopped(1.0)
    assert (ear.ends_at(), ear.ended(4.4)) == (4.5, False)
    ear.stopped(2.0)
    assert ear.ends_at() == 3.0


def test_a_note_that_never_ends_does_not_keep_the_phrase_open_for_ever() -> None:
    ear = PhraseEar(PhraseWeights.timed())
    ear.started(0.0, BPM)
    ear.started(2.0, BPM)
    ear.stopped(2.5)
    assert [ear.ended(beat) for beat in (5.9, 6.0)] == [False, True]


def test_a_new_note_takes_the_end_back() -> None:
    ear = PhraseEar(PhraseWeights.timed())
    ear.started(0.0, BPM)
    ear.stopped(1.0)
    ear.started(1.5, BPM)
    assert ear.ends_at() == 5.5
    ear.stopped(1.75)
    assert ear.ends_at() == 2.75


def test_an_end_without_a_start_does_not_deafen_the_ear() -> None:
    ear = PhraseEar(PhraseWeights.timed())
    ear.stopped(0.0)
    ear.started(1.0, BPM)
    assert not ear.ended(4.9)


class OneBeat:
    """The plain rule, written down once more."""

    def __init__(self) -> None:
        self.sounding, self.start, self.end = 0, -inf, -inf

    def tell(self, beat: float, begins: bool) -> None:
        self.sounding = max(0, self.sounding + (1 if begins else -1))
        if begins:
            self.start = beat
        else:
            self.end = beat

    def ends_at(self) -> float | None:
        if self.start == -inf:
            return None
        return self.start + HELD if self.sounding or self.end == -inf else self.end + 1


EVENTS = st.lists(st.tuples(st.floats(-100, 1000), st.booleans(), st.floats(20, 400)), max_size=40)
"""Beats at which notes begin (True) or end, in any order, and tempi."""


@given(EVENTS)
def test_untaught_it_is_the_plain_rule_whatever_happens(events: list[tuple[float, bool, float]]) -> None:
    ear, plain = PhraseEar(PhraseWeights.timed()), OneBeat()
    for beat, begins, bpm in events:
        plain.tell(beat, begins)
        if begins:
            ear.started(beat, bpm)
        else:
            ear.stopped(beat)
        assert ear.ends_at() == plain.ends_at()


# ---------------------------------------------------------------- the ear that was taught


def heard(notes: Iterable[tuple[float, float]], bpm: float = BPM) -> PhraseEar:
    """An ear that has heard notes, (onset, length) in beats, to the end."""
    ear = PhraseEar(SOLOISTS)
    for onset, length in notes:
        ear.started(onset, bpm)
        ear.stopped(onset + length)
    return ear


def wait(notes: list[tuple[float, float]], bpm: float = BPM) -> float:
    """Beats from the end of the last note to the end of the phrase."""
    end = heard(notes, bpm).ends_at()
    assert end is not None
    return end - sum(notes[-1])


def test_a_breath_after_a_short_note_is_not_cut() -> None:
    assert not heard([*EIGHTHS, (4.0, 0.2)]).ended(4.75)


def test_a_long_note_ends_a_phrase_sooner_than_a_short_one() -> None:
    assert wait([*EIGHTHS, (4.0, 1.5)]) < wait([*EIGHTHS, (4.0, 0.5)]) < wait([*EIGHTHS, (4.0, 0.2)])
    assert wait([*EIGHTHS, (4.0, 1.5)]) < 0.6


def test_an_end_after_a_long_note_is_heard_before_a_rest_of_a_beat() -> None:
    assert heard([*EIGHTHS, (4.0, 1.0)]).ended(5.9)


def test_a_player_who_plays_everything_short_is_given_longer() -> None:
    staccato = [(i / 2, 0.2) for i in range(24)]
    assert wait(staccato) > wait([(i / 2, 0.45) for i in range(23)] + [(11.5, 0.2)])


def test_a_slower_line_is_given_longer() -> None:
    quarters = [(float(i), 0.9) for i in range(8)]
    assert wait([*quarters, (8.0, 0.5)]) > wait([*EIGHTHS, (4.0, 0.5)])


def test_in_a_slow_tempo_fewer_beats_will_do_but_more_seconds_pass() -> None:
    slow, fast = wait(EIGHTHS, bpm=60), wait(EIGHTHS, bpm=240)
    assert fast / 4 < slow < fast


def test_a_lone_note_may_be_the_beginning_of_a_phrase() -> None:
    assert wait([(0.0, 0.45)]) > wait(EIGHTHS)


def test_two_hands_striking_together_are_one_stroke() -> None:
    single, double = PhraseContext(), PhraseContext()
    for onset, length in EIGHTHS:
        for context in (single, double):
            context.started(onset, BPM, sounding=False)
        double.started(onset + 0.01, BPM, sounding=True)
        for context in (single, double):
            context.stopped(onset + length)
    assert np.array_equal(single.features(), double.features())


def test_a_legato_line_is_heard_out_to_its_last_note() -> None:
    ear = PhraseEar(SOLOISTS)
    for onset in range(4):
        ear.started(onset, BPM)
        if onset:
            ear.stopped(onset + 0.05)
            assert ear.ends_at() == onset + HELD
    ear.stopped(4.0)
    end = ear.ends_at()
    assert end is not None
    assert 4.0 < end < 5.0


def test_it_asks_at_gaps_up_to_three_beats_and_waits_no_longer() -> None:
    never = PhraseEar(PhraseWeights(SOLOISTS.columns, 1e6))
    never.started(0.0, BPM)
    never.stopped(0.5)
    assert never.ends_at() == 0.5 + GAPS[-1] == 3.5


@given(EVENTS)
def test_no_order_of_notes_confuses_it(events: list[tuple[float, bool, float]]) -> None:
    ear, begun = PhraseEar(SOLOISTS), False
    for beat, begins, bpm in events:
        if begins:
            ear.started(beat, bpm)
        else:
            ear.stopped(beat)
        begun |= begins
        end = ear.ends_at()
        assert (end is not None) == begun
        assert end is None or (isfinite(end) and ear.ended(end) and not ear.ended(end - 0.01))


@given(st.floats(0, 4), st.floats(20, 400))
def test_a_phrase_ends_after_its_last_note_and_within_three_beats(length: float, bpm: float) -> None:
    assert GAPS[0] - 1e-9 <= wait([*EIGHTHS, (4.0, length)], bpm) <= GAPS[-1] + 1e-9


@given(EVENTS)
def test_all_that_it_knows_is_finite(events: list[tuple[float, bool, float]]) -> None:
    context = PhraseContext()
    for beat, sounding, bpm in events:
        context.started(beat, bpm, sounding)
        context.stopped(beat)
        table = context.features()
        assert table.shape == (len(GAPS), len(FEATURES))
        assert np.isfinite(table).all()


# ---------------------------------------------------------------- its weights


def test_weights_come_back_as_they_were_stored() -> None:
    back = PhraseWeights.from_tensors(SOLOISTS.tensors())
    assert back.columns == pytest.approx(SOLOISTS.columns, rel=1e-6)
    assert back.level == pytest.approx(SOLOISTS.level, rel=1e-6)
    plain = PhraseWeights.from_tensors(PhraseWeights.timed().tensors())
    assert (plain.columns.tolist(), plain.level) == (PhraseWeights.timed().columns.tolist(), 1.0)


@pytest.mark.parametrize(
    ("name", "found", "words"),
    [
        ("columns", None, "found only"),
        ("columns", np.zeros(3, np.float32), r"float32 \(3,\)"),
        ("columns", np.zeros(len(FEATURES), np.int64), "int64"),
        ("columns", np.full(len(FEATURES), nan, np.float32), "nan"),
        ("level", None, "found only"),
        ("level", np.float32([inf]), "inf"),
        ("level", np.float32(1.0), r"float32 \(\)"),
    ],
)
def test_damaged_weights_are_refused_in_one_line(name: str, found: np.ndarray | None, words: str) -> None:
    tensors: dict[str, np.ndarray] = dict(SOLOISTS.tensors())
    tensors.pop(name)
    if found is not None:
        tensors[name] = found
    with pytest.raises(WeightsError, match=words) as caught:
        PhraseWeights.from_tensors(tensors)
    assert "\n" not in str(caught.value)
