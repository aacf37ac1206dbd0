"""Which hand plays a note."""

from hypothesis import given
from hypothesis import strategies as st

from sideslip.listen.hands import Hands
from sideslip.listen.notes import NoteStarted


def hands(*notes: tuple[float, int] | tuple[float, int, int]) -> list[str]:
    """The hands of notes given as (seconds, pitch) or (seconds, pitch, channel)."""
    ears = Hands()
    return [ears.hear(NoteStarted(at, rest[0] if rest else 0, pitch, 80)) for at, pitch, *rest in notes]


def test_notes_one_by_one_are_a_line_however_low() -> None:
    assert hands((0, 40), (0.3, 45), (0.6, 62), (0.9, 38)) == ["line"] * 4


def test_once_a_left_hand_comps_what_it_strikes_is_a_voicing() -> None:
    heard = hands((0, 48), (0.01, 52), (0.02, 58), (1, 74), (2, 50), (2.01, 53), (2.02, 60), (2.5, 72))
    assert heard[1:] == ["voicing", "voicing", "line", "voicing", "voicing", "voicing", "line"]


def test_a_melody_note_over_a_voicing_stays_melody() -> None:
    heard = hands((0, 48), (0, 52), (0, 58), (0, 76))
    assert heard[-1] == "line"


def test_a_line_that_dips_below_the_split_by_step_goes_on() -> None:
    heard = hands((0, 48), (0, 52), (0, 58), (1, 62), (1.2, 60), (1.4, 57), (1.6, 55))
    assert heard[3:] == ["line"] * 4


def test_a_lone_low_note_of_a_comping_hand_is_no_line() -> None:
    assert hands((0, 48), (0, 52), (0, 58), (1, 74), (3, 43))[-1] == "voicing"


def test_channels_are_keyboards_of_their_own() -> None:
    heard = hands((0, 60, 1), (0, 64, 1), (0, 67, 1), (0.01, 50, 0), (0.5, 52, 0))
    assert heard[3:] == ["line", "line"]


@given(st.lists(st.tuples(st.floats(0, 100), st.integers(0, 127), st.integers(0, 15)), max_size=80))
def test_every_note_has_a_hand(notes: list[tuple[float, int, int]]) -> None:
    assert set(hands(*sorted(notes))) <= {"line", "voicing"}
