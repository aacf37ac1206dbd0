"""Every file of the corpus, given to every command that reads its kind: one clear line, at once, and nothing else."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from . import data, music
from .cases import ROOT, Case, faults, run

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="cases are forked")

HERE = "{file}"
PREPARE = [str(ROOT / "scripts" / "prepare_data.py"), HERE, "--out", "out.jsonl"]


@dataclass(frozen=True)
class Group:
    """Files of a kind under one name, the commands that read them, and whether these are to refuse them."""

    files: Callable[[], music.Named]
    name: str
    commands: tuple[list[str], ...]
    refused: bool = True


READ_CALL = (
    ["analyze", HERE, "--chart", "blues-in-f", "--picture", "out.svg"],
    ["rehearse", HERE, "--chart", "blues-in-f", "--out", "out.mid", "--trace", "out.jsonl"],
)
READ_CHART = (["charts", HERE], ["analyze", "good.mid", "--chart", HERE, "--picture", "out.svg"])
JAM = ["jam", "--config", HERE]
REPLAY = (["replay", HERE, "--out", "out.mid"], ["replay", HERE, "--outside", "1", "--out", "out.mid"])

GROUPS = {
    "midi": Group(music.midi_files, "hostile.mid", READ_CALL),
    "hard midi": Group(music.hard_midi_files, "hostile.mid", READ_CALL, refused=False),
    "charts": Group(music.charts, "hostile.txt", READ_CHART),
    "hard charts": Group(music.hard_charts, "hostile.txt", READ_CHART, refused=False),
    "scores": Group(music.scores, "hostile.musicxml", READ_CHART[:1]),
    "archives": Group(music.archives, "hostile.mxl", READ_CHART[:1]),
    "hard scores": Group(music.hard_scores, "hostile.musicxml", READ_CHART, refused=False),
    "settings": Group(data.settings_files, "hostile.toml", (JAM,)),
    "journals": Group(data.journals, "hostile.journal", REPLAY),
    "hard journals": Group(data.hard_journals, "hostile.journal", REPLAY, refused=False),
    "solos": Group(data.solos, "hostile.jsonl.gz", (PREPARE,)),
}


def cases(group: Group, folder: Path) -> Iterator[Case]:
    for kind, content in group.files():
        for number, command in enumerate(group.commands):
            place = folder / f"{kind}-{number}"
            place.mkdir()
            (place / group.name).write_bytes(content)
            (place / "good.mid").write_bytes(music.smf(music.NOTE * 8 + music.END))
            yield Case(f"{kind}: {command[0]}", place, [word.replace(HERE, group.name) for word in command])


@pytest.mark.parametrize("kind", GROUPS)
def test_every_file_is_refused_in_one_line_or_read_in_bounds(kind: str, tmp_path: Path) -> None:
    group = GROUPS[kind]
    found = list(cases(group, tmp_path))
    before = {case.name: (case.folder / group.name).read_bytes() for case in found}
    wrong = {}
    for case, ended in zip(found, run(found), strict=True):
        told = list(faults(case, ended, group.name, group.refused))
        if (case.folder / group.name).read_bytes() != before[case.name]:
            told.append("changed the file")
        if told:
            wrong[case.name] = told
    assert wrong == {}
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(case.folder.name for case in found)
