"""Small solos made up for tests, turns cut from them, and the tables of the ear."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sideslip.music.meter import Meter
from sideslip.outside.tables import ListeningTables, load_tables
from sideslip.resources import resource
from sideslip.train.proposer.contexts import Place, places
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


@pytest.fixture(scope="session")
def tables() -> ListeningTables:
    return load_tables(resource("models", "listening.safetensors"))


@pytest.fixture(scope="session")
def found(made: Callable[..., Solo]) -> list[Place]:
    """Every place of four made solos."""
    return [place for seed in range(4) for place in places(made(seed, notes=300))]


@pytest.fixture(scope="session")
def written() -> Callable[[Path, Sequence[Solo]], Path]:
    """Writes solos as a file that is read as such."""

    def write(path: Path, solos: Sequence[Solo]) -> Path:
        path.write_text("".join(json.dumps(_record(solo)) + "\n" for solo in solos), encoding="utf-8")
        return path

    return write


def _record(solo: Solo) -> dict[str, object]:
    beat, place = divmod(solo.onset_ticks, 12)
    return {
        **{name: getattr(solo, name) for name in ("id", "group", "performer", "title", "style", "key")},
        "rhythm_feel": solo.feel,
        "avg_tempo": solo.tempo,
        "signature": str(solo.meter),
        "beats": {
            **{name: getattr(solo, name).tolist() for name in ("bar", "beat", "num", "chorus", "bass")},
            "chord": list(solo.chord),
            "harm": list(solo.harm or solo.chord),
        },
        "notes": {
            "b": beat.tolist(),
            "tat": (place + 1).tolist(),
            "div": [12] * len(solo),
            "pos": solo.performed.tolist(),
            "p": solo.pitch.tolist(),
            "v": solo.velocity.tolist(),
            "db": solo.duration_beats.tolist(),
            "ph": solo.phrase.tolist(),
        },
    }
