"""How many bars a score comes to is known, and refused, before anything is built."""

import io
import sys
import zipfile

import pytest

from sideslip.errors import ChartError
from sideslip.stage.files.musicxml import MOST_BYTES, read_musicxml
from sideslip.stage.files.repeats import BarCount

FORWARD = '<repeat direction="forward"/>'
BACK = '<repeat direction="backward"/>'


def document(*bars: str) -> bytes:
    inside = "".join(f"<measure>{bar}</measure>" for bar in bars)
    return f'<score-partwise><part id="P1">{inside}</part></score-partwise>'.encode()


def ending(number: str, back: str = BACK) -> str:
    return f'<ending number="{number}" type="start"/>{back}<ending number="{number}" type="stop"/>'


@pytest.mark.parametrize(
    "bars",
    [
        [""] * 1001,
        ['<repeat direction="backward" times="16"/>'] * 63,
        [FORWARD] * 10 + [BACK] * 10,
        [""] * 500 + [ending("1"), ending("2")],
        [""] * 200 + [ending("1, 2, 3, 4, 5")],
        [""] * 200 + [ending("1-5")],
    ],
)
def test_more_bars_than_a_chart_has_are_refused_before_music21_sees_them(
    bars: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "music21", None)
    with pytest.raises(ChartError, match="at most 1000 bars, repeats played out"):
        read_musicxml(document(*bars))


@pytest.mark.parametrize(
    "bars",
    [
        [""] * 1000,
        [""] * 500 + [FORWARD, *[""] * 248, BACK],
        [FORWARD, *[""] * 60, ending("1"), ending("2", "")] * 8,
        ['<repeat direction="backward" times="16"/>'] * 62,
    ],
)
def test_what_a_chart_may_have_is_let_through(bars: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "music21", None)
    with pytest.raises(ChartError, match="needs music21"):
        read_musicxml(document(*bars))


def test_every_part_is_counted_by_itself() -> None:
    count = BarCount()
    for name in (["part"] + ["measure"] * 600) * 2:
        count.element(name, {})
    with pytest.raises(ChartError):
        for _ in range(401):
            count.element("measure", {})


def test_an_ending_beyond_all_sense_is_refused() -> None:
    with pytest.raises(ChartError, match=r"at most 16 times; found an ending '1-999'"):
        read_musicxml(document(ending("1-999")))


def test_an_archive_that_lies_about_its_size_is_not_unpacked_whole() -> None:
    buffer = io.BytesIO()
    size = 2 * MOST_BYTES
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", b" " * size)
    lying = buffer.getvalue().replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    with pytest.raises(ChartError, match="damaged"):
        read_musicxml(lying)
