"""Small solos made up for tests."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sideslip.music.meter import Meter
from sideslip.train.solos import Solo


def solo(seed: int = 0, notes: int = 120, **changed: Any) -> Solo:
    """Scales up and down over ii-V-I, four beats a chord, in eighths with rests."""
    rng = np.random.default_rng(seed)
    shifts = rng.choice([6, 6, 6, 12, 24], size=notes)
    onset = np.cumsum(shifts)
    beats = int(onset[-1]) // 12 + 2
    steps = rng.choice([-2, -1, 1, 2, 3], size=notes)
    chords = ("Dm7", "G7", "Cmaj7", "Cmaj7")
    symbols = tuple(chords[beat // 4 % 4] for beat in range(beats))
    index = np.arange(beats)
    fields: dict[str, Any] = {
        "id": f"made-{seed}",
        "group": "made",
        "performer": "Nobody",
        "title": "Made up",
        "style": "COOL",
        "feel": "SWING",
        "key": "C-maj",
        "tempo": 160.0,
        "meter": Meter(),
        "onset_ticks": onset,
        "performed": onset / 12,
        "pitch": 66 + np.abs(np.cumsum(steps)) % 20,
        "velocity": np.full(notes, 80),
        "duration_beats": shifts / 12 * 0.9,
        "phrase": np.cumsum(shifts == 24),
        "bar": index // 4 + 1,
        "beat": index % 4 + 1,
        "num": np.full(beats, 4),
        "chorus": np.ones(beats, dtype=np.int64),
        "bass": np.full(beats, 36),
        "chord": symbols,
        "harm": symbols,
    }
    return Solo(**(fields | changed))


@pytest.fixture(scope="session")
def made() -> Callable[..., Solo]:
    """The maker of solos."""
    return solo
