"""Learnt files: safetensors, which hold arrays and nothing that could be run, opened in one place and in bounds.

Weights come from strangers too. What is read here is of bearable size, lies within its file, and is made of numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open

from sideslip.errors import WeightsError
from sideslip.reading import check_file

LARGEST = 64 << 20
"""Bytes of a learnt file at most; the largest that ships has four million."""

FURTHEST = 1e6
"""What no learnt number is beyond: with larger ones, sums are no numbers any more."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a file holds: arrays by name, and what it says about itself."""

    about: Mapping[str, str]
    arrays: dict[str, NDArray[Any]]


def read_learnt(path: Path, what: str, most: int = LARGEST) -> Learnt:
    """Read a learnt file; `what` says in words what is wanted.

    Raises WeightsError, one line that names the file, where it is missing, too large, damaged, or holds anything else.
    """
    try:
        check_file(path, most)
    except OSError as error:
        raise WeightsError(f"wanted {what}, but {str(path)!r} cannot be read: {error.strerror}") from None
    try:
        with safe_open(path, framework="numpy") as file:
            about = dict(file.metadata() or {})
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
    except Exception as error:  # of a great many kinds, and none of them is to end the music
        raise WeightsError(f"wanted {what}, but {str(path)!r} cannot be read: {error}") from error
    for name, array in arrays.items():
        if array.dtype.kind == "f" and not (np.abs(array, dtype=np.float64) <= FURTHEST).all():
            raise WeightsError(f"{str(path)!r} is damaged: {name!r} holds values that are huge, or no numbers")
    return Learnt(about, arrays)
