"""The model in numpy, as it plays: the mathematics of `transformer`, without torch.

What was played is read once (`read`); its keys and values are shared by all candidates, each of which keeps only its
own beside them (`Branches`). Shapes: K candidates, T notes read, H heads of size S, width D.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sideslip.propose import tokens
from sideslip.propose.checkpoint import ModelConfig, Weights, read_weights
from sideslip.propose.tokens import Ints

Floats = NDArray[np.float32]

EPSILON = np.float32(1e-5)

BLOCK = 16
"""Notes that are read at once."""

_CAUSAL = np.triu(np.full((BLOCK, BLOCK), -np.inf, dtype=np.float32), 1)


def steadied(x: Floats) -> Floats:
    """What layer normalisation divides the rows of x (..., D) by: (..., 1)."""
    width = np.float32(x.shape[-1])
    mean = np.add.reduce(x, axis=-1, keepdims=True) / width
    square = np.einsum("...i,...i->...", x, x)[..., None] / width
    spread: Floats = np.sqrt(square - mean * mean + EPSILON)
    return spread


def softmax(x: Floats) -> Floats:
    """Over the last axis."""
    y: Floats = np.exp(x - x.max(axis=-1, keepdims=True))
    y /= y.sum(axis=-1, keepdims=True)
    return y


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
    filled."""

    memory: Memory
    keys: Floats
    values: Floats
    length: int = 0


def _fold(weights: Weights, name: str) -> Floats:
    """The weights of a linear map (in, out) with those of the normalisation before it, and the taking away of the mean,
    folded in: LN(x) @ W.T = x @ folded / spread(x)."""
    before = name.rsplit(".", 2)[0] + ".norm.weight"
    scaled = weights[name] * weights[before]
    return np.ascontiguousarray((scaled - scaled.mean(axis=1, keepdims=True)).T)


