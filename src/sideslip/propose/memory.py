"""What the engine remembers: notes that were read once, and candidates that grow from them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sideslip.propose.tokens import Ints

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Memory:
    """What was read: keys and values of each layer (layers, H, T, S), and the trunk's vectors (T, D)."""

    keys: Floats
    values: Floats
    vectors: Floats

    @property
    def length(self) -> int:
        return int(self.keys.shape[2])

    def first(self, count: int) -> "Memory":
        """What the first notes said."""
        return Memory(self.keys[:, :, :count], self.values[:, :, :count], self.vectors[:count])


@dataclass(slots=True)
class Branches:
    """K candidates growing from one memory: own keys and values (layers, H, K, room, S), of which `length` are
    filled. Where they have not all as many notes of their own, the notes of each begin in place `begins` (K,)."""

    memory: Memory
    keys: Floats
    values: Floats
    length: int = 0
    begins: Ints | None = None

    def places(self, at: int) -> int | Ints:
        """Where the notes in place `at` stand, after all that was read: one number, or (K, 1, 1)."""
        place = self.memory.length + at
        return place if self.begins is None else place - self.begins[:, None, None]

    def hidden(self, at: int) -> Bools | None:
        """Which places up to `at` hold no note of a candidate, (K, at + 1); None where all of them do."""
        return None if self.begins is None else np.arange(at + 1) < self.begins[:, None]


@dataclass(frozen=True, slots=True)
class Followed:
    """K lines that were read after a memory: own keys and values (layers, H, K, N, S), the trunk's vectors
    (K, N, D)."""

    memory: Memory
    keys: Floats
    values: Floats
    vectors: Floats

    def branches(self, lines: Ints, lengths: Ints, room: int) -> Branches:
        """Candidates that go on from the first `lengths` (C,) notes of some lines (C,), with room for so many more."""
        most, notes = int(lengths.max()), self.keys.shape[3]
        begins = most - lengths
        source = np.arange(most) - begins[:, None]  # (C, most): which note of the line is in each place
        own = source >= 0
        taken = lines[:, None], np.clip(source, 0, notes - 1)
        keys, values = (
            np.pad(np.where(own[..., None], array[:, :, *taken], 0), ((0, 0), (0, 0), (0, 0), (0, room), (0, 0)))
            for array in (self.keys, self.values)
        )
        return Branches(self.memory, keys, values, most, begins)
