"""Learnt files from anywhere are read or refused in one line, and nothing they claim is believed unseen."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save

from sideslip.errors import WeightsError
from sideslip.weights import read_learnt

WHOLE = save({"a": np.ones((2, 3), np.float32), "b": np.arange(4, dtype=np.int32)}, metadata={"made": "here"})


def claiming(header: object, data: bytes = bytes(8)) -> bytes:
    """A file with any header."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def one(**changed: object) -> bytes:
    return claiming({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]} | changed})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "learnt.safetensors"


def test_arrays_and_what_is_said_about_them_are_read(path: Path) -> None:
    path.write_bytes(WHOLE)
    found = read_learnt(path, "weights")
    assert found.about == {"made": "here"} and found.arrays["a"].shape == (2, 3)
    path.write_bytes(one())
    assert read_learnt(path, "weights").about == {}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80\x04N.",  # a pickle
        b"PK\3\4" + bytes(100),  # as torch.save writes
        b"\x93NUMPY\x01\x00" + bytes(100),
        (2**63).to_bytes(8, "little") + b"{}",
        (2**64 - 1).to_bytes(8, "little") + b"{}",
        claiming(b"[" * 100_000),
        claiming(b'{"a":' * 100_000),
        claiming(b"\xff\xfe"),
        claiming([]),
        claiming({"a": 1}),
        one(dtype="F33"),
        one(dtype="BF16", shape=[4]),
        one(dtype="F8_E4M3", shape=[8]),
        one(shape=[3]),
        one(shape=[-2]),
        one(shape=[2**63]),
        one(shape=[2**40, 2**40]),
        one(data_offsets=[0, 16]),
        one(data_offsets=[8, 0]),
        one(data_offsets=[-8, 0]),
        one(data_offsets=[0, 2**63]),
        claiming({n: {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]} for n in "ab"}),  # the same bytes twice
        claiming({"__metadata__": {"sideslip": 3}}),
        save({"a": np.full(2, np.nan, np.float32)}),
        save({"a": np.full(2, np.inf, np.float64)}),
        save({"a": np.full(2, 1e30, np.float32)}),
    ],
)
def test_what_is_damaged_or_lies_is_refused_in_one_line(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    with pytest.raises(WeightsError) as caught:
        read_learnt(path, "weights")
    assert "learnt.safetensors" in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("length", range(len(WHOLE)))
def test_what_is_cut_off_anywhere_is_refused(path: Path, length: int) -> None:
    path.write_bytes(WHOLE[:length])
    with pytest.raises(WeightsError):
        read_learnt(path, "weights")


def test_what_is_large_is_not_looked_at(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(WeightsError, match=f"it has {1 << 40} bytes, at most"):
        read_learnt(path, "weights")


@given(st.binary(max_size=40), st.integers(0, len(WHOLE) - 1))
def test_rubbish_within_a_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, at: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "learnt.safetensors"
    for written in (data, WHOLE[:at] + data + WHOLE[at + len(data) :]):
        path.write_bytes(written)
        try:
            read_learnt(path, "weights")
        except WeightsError as error:
            assert "\n" not in str(error)
