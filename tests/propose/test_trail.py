"""What was played so far, kept to be taken up again: lags and echoes against their definitions, read off by hand."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sideslip.propose.trail import ECHOES, LAGS, LONGEST_ECHO, Streams

SIZES = {"a": 3, "b": 5}


def grown(lines: list[list[int]], shared: int) -> Streams:
    """Streams of lines of one length, the first `shared` symbols of which are known at the start."""
    told = np.array(lines, dtype=np.int64)
    streams = Streams(SIZES, {"a": told[0, :shared] % 3, "b": told[0, :shared]}, len(lines), told.shape[1] - shared)
    for symbols in told[:, shared:].T:
        streams.append({"a": symbols % 3, "b": symbols})
    return streams


def echo(line: list[int], symbol: int) -> int:
    """The longest run of latest symbols that was said before and then followed by a symbol, by its definition."""
    return max(
        (
            run
            for run in range(1, len(line))
            for at in range(run, len(line))
            if line[at] == symbol and line[at - run : at] == line[len(line) - run :]
        ),
        default=0,
    )


lines = st.integers(0, 12).flatmap(
    lambda size: st.tuples(
        st.lists(st.lists(st.integers(0, 4), min_size=size, max_size=size), min_size=1, max_size=3),
        st.integers(0, size),
    )
)


@settings(max_examples=200)
@given(lines)
def test_echoes_are_what_a_listener_expects_who_has_noticed_the_motif(drawn: tuple[list[list[int]], int]) -> None:
    whole, shared = drawn
    whole = [whole[0][:shared] + line[shared:] for line in whole]
    found = grown(whole, shared).echoes()
    for row, line in enumerate(whole):
        assert found["b"][row].tolist() == [min(echo(line, symbol), LONGEST_ECHO) for symbol in range(5)]
        assert found["a"][row].tolist() == [
            min(echo([symbol % 3 for symbol in line], symbol), LONGEST_ECHO) for symbol in range(3)
        ]


@given(lines)
def test_a_lag_counts_the_symbols_since_the_last_time(drawn: tuple[list[list[int]], int]) -> None:
    whole, shared = drawn
    whole = [whole[0][:shared] + line[shared:] for line in whole]
    found = grown(whole, shared).lags("b")
    for row, line in enumerate(whole):
        ago = [line[::-1].index(symbol) + 1 if symbol in line else 0 for symbol in range(5)]
        assert found[row].tolist() == [(0, 1, 2, 3, 4, 5, 5, 6, 6, 7, 7, 7, 7)[each] for each in ago]


def test_what_is_long_ago_is_forgotten_and_classes_stay_in_their_tables() -> None:
    streams = grown([[0, *[1] * 60]], 1)
    assert streams.lags("b")[0].tolist() == [0, 1, 0, 0, 0]
    assert streams.lags("b").max() < LAGS
    assert streams.echoes()["b"][0].tolist() == [0, LONGEST_ECHO, 0, 0, 0] and LONGEST_ECHO < ECHOES
