"""Two processes that train together take the same steps, and learn as one does."""

import subprocess
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import load_file  # noqa: E402

pytestmark = pytest.mark.torch

PROGRAM = """
import sys
from pathlib import Path
import torch
from safetensors.torch import save_file
from torch import distributed

sys.path.insert(0, sys.argv[1])
from conftest import solo
from sideslip.propose.checkpoint import ModelConfig
from sideslip.train.loop import TrainConfig, Trainer
from sideslip.train.pieces import Piece

rank, ranks, folder = int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])
torch.set_num_threads(1)
if ranks > 1:
    distributed.init_process_group("gloo", init_method=f"file://{folder}/meet", rank=rank, world_size=ranks)
trainer = Trainer.new(
    ModelConfig(width=16, layers=1, heads=2, context=48),
    TrainConfig(steps=40, batch=4, length=32, warmup=2, rivals=2, rate=1e-2),
)
pieces = [Piece.of(solo(seed)) for seed in range(3)]
agree, gradients = Trainer._agree, {}


def watched(self):
    # keeps the gradients before and after the first time that the processes agree
    for when, done in (("own", lambda: None), ("agreed", lambda: agree(self))):
        done()
        for name, weights in self.model.named_parameters():
            gradients.setdefault(f"{when}.{name}", weights.grad.clone())


Trainer._agree = watched
bits = [float(trainer.advance(pieces)[:3].sum()) for _ in range(40)]
trainer.save(folder / f"{ranks}-{rank}.safetensors")
save_file(gradients, folder / f"{ranks}-{rank}-gradients.safetensors")
print(sum(bits[-10:]) / 10)
"""


def bits_at_the_end(folder: Path, *groups: int) -> list[list[float]]:
    """Train in groups of so many processes, all at once; the mean training bits of the last steps, as each process of
    each group saw it."""
    here = str(Path(__file__).parent)
    running = [
        [
            subprocess.Popen(
                [sys.executable, "-c", PROGRAM, here, str(rank), str(ranks), str(folder)],
                stdout=subprocess.PIPE,
                text=True,
            )
            for rank in range(ranks)
        ]
        for ranks in groups
    ]
    try:
        said = [[process.communicate(timeout=100)[0] for process in group] for group in running]
    finally:
        for process in (each for group in running for each in group):
            process.kill()  # one that waits for another which failed would wait on
            process.wait()
    assert all(process.returncode == 0 for group in running for process in group)
    return [[float(each.split()[-1]) for each in group] for group in said]


def test_two_processes_take_the_same_steps_and_learn_as_one_does(tmp_path: Path) -> None:
    (alone,), together = bits_at_the_end(tmp_path, 1, 2)
    first, second = (load_file(tmp_path / f"2-{rank}.safetensors") for rank in (0, 1))
    assert first.keys() == second.keys()
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert sum(together) / 2 == pytest.approx(alone, abs=0.6)
    own = [load_file(tmp_path / f"2-{rank}-gradients.safetensors") for rank in (0, 1)]
    names = [name.removeprefix("own.") for name in own[0] if name.startswith("own.")]
    assert names and any(not torch.equal(own[0][f"own.{name}"], own[1][f"own.{name}"]) for name in names)
    for name in names:
        mean = (own[0][f"own.{name}"] + own[1][f"own.{name}"]) / 2
        assert all(torch.allclose(each[f"agreed.{name}"], mean, rtol=1e-4, atol=1e-7) for each in own), name
