"""Solos made up for tests as the figures of the proposer need them, and the tables of the ear."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from sideslip.outside.tables import ListeningTables, load_tables
from sideslip.resources import resource
from sideslip.train.proposer.contexts import Place, places
from sideslip.train.solos import Solo


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
