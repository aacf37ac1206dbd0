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
bits = [float(trainer.advance(pieces)[:3].sum()) for _ in range(40)]
trainer.save(folder / f"{ranks}-{rank}.safetensors")
print(sum(bits[-10:]) / 10)
"""


def bits_at_the_end(folder: Path, ranks: int) -> list[float]:
    """Train in so many processes at once; the mean training bits of the last steps, as each of them saw it."""
    here = str(Path(__file__).parent)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, here, str(rank), str(ranks), str(folder)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for rank in range(ranks)
    ]
    said = [process.communicate(timeout=120)[0] for process in running]
    assert all(process.returncode == 0 for process in running)
    return [float(each.split()[-1]) for each in said]


def test_two_processes_take_the_same_steps_and_learn_as_one_does(tmp_path: Path) -> None:
    (alone,), together = bits_at_the_end(tmp_path, 1), bits_at_the_end(tmp_path, 2)
    first, second = (load_file(tmp_path / f"2-{rank}.safetensors") for rank in (0, 1))
    assert first.keys() == second.keys()
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert sum(together) / 2 == pytest.approx(alone, abs=0.6)
