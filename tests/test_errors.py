"""What a mistake says is one line that is safe on any terminal, whatever it quotes."""

from hypothesis import given
from hypothesis import strategies as st

from sideslip.errors import MOST_SHOWN, ChartError, one_line


def test_what_would_steer_a_terminal_is_shown_not_sent() -> None:
    assert str(ChartError("found \x1b[31mred\x07, \u202eleft\ud800")) == "found \\x1b[31mred\\x07, \\u202eleft\\ud800"
    assert str(ChartError("a\r\nb\u2028c\x85d")) == "a b c d"
    assert str(ChartError("Δ7 ♭ é שלום 😀")) == "Δ7 ♭ é שלום 😀"


def test_of_a_long_one_beginning_and_end_stay() -> None:
    said = str(ChartError("wanted this " + "x" * 10_000 + " found that"))
    assert said.startswith("wanted this ") and said.endswith(" found that") and len(said) == MOST_SHOWN


@given(st.text())
def test_any_text_is_one_line(text: str) -> None:
    assert one_line(text).isprintable() and len(one_line(text)) <= MOST_SHOWN
