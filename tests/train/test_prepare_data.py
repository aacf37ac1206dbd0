"""The script that makes files of solos, and what it is made of."""

import gzip
import importlib.util
import json
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.cli import exit_on_mistake
from sideslip.train.solo_records import Record, of_solo, sounding, tune_key
from sideslip.train.solos import NO_BASS, Solo, read_solos
from sideslip.train.solos_out import hold_out, write_solos


def prepare(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """The script's main in this process; its exit code."""
    script = Path(__file__).parents[2] / "scripts" / "prepare_data.py"
    spec = importlib.util.spec_from_file_location("prepare_data", script)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(sys, "argv", [str(script), *map(str, arguments)])
    try:
        exit_on_mistake(module.main)
    except SystemExit as left:
        return int(left.code or 0)
    return 0


# ---------------------------------------------------------------- sources, good and bad


def test_what_was_written_is_a_source_that_gives_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: Callable[..., Solo]
) -> None:
    first, again, packed = (tmp_path / name for name in ("first.jsonl", "again.jsonl", "again.jsonl.gz"))
    beats = len(made(2).chord)
    free = made(2, id="free", chord=("NC",) * beats, harm=None, bass=np.full(beats, NO_BASS))
    assert set(of_solo(free)["beats"]["bass"]) == {None}
    write_solos(first, [of_solo(made(1)), of_solo(free)])
    assert prepare(monkeypatch, first, "--out", again) == 0
    assert prepare(monkeypatch, first, "--out", packed) == 0
    assert again.read_bytes() == first.read_bytes() == gzip.decompress(packed.read_bytes())
    assert packed.read_bytes()[:10] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"  # no name, no time
    for solo, read in zip((made(1), free), read_solos(again), strict=True):
        for name in Solo.__slots__:
            assert np.array_equal(getattr(solo, name), getattr(read, name)), name


def folder_without_midi(here: Path) -> Path:
    (here / "empty").mkdir()
    return here / "empty"


def no_database(here: Path) -> Path:
    (here / "wjazzd.db").write_bytes(b"not at all" * 100)
    return here / "wjazzd.db"


def other_database(here: Path) -> Path:
    with closing(sqlite3.connect(here / "other.db")) as db:
        db.execute("CREATE TABLE melody(melid INTEGER)")
        db.commit()
    return here / "other.db"


def broken_database(here: Path) -> Path:
    whole = other_database(here).read_bytes()
    (here / "other.db").write_bytes(whole[:50] + bytes(len(whole) - 50))
    return here / "other.db"


def midi_file(here: Path) -> Path:
    (here / "solo.mid").write_bytes(b"MThd\0\0\0\6")
    return here / "solo.mid"


