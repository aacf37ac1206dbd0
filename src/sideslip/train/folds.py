"""Cross-fitting: solos split by tune, and proposers that have not seen the tunes that they are asked about.

What a model says of a phrase it was trained on tells nothing about phrases it will meet; so whatever is learnt from a
model's word on training solos is learnt from models that were trained on the other tunes.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from sideslip.outside.tables import ListeningTables
from sideslip.propose.checkpoint import ModelConfig, write_weights
from sideslip.train.loop import TrainConfig, Trainer, train
from sideslip.train.pieces import Piece, outsideness
from sideslip.train.solos import Solo


def fold_of(solos: Sequence[Solo], folds: int) -> list[int]:
    """The fold 0..folds-1 of each solo; solos over one tune are in one fold."""
    tunes = {tune: number % folds for number, tune in enumerate(sorted({solo.group for solo in solos}))}
    return [tunes[solo.group] for solo in solos]


def train_fold(
    solos: Sequence[Solo],
    tables: ListeningTables,
    shape: ModelConfig,
    config: TrainConfig,
    out: Path,
    told: Callable[[str], None],
) -> None:
    """Train a proposer on some solos and write its weights to `out`.

    A run that was killed goes on from the state beside it; weights that are there already stay.
    """
    if out.exists():
        return
    trainer, state = Trainer.new(shape, config), out.with_suffix(".state.safetensors")
    if state.exists():
        trainer.load(state)
    pieces = [Piece.of(solo, outside=outsideness(solo, tables)) for solo in solos]

    def report(step: int, bits: list[float]) -> None:
        told(f"{out.stem}: step {step}/{config.steps}, {sum(bits[:3]):.3f} bits a note")

    for _ in train(trainer, pieces, report):
        trainer.save(state)
    weights = {name: array.numpy() for name, array in trainer.average.state_dict().items()}
    write_weights(out, shape, weights)
