"""The critic: how real does a line sound? Learnt from real phrases beside almost real ones.

A small net over the traits of a line: a trait counts in spreads from what is usual, one that nobody can tell as usual.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import save

from sideslip.errors import WeightsError
from sideslip.outside.lines import Floats
from sideslip.outside.traits import known
from sideslip.weights import read_learnt

FURTHEST = 3.0
"""Spreads from the usual beyond which a trait says no more."""

_ARRAYS = ("usual", "spread", "into", "bias", "out")


@dataclass(frozen=True, slots=True, eq=False)
class Critic:
    """The net: `names` of F traits, what is `usual` of each and its `spread` (F,); U units that are `into` (F, U) them
    with a `bias` (U,), and what each says (`out`, (U,)). Without names it has no opinion."""

    names: tuple[str, ...]
    usual: Floats
    spread: Floats
    into: Floats
    bias: Floats
    out: Floats

    @classmethod
    def unlearnt(cls) -> "Critic":
        """One without an opinion, for when the learnt weights cannot be read."""
        nothing = np.zeros(0)
        return cls((), nothing, nothing, np.zeros((0, 0)), nothing, nothing)

    def judge(self, traits: Mapping[str, Floats], lines: int) -> Floats:
        """How real each of K lines sounds, (K,), in log-odds (nats) against another over the same rhythm and chords.

        Raises KeyError for a trait that is not there.
        """
        if not self.names:
            return np.zeros(lines)
        z = self.standard(np.stack([traits[name] for name in self.names], axis=1))
        # added up in one order on every machine, which a BLAS does not promise
        units = np.maximum(0.0, (z[:, :, None] * self.into).sum(axis=1) + self.bias)
        worth: Floats = (units * self.out).sum(axis=1)
        return worth

    def standard(self, values: Floats) -> Floats:
        """Traits (K, F) in spreads from the usual, at most FURTHEST; 0 where nobody can tell."""
        z = (values - self.usual) / self.spread
        return np.where(np.isfinite(z), np.clip(z, -FURTHEST, FURTHEST), 0.0)

    def packed(self) -> bytes:
        """The file that `load_critic` reads; the same weights give the same bytes."""
        arrays = {name: np.ascontiguousarray(getattr(self, name), dtype=np.float32) for name in _ARRAYS}
        return save(arrays, metadata={"traits": " ".join(self.names)})


def load_critic(path: str | Path) -> Critic:
    """Read the weights. Raises WeightsError where the file is missing, damaged or holds anything else."""
    path = Path(path)
    found = read_learnt(path, "the weights of the critic")
    if missing := [name for name in _ARRAYS if name not in found.arrays]:
        raise WeightsError(f"wanted the weights of the critic in {str(path)!r}, found none called {missing[0]!r}")
    names, arrays = tuple(found.about.get("traits", "").split()), {name: found.arrays[name] for name in _ARRAYS}
    units = arrays["bias"].size
    shapes = dict(zip(_ARRAYS, ((len(names),), (len(names),), (len(names), units), (units,), (units,)), strict=True))
    if unknown := sorted(set(names) - known()):
        raise WeightsError(f"the critic in {str(path)!r} asks for traits that nobody measures: {', '.join(unknown)}")
    values = [arrays[name].astype(np.float64) for name in _ARRAYS]
    fits = all(array.shape == shapes[name] for name, array in arrays.items())
    if not fits or (values[1] <= 0).any():
        raise WeightsError(f"the critic in {str(path)!r} is damaged: its numbers do not fit its {len(names)} traits")
    return Critic(names, *values)
