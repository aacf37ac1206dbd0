"""Commands run in this process, with a model that knows nothing, so that they are quick."""

from collections.abc import Callable
from pathlib import Path

import mido
import pytest

from sideslip.cli import main
from sideslip.propose.checkpoint import write_weights
from sideslip.resources import resource
from sideslip.testing.weights import TINY, random_weights

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in the place of what ships: the shipped charts and ear, a tiny model."""
    folder = tmp_path / "home"
    (folder / "configs").mkdir(parents=True)
    (folder / "configs" / "charts").symlink_to(resource("configs", "charts"))
    (folder / "models").mkdir()
    (folder / "models" / "listening.safetensors").symlink_to(resource("models", "listening.safetensors"))
    write_weights(folder / "models" / "line.safetensors", TINY, random_weights())
    monkeypatch.setenv("SIDESLIP_HOME", str(folder))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    return folder


@pytest.fixture
def run(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line in an empty folder: exit code, standard output, standard error."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)

    def run(*arguments: object) -> tuple[int, str, str]:
        code = 0
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as ended:
            code = int(ended.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def call(tmp_path: Path) -> Path:
    """Four bars of 4/4 in quarters, at 100 bpm."""
    return _write(tmp_path / "call.mid", beats=16)


@pytest.fixture
def long_call(tmp_path: Path) -> Path:
    """Sixteen bars."""
    return _write(tmp_path / "long.mid", beats=64)


def _write(path: Path, beats: int) -> Path:
    file, track = mido.MidiFile(ticks_per_beat=96), mido.MidiTrack()
    file.tracks.append(track)
    track.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(100)))
    track.append(mido.MetaMessage("time_signature", numerator=4, denominator=4))
    for beat in range(beats):
        track.append(mido.Message("note_on", note=60 + beat % 8, velocity=80))
        track.append(mido.Message("note_off", note=60 + beat % 8, time=96))
    file.save(path)
    return path
