"""Solos from the Weimar Jazz Database as it is published: wjazzd.db, SQLite 3, jazzomat.hfm-weimar.de.

Its columns are read by name, for their order has changed between versions. Chord and signature of a beat are written
only where they change; NULL and '' both mean nothing. Sections count notes within the solo, from 0.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sideslip.errors import ChordError, DataError
from sideslip.reading import check_file
from sideslip.train.solo_records import NO_CHORD, Record, sounding, tune_key
from sideslip.train.wjazzd_chords import lead_sheet_spelling

Floats = NDArray[np.float64]
Row = sqlite3.Row

MAGIC = b"SQLite format 3\0"
"""How every SQLite 3 file begins."""

LARGEST = 1 << 28
"""Bytes of a database at most; the published one has fifty million."""

MOST_ROWS, LONGEST_VALUE = 500_000, 1_000_000
"""Rows of a table, and bytes of a value: the published one has 200,810 notes."""

STEP, MOST_STEPS = 1_000_000, 300
"""Instructions of SQLite's machine between two looks, and how many looks: the published database takes a tenth."""

SHORTEST = 0.01
"""Seconds: 40 notes of the database are shorter, as nobody plays; they are lengthened to this or to the next note."""

SILENT = 30.0
"""Decibels: measured loudness up to here is an artefact of silence, for the median of a solo is 60 to 70."""

MEDIAN, SPREAD, NORMAL_IQR = 80.0, 14.0, 1.349
"""Velocity of a solo's median loudness, velocities a standard deviation, and the standard deviations between the
quartiles of a normal distribution: the quartiles tell the deviation, whatever a few noises do."""

QUIETEST, LOUDEST = 30.0, 120.0

DECIMALS = 4
"""Of places and durations in beats: a ten-thousandth of a beat is a twentieth of a millisecond at most tempi."""

_QUERIES = {
    "solo_info": """SELECT melid, performer, title, solopart, style, avgtempo, rhythmfeel, key, signature
        FROM solo_info ORDER BY melid""",
    "transcription_info": "SELECT melid, filename_sv FROM transcription_info ORDER BY melid",
    "melody": """SELECT melid, onset, pitch, duration, division, bar, beat, tatum, loud_med
        FROM melody ORDER BY melid, eventid""",
    "beats": """SELECT melid, onset, bar, beat, signature, chord, bass_pitch, chorus_id
        FROM beats ORDER BY melid, beatid""",
    "sections": "SELECT melid, start FROM sections WHERE type = 'PHRASE' ORDER BY melid, start",
}


def read_wjazzd(path: Path) -> Iterator[Record]:
    """The solos of a database by their number. Raises DataError for any other file, and names the solo at fault."""
    tables = {name: _by_solo(rows) for name, rows in _tables(path).items()}
    for melid, rows in tables["solo_info"].items():
        files, notes, beats, phrases = (
            tables[table].get(melid, []) for table in ("transcription_info", "melody", "beats", "sections")
        )
        name = _id(rows[0], files[0]["filename_sv"] if files else None)
        try:
            yield _record(name, rows[0], notes, beats, phrases)
        except ChordError as error:
            raise DataError(f"{str(path)!r}: {name}, {error}") from error
        except (TypeError, ValueError, OverflowError) as error:
            raise DataError(f"{str(path)!r}: {name} cannot be used: {' '.join(str(error).split())}") from error


def _tables(path: Path) -> dict[str, list[sqlite3.Row]]:
    """The rows that are wanted of each table."""
    try:
        check_file(path, LARGEST)
        # immutable: nothing is looked for, and nothing made, beside the file
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            _bind(database)
            database.row_factory = sqlite3.Row
            database.text_factory = lambda raw: raw.decode("utf-8", "replace")
            found = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if missing := [name for name in _QUERIES if name not in found]:
                raise DataError(
                    f"{str(path)!r} is not the Weimar Jazz Database: it has no table {missing[0]!r}; "
                    "the file wanted is wjazzd.db from jazzomat.hfm-weimar.de"
                )
            rows = {name: database.execute(query).fetchmany(MOST_ROWS + 1) for name, query in _QUERIES.items()}
    except OSError as error:
        raise DataError(f"{str(path)!r} cannot be read: {error.strerror}") from error
    except sqlite3.Error as error:
        raise DataError(f"{str(path)!r} cannot be read as the Weimar Jazz Database: {error}") from error
    if long := [name for name, found in rows.items() if len(found) > MOST_ROWS]:
        raise DataError(
            f"{str(path)!r}: the table {long[0]!r} has more than {MOST_ROWS} rows, which no database of solos has"
        )
    return rows


