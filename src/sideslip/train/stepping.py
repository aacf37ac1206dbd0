"""The model in torch, note by note, with a shared prefix: what the engine that plays is measured against."""

import torch
from torch import Tensor
from torch.nn import functional as F

from sideslip.propose.tokens import Ints
from sideslip.propose.transformer import LineModel, rotate


class Stepper:
    """K candidates growing from what was read once: rows as in Engine.read and Engine.advance, vectors the same."""

    def __init__(self, model: LineModel, rows: Ints, count: int) -> None:
        """Read rows (T, len(INPUT)) for `count` candidates."""
        self.model = model.eval()
        self.cos, self.sin = model.get_buffer("cos"), model.get_buffer("sin")
        self.read: list[tuple[Tensor, Tensor]] = []
        self.own: list[tuple[Tensor, Tensor]] = []
        self.length, empty = 0, torch.zeros(model.config.heads, count, 0, model.config.width // model.config.heads)
        with torch.no_grad():
            x = model.input(torch.from_numpy(rows)[None])
            for block in model.blocks:
                q, k, v = self._qkv(block, x, 0)
                y = F.scaled_dot_product_attention(q[None], k[None], v[None], is_causal=True)[0]
                x = self._close(block, x, y.transpose(0, 1).reshape(x.shape))
                self.read.append((k, v))
                self.own.append((empty, empty))
        self.length = len(rows)

    @torch.no_grad()
    def advance(self, rows: Ints) -> Tensor:
        """Append one note to every candidate: rows (K, len(INPUT)) -> the trunk's vectors (K, width)."""
        model, scale = self.model, (self.model.config.width // self.model.config.heads) ** -0.5
        x = model.input(torch.from_numpy(rows))
        for number, block in enumerate(model.blocks):
            q, k, v = self._qkv(block, x[None], self.length)
            (read_k, read_v), (own_k, own_v) = self.read[number], self.own[number]
            own_k, own_v = (torch.cat(pair, dim=2) for pair in ((own_k, k[:, :, None]), (own_v, v[:, :, None])))
            self.own[number] = own_k, own_v
            weights = torch.cat((q @ read_k.mT, (own_k @ q[..., None])[..., 0]), dim=-1)
            weights = (weights * scale).softmax(-1)
            seen = read_k.shape[1]
            y = weights[..., :seen] @ read_v + (weights[..., None, seen:] @ own_v)[..., 0, :]
            x = self._close(block, x, y.transpose(0, 1).reshape(x.shape))
        self.length += 1
        return model.norm(x)  # type: ignore[no-any-return]

    def _qkv(self, block: torch.nn.Module, x: Tensor, place: int) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values (H, N, S) of x (1, N, width): N notes from a place on, or candidates at one."""
        attention = block.get_submodule("attention")
        flat = attention.get_submodule("qkv")(attention.get_submodule("norm")(x))
        q, k, v = flat.view(x.shape[1], 3, self.model.config.heads, -1).permute(1, 2, 0, 3)
        places = slice(0, x.shape[1]) if not self.length else slice(place, place + 1)
        return rotate(q, self.cos[places], self.sin[places]), rotate(k, self.cos[places], self.sin[places]), v

    @staticmethod
    def _close(block: torch.nn.Module, x: Tensor, attended: Tensor) -> Tensor:
        x = x + block.get_submodule("attention.out")(attended)
        return x + block.get_submodule("mlp")(x)  # type: ignore[no-any-return]
