"""Which hand plays a note."""

from hypothesis import given
from hypothesis import strategies as st

from sideslip.listen.hands import TOGETHER, Hands
from sideslip.listen.notes import NoteStarted

SHELL = ((0, 48), (0.01, 52), (0.02, 58))


def hands(*notes: tuple[float, ...], split: int | None = None) -> list[tuple[list[int], list[int]]]:
    """(line, voicing) of each strike of notes given as (seconds, pitch) or (seconds, pitch, channel)."""
    ears = Hands(split)
    strikes = []
    for at, pitch, *channel in notes:
        strikes += ears.hear(NoteStarted(at, int(channel[0]) if channel else 0, int(pitch), 80))
    strikes += ears.settle(1e9)
    return [([n.pitch for n in strike.line], [n.pitch for n in strike.voicing]) for strike in strikes]


def lines(*notes: tuple[float, ...]) -> list[int]:
    return [pitch for line, _ in hands(*notes) for pitch in line]


def test_notes_one_by_one_are_a_line_however_low() -> None:
    assert lines((0, 40), (0.3, 45), (0.6, 62), (0.9, 38)) == [40, 45, 62, 38]


def test_a_strike_is_judged_as_a_whole() -> None:
    assert hands(*SHELL) == [([], [48, 52, 58])]
    assert hands((0, 62), (0.01, 65), (0.02, 69)) == [([], [62, 65, 69])]


def test_a_melody_note_over_a_voicing_stays_melody() -> None:
    assert hands(*SHELL, (0.02, 76)) == [([76], [48, 52, 58])]
    assert hands((0, 43), (0, 62)) == [([62], [43])]


def test_a_double_stop_of_the_right_hand_is_melody() -> None:
    assert hands((0, 64), (0, 67)) == [([64, 67], [])]


def test_while_a_left_hand_comps_a_lone_low_note_is_its_own() -> None:
    assert lines(*SHELL, (1, 74), (3, 43)) == [74]
    assert lines(*SHELL, (20, 43)) == [43]  # nobody has comped for a while


def test_a_line_that_dips_low_by_step_goes_on() -> None:
    assert lines(*SHELL, (1, 62), (1.2, 60), (1.4, 57), (1.6, 55)) == [62, 60, 57, 55]


def test_a_low_line_after_a_rest_is_found_with_its_second_note() -> None:
    assert lines(*SHELL, (4, 50), (4.2, 52), (4.4, 53), (4.6, 55)) == [52, 53, 55]


def test_block_chords_do_not_swallow_the_line_that_follows() -> None:
    chords = ((0, 55), (0, 59), (0, 62), (0, 66), (1, 64), (1, 67), (1, 71), (1, 74))
    assert lines(*chords, (3, 62), (3.2, 64), (3.4, 65), (3.6, 60)) == [74, 62, 64, 65, 60]


def test_channels_are_keyboards_of_their_own() -> None:
    assert lines((0, 60, 1), (0, 64, 1), (0, 67, 1), (0.01, 50, 0), (0.5, 52, 0)) == [50, 52]


def test_a_strike_is_over_40_ms_after_it_began() -> None:
    ears = Hands()
    assert ears.settles_at is None
    ears.hear(NoteStarted(1.0, 0, 60, 80))
    assert ears.settles_at == 1.0 + TOGETHER
    assert ears.settle(1.0 + TOGETHER / 2) == []
    assert len(ears.settle(1.0 + TOGETHER)) == 1
    assert ears.settles_at is None


@given(st.lists(st.tuples(st.floats(0, 100), st.integers(0, 127), st.integers(0, 15)), max_size=80))
def test_every_note_is_in_one_hand(notes: list[tuple[float, int, int]]) -> None:
    strikes = hands(*sorted(notes))
    assert sorted(pitch for line, voicing in strikes for pitch in (*line, *voicing)) == sorted(p for _, p, _ in notes)


def split(pitch: int, *notes: tuple[float, ...]) -> list[tuple[list[int], list[int]]]:
    return hands(*notes, split=pitch)


def test_below_a_split_nothing_is_the_line_and_from_there_up_everything() -> None:
    assert split(60, (0, 40), (0.3, 59), (0.6, 60), (0.9, 62)) == [([], [40]), ([], [59]), ([60], []), ([62], [])]


def test_a_split_tells_hands_apart_that_strike_together() -> None:
    assert split(60, *SHELL, (0.03, 61)) == [([61], [48, 52, 58])]
    assert split(50, (0, 45), (0, 52), (0.01, 55)) == [([52, 55], [45])]


def test_of_a_chord_from_the_split_up_the_top_is_the_line_and_the_rest_tells_the_harmony() -> None:
    assert split(60, (0, 62), (0.01, 65), (0.02, 69)) == [([69], [62, 65])]
    assert split(60, *SHELL, (0.02, 62), (0.03, 65), (0.03, 69)) == [([69], [48, 52, 58, 62, 65])]


def test_each_channel_is_split_for_itself() -> None:
    assert split(60, (0, 48, 1), (0, 72, 0)) == [([], [48]), ([72], [])]


@given(st.lists(st.tuples(st.floats(0, 9), st.integers(0, 127)), max_size=40), st.integers(0, 127))
def test_a_line_so_far_has_no_key_below_the_split(notes: list[tuple[float, int]], pitch: int) -> None:
    ears = Hands(pitch)
    for at, key in sorted(notes):
        ears.hear(NoteStarted(at, 0, key, 80))
        assert all(note.pitch >= pitch for note in ears.line_so_far)