def _bind(database: sqlite3.Connection) -> None:
    """Let nothing that the file says about itself run, fill the memory, or take for ever."""
    database.execute("PRAGMA trusted_schema = OFF")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    steps = iter(range(MOST_STEPS))
    database.set_progress_handler(lambda: next(steps, None) is None, STEP)


def _by_solo(rows: Sequence[Row]) -> dict[int, list[Row]]:
    return {melid: list(group) for melid, group in groupby(rows, key=itemgetter("melid"))}


def _id(info: Row, file: str | None) -> str:
    """The name of the transcription's file without its endings, or performer and title."""
    if file:
        return file.removesuffix(".sv").removesuffix("_FINAL")
    words = [str(info[name] or "").replace(" ", "") for name in ("performer", "title")]
    return "_".join(words) + (f"-{info['solopart']}" if info["solopart"] else "")


def _record(name: str, info: Row, notes: Sequence[Row], beats: Sequence[Row], phrases: Sequence[Row]) -> Record:
    if not notes or len(beats) < 2 or not phrases:
        raise ValueError(
            "a solo has notes, beats and phrases (sections of type PHRASE); "
            f"found {len(notes)} notes, {len(beats)} beats, {len(phrases)} phrases"
        )
    track = _Beats(_numbers(beats, "onset"))
    chords, num = _chords(beats), _beats_a_bar(beats)
    signatures = (row["signature"] for row in (info, *beats) if row["signature"])
    return {
        "id": name,
        "group": tune_key(str(info["title"] or name)),
        "performer": str(info["performer"] or ""),
        "title": str(info["title"] or ""),
        "style": str(info["style"] or "OTHER"),
        "rhythm_feel": str(info["rhythmfeel"] or ""),
        "key": info["key"] or None,
        "signature": next(signatures, f"{num[len(num) // 2]}/4"),
        "avg_tempo": info["avgtempo"] or round(60 / float(np.median(track.lengths)), 1),
        "beats": {
            "bar": _integers(beats, "bar"),
            "beat": _integers(beats, "beat"),
            "num": num,
            "chorus": _integers(beats, "chorus_id"),
            "chord": chords,
            "harm": sounding(chords),
            "bass": [None if row["bass_pitch"] in (None, "") else int(row["bass_pitch"]) for row in beats],
        },
        "notes": _notes(notes, _index(notes, beats), track) | {"ph": _phrase_of(phrases, len(notes))},
    }


class _Beats:
    """When the beats of a solo fall (seconds), the last as long as the one before it."""

    def __init__(self, onsets: Floats) -> None:
        steps = np.diff(onsets)
        if not (steps > 0).all():
            raise ValueError("beats follow each other in time, found one that does not")
        self.onsets = onsets
        self.lengths: Floats = np.append(steps, steps[-1])

    def place(self, seconds: Floats) -> Floats:
        """Moments in beats along the track, before its beginning and after its end too."""
        beat = np.searchsorted(self.onsets, seconds, side="right") - 1
        return self.place_in(np.clip(beat, 0, len(self.onsets) - 1), seconds)

    def place_in(self, beat: NDArray[np.int64], seconds: Floats) -> Floats:
        """Moments in beats, each as far from the beat it belongs to as that beat's own length tells."""
        places: Floats = beat + (seconds - self.onsets[beat]) / self.lengths[beat]
        return places


