"""The file of tables: what is written is read, and nothing else is."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from sideslip.errors import WeightsError
from sideslip.outside.intervals import count_intervals, smooth
from sideslip.outside.lines import Lines
from sideslip.outside.tables import UsualBits, load_tables, packed

from .worked_examples import SHIPPED, line, one_chord


def test_what_is_saved_is_loaded_and_alike_byte_for_byte(tmp_path: Path) -> None:
    intervals = count_intervals([Lines.over(one_chord("C7"), [line("C D E G Bb A G")])], 1)
    profile, degrees = np.full((9, 12), 1 / 12), np.full((9, 2, 12, 12), 1 / 12)
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(packed(profile, degrees, intervals, UsualBits(3.0, 0.5, 0.25)))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    tables = load_tables(tmp_path / "a")
    assert tables.profile == pytest.approx(profile)
    assert tables.degrees == pytest.approx(degrees)
    assert tables.usual == UsualBits(3.0, 0.5, 0.25)
    assert tables.intervals.rows == pytest.approx(smooth(intervals).rows)


def test_the_shipped_tables_are_small_and_sound() -> None:
    assert SHIPPED.stat().st_size < 1_000_000
    tables = load_tables(SHIPPED)
    assert tables.profile.sum(axis=1) == pytest.approx(np.ones(9), abs=1e-5)
    assert tables.degrees.sum(axis=3) == pytest.approx(np.ones((9, 2, 12)), abs=1e-5)
    assert 2.5 < tables.usual.level < 3.5
    assert tables.usual.slope > 0  # going outside surprises: the band of surprise must not forbid it
    assert tables.usual.at(np.array([1.0])) == pytest.approx(tables.usual.level + tables.usual.slope)


def test_a_missing_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"none\.safetensors' cannot be read: No such file"):
        load_tables(tmp_path / "none.safetensors")


@pytest.mark.parametrize("length", [0, 7, 100, 5000, -1])
def test_a_cut_off_file_is_damaged(tmp_path: Path, length: int) -> None:
    path = tmp_path / "cut"
    path.write_bytes(SHIPPED.read_bytes()[:length])
    with pytest.raises(WeightsError, match="cannot be read"):
        load_tables(path)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"profile": None}, r"should hold a table 'profile' \(float32 \(9, 12\)\)"),
        ({"profile": np.full((9, 11), 0.1, np.float32)}, r"should be float32 \(9, 12\); found float32 \(9, 11\)"),
        ({"profile": np.full((9, 12), 0.1)}, r"should be float32 .* found float64"),
        ({"profile": np.zeros((9, 12), np.float32)}, "between 0 and 1"),
        ({"profile": np.full((9, 12), np.nan, np.float32)}, "'profile' holds values that are huge, or no numbers"),
        ({"usual_bits": np.array([3, np.inf, 1], np.float32)}, "holds values that are huge, or no numbers"),
        ({"usual_bits": np.array([3, 1, 0], np.float32)}, "spread above 0"),
        ({"interval_contexts": np.array([0, 2, 1], np.int32)}, "does not hang together"),
        ({"interval_contexts": np.array([5], np.int32)}, "does not hang together"),
        ({"interval_symbols": np.array([0, 1, 99], np.uint8)}, "does not hang together"),
        ({"interval_starts": np.array([0, 1, 2, 9], np.int32)}, "does not hang together"),
        ({"interval_starts": np.array([0, 2, 1, 3], np.int32)}, "does not hang together"),
        ({"interval_counts": np.array([1, 0, 1], np.uint16)}, "does not hang together"),
    ],
)
def test_tables_of_another_make_are_refused(tmp_path: Path, changed: dict[str, Any], message: str) -> None:
    arrays = load_file(SHIPPED) | {
        "interval_contexts": np.array([0, 1, 27], np.int32),
        "interval_starts": np.array([0, 1, 2, 3], np.int32),
        "interval_symbols": np.array([0, 1, 2], np.uint8),
        "interval_counts": np.array([1, 1, 1], np.uint16),
    }
    save_file(arrays, tmp_path / "sound")
    load_tables(tmp_path / "sound")
    save_file({name: array for name, array in (arrays | changed).items() if array is not None}, tmp_path / "unsound")
    with pytest.raises(WeightsError, match=message) as caught:
        load_tables(tmp_path / "unsound")
    assert "\n" not in str(caught.value)
