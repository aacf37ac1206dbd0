"""The torch that the engine is measured against does the engine's work."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from sideslip.propose import tokens  # noqa: E402
from sideslip.propose.checkpoint import ModelConfig  # noqa: E402
from sideslip.propose.engine import Engine  # noqa: E402
from sideslip.propose.transformer import LineModel  # noqa: E402
from sideslip.testing.weights import random_weights  # noqa: E402
from sideslip.train.stepping import Stepper  # noqa: E402

pytestmark = pytest.mark.torch


def test_torch_and_the_engine_go_the_same_steps() -> None:
    config = ModelConfig(width=32, layers=2, heads=4, context=40)
    weights = random_weights(config, seed=3, scale=0.3)
    model = LineModel(config)
    model.load_state_dict({name: torch.from_numpy(array) for name, array in weights.items()})
    rng = np.random.default_rng(1)
    read, *steps = (
        np.stack([rng.integers(size, size=count) for size in tokens.INPUT.values()], axis=-1) for count in (13, 5, 5, 5)
    )
    engine = Engine(config, weights)
    branches, stepper = engine.fork(engine.read(read), 5, 3), Stepper(model, read, 5)
    for rows in steps:
        np.testing.assert_allclose(engine.advance(branches, rows), stepper.advance(rows).numpy(), atol=1e-4, rtol=1e-4)
