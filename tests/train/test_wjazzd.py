"""Solos from a database in the form of the published one, made here."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sideslip.errors import DataError
from sideslip.music.meter import Meter
from sideslip.train.solos import NO_BASS, read_solos
from sideslip.train.solos_out import write_solos
from sideslip.train.sources import read_sources
from sideslip.train.wjazzd import read_wjazzd

SCHEMA = """
CREATE TABLE melody(eventid INTEGER PRIMARY KEY, melid INTEGER, onset REAL, pitch REAL, duration REAL, period INTEGER,
 division INTEGER, bar INTEGER, beat INTEGER, tatum INTEGER, loud_med REAL);
CREATE TABLE beats(beatid INTEGER PRIMARY KEY, melid INTEGER, onset REAL, bar INTEGER, beat INTEGER, signature TEXT,
 chord TEXT, form TEXT, bass_pitch INTEGER, chorus_id INTEGER);
CREATE TABLE sections(melid INTEGER, type TEXT, start INTEGER, end INTEGER, value TEXT);
CREATE TABLE solo_info(melid INTEGER, performer TEXT, title TEXT, solopart INTEGER, style TEXT, avgtempo FLOAT,
 rhythmfeel TEXT, key TEXT, signature TEXT);
CREATE TABLE transcription_info(melid INTEGER, filename_sv TEXT);
"""
"""What is read of the published tables, in the order of their columns."""

BEATS = [
    # onset, bar, beat, signature, chord, bass, chorus: a pickup, two bars of 3/4, and one that breaks off
    (1.0, 0, 3, "", "NC", None, 0),
    (1.5, 1, 1, "3/4", "Bbj7", 46, 1),
    (2.0, 1, 2, "", "", 50, 1),
    (2.5, 1, 3, "", None, 53, 1),
    (3.1, 2, 1, "", "G79b/B", 47, 1),
    (3.7, 2, 2, "", "NC", None, 1),
    (4.3, 2, 3, "", "", None, 1),
    (4.7, 3, 1, "", "C-7", 48, 1),
]
NOTES = [
    # onset, pitch, duration, bar, beat, tatum, division, loudness
    (1.3, 65, 0.1, 0, 3, 2, 2, 60.0),
    (1.48, 67, 0.27, 1, 1, 1, 1, 64.0),
    (2.0, 68, 0.001, 1, 2, 1, 3, None),
    (2.35, 70, 0.15, 1, 2, 3, 3, -66.2),
    (3.4, 72, 0.6, 2, 1, 3, 4, 68.0),
    (4.9, 74, 0.4, 3, 1, 2, 2, 92.0),
]
PHRASES = [(0, 2), (3, 5)]

Spoil = Callable[[sqlite3.Connection], object]


def database(path: Path, spoil: Spoil = lambda _: None) -> Path:
    with closing(sqlite3.connect(path)) as db:
        db.executescript(SCHEMA)
        for melid, title in ((7, "Little Waltz"), (12, "Thriving on a Riff")):
            db.execute(
                "INSERT INTO solo_info VALUES (?, 'Ann Onym', ?, 2, 'COOL', 121.5, 'SWING', '', NULL)", (melid, title)
            )
            db.executemany(
                "INSERT INTO beats(melid, onset, bar, beat, signature, chord, bass_pitch, chorus_id) "
                f"VALUES ({melid}, ?, ?, ?, ?, ?, ?, ?)",
                BEATS,
            )
            db.executemany(
                "INSERT INTO melody(melid, onset, pitch, duration, bar, beat, tatum, division, loud_med) "
                f"VALUES ({melid}, ?, ?, ?, ?, ?, ?, ?, ?)",
                NOTES,
            )
            db.executemany(f"INSERT INTO sections VALUES ({melid}, 'PHRASE', ?, ?, '')", PHRASES)
            db.execute(f"INSERT INTO sections VALUES ({melid}, 'CHORD', 1, 1, 'Bbj7')")
        db.execute("INSERT INTO transcription_info VALUES (7, 'AnnOnym_LittleWaltz-2_FINAL.sv')")
        spoil(db)
        db.commit()
    return path


def test_a_solo_of_the_database_as_training_reads_it(tmp_path: Path) -> None:
    write_solos(tmp_path / "out.jsonl", read_wjazzd(database(tmp_path / "wjazzd.db")))
    solo, other = read_solos(tmp_path / "out.jsonl")
    assert (solo.id, solo.group, solo.performer) == ("AnnOnym_LittleWaltz-2", "little-waltz", "Ann Onym")
    assert (solo.style, solo.feel, solo.key, solo.tempo, solo.meter) == ("COOL", "SWING", None, 121.5, Meter(3, 4))
    assert solo.onset_ticks.tolist() == [6, 12, 24, 32, 54, 90]
    assert solo.performed.tolist() == pytest.approx([0.6, 0.96, 2.0, 2.7, 4.5, 7.5])
    assert solo.duration_beats.tolist() == pytest.approx([0.2, 0.54, 0.02, 0.3, 1.0, 1.0])  # the last beyond the track
    assert solo.pitch.tolist() == [65, 67, 68, 70, 72, 74]
    assert solo.phrase.tolist() == [1, 1, 1, 2, 2, 2]
    assert solo.bar.tolist() == [0, 1, 1, 1, 2, 2, 2, 3]
    assert solo.num.tolist() == [3] * 8
    assert solo.chorus.tolist() == [0] + [1] * 7
    assert solo.bass.tolist() == [NO_BASS, 46, 50, 53, 47, NO_BASS, NO_BASS, 48]
    assert solo.chord == ("NC", *["Bbmaj7"] * 3, "G7b9/B", "NC", "NC", "Cm7")
    assert solo.harm == (*["Bbmaj7"] * 4, *["G7b9/B"] * 3, "Cm7")
    assert (other.id, other.group) == ("AnnOnym_ThrivingonaRiff-2", "anthropology")


def test_velocity_says_how_far_a_note_is_from_the_median_loudness(tmp_path: Path) -> None:
    solo, _ = read_wjazzd(database(tmp_path / "wjazzd.db"))
    # heard: 60, 64, 68, 92; median 66, quartiles 63 and 74, so a standard deviation is 11 / 1.349 decibels
    wanted = [80 + 14 * (x - 66) / (11 / 1.349) for x in (60, 64, 68)]
    assert solo["notes"]["v"] == [*map(round, wanted[:2]), 80, 80, round(wanted[2]), 120]


def test_loudness_that_is_missing_or_never_changes_is_the_median(tmp_path: Path) -> None:
    for number, value in enumerate(("NULL", "''", "70")):
        path = database(tmp_path / f"{number}.db", changed(f"UPDATE melody SET loud_med = {value}"))
        assert {v for record in read_wjazzd(path) for v in record["notes"]["v"]} == {80}


def changed(sql: str) -> Spoil:
    return lambda db: db.executescript(sql)


def test_tempo_and_metre_come_from_the_beats_where_nothing_says_them(tmp_path: Path) -> None:
    path = database(
        tmp_path / "wjazzd.db", changed("UPDATE solo_info SET avgtempo = ''; UPDATE beats SET signature = ''")
    )
    solo, _ = read_wjazzd(path)
    assert (solo["avg_tempo"], solo["signature"]) == (120.0, "3/4")  # the median beat lasts half a second


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("UPDATE beats SET chord = 'H7' WHERE melid = 12 AND bar = 2 AND beat = 2", "Riff-2, bar 2 beat 2: unknown"),
        ("DROP TABLE sections", "no table 'sections'"),
        ("ALTER TABLE melody RENAME COLUMN tatum TO tick", "no such column: tatum"),
        ("DELETE FROM melody WHERE melid = 12", "ThrivingonaRiff-2 cannot be used: a solo has notes"),
        ("DELETE FROM sections WHERE melid = 7 AND type = 'PHRASE'", "LittleWaltz-2 cannot be used: a solo has notes"),
        ("UPDATE melody SET bar = 9 WHERE eventid = 3", "a note lies in bar 9 beat 2"),
        ("UPDATE melody SET pitch = 'high' WHERE eventid = 3", "column 'pitch' holds numbers"),
        ("UPDATE melody SET pitch = NULL WHERE eventid = 3", "column 'pitch' holds numbers"),
        ("UPDATE melody SET loud_med = 'loud' WHERE eventid = 3", "column 'loud_med' holds numbers"),
        ("UPDATE beats SET onset = 1.0 WHERE beatid = 3", "follow each other in time"),
        ("UPDATE melody SET pitch = 200 WHERE eventid = 3", "LittleWaltz-2' of"),
        ("UPDATE solo_info SET avgtempo = 4000", "20 to 400 bpm, found 4000"),
        ("UPDATE solo_info SET signature = 'waltz'", "a metre is written like 4/4"),
        ("DELETE FROM solo_info", "wanted at least one solo"),
        ("UPDATE transcription_info SET melid = 12", "'AnnOnym_LittleWaltz-2' comes twice"),
        ("UPDATE melody SET tatum = 3 WHERE eventid = 1", "cannot be used: notes lie at increasing places"),
    ],
)
def test_a_bad_database_is_one_line_that_names_the_solo(tmp_path: Path, sql: str, says: str) -> None:
    with pytest.raises(DataError) as mistake:
        read_sources([database(tmp_path / "wjazzd.db", changed(sql))])
    assert says in str(mistake.value)
    assert "\n" not in str(mistake.value)
