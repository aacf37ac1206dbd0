"""How much one phrase takes up another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.music.phrase import Note, Phrase
from sideslip.outside.lines import Lines
from sideslip.outside.motif import FULL_PART, Motif, compare

from .worked_examples import INSIDE, TWO_FIVE_ONE, line, with_pitches

CALL = Phrase(INSIDE.notes[:12])


def compared(*phrases: Phrase, call: Phrase = CALL) -> Motif:
    return compare(call, Lines.over(TWO_FIVE_ONE, phrases))


def test_an_echo_is_alike_at_any_pitch_and_time() -> None:
    assert compared(CALL, CALL.moved(semitones=5), CALL.moved(ticks=48)).similarity == pytest.approx([1, 1, 1])


def test_the_same_rhythm_alone_is_half_an_answer() -> None:
    other = with_pitches(CALL, [60, 71, 62, 70, 60, 72, 61, 69, 60, 70, 59, 72])
    motif = compared(other)
    assert motif.rhythm[0] == motif.rhythm_part[0] == 1
    assert motif.intervals[0] < 0.3
    assert 0.4 < motif.similarity[0] < 0.7


def test_a_part_taken_up_is_heard_in_another_setting() -> None:
    answer = Phrase((Note(0, 50, 24), *(n.moved(ticks=24, semitones=7) for n in CALL.notes[2:9]), Note(90, 40, 30)))
    motif = compared(answer)
    assert motif.interval_part[0] == pytest.approx(6 / FULL_PART)
    assert motif.intervals[0] < 0.6


def test_single_notes_and_silence_are_like_nothing() -> None:
    assert compared(Phrase(), Phrase(CALL.notes[:1]), CALL).similarity.tolist()[:2] == [0, 0]
    assert compared(CALL, call=Phrase(CALL.notes[:1])).similarity.tolist() == [0]


def test_only_the_end_of_a_long_call_counts() -> None:
    tail = line("C E G A B D F G " * 4)
    long_call = Phrase(tuple(Note(-600 + 24 * i, 50 + i % 3, 20) for i in range(20))) + tail
    assert compared(tail, call=long_call).similarity[0] == pytest.approx(1)


def edit_distance(a: list[int], b: list[int]) -> int:
    """Levenshtein, the plain way."""
    rows = [list(range(len(b) + 1))]
    for i, x in enumerate(a):
        row = [i + 1]
        for j, y in enumerate(b):
            row.append(min(rows[-1][j + 1] + 1, row[j] + 1, rows[-1][j] + (x != y)))
        rows.append(row)
    return rows[-1][-1]


def best_part(a: list[int], b: list[int]) -> int:
    """Smith and Waterman, the plain way."""
    rows = [[0] * (len(b) + 1)]
    for x in a:
        row = [0]
        for j, y in enumerate(b):
            row.append(max(0, rows[-1][j + 1] - 1, row[j] - 1, rows[-1][j] + (1 if x == y else -1)))
        rows.append(row)
    return max(map(max, rows))


steps = st.lists(st.integers(-2, 2), min_size=1, max_size=9)


@given(steps, st.lists(steps, min_size=1, max_size=4))
def test_alignments_agree_with_the_plain_way(call: list[int], answers: list[list[int]]) -> None:
    def phrase(intervals: list[int]) -> Phrase:
        pitches = [60 + sum(intervals[:i]) for i in range(len(intervals) + 1)]
        return Phrase(tuple(Note(6 * i, pitch, 6) for i, pitch in enumerate(pitches)))

    motif = compared(*map(phrase, answers), call=phrase(call))
    for row, answer in enumerate(answers):
        longer, shorter = max(len(call), len(answer)), min(len(call), len(answer))
        assert motif.intervals[row] == pytest.approx(1 - edit_distance(call, answer) / longer)
        assert motif.interval_part[row] == pytest.approx(min(1, best_part(call, answer) / min(shorter, FULL_PART)))
