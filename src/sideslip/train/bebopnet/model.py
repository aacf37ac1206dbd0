"""The model: columns, a causal trunk, then the coming pitch, then, that pitch known, its duration.

Logits of both are sums of tables: one over the outcomes, and one over the classes of each view of them.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from sideslip.propose.checkpoint import ModelConfig
from sideslip.propose.transformer import MLP, Block, Columns, rotary
from sideslip.train.bebopnet.events import LONGEST, PITCHES
from sideslip.train.bebopnet.features import INPUT, KNOWN
from sideslip.train.bebopnet.habits import DURATION_HABITS, PITCH_HABITS
from sideslip.train.bebopnet.views import DURATION_VIEWS, PITCH_VIEWS


class Tables(nn.Module):
    """From vectors (..., width) and classes (..., candidates, views) to logits (..., candidates)."""

    def __init__(self, width: int, candidates: int, sizes: dict[str, int], habits: int) -> None:
        super().__init__()
        self.absolute = nn.Linear(width, candidates)
        self.views = nn.Linear(width, sum(sizes.values()))
        self.habits = nn.Linear(width, habits)
        nn.init.zeros_(self.habits.weight)
        nn.init.zeros_(self.habits.bias)
        self.first: Tensor
        starts = torch.tensor([0, *sizes.values()][:-1]).cumsum(0)
        self.register_buffer("first", starts, persistent=False)

    def forward(self, p: Tensor, classes: Tensor, habits: Tensor) -> Tensor:
        index = (classes.long() + self.first).flatten(-2)
        gathered = self.views(p).float().gather(-1, index).view(classes.shape)
        usual = (habits.float() @ self.habits(p).float()[..., None])[..., 0]
        return self.absolute(p).float() + gathered.sum(-1) + usual  # type: ignore[no-any-return]


class EventModel(nn.Module):
    """The whole; `config.context` events are seen at most."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        width = config.width
        self.input = Columns(INPUT, width, config.masking)
        self.drop = nn.Dropout(config.dropout)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.norm = nn.LayerNorm(width, bias=False)
        self.pitch = Tables(width, PITCHES + 1, PITCH_VIEWS, PITCH_HABITS)
        self.known = Columns(KNOWN, width, config.masking)
        self.known_mlp = MLP(width, 2)
        self.duration = Tables(width, LONGEST, DURATION_VIEWS, DURATION_HABITS)
        cos, sin = rotary(config.context, width // config.heads)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        for name, weight in self.named_parameters():  # residual branches begin small
            if name.endswith(("out.weight", "down.weight")):
                nn.init.normal_(weight, std=0.02 / (2 * config.layers) ** 0.5)

    def forward(
        self,
        inputs: Tensor,
        known: Tensor,
        by_pitch: Tensor,
        pitch_habits: Tensor,
        by_duration: Tensor,
        duration_habits: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """Logits (B, T, outcomes) of each event's pitch, and of its duration given its pitch."""
        length = inputs.shape[1]
        cos, sin = self.get_buffer("cos")[:length], self.get_buffer("sin")[:length]
        x = self.drop(self.input(inputs))
        for block in self.blocks:
            x = block(x, cos, sin)
        p = self.norm(x)
        pitch = self.pitch(p, by_pitch, pitch_habits)
        d = p + self.drop(self.known(known))
        d = d + self.drop(self.known_mlp(d))
        return pitch, self.duration(d, by_duration, duration_habits)


def losses(logits: tuple[Tensor, Tensor], answers: Tensor) -> Tensor:
    """Cross-entropy in nats of pitch and duration, (B, T, 2); 0 where the answer is below 0."""
    parts = [
        F.cross_entropy(part.flatten(0, 1), answers[..., i].flatten(), reduction="none", ignore_index=-1)
        for i, part in enumerate(logits)
    ]
    return torch.stack(parts, dim=-1).view(*answers.shape[:2], 2)
