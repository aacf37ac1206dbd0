"""What training reads: settings, the state of a run and its log, examples that were gathered."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch")

from safetensors.numpy import load_file, save_file

from sideslip.errors import DataError, SideslipError
from sideslip.propose.checkpoint import ModelConfig
from sideslip.train.bebopnet import training as bebopnet
from sideslip.train.critic.gather import read_examples
from sideslip.train.loop import TrainConfig, Trainer
from sideslip.train.settings import LIMITS, settings

from . import music

pytestmark = pytest.mark.torch

ARRAY = b"\x93NUMPY\x01\x00\x46\x00{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }".ljust(79) + b"\n1234"
"""One array, where several are wanted."""

SHAPE, CONFIG = ModelConfig(width=16, layers=1, heads=2, context=16), TrainConfig(steps=2, batch=2, length=8)


@pytest.mark.parametrize(
    "text",
    [
        "model = 3",
        "[model]\nwings = 2",
        "[more]\nsteps = 2",
        "[[train]]\nsteps = 2",
        "[model]\nwidth = 8192\nlayers = 8192\nheads = 1",
        "[model]\nwidth = 15",
        "[train]\nhalf = 1",
        "[train]\nseed = true",
        *(
            f"[model]\n{name} = {value}"
            for name in ("width", "layers", "context", "dropout")
            for value in ("-1", '"a"', "[]")
        ),
        *(
            f"[train]\n{name} = {value}"
            for name in ("steps", "batch", "rate", "every")
            for value in ("0", "nan", "1e308")
        ),
        "[train]\nsteps = " + "9" * 4000,
        "[train]\nsteps = 1.5",
    ],
)
def test_settings_that_no_run_has_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "hostile.toml"
    path.write_text(text)
    with pytest.raises(SideslipError) as caught:
        settings(path)
    assert str(caught.value).isprintable()


def test_every_setting_has_its_limits_and_what_is_usual_lies_within() -> None:
    usual = {name: getattr(kind(), name) for kind in (ModelConfig, TrainConfig) for name in kind.__dataclass_fields__}
    assert usual.keys() == LIMITS.keys()
    assert all(low <= usual[name] <= high for name, (low, high) in LIMITS.items())
    for path in (Path(__file__).resolve().parents[2] / "configs" / "train").glob("*.toml"):
        settings(path)


def saved(path: Path) -> bytes:
    Trainer.new(SHAPE, CONFIG).save(path)
    return path.read_bytes()


def test_a_state_that_is_damaged_or_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "state.safetensors"
    whole = saved(path)
    arrays = load_file(path)
    lies = {
        "missing": None,
        "empty": b"",
        "pickle": music.PICKLE,
        "torn": whole[:-1],
        "cut": whole[: len(whole) // 2],
        "zeros": bytes(5000),
    }
    for name, content in lies.items():
        path.unlink(missing_ok=True)
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(SideslipError) as caught:
            Trainer.new(SHAPE, CONFIG).load(path)
        assert "state" in str(caught.value) and str(caught.value).isprintable(), name
    for change in ({}, {"run": "[" * 10_000}, {"run": "[]"}, {"run": "{}"}):
        save_file(arrays, path, metadata=change)
        with pytest.raises(SideslipError):
            Trainer.new(SHAPE, CONFIG).load(path)


def test_a_state_with_arrays_that_do_not_fit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "state.safetensors"
    saved(path)
    trainer = Trainer.new(SHAPE, CONFIG)
    about = {"step": 1, "settings": trainer._settings()}
    arrays = load_file(path)
    name = next(iter(arrays))
    for wrong in ({name: arrays[name][:0]}, {"optimiser.x.y": arrays[name]}, {"optimiser.0": arrays[name]}):
        save_file(arrays | wrong, path, metadata={"run": json.dumps(about)})
        with pytest.raises(DataError, match="damaged"):
            trainer.load(path)
    save_file(arrays, path, metadata={"run": json.dumps(about | {"step": "soon"})})
    with pytest.raises(DataError, match="damaged"):
        trainer.load(path)


def test_the_benchmarks_state_says_which_step_was_best(tmp_path: Path) -> None:
    trainer = bebopnet.Trainer.new(replace(bebopnet.SHAPE, width=16, layers=1, heads=2), bebopnet.TrainConfig())
    path = tmp_path / "state.safetensors"
    trainer.best = (3, 4.5)
    trainer.save(path)
    trainer.load(path)
    assert trainer.best == (3, 4.5)
    arrays = load_file(path)
    save_file(arrays, path, metadata={"run": json.dumps({"step": 1, "settings": trainer._settings(), "best": [1]})})
    with pytest.raises(DataError, match="which step was the best"):
        trainer.load(path)


@pytest.mark.parametrize(
    "content", [b"", music.PICKLE, bytes(1000), b"PK\3\4" + bytes(100), b"\x93NUMPY" + bytes(200), ARRAY]
)
def test_examples_that_are_none_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "fold0.npz"
    path.write_bytes(content)
    with pytest.raises(DataError, match="cannot be read"):
        read_examples(path)