def no_solos(here: Path) -> Path:
    (here / "solos.jsonl").write_text('{"id": "x"}\n')
    return here / "solos.jsonl"


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (lambda here: here / "none.db", "cannot be read: No such file"),
        (folder_without_midi, "found none in"),
        (no_database, "is no database"),
        (other_database, "no table 'solo_info'"),
        (broken_database, "cannot be read as the Weimar Jazz Database"),
        (midi_file, "give the folder"),
        (no_solos, "line 1: a solo needs the field"),
    ],
)
def test_a_bad_source_is_one_line_and_no_file(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    source: Callable[[Path], Path],
    says: str,
) -> None:
    path, out = source(tmp_path), tmp_path / "out.jsonl.gz"
    before = sorted(tmp_path.iterdir())
    out.write_text("what was there")
    assert prepare(monkeypatch, path, "--out", out, "--val-share", 0.5) == 2
    said = capsys.readouterr().err
    assert (said.count("\n"), says in said) == (1, True), said
    assert out.read_text() == "what was there"
    assert sorted(tmp_path.iterdir()) == sorted([*before, out])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--out", "out.json"], "NAME.jsonl or NAME.jsonl.gz"),
        (["--out", "nowhere/out.jsonl"], "cannot write"),
        (["--out", "solos.jsonl"], "it is read"),
        (["--out", "out.jsonl", "--val-share", "2"], "--val-share takes a number"),
        (["--out", "out.jsonl", "--seed", "x"], "--seed takes a whole number"),
        (["solos.jsonl", "--out", "out.jsonl"], "comes twice"),
        (["--out", "out.jsonl", "--val-share", "0.1"], "at least 2 tunes, found 1"),
    ],
)
def test_bad_options_are_one_line_and_no_file(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    made: Callable[..., Solo],
    arguments: list[str],
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    write_solos(Path("solos.jsonl"), [of_solo(made(1))])
    assert prepare(monkeypatch, "solos.jsonl", *arguments) == 2
    said = capsys.readouterr().err
    assert (said.count("\n"), says in said) == (1, True), said
    assert [path.name for path in tmp_path.iterdir()] == ["solos.jsonl"]


# ---------------------------------------------------------------- holding out


def records(sizes: list[int]) -> list[Record]:
    """Two solos a tune, of so many notes together."""
    return [
        {"id": f"{tune}-{part}", "group": f"tune-{tune}", "notes": {"p": [60] * notes}}
        for tune, size in enumerate(sizes)
        for part, notes in enumerate((size // 2, size - size // 2))
    ]


def tunes(part: list[Record]) -> set[str]:
    return {record["group"] for record in part}


def size(part: list[Record]) -> int:
    return sum(len(record["notes"]["p"]) for record in part)


@given(st.lists(st.integers(2, 60), min_size=2, max_size=20), st.floats(0.01, 0.5), st.integers(0, 99))
def test_whole_tunes_are_held_out_within_the_share(sizes: list[int], share: float, seed: int) -> None:
    every = records(sizes)
    train, held_out = hold_out(every, share, seed)
    assert not tunes(train) & tunes(held_out) and train and held_out
    assert sorted(r["id"] for r in (*train, *held_out)) == sorted(r["id"] for r in every)
    assert size(held_out) <= share * sum(sizes) or [size(held_out), len(tunes(held_out))] == [min(sizes), 1]
    fitting = share * sum(sizes) - size(held_out)
    assert all(size([r for r in train if r["group"] == tune]) > fitting for tune in tunes(train))
    turned, turned_out = hold_out(every[::-1], share, seed)
    assert (tunes(turned), tunes(turned_out)) == (tunes(train), tunes(held_out))


def test_another_seed_holds_out_other_tunes() -> None:
    every = records([10] * 20)
    assert len({tuple(sorted(tunes(hold_out(every, 0.2, seed)[1]))) for seed in range(5)}) > 1


def test_the_held_out_part_is_a_file_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], made: Callable[..., Solo]
) -> None:
    source, out = tmp_path / "solos.jsonl", tmp_path / "s.jsonl.gz"
    write_solos(source, [of_solo(made(seed, id=f"made-{seed}", group=f"tune-{seed}")) for seed in range(4)])
    for _ in range(2):  # what is there already is replaced
        assert prepare(monkeypatch, source, "--out", out, "--val-share", 0.3, "--seed", 3) == 0
    train, held_out = (list(read_solos(tmp_path / name)) for name in ("s.jsonl.gz", "s.val.jsonl.gz"))
    assert sorted(solo.id for solo in (*train, *held_out)) == [f"made-{seed}" for seed in range(4)]
    assert len(held_out) == 1
    assert "s.val.jsonl.gz: solos 1, tunes 1, notes 120" in capsys.readouterr().out


# ---------------------------------------------------------------- what records share


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Ralph's Piano Waltz", "ralph-s-piano-waltz"),
        ("26-2", "26-2"),
        ("Água de Beber ", "agua-de-beber"),
        ("枯葉", "枯葉"),
        ("Vierd Blues", "trane-s-blues"),
    ],
)
def test_a_tune_has_one_key_however_it_is_written(title: str, key: str) -> None:
    assert tune_key(title) == tune_key(title.upper()) == key


@given(st.lists(st.sampled_from(["NC", "C7", "F7"]), max_size=12))
def test_a_break_holds_the_chord_before_it(chords: list[str]) -> None:
    held = sounding(chords)
    assert (held is None) == (set(chords) <= {"NC"})
    for index, chord in enumerate(held or ()):
        assert chord != "NC"
        assert chord == chords[index] or chords[index] == "NC"
        assert chords[index] != "NC" or index == 0 or chord == (held or [])[index - 1]


def test_lines_are_plain_ascii(tmp_path: Path, made: Callable[..., Solo]) -> None:
    odd = made(1, title="Água \ud800")
    write_solos(tmp_path / "x.jsonl", [of_solo(odd)])
    assert json.loads((tmp_path / "x.jsonl").read_text(encoding="ascii"))["title"] == odd.title