class Engine:
    """Weights ready to play. All methods are pure but for the Branches they are given."""

    def __init__(self, config: ModelConfig, weights: Weights) -> None:
        self.config = config
        self._w = weights
        size = config.width // config.heads
        angles = np.outer(np.arange(config.context + BLOCK), 10_000.0 ** (-np.arange(0, size, 2) / size))
        self._cos, self._sin = np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)
        self._scale = np.float32(size**-0.5)
        self._folded = {name: _fold(weights, name) for name in weights if name.endswith((".qkv.weight", ".up.weight"))}
        self._final = np.asarray(weights["norm.weight"])
        self._input_offsets = tokens.offsets(tokens.INPUT)
        self._target_offsets = tokens.offsets(tokens.TARGET)

    @classmethod
    def load(cls, path: Path) -> "Engine":
        """Read weights. Raises WeightsError when they are missing, damaged or of another shape."""
        return cls(*read_weights(path))

    # ------------------------------------------------------------ the trunk

    def read(self, inputs: Ints, known: Memory | None = None) -> Memory:
        """Read played notes: rows (T, len(tokens.INPUT)), T within the model's context; of the first of them it may
        be `known` already what they said (as many as fill whole blocks).

        Notes are read in blocks of BLOCK, the last filled up, so that what a note says does not depend, to the last
        bit, on how much was known before.
        """
        c = self.config
        begin = 0 if known is None else known.length // BLOCK * BLOCK
        rows = np.zeros((-(-len(inputs) // BLOCK) * BLOCK, inputs.shape[1]), dtype=np.int64)
        rows[: len(inputs)] = inputs
        keys = np.zeros((c.layers, c.heads, len(rows), c.width // c.heads), dtype=np.float32)
        values, vectors = np.zeros_like(keys), np.zeros((len(rows), c.width), dtype=np.float32)
        if known is not None:
            keys[:, :, :begin], values[:, :, :begin] = known.keys[:, :, :begin], known.values[:, :, :begin]
            vectors[:begin] = known.vectors[:begin]
        for at in range(begin, len(rows), BLOCK):
            x, end = self._embed(rows[at : at + BLOCK]), at + BLOCK
            for layer in range(c.layers):
                q, keys[layer, :, at:end], values[layer, :, at:end] = self._qkv(layer, x, np.arange(at, end))
                k, v = keys[layer, :, :end], values[layer, :, :end]
                weights = q @ k.swapaxes(-1, -2) * self._scale
                weights[..., at:] += _CAUSAL
                y = softmax(weights) @ v
                x = self._close(layer, x, y.swapaxes(0, 1).reshape(BLOCK, c.width))
            vectors[at:end] = self._vector(x)
        length = len(inputs)
        return Memory(keys[:, :, :length], values[:, :, :length], vectors[:length])

    def fork(self, memory: Memory, count: int, room: int) -> Branches:
        """`count` candidates with room for `room` notes each; memory and room must fit the model's context."""
        c = self.config
        if memory.length + room > c.context:
            raise ValueError(f"{memory.length} notes read and {room} to come are more than the context of {c.context}")
        shape = (c.layers, c.heads, count, room, c.width // c.heads)
        return Branches(memory, np.empty(shape, dtype=np.float32), np.empty(shape, dtype=np.float32))

    def advance(self, branches: Branches, inputs: Ints) -> Floats:
        """Append one note to every candidate: rows (K, len(INPUT)) -> the trunk's vectors (K, D)."""
        c, memory, at = self.config, branches.memory, branches.length
        branches.length = at + 1
        x = self._embed(inputs)
        place = np.full(len(x), memory.length + at)
        for layer in range(c.layers):
            q, k, v = self._qkv(layer, x, place)  # (H, K, S)
            branches.keys[layer, :, :, at], branches.values[layer, :, :, at] = k, v
            own_k, own_v = branches.keys[layer, :, :, : at + 1], branches.values[layer, :, :, : at + 1]
            shared = q @ memory.keys[layer].swapaxes(-1, -2)  # (H, K, T)
            own = (own_k @ q[..., None])[..., 0]  # (H, K, at + 1)
            weights = softmax(np.concatenate((shared, own), axis=-1) * self._scale)
            y = weights[..., : memory.length] @ memory.values[layer]
            y += (weights[..., None, memory.length :] @ own_v)[..., 0, :]
            x = self._close(layer, x, y.swapaxes(0, 1).reshape(len(x), c.width))
        return self._vector(x)

    def _embed(self, inputs: Ints) -> Floats:
        rows: Floats = self._w["input.table.weight"][inputs + self._input_offsets]
        total: Floats = rows.sum(axis=-2)
        return total

    def _vector(self, x: Floats) -> Floats:
        vector: Floats = (x - x.mean(axis=-1, keepdims=True)) / steadied(x) * self._final
        return vector

    def _normed(self, name: str, x: Floats) -> Floats:
        """Layer normalisation and the linear map that follows it, in one."""
        y: Floats = x @ self._folded[f"{name}.weight"]
        y /= steadied(x)
        return y

    def _qkv(self, layer: int, x: Floats, place: Ints) -> tuple[Floats, Floats, Floats]:
        """Queries, keys (turned by their places) and values, (H, K, S) each."""
        flat = self._normed(f"blocks.{layer}.attention.qkv", x).reshape(len(x), 3, self.config.heads, -1)
        turned = flat[:, :2]
        a, b = np.split(turned, 2, axis=-1)
        cos, sin = self._cos[place, None, None], self._sin[place, None, None]
        q, k = np.concatenate((a * cos - b * sin, b * cos + a * sin), axis=-1).transpose(1, 2, 0, 3)
        return q, k, flat[:, 2].swapaxes(0, 1)

    def _close(self, layer: int, x: Floats, attended: Floats) -> Floats:
        x = x + attended @ self._w[f"blocks.{layer}.attention.out.weight"].T
        return x + self._mlp(f"blocks.{layer}.mlp", x)

    def _mlp(self, name: str, x: Floats) -> Floats:
        hidden = self._normed(f"{name}.up", x)
        np.maximum(hidden, 0, out=hidden)
        hidden *= hidden
        return hidden @ self._w[f"{name}.down.weight"].T

    # ------------------------------------------------------------ the heads, in the order they are asked

    def shift(self, h: Floats, rows: Ints) -> Floats:
        """Logits of the shift to the coming note, (K, 55), from its views (K, views, 55)."""
        return self._views("shift", h, rows)

    def aim(self, h: Floats, targets: Ints) -> Floats:
        """The vector once the place of the coming note is known: rows (K, len(tokens.TARGET)) -> (K, D)."""
        t: Floats = h + self._w["heads.target.table.weight"][targets + self._target_offsets].sum(axis=-2)
        return t + self._mlp("heads.target_mlp", t)

    def duration(self, aimed: Floats, rows: Ints) -> Floats:
        """Logits of the duration of the note before, (K, 16), from its views (K, views, 16)."""
        return self._views("duration", aimed, rows)

    def with_duration(self, aimed: Floats, duration: Ints) -> Floats:
        """The vector once the duration class (K,) of the note before is known too."""
        p = aimed + self._w["heads.duration_table.weight"][duration]
        return p + self._mlp("heads.pitch_mlp", p)

    def pitch(self, p: Floats, rows: Ints) -> Floats:
        """Logits of the pitch, (K, 74), from its views (K, views, 74)."""
        return self._views("pitch", p, rows)

    def velocity(self, p: Floats, pitch: Ints) -> Floats:
        """Logits of the velocity once the pitch class index (K,) is known, (K, 8)."""
        return self._linear("heads.velocity", p + self._w["heads.pitch_table.weight"][pitch])

    def _views(self, choice: str, x: Floats, rows: Ints) -> Floats:
        """The sum of the tables of all views of a choice."""
        tables = self._linear(f"heads.{choice}.tables", x)
        seen = np.take_along_axis(tables, rows.reshape(len(rows), -1), axis=1).reshape(rows.shape)
        total: Floats = seen.sum(axis=1)
        return total

    def _linear(self, name: str, x: Floats) -> Floats:
        return x @ self._w[f"{name}.weight"].T + self._w[f"{name}.bias"]
