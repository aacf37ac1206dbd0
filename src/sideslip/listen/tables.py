"""What the tracker has learnt, kept in one safetensors file: harmony by counting, phrase ends by regression."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import save

from sideslip.errors import WeightsError
from sideslip.listen.harmony.tables import HarmonyTables
from sideslip.listen.phrasing import PhraseWeights
from sideslip.weights import read_learnt

_HARMONY, _PHRASE = "harmony.", "phrase."


@dataclass(frozen=True, slots=True, eq=False)
class TrackerTables:
    """All that the ear knows beforehand."""

    harmony: HarmonyTables
    phrase: PhraseWeights

    @classmethod
    def unlearnt(cls) -> "TrackerTables":
        """What the rules alone know, for when the learnt tables cannot be read."""
        return cls(HarmonyTables.unlearnt(), PhraseWeights.timed())

    def packed(self) -> bytes:
        """The file that `load_tracker` reads; the same tables give the same bytes."""
        parts = ((_HARMONY, self.harmony.tensors()), (_PHRASE, self.phrase.tensors()))
        return save({prefix + name: np.ascontiguousarray(a) for prefix, arrays in parts for name, a in arrays.items()})


def load_tracker(path: str | Path) -> TrackerTables:
    """Read the tables. Raises WeightsError where the file is missing, damaged or holds anything else."""
    path = Path(path)
    arrays = read_learnt(path, "the tables of the tracker").arrays
    harmony, phrase = (
        {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
        for prefix in (_HARMONY, _PHRASE)
    )
    try:
        return TrackerTables(HarmonyTables.from_tensors(harmony), PhraseWeights.from_tensors(phrase))
    except WeightsError as error:
        raise WeightsError(f"{str(path)!r}: {error}") from error
