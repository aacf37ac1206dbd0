"""In which order the bars of a score are played."""

import io
import zipfile

import pytest

from sideslip.errors import ChartError
from sideslip.stage.files.musicxml import MOST_BYTES, read_musicxml
from sideslip.stage.files.repeats import Marks, in_order

OPENS, CLOSES = Marks(opens=True), Marks(times=2)
FIRST, SECOND = Marks(ending=(1,), ending_stops=True, times=2), Marks(ending=(2,), ending_stops=True)


def order(*bars: Marks | None) -> str:
    """The bars by letters."""
    return "".join(chr(ord("a") + number) for number in in_order([bar or Marks() for bar in bars]))


@pytest.mark.parametrize(
    ("bars", "played"),
    [
        ((None, None, None), "abc"),
        ((None, OPENS, CLOSES, None), "abcbcd"),
        ((None, CLOSES, None, CLOSES), "ababcdcd"),  # neither was opened
        ((Marks(opens=True, times=3), None), "aaab"),
        ((Marks(times=1), None), "ab"),
        ((OPENS, None, FIRST, SECOND, None), "abcabde"),
        ((None, FIRST, SECOND, None, CLOSES), "abacdede"),
        ((OPENS, Marks(ending=(1,)), Marks(times=2, ending_stops=True), Marks(ending=(2,)), None), "abcade"),
        ((OPENS, Marks(ending=(1, 2), ending_stops=True, times=2), Marks(ending=(3,), ending_stops=True)), "ababac"),
        (
            (OPENS, Marks(ending=(1,), ending_stops=True, times=2), Marks(ending=(2,), times=2, ending_stops=True)),
            "abac",
        ),
        ((OPENS, OPENS, CLOSES, CLOSES), "abcbcdabcbcd"),
        ((OPENS, None, None), "abc"),  # never closed
        ((None, None, Marks(back_to="capo")), "abcabc"),
        ((None, Marks(fine=True), Marks(back_to="capo")), "abcab"),
        ((None, Marks(segno=True), None, Marks(back_to="segno")), "abcdbcd"),
        ((None, Marks(to_coda=True), Marks(back_to="capo"), Marks(coda=True), None), "abcabde"),
        ((None, Marks(coda=True), Marks(back_to="capo"), Marks(coda=True), None), "abcabde"),
        ((Marks(segno=True, to_coda=True), Marks(back_to="segno"), Marks(coda=True, back_to="segno")), "abac"),
        ((OPENS, FIRST, SECOND, Marks(back_to="capo")), "abacdacd"),
        ((None, Marks(back_to="segno")), "abab"),  # nothing says where the sign is
    ],
)
def test_bars_are_played_in_order(bars: tuple[Marks | None, ...], played: str) -> None:
    assert order(*bars) == played


def ending(*numbers: int, times: int = 2) -> Marks:
    return Marks(ending=numbers, ending_stops=True, times=times)


@pytest.mark.parametrize(
    "bars",
    [
        [Marks()] * 1001,
        [Marks(times=16)] * 63,
        [OPENS] * 10 + [CLOSES] * 10,
        [Marks()] * 500 + [ending(1), ending(2)],
        [Marks()] * 200 + [ending(1, 2, 3, 4, 5)],
        [Marks()] * 501 + [Marks(back_to="capo")],
    ],
)
def test_more_bars_than_a_chart_has_are_refused(bars: list[Marks]) -> None:
    with pytest.raises(ChartError, match="at most 1000 bars, repeats played out"):
        in_order(bars)


@pytest.mark.parametrize(
    ("bars", "count"),
    [
        ([Marks()] * 1000, 1000),
        ([Marks()] * 500 + [OPENS, *[Marks()] * 248, CLOSES], 1000),
        ([OPENS, *[Marks()] * 60, ending(1), ending(2, times=0)] * 8, 992),
        ([Marks(times=16)] * 62, 992),
        ([ending(2)] * 1000, 0),
    ],
)
def test_what_a_chart_may_have_is_played(bars: list[Marks], count: int) -> None:
    assert len(in_order(bars)) == count


def test_an_ending_beyond_all_sense_is_refused() -> None:
    harmony = "<harmony><root><root-step>C</root-step></root><kind>major</kind></harmony>"
    bar = f"{harmony}<barline><ending number='1-999' type='start'/></barline>"
    with pytest.raises(ChartError, match=r"at most 16 times; found an ending '1-999'"):
        read_musicxml(f"<score-partwise><part><measure>{bar}</measure></part></score-partwise>".encode())


def test_an_archive_that_lies_about_its_size_is_not_unpacked_whole() -> None:
    buffer = io.BytesIO()
    size = 2 * MOST_BYTES
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", b" " * size)
    lying = buffer.getvalue().replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    with pytest.raises(ChartError, match="damaged"):
        read_musicxml(lying)
