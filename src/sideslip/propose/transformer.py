"""The model, read top to bottom: a decoder-only transformer over notes, one compound step a note.

For the note to come it says in turn: the shift; then, with the place of that shift in view (chord, beat, what
follows), the duration of the note before; then the pitch; then the velocity. The logits of the first three are sums of
tables, one for each of the `views` of a class. Columns and classes are those of `tokens`.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from sideslip.propose import tokens, views
from sideslip.propose.checkpoint import ModelConfig


def rotary(length: int, size: int) -> tuple[Tensor, Tensor]:
    """Cosine and sine of rotary position embedding, each (length, size / 2). Su et al. 2021, base 10,000."""
    angles = torch.outer(torch.arange(length), 10_000.0 ** (-torch.arange(0, size, 2) / size))
    return angles.cos(), angles.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turn the pairs (first half, second half) of the last axis by their positions."""
    a, b = x.chunk(2, dim=-1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)


class MLP(nn.Module):
    """Squared ReLU between two linear maps, on a normalised input."""

    def __init__(self, width: int, ratio: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width, bias=False)
        self.up = nn.Linear(width, ratio * width, bias=False)
        self.down = nn.Linear(ratio * width, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down(F.relu(self.up(self.norm(x))).square())  # type: ignore[no-any-return]


class Attention(nn.Module):
    """Causal self-attention with rotary positions."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.norm = nn.LayerNorm(config.width, bias=False)
        self.qkv = nn.Linear(config.width, 3 * config.width, bias=False)
        self.out = nn.Linear(config.width, config.width, bias=False)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        batch, length, width = x.shape
        q, k, v = self.qkv(self.norm(x)).view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(rotate(q, cos, sin), rotate(k, cos, sin), v, is_causal=True)
        return self.out(y.transpose(1, 2).reshape(batch, length, width))  # type: ignore[no-any-return]


class Block(nn.Module):
    """One layer of the trunk."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.attention = Attention(config)
        self.mlp = MLP(config.width, 4)
        self.drop = nn.Dropout(config.dropout)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        x = x + self.drop(self.attention(x, cos, sin))
        return x + self.drop(self.mlp(x))  # type: ignore[no-any-return]


class Columns(nn.Module):
    """Rows of classes to vectors: one table, one row of it a column, added up.

    In training each column of a row is hidden with probability `masking`, so that none is leant on alone.
    """

    def __init__(self, columns: dict[str, int], width: int, masking: float) -> None:
        super().__init__()
        self.masking = masking
        self.table = nn.Embedding(sum(columns.values()), width)
        nn.init.normal_(self.table.weight, std=0.3 / len(columns) ** 0.5)
        self.offsets: Tensor
        self.register_buffer("offsets", torch.from_numpy(tokens.offsets(columns)), persistent=False)

    def forward(self, rows: Tensor) -> Tensor:
        bags = (rows + self.offsets).flatten(0, -2)
        seen = torch.full(bags.shape, 1.0, device=rows.device)
        seen = F.dropout(seen, self.masking, self.training)
        total = F.embedding_bag(bags, self.table.weight, mode="sum", per_sample_weights=seen)
        return total.view(*rows.shape[:-1], -1)


class Views(nn.Module):
    """Logits of a choice as the sum of one table a view."""

    def __init__(self, width: int, views: dict[str, int]) -> None:
        super().__init__()
        self.tables = nn.Linear(width, sum(views.values()))

    def forward(self, x: Tensor, rows: Tensor) -> Tensor:
        """From vectors (B, T, width) and the rows of each class (B, T, views, classes): (B, T, classes)."""
        seen = self.tables(x).gather(-1, rows.flatten(-2))
        return seen.view(rows.shape).sum(-2)  # type: ignore[no-any-return]


class Heads(nn.Module):
    """From a vector of the trunk to logits of shift, previous duration, pitch and velocity, each seeing those before
    it."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        width = config.width
        self.shift = Views(width, views.SHIFT)
        self.target = Columns(tokens.TARGET, width, config.masking)
        self.target_mlp = MLP(width, 2)
        self.duration = Views(width, views.DURATION)
        self.duration_table = nn.Embedding(len(tokens.DURATIONS), width)
        self.pitch_mlp = MLP(width, 2)
        self.pitch = Views(width, views.PITCH)
        self.pitch_table = nn.Embedding(tokens.PITCHES, width)
        self.velocity = nn.Linear(width, len(tokens.VELOCITIES))
        self.drop = nn.Dropout(config.dropout)
        for table in (self.duration_table, self.pitch_table):
            nn.init.normal_(table.weight, std=0.1)

    def forward(self, h: Tensor, targets: Tensor, answers: Tensor, seen: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """Logits of the four parts under teacher forcing.

        `h` (B, T, width); `targets` (B, T, len(TARGET)); `answers` (B, T, 4); `seen` the views of shift, duration and
        pitch, (B, T, views, classes) each. Returns (B, T, classes) for shift, previous duration, pitch, velocity.
        """
        shift = self.shift(h, seen[0])
        t = h + self.drop(self.target(targets))
        t = t + self.drop(self.target_mlp(t))
        duration = self.duration(t, seen[1])
        p = t + self.duration_table(answers[..., 1])
        p = p + self.drop(self.pitch_mlp(p))
        pitch = self.pitch(p, seen[2])
        velocity = self.velocity(p + self.pitch_table(answers[..., 2]))
        return shift, duration, pitch, velocity


class LineModel(nn.Module):
    """The whole: columns of played notes, blocks, heads."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.input = Columns(tokens.INPUT, config.width, config.masking)
        self.drop = nn.Dropout(config.dropout)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.norm = nn.LayerNorm(config.width, bias=False)
        self.heads = Heads(config)
        cos, sin = rotary(config.context, config.width // config.heads)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        for name, weight in self.named_parameters():  # residual branches begin small
            if name.endswith(("out.weight", "down.weight")):
                nn.init.normal_(weight, std=0.02 / (2 * config.layers) ** 0.5)

    def forward(self, inputs: Tensor, targets: Tensor, answers: Tensor, *seen: Tensor) -> tuple[Tensor, ...]:
        """Logits for each note from all before it; `inputs` (B, T, len(INPUT)), the rest as in Heads.forward."""
        length = inputs.shape[1]
        cos, sin = self.get_buffer("cos")[:length], self.get_buffer("sin")[:length]
        x = self.drop(self.input(inputs))
        for block in self.blocks:
            x = block(x, cos, sin)
        return self.heads(self.norm(x), targets, answers, seen)  # type: ignore[no-any-return]


def losses(logits: tuple[Tensor, ...], answers: Tensor) -> Tensor:
    """Cross-entropy in nats of each part: (B, T, 4)."""
    parts = [
        F.cross_entropy(part.flatten(0, 1), answers[..., i].flatten(), reduction="none")
        for i, part in enumerate(logits)
    ]
    return torch.stack(parts, dim=-1).view(*answers.shape[:2], 4)