def _notes(rows: Sequence[Row], index: Sequence[int], track: _Beats) -> dict[str, list[Any]]:
    """Places as annotated and as played, pitches, velocities, durations."""
    onset, loudness = _numbers(rows, "onset"), _numbers(rows, "loud_med", missing=np.nan)
    duration = np.maximum(_numbers(rows, "duration"), SHORTEST)
    duration[:-1] = np.minimum(duration[:-1], np.diff(onset))
    return {
        "b": list(index),
        "tat": _integers(rows, "tatum"),
        "div": _integers(rows, "division"),
        "pos": _rounded(track.place_in(np.array(index), onset)),
        "p": _integers(rows, "pitch"),
        "v": _velocity(loudness),
        "db": _rounded(track.place(onset + duration) - track.place(onset)),
    }


def _index(notes: Sequence[Row], beats: Sequence[Row]) -> list[int]:
    """Which beat each note belongs to."""
    places = {(row["bar"], row["beat"]): index for index, row in enumerate(beats)}
    wanted = [(row["bar"], row["beat"]) for row in notes]
    for bar, beat in wanted:
        if (bar, beat) not in places:
            raise ValueError(f"a note lies in bar {bar} beat {beat}, which its beat track lacks")
    return [places[place] for place in wanted]


def _chords(beats: Sequence[Row]) -> list[str]:
    """The chord in force at each beat, spelt as on lead sheets. Raises ChordError that begins with bar and beat."""
    chord, chords = NO_CHORD, []
    for row in beats:
        try:
            chord = lead_sheet_spelling(row["chord"]) if row["chord"] else chord
        except ChordError as error:
            raise ChordError(f"bar {row['bar']} beat {row['beat']}: {error}") from error
        chords.append(chord)
    return chords


def _beats_a_bar(beats: Sequence[Row]) -> list[int]:
    """How many beats each beat's bar has: those counted, for signatures are seldom written; a last bar that breaks off
    has those of the bar before."""
    bars, counted = _integers(beats, "bar"), dict[int, int]()
    for bar, beat in zip(bars, _integers(beats, "beat"), strict=True):
        counted[bar] = max(beat, counted.get(bar, 0))
    for before, last in list(pairwise(counted))[-1:]:
        counted[last] = max(counted[last], counted[before])
    return [counted[bar] for bar in bars]


def _phrase_of(phrases: Sequence[Row], count: int) -> list[int]:
    """The number, from 1, of the phrase of each note; a note between two phrases belongs to the one before."""
    numbers: list[int] = np.searchsorted(_numbers(phrases, "start"), np.arange(count), side="right").tolist()
    return [max(1, number) for number in numbers]


def _velocity(loudness: Floats) -> list[int]:
    """Velocities 30 to 120 from decibels, 80 where nothing was measured; see MEDIAN."""
    heard = loudness > SILENT  # nan is not
    velocity = np.full(len(loudness), MEDIAN)
    if heard.any():
        low, middle, high = np.percentile(loudness[heard], (25, 50, 75))
        if high > low:
            velocity[heard] += SPREAD * NORMAL_IQR * (loudness[heard] - middle) / (high - low)
    return [round(value) for value in velocity.clip(QUIETEST, LOUDEST).tolist()]


def _numbers(rows: Sequence[Row], column: str, missing: float | None = None) -> Floats:
    """A column as finite numbers, `missing` where there is none. Raises ValueError for anything else."""
    numbers = [missing if row[column] in (None, "") else row[column] for row in rows]
    try:
        found = np.array(numbers, dtype=np.float64)
    except (TypeError, ValueError):
        found = np.array([np.inf])
    if not np.isfinite(found if missing is None else found[~np.isnan(found)]).all():
        raise ValueError(f"the column {column!r} holds numbers, found another value")
    return found


def _integers(rows: Sequence[Row], column: str) -> list[int]:
    return [round(number) for number in _numbers(rows, column).tolist()]


def _rounded(values: Floats) -> list[float]:
    rounded: list[float] = values.round(DECIMALS).tolist()
    return rounded
