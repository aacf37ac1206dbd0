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


def norm(x: Floats, weight: Floats) -> Floats:
    """Layer normalisation over the last axis, without bias."""
    x = x - x.mean(axis=-1, keepdims=True)
    x /= np.sqrt(np.mean(np.square(x), axis=-1, keepdims=True) + EPSILON)
    return x * weight


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


@dataclass(slots=True)
class Branches:
    """K candidates growing from one memory: own keys and values (layers, H, K, room, S), of which `length` are
    filled."""

    memory: Memory
    keys: Floats
    values: Floats
    length: int = 0


class Engine:
    """Weights ready to play. All methods are pure but for the Branches they are given."""

    def __init__(self, config: ModelConfig, weights: Weights) -> None:
        self.config = config
        self._w = weights
        size = config.width // config.heads
        angles = np.outer(np.arange(config.context), 10_000.0 ** (-np.arange(0, size, 2) / size))
        self._cos, self._sin = np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)
        self._scale = np.float32(size**-0.5)
        self._input_offsets = tokens.offsets(tokens.INPUT)
        self._target_offsets = tokens.offsets(tokens.TARGET)
        self._pitches = np.arange(tokens.PITCHES) + tokens.LOWEST_PITCH

    @classmethod
    def load(cls, path: Path) -> "Engine":
        """Read weights. Raises WeightsError when they are missing, damaged or of another shape."""
        return cls(*read_weights(path))

    # ------------------------------------------------------------ the trunk

    def read(self, inputs: Ints) -> Memory:
        """Read played notes: rows (T, len(tokens.INPUT)), T within the model's context."""
        c, w = self.config, self._w
        x = self._embed(inputs)
        length = len(x)
        causal = np.triu(np.full((length, length), -np.inf, dtype=np.float32), 1)
        keys, values = [], []
        for layer in range(c.layers):
            q, k, v = self._qkv(layer, x, np.arange(length))
            y = softmax(q @ k.swapaxes(-1, -2) * self._scale + causal) @ v
            x = self._close(layer, x, y.swapaxes(0, 1).reshape(length, c.width))
            keys.append(k)
            values.append(v)
        return Memory(np.stack(keys), np.stack(values), norm(x, w["norm.weight"]))

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
        return norm(x, self._w["norm.weight"])

    def _embed(self, inputs: Ints) -> Floats:
        rows: Floats = self._w["input.table.weight"][inputs + self._input_offsets]
        total: Floats = rows.sum(axis=-2)
        return total

    def _qkv(self, layer: int, x: Floats, place: Ints) -> tuple[Floats, Floats, Floats]:
        c, name = self.config, f"blocks.{layer}.attention"
        flat = norm(x, self._w[f"{name}.norm.weight"]) @ self._w[f"{name}.qkv.weight"].T
        q, k, v = flat.reshape(len(x), 3, c.heads, -1).transpose(1, 2, 0, 3)
        cos, sin = self._cos[place], self._sin[place]
        return self._rotate(q, cos, sin), self._rotate(k, cos, sin), v

    @staticmethod
    def _rotate(x: Floats, cos: Floats, sin: Floats) -> Floats:
        a, b = np.split(x, 2, axis=-1)
        return np.concatenate((a * cos - b * sin, b * cos + a * sin), axis=-1)

    def _close(self, layer: int, x: Floats, attended: Floats) -> Floats:
        x = x + attended @ self._w[f"blocks.{layer}.attention.out.weight"].T
        return x + self._mlp(f"blocks.{layer}.mlp", x)

    def _mlp(self, name: str, x: Floats) -> Floats:
        up = norm(x, self._w[f"{name}.norm.weight"]) @ self._w[f"{name}.up.weight"].T
        hidden: Floats = np.square(np.maximum(up, 0))
        return hidden @ self._w[f"{name}.down.weight"].T

    # ------------------------------------------------------------ the heads, in the order they are asked

    def shift(self, h: Floats) -> Floats:
        """Logits of the shift to the coming note, (K, 55)."""
        return self._linear("heads.shift", h)

    def aim(self, h: Floats, targets: Ints) -> Floats:
        """The vector once the place of the coming note is known: rows (K, len(tokens.TARGET)) -> (K, D)."""
        t: Floats = h + self._w["heads.target.table.weight"][targets + self._target_offsets].sum(axis=-2)
        return t + self._mlp("heads.target_mlp", t)

    def duration(self, aimed: Floats) -> Floats:
        """Logits of the duration of the note before, (K, 16)."""
        return self._linear("heads.duration", aimed)

    def with_duration(self, aimed: Floats, duration: Ints) -> Floats:
        """The vector once the duration class (K,) of the note before is known too."""
        p = aimed + self._w["heads.duration_table.weight"][duration]
        return p + self._mlp("heads.pitch_mlp", p)

    def pitch(self, p: Floats, last_pitch: Ints, root: Ints) -> Floats:
        """Logits of the pitch (K, 74) after MIDI pitches `last_pitch` (K,) over roots (K,): the sum of three tables."""
        degree = (self._pitches - root[:, None]) % 12
        leap = np.clip(self._pitches - last_pitch[:, None], -tokens.REACH, tokens.REACH) + tokens.REACH
        relative = np.take_along_axis(self._linear("heads.relative", p), degree, axis=-1)
        interval = np.take_along_axis(self._linear("heads.interval", p), leap, axis=-1)
        return self._linear("heads.absolute", p) + relative + interval

    def velocity(self, p: Floats, pitch: Ints) -> Floats:
        """Logits of the velocity once the pitch class index (K,) is known, (K, 8)."""
        return self._linear("heads.velocity", p + self._w["heads.pitch_table.weight"][pitch])

    def _linear(self, name: str, x: Floats) -> Floats:
        return x @ self._w[f"{name}.weight"].T + self._w[f"{name}.bias"]
