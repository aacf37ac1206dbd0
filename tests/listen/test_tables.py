"""The file of the tracker: whole, or refused in one line."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load, save

from sideslip.errors import WeightsError
from sideslip.listen.harmony.tables import HarmonyTables
from sideslip.listen.tables import TrackerTables, load_tracker
from sideslip.resources import resource

UNLEARNT = TrackerTables.unlearnt()


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    path = tmp_path / "tracker.safetensors"
    path.write_bytes(UNLEARNT.packed())
    return path


def test_what_is_stored_is_read(stored: Path) -> None:
    read = load_tracker(stored)
    for name, table in read.harmony.tensors().items():
        assert np.array_equal(table, UNLEARNT.harmony.tensors()[name])
    assert read.phrase.level == UNLEARNT.phrase.level
    assert read.packed() == UNLEARNT.packed()


def test_the_tables_that_ship_are_chances_that_sum_to_one() -> None:
    harmony = load_tracker(resource("models", "tracker.safetensors")).harmony
    for table, axes in ((harmony.line, 2), (harmony.after, 2), (harmony.key_line, 1), (harmony.moves, (1, 2))):
        assert np.allclose(table.sum(axis=axes), 1, atol=1e-5)
    assert harmony.change[0] > harmony.change[1] > harmony.change[2]
    assert harmony.moves[2, 5].sum() == harmony.moves[2].sum(axis=1).max()  # dominants fall by fifths most of all


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("harmony.line", None, "'line' of shape (3, 5, 12), found none"),
        ("harmony.line", np.ones((3, 5, 11), np.float32), "found one of shape (3, 5, 11)"),
        ("harmony.moves", np.zeros((5, 12, 5), np.float32), "chances between 0 and 1"),
        ("harmony.change", np.full(3, np.nan, np.float32), "holds values that are huge, or no numbers"),
        ("phrase.level", np.array([np.inf], np.float32), "holds values that are huge, or no numbers"),
        ("phrase.columns", None, "phrase ends want"),
    ],
)
def test_what_is_damaged_is_refused_by_name(stored: Path, name: str, value: np.ndarray | None, says: str) -> None:
    tensors = load(stored.read_bytes())
    del tensors[name]
    stored.write_bytes(save(tensors if value is None else tensors | {name: value}))
    with pytest.raises(WeightsError) as caught:
        load_tracker(stored)
    assert says in str(caught.value) and "\n" not in str(caught.value) and str(stored) in str(caught.value)


def test_no_file_and_no_safetensors_are_refused(tmp_path: Path) -> None:
    rubbish = tmp_path / "rubbish"
    rubbish.write_bytes(b"RIFF" * 40)
    for path, says in ((tmp_path / "none", "No such file"), (rubbish, "cannot be read")):
        with pytest.raises(WeightsError, match=says):
            load_tracker(path)


def test_tables_of_a_book_know_the_dominant_from_the_tonic() -> None:
    line = HarmonyTables.unlearnt().line
    assert line[0, 0, 11] > line[0, 0, 10] and line[0, 2, 10] > line[0, 2, 11]
