"""The reader of annotated solos."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sideslip.errors import DataError
from sideslip.music.meter import Meter
from sideslip.music.phrase import Note
from sideslip.train.solos import LONGEST_LINE, NO_BASS, read_solos


def record(**changed: Any) -> dict[str, Any]:
    """Two bars of 3/4: a pickup beat without a chord, then C6 and G7; five notes, two of them on tick 16."""
    solo = {
        "id": "Nobody_Waltz",
        "group": "waltz",
        "performer": "Nobody",
        "title": "Waltz",
        "style": "COOL",
        "rhythm_feel": "SWING",
        "key": None,
        "avg_tempo": 150.5,
        "signature": "3/4",
        "beats": {
            "t": [0.0, 0.4, 0.8, 1.2],
            "bar": [0, 1, 1, 1],
            "beat": [3, 1, 2, 3],
            "num": [3, 3, 3, 3],
            "chord": ["NC", "C6", "C6", "G7"],
            "harm": ["C6", "C6", "C6", "G7"],
            "bass": [None, 36, 43, 43],
        },
        "notes": {
            "b": [0, 1, 1, 1, 3],
            "tat": [2, 1, 3, 8, 1],
            "div": [2, 1, 6, 20, 1],
            "pos": [0.56, 1.02, 1.34, 1.37, 2.98],
            "p": [67, 72, 76, 77, 79],
            "v": [80, 70, 90, 60, 100],
            "db": [0.4, 0.9, 0.01, 0.5, 2.0],
            "ph": [1, 1, 1, 1, 2],
        },
    }
    return {**solo, **changed}


def written(path: Path, *records: Any) -> Path:
    path.write_text("".join(json.dumps(each) + "\n" for each in records), encoding="utf-8")
    return path


def test_reads_every_field_on_the_timeline_of_beats(tmp_path: Path) -> None:
    (solo,) = read_solos(written(tmp_path / "solos.jsonl", record()))
    assert (solo.id, solo.key, solo.tempo, solo.meter, len(solo)) == ("Nobody_Waltz", None, 150.5, Meter(3, 4), 4)
    assert solo.onset_ticks.tolist() == [6, 12, 16, 36]  # the second note on tick 16 is left out
    assert solo.pitch.tolist() == [67, 72, 76, 79]
    assert solo.performed.tolist() == [0.56, 1.02, 1.34, 2.98]
    assert solo.phrase.tolist() == [1, 1, 1, 2]
    assert solo.bass.tolist() == [NO_BASS, 36, 43, 43]
    assert (solo.bar.tolist(), solo.beat.tolist(), solo.num.tolist()) == ([0, 1, 1, 1], [3, 1, 2, 3], [3] * 4)


def test_line_has_one_note_at_a_time_and_no_note_without_length(tmp_path: Path) -> None:
    (solo,) = read_solos(written(tmp_path / "solos.jsonl", record()))
    assert solo.line().notes == (
        Note(6, 67, 5, 80),
        Note(12, 72, 4, 70),  # 0.9 beat, cut at the next onset
        Note(16, 76, 1, 90),
        Note(36, 79, 24, 100),
    )


def test_chords_fill_breaks_where_the_changes_are_known(tmp_path: Path) -> None:
    free = record()
    free["beats"] |= {"chord": ["NC"] * 4, "harm": None}
    known, unknown = read_solos(written(tmp_path / "solos.jsonl", record(), free))
    assert [chord.symbol for chord in known.chord_at_beat] == ["C6", "C6", "C6", "G7"]
    assert [chord.quality for chord in unknown.chord_at_beat] == ["NC"] * 4
    changes = known.changes()
    assert (changes.starts, changes.length) == ((0, 36), 48)
    assert changes.at(36).symbol == "G7"


def test_arrays_are_read_only(tmp_path: Path) -> None:
    (solo,) = read_solos(written(tmp_path / "solos.jsonl", record()))
    with pytest.raises(ValueError, match="read-only"):
        solo.pitch[0] = 0


def test_gzip_is_recognised_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "solos"
    path.write_bytes(gzip.compress(json.dumps(record()).encode()))
    assert [solo.title for solo in read_solos(path)] == ["Waltz"]


def damaged(part: str, name: str, value: Any) -> dict[str, Any]:
    solo = record()
    solo[part][name] = value
    return solo


@pytest.mark.parametrize(
    ("solo", "says"),
    [
        ([1, 2], "found list"),
        ({}, "needs the field 'notes'"),
        (record(notes=[]), "wanted one solo"),
        (record(avg_tempo=4000), "20 to 400 bpm, found 4000"),
        (record(signature="waltz"), "a metre is written like 4/4"),
        (damaged("notes", "p", [60, 60, 60, 60, 128]), "'p' is a list of numbers from 0 to 127"),
        (damaged("notes", "pos", [0.5, 1, 1.1, 1.2, float("nan")]), "'pos' is a list of numbers"),
        (damaged("notes", "v", []), "'v' is a list of numbers"),
        (damaged("notes", "v", [[80]] * 5), "'v' is a list of numbers"),
        (damaged("notes", "v", [80] * 4), "of one length"),
        (damaged("notes", "b", [0, 1, 1, 1, 4]), "another order or place"),
        (damaged("notes", "b", [0, 1, 1, 1, 0]), "another order or place"),
        (damaged("notes", "tat", [3, 1, 3, 8, 1]), "another order or place"),
        (damaged("beats", "chord", ["C6"] * 3), "one a beat"),
        (damaged("beats", "chord", ["C6"] * 3 + ["Hm"]), "Hm"),
    ],
)
def test_a_malformed_solo_is_named_by_its_line(tmp_path: Path, solo: Any, says: str) -> None:
    solos = read_solos(written(tmp_path / "solos.jsonl", record(), solo))
    next(solos)
    with pytest.raises(DataError, match="line 2: ") as mistake:
        next(solos)
    assert says in str(mistake.value)
    assert "\n" not in str(mistake.value)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b" " * (LONGEST_LINE + 2),
        gzip.compress(json.dumps(record()).encode())[:-9],
        gzip.compress(b" " * (50 << 20)),
        b"\x1f\x8b rubbish",
    ],
    ids=["empty", "not text", "deep", "endless line", "truncated gzip", "gzip bomb", "not gzip"],
)
def test_a_hostile_file_is_one_clear_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "solos.jsonl.gz"
    path.write_bytes(content)
    with pytest.raises(DataError) as mistake:
        list(read_solos(path))
    assert "\n" not in str(mistake.value)


def test_a_missing_file_and_a_folder_are_no_solos(tmp_path: Path) -> None:
    for path in (tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(DataError, match=r"cannot be read: (No such file|it is a folder)"):
            list(read_solos(path))


def test_onsets_on_the_grid_increase_whatever_is_dropped(tmp_path: Path) -> None:
    crowd = record()
    crowd["notes"] = {
        "b": [0] * 30,
        "tat": list(range(1, 31)),
        "div": [30] * 30,
        "pos": [i / 30 for i in range(30)],
        "p": [60] * 30,
        "v": [80] * 30,
        "db": [0.03] * 30,
        "ph": [1] * 30,
    }
    (solo,) = read_solos(written(tmp_path / "solos.jsonl", crowd))
    assert solo.onset_ticks.tolist() == list(range(13))
    assert np.all(np.diff(solo.performed) > 0)
