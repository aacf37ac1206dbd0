"""The model in numpy, as it plays: the mathematics of `transformer`, without torch.

What was played is read once (`read`); its keys and values are shared by all candidates, each of which keeps only its
own beside them (`Branches`). Shapes: K candidates, T notes read, H heads of size S, width D.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sideslip.propose import tokens
from sideslip.propose.checkpoint import ModelConfig, Weights, read_weights
from sideslip.propose.memory import Branches, Floats, Followed, Memory
from sideslip.propose.tokens import Ints

EPSILON = np.float32(1e-5)

BLOCK = 16
"""Notes that are read at once."""

_CAUSAL = np.triu(np.full((BLOCK, BLOCK), -np.inf, dtype=np.float32), 1)


def softmax(x: Floats) -> Floats:
    """Over the last axis."""
    y: Floats = np.exp(x - np.maximum.reduce(x, axis=-1, keepdims=True))
    y /= np.add.reduce(y, axis=-1, keepdims=True)
    return y


@dataclass(frozen=True, slots=True)
class Layer:
    """The maps of one layer of the trunk, (in, out) each; see Engine for what is folded into them."""

    qkv: Floats
    out: Floats
    up: Floats
    down: Floats


class Engine:
    """Weights ready to play. All methods are pure but for the Branches they are given.

    What can be done to the weights once is not done at every note: the weight of a normalisation and the taking away of
    the mean go into the linear map that follows it, LN(x) @ W.T = x @ folded / spread(x); the trunk's vectors have no
    mean to be taken away, because nothing that is added to them has one; queries are scaled.
    """

    def __init__(self, config: ModelConfig, weights: Weights) -> None:
        self.config = config
        self.weights = weights
        size = config.width // config.heads
        angles = np.outer(np.arange(config.context + BLOCK), 10_000.0 ** (-np.arange(0, size, 2) / size))
        self._cos, self._sin = np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)
        self._table = _centred(weights["input.table.weight"])
        self._layers = [self._layer(f"blocks.{number}") for number in range(config.layers)]
        self._mlps = {
            name: (self._fold(f"{name}.norm.weight", f"{name}.up.weight"), weights[f"{name}.down.weight"].T)
            for name in ("heads.target_mlp", "heads.pitch_mlp")
        }
        self._input_offsets = tokens.offsets(tokens.INPUT)
        self._target_offsets = tokens.offsets(tokens.TARGET)

    def _layer(self, name: str) -> Layer:
        qkv = self._fold(f"{name}.attention.norm.weight", f"{name}.attention.qkv.weight")
        qkv[:, : self.config.width] *= np.float32((self.config.width // self.config.heads) ** -0.5)
        up = self._fold(f"{name}.mlp.norm.weight", f"{name}.mlp.up.weight")
        out, down = (_centred(self.weights[f"{name}.{part}.weight"].T) for part in ("attention.out", "mlp.down"))
        return Layer(qkv, out, up, down)

    def _fold(self, norm: str, linear: str) -> Floats:
        """A normalisation's weight, and its taking away of the mean, folded into the linear map after it, (in, out)."""
        scaled = self.weights[linear] * self.weights[norm]
        return np.ascontiguousarray((scaled - scaled.mean(axis=1, keepdims=True)).T)

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
            cos, sin = self._cos[at:end, None, None], self._sin[at:end, None, None]
            for number, layer in enumerate(self._layers):
                q, keys[number, :, at:end], values[number, :, at:end] = self._qkv(layer, x, cos, sin)
                weights = q @ keys[number, :, :end].swapaxes(-1, -2)
                weights[..., at:] += _CAUSAL
                y = softmax(weights) @ values[number, :, :end]
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
        memory, at = branches.memory, branches.length
        read, branches.length = memory.length, at + 1
        x = self._embed(inputs)
        cos, sin = (turns[branches.places(at)] for turns in (self._cos, self._sin))
        hidden = branches.hidden(at)
        for number, layer in enumerate(self._layers):
            q, k, v = self._qkv(layer, x, cos, sin)  # (H, K, S)
            branches.keys[number, :, :, at], branches.values[number, :, :, at] = k, v
            own_k, own_v = branches.keys[number, :, :, : at + 1], branches.values[number, :, :, : at + 1]
            shared = q @ memory.keys[number].swapaxes(-1, -2)  # (H, K, T)
            own = (own_k @ q[..., None])[..., 0]  # (H, K, at + 1)
            if hidden is not None:
                own[:, hidden] = -np.inf
            weights = softmax(np.concatenate((shared, own), axis=-1))
            y = weights[..., :read] @ memory.values[number]
            y += (weights[..., None, read:] @ own_v)[..., 0, :]
            x = self._close(layer, x, y.swapaxes(0, 1).reshape(x.shape))
        return self._vector(x)

    def follow(self, memory: Memory, inputs: Ints) -> Followed:
        """Read K lines that go on from one memory, all of their notes at once: rows (K, N, len(INPUT)). The trunk's
        vectors are those that `advance` gives note by note."""
        c, (lines, notes) = self.config, inputs.shape[:2]
        if memory.length + notes > c.context:
            raise ValueError(f"{memory.length} notes read and {notes} given are more than the context of {c.context}")
        x = self._embed(inputs.reshape(lines * notes, -1))
        places = np.tile(np.arange(memory.length, memory.length + notes), lines)
        cos, sin = (turns[places, None, None] for turns in (self._cos, self._sin))
        later = np.triu(np.full((notes, notes), -np.inf, dtype=np.float32), 1)
        keys = np.empty((c.layers, c.heads, lines, notes, c.width // c.heads), dtype=np.float32)
        values = np.empty_like(keys)
        for number, layer in enumerate(self._layers):
            q, k, v = self._qkv(layer, x, cos, sin)  # (H, K * N, S)
            own_q, own_k, own_v = (part.reshape(c.heads, lines, notes, -1) for part in (q, k, v))
            keys[number], values[number] = own_k, own_v
            shared = (q @ memory.keys[number].swapaxes(-1, -2)).reshape(c.heads, lines, notes, -1)
            own = own_q @ own_k.swapaxes(-1, -2) + later
            weights = softmax(np.concatenate((shared, own), axis=-1))
            read = weights[..., : memory.length].reshape(c.heads, lines * notes, -1)
            y = read @ memory.values[number]
            y += (weights[..., memory.length :] @ own_v).reshape(y.shape)
            x = self._close(layer, x, y.swapaxes(0, 1).reshape(x.shape))
        return Followed(memory, keys, values, self._vector(x).reshape(lines, notes, -1))

    def _embed(self, inputs: Ints) -> Floats:
        total: Floats = np.add.reduce(self._table[inputs + self._input_offsets], axis=-2)
        return total

    def _vector(self, x: Floats) -> Floats:
        vector: Floats = x / _spread(x) * self.weights["norm.weight"]
        return vector

    def _qkv(self, layer: Layer, x: Floats, cos: Floats, sin: Floats) -> tuple[Floats, Floats, Floats]:
        """Queries, keys (turned by their places) and values, (H, K, S) each."""
        flat = x @ layer.qkv
        flat /= _spread(x)
        parts = flat.reshape(len(x), 3, self.config.heads, -1)
        half = cos.shape[-1]
        a, b = parts[:, :2, :, :half], parts[:, :2, :, half:]
        turned = np.empty_like(parts[:, :2])
        np.subtract(a * cos, b * sin, out=turned[..., :half])
        np.add(b * cos, a * sin, out=turned[..., half:])
        q, k = turned.transpose(1, 2, 0, 3)
        return q, k, parts[:, 2].swapaxes(0, 1)

    def _close(self, layer: Layer, x: Floats, attended: Floats) -> Floats:
        x = x + attended @ layer.out
        return x + _squared_relu(x @ layer.up, _spread(x)) @ layer.down

    # ------------------------------------------------------------ the heads, in the order they are asked

    def shift(self, h: Floats, rows: Ints) -> Floats:
        """Logits of the shift to the coming note, (K, 55), from its views (K, views, 55)."""
        return self._views("shift", h, rows)

    def aim(self, h: Floats, targets: Ints) -> Floats:
        """The vector once the place of the coming note is known: rows (K, len(tokens.TARGET)) -> (K, D)."""
        t: Floats = h + self.weights["heads.target.table.weight"][targets + self._target_offsets].sum(axis=-2)
        return t + self._mlp("heads.target_mlp", t)

    def duration(self, aimed: Floats, rows: Ints) -> Floats:
        """Logits of the duration of the note before, (K, 16), from its views (K, views, 16)."""
        return self._views("duration", aimed, rows)

    def with_duration(self, aimed: Floats, duration: Ints) -> Floats:
        """The vector once the duration class (K,) of the note before is known too."""
        p = aimed + self.weights["heads.duration_table.weight"][duration]
        return p + self._mlp("heads.pitch_mlp", p)

    def pitch(self, p: Floats, rows: Ints) -> Floats:
        """Logits of the pitch, (K, 74), from its views (K, views, 74)."""
        return self._views("pitch", p, rows)

    def velocity(self, p: Floats, pitch: Ints) -> Floats:
        """Logits of the velocity once the pitch class index (K,) is known, (K, 8)."""
        return self._linear("heads.velocity", p + self.weights["heads.pitch_table.weight"][pitch])

    def _mlp(self, name: str, x: Floats) -> Floats:
        up, down = self._mlps[name]
        return _squared_relu(x @ up, _spread(x - x.mean(axis=-1, keepdims=True))) @ down

    def _views(self, choice: str, x: Floats, rows: Ints) -> Floats:
        """The sum of the tables of all views of a choice."""
        tables = self._linear(f"heads.{choice}.tables", x)
        begins = np.arange(len(rows))[:, None, None] * tables.shape[1]
        total: Floats = np.add.reduce(tables.ravel()[rows + begins], axis=1)
        return total

    def _linear(self, name: str, x: Floats) -> Floats:
        return x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]


def _centred(weights: Floats) -> Floats:
    """Rows without a mean."""
    return np.ascontiguousarray(weights - weights.mean(axis=-1, keepdims=True))


def _spread(x: Floats) -> Floats:
    """What layer normalisation divides rows (K, D) without a mean by: (K, 1)."""
    spread: Floats = np.sqrt(np.einsum("ij,ij->i", x, x) / np.float32(x.shape[1]) + EPSILON)[:, None]
    return spread


def _squared_relu(x: Floats, spread: Floats) -> Floats:
    """Of x divided by its spread; changes x."""
    x /= spread
    np.maximum(x, 0, out=x)
    x *= x
    return x
