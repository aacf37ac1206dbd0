"""Damaged weights in the place of those that ship: a line for each, and the music goes on without them."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.numpy import save

from sideslip.propose.checkpoint import write_weights
from sideslip.resources import resource
from sideslip.testing.weights import TINY, random_weights

from . import music
from .cases import Case, faults, run

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="cases are forked")

LEARNT = ("line", "listening", "critic", "tracker")

Damage = Callable[[bytes], bytes]


def changed(change: Callable[[NDArray[np.generic]], NDArray[np.generic]]) -> Damage:
    """Every array of numbers with a point changed, the rest kept."""

    def damage(whole: bytes) -> bytes:
        with NamedTemporaryFile() as copy:
            copy.write(whole)
            copy.flush()
            with safe_open(copy.name, framework="numpy") as file:
                about, arrays = file.metadata(), {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        arrays = {name: change(array) if array.dtype.kind == "f" else array for name, array in arrays.items()}
        return save({name: np.ascontiguousarray(array) for name, array in arrays.items()}, metadata=about)

    return damage


DAMAGES: dict[str, Damage] = {
    "empty": lambda whole: b"",
    "pickle": lambda whole: music.PICKLE,
    "zeros": lambda whole: bytes(100_000),
    "torn": lambda whole: whole[:-1],
    "header lies": lambda whole: (2**62).to_bytes(8, "little") + whole[8:],
    "another's": lambda whole: save({"a": np.zeros(3, np.float32)}),
    "no numbers": changed(lambda array: np.full_like(array, np.nan)),
    "huge": changed(lambda array: np.full_like(array, 1e30)),
    "flat": changed(lambda array: np.append(array.ravel(), array.ravel()[:1])),
}
ODD: dict[str, Damage] = {"halves": changed(lambda array: array.astype(np.float16))} | {
    str(value): changed(lambda array, value=value: np.full_like(array, value))  # type: ignore[misc]
    for value in (1e6, -1e6, 1e-45, 0.0)
}
"""What no training gives, and numbers all the same."""


def at_home(folder: Path, learnt: str, damage: Damage) -> Case:
    """A rehearsal with one learnt file damaged."""
    models = folder / "home" / "models"
    models.mkdir(parents=True)
    for name in LEARNT[1:]:
        (models / f"{name}.safetensors").write_bytes(resource("models", f"{name}.safetensors").read_bytes())
    write_weights(models / "line.safetensors", TINY, random_weights())
    (folder / "home" / "configs").mkdir()
    (folder / "home" / "configs" / "charts").symlink_to(resource("configs", "charts"))
    path = models / f"{learnt}.safetensors"
    path.write_bytes(damage(path.read_bytes()))
    (folder / "good.mid").write_bytes(music.smf(music.NOTE * 8 + music.END))
    return Case(learnt, folder, ["rehearse", "good.mid", "--chart", "blues-in-f", "--out", "out.mid"])


def wrong(damages: dict[str, Damage], folder: Path, may_play: bool) -> Iterator[tuple[str, list[str]]]:
    """Every file damaged in every way: where that ends otherwise than with one line that names it, and an answer."""
    found = [at_home(folder / f"{learnt}-{name}", learnt, damages[name]) for name in damages for learnt in LEARNT]
    for case, ended in zip(found, run(found), strict=True):
        told = [fault for fault in faults(case, ended, "home", False) if not fault.startswith("made")]
        lines = ended["err"].splitlines()
        warned = len(lines) == 1 and lines[0].startswith("sideslip: ") and f"{case.name}.safetensors" in lines[0]
        if ended["code"] or "bar " not in ended["out"] or not (warned or (may_play and not lines)):
            told.append(f"ended with {ended['code']}, said {ended['err']}")
        if told:
            yield case.folder.name, told


def test_the_music_goes_on_without_what_is_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIDESLIP_HOME", "home")  # each case's own
    assert dict(wrong(DAMAGES, tmp_path, may_play=False)) == {}


def test_numbers_that_no_training_gives_are_played_with_or_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIDESLIP_HOME", "home")
    assert dict(wrong(ODD, tmp_path, may_play=True)) == {}
