"""The numpy engine plays what torch trained: the same logits to 1e-4."""

from pathlib import Path

import numpy as np
import pytest

from sideslip.errors import WeightsError
from sideslip.propose import tokens, views
from sideslip.propose.checkpoint import ModelConfig, read_weights, write_weights
from sideslip.propose.engine import Engine
from sideslip.testing.weights import random_weights

CONFIG = ModelConfig(width=32, layers=2, heads=4, context=40)


def rows(columns: dict[str, int], shape: tuple[int, ...], seed: int) -> tokens.Ints:
    rng = np.random.default_rng(seed)
    return np.stack([rng.integers(size, size=shape) for size in columns.values()], axis=-1)


def view_rows(choice: dict[str, int], shape: tuple[int, ...], classes: int, seed: int) -> tokens.Ints:
    rng, begins = np.random.default_rng(seed), tokens.offsets(choice)
    drawn = [
        begin + rng.integers(size, size=(*shape, classes)) for begin, size in zip(begins, choice.values(), strict=True)
    ]
    return np.stack(drawn, axis=-2)


@pytest.fixture(scope="module")
def weights() -> dict[str, np.ndarray]:
    torch = pytest.importorskip("torch")
    from sideslip.propose.transformer import LineModel

    torch.manual_seed(3)
    model = LineModel(CONFIG)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.2)  # far from the small values of a fresh model
    return {name: tensor.numpy() for name, tensor in model.state_dict().items()}


@pytest.mark.torch
def test_the_engine_agrees_with_torch_note_by_note(weights: dict[str, np.ndarray]) -> None:
    torch = pytest.importorskip("torch")
    from sideslip.propose import transformer

    model = transformer.LineModel(CONFIG)
    model.load_state_dict({name: torch.from_numpy(array) for name, array in weights.items()})
    model.eval()
    read, own, count = 21, 6, 3  # one block and a part of the next
    prefix = rows(tokens.INPUT, (read,), 1)
    suffix = rows(tokens.INPUT, (count, own), 2)
    targets = rows(tokens.TARGET, (count, read + own), 4)
    answers = rows(dict.fromkeys("sdpv", 8), (count, read + own), 5)
    choices = (views.SHIFT, tokens.SHIFTS), (views.DURATION, tokens.DURATIONS), (views.PITCH, range(tokens.PITCHES))
    seen = [view_rows(choice, (count, read + own), len(classes), 6) for choice, classes in choices]
    inputs = np.concatenate((np.repeat(prefix[None], count, axis=0), suffix), axis=1)
    with torch.no_grad():
        expected = model(*(torch.from_numpy(array) for array in (inputs, targets, answers, *seen)))

    engine = Engine(CONFIG, weights)
    memory = engine.read(prefix)
    branches = engine.fork(memory, count, own)
    vectors = [np.repeat(memory.vectors[-1:], count, axis=0)]
    vectors += [engine.advance(branches, suffix[:, step]) for step in range(own)]
    for step, h in enumerate(vectors):
        at = read - 1 + step
        aimed = engine.aim(h, targets[:, at])
        p = engine.with_duration(aimed, answers[:, at, 1])
        found = (
            engine.shift(h, seen[0][:, at]),
            engine.duration(aimed, seen[1][:, at]),
            engine.pitch(p, seen[2][:, at]),
            engine.velocity(p, answers[:, at, 2]),
        )
        for mine, theirs in zip(found, expected, strict=True):
            np.testing.assert_allclose(mine, theirs[:, at].numpy(), atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("known", [0, 1, 15, 16, 17, 33])
def test_what_was_known_before_changes_no_bit(known: int) -> None:
    engine = Engine(CONFIG, random_weights(CONFIG))
    played = rows(tokens.INPUT, (34,), 7)
    other = np.concatenate((played[:known], rows(tokens.INPUT, (5,), 8)))
    whole, grown = engine.read(played), engine.read(played, engine.read(other).first(known))
    for name in ("keys", "values", "vectors"):
        assert np.array_equal(getattr(whole, name), getattr(grown, name)), name


@pytest.mark.torch
def test_weights_come_back_as_they_were_written(weights: dict[str, np.ndarray], tmp_path: Path) -> None:
    path = tmp_path / "line.safetensors"
    write_weights(path, CONFIG, weights)
    config, found = read_weights(path)
    assert config == CONFIG
    assert found.keys() == weights.keys()
    assert all(np.array_equal(found[name], weights[name]) for name in weights)
    Engine.load(path)


@pytest.mark.torch
@pytest.mark.parametrize("damage", ["missing array", "another shape", "not a number", "truncated", "text", "absent"])
def test_damaged_weights_are_one_clear_line(weights: dict[str, np.ndarray], tmp_path: Path, damage: str) -> None:
    path = tmp_path / "line.safetensors"
    arrays = dict(weights)
    if damage == "missing array":
        del arrays["heads.shift.tables.bias"]
    if damage == "another shape":
        arrays["norm.weight"] = arrays["norm.weight"][:-1]
    if damage == "not a number":
        arrays["norm.weight"] = arrays["norm.weight"] * np.float32("nan")
    write_weights(path, CONFIG, arrays)
    if damage == "truncated":
        path.write_bytes(path.read_bytes()[:-1000])
    if damage == "text":
        path.write_text("not weights")
    if damage == "absent":
        path.unlink()
    with pytest.raises(WeightsError) as error:
        Engine.load(path)
    assert "\n" not in str(error.value)
    assert "line" in str(error.value)


def test_candidates_must_fit_the_context() -> None:
    config = ModelConfig(width=16, layers=1, heads=2, context=8)
    engine = Engine(config, random_weights(config))
    memory = engine.read(rows(tokens.INPUT, (6,), 1))
    with pytest.raises(ValueError, match="context of 8"):
        engine.fork(memory, 1, 3)
