"""A corpus of hostile settings, journals and solos, made by code: (name, bytes)."""

import gzip
import json
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from sideslip.band.partner import Partner
from sideslip.band.settings import GigSettings
from sideslip.commands.gig import header
from sideslip.music.leadsheet import parse_chart
from sideslip.outside.controller import Controller
from sideslip.outside.tables import ListeningTables
from sideslip.propose.licks import LickProposer
from sideslip.stage.files.journal import JournalWriter
from sideslip.testing import ScriptedProposer, notes, rehearse

from .music import ESCAPES, PICKLE, Named, smf, zipped

SHEET = parse_chart("title: Hostile\ntempo: 200\n| F7 | Bb7 | F7 | Cm7 F7 |\n")


def settings_files() -> Named:
    """No settings of a gig."""
    texts = {
        "no-toml": "this is no TOML",
        "torn": 'in = "Key',
        "unknown-key": "loudness = 3\n",
        "unknown-key-escapes": '"\\u001b[31mevil\\u202e" = 3\n',
        "key-twice": "tempo = 1\ntempo = 2\n",
        "table": "[tempo]\nbpm = 3\n",
        "array": "tempo = [1, 2]\n",
        "date": "tempo = 1979-05-27\n",
        "dotted": "a" + ".a" * 49_000 + " = 1\n",
        "dotted-quoted": '"a"' + '."a"' * 24_000 + " = 1\n",
        "dotted-header": "[a" + ".a" * 49_000 + "]\n",
        "dotted-many": "".join("a." * 99 + f"b{n} = 1\n" for n in range(480)),
        "deep-arrays": "tempo = " + "[" * 90_000,
        "deep-tables": "tempo = " + "{a = " * 19_000,
        "arrays-of-tables": "[[a]]\n" * 16_000,
        "digits": "tempo = " + "9" * 90_000 + "\n",
        "digits-hex": "tempo = 0x" + "f" * 90_000 + "\n",
        "tempo-nan": "tempo = nan\n",
        "tempo-inf": "tempo = inf\n",
        "tempo-1e308": "tempo = 1e308\n",
        "tempo-0": "tempo = 0\n",
        "outside-2": "outside = 2\n",
        "density-huge": "density = 1e9\n",
        "register": 'register = "H9"\n',
        "style": 'style = "\\u001b[2J"\n',
        "seed-negative": "seed = -1\n",
        "seed-huge": "seed = 99999999999999999999\n",
        "choruses-0": "choruses = 0\n",
        "trade-0": "trade = 0\n",
        "trade-999": "trade = 999\n",
        "chart-missing": 'chart = "../../nowhere"\n',
        "chart-nul": 'chart = "a\\u0000b"\n',
        "chart-folder": 'chart = "/"\n',
        "save-nul": 'save = "a\\u0000b"\n',
        "save-nowhere": 'save = "no/such/folder/a.mid"\n',
        "journal-folder": 'journal = "."\n',
        "journal-escapes": 'journal = "no/\\u001b[31m\\u202e"\n',
        "backend": 'backend = "\\u001b[31mnobody"\n',
        "endless-text": 'style = "' + "x" * 95_000 + '"\n',
        "too-large": "# " + "x" * 200_000,
        "nul": "tempo = 1\x00\n",
    }
    for name, text in texts.items():
        yield name, text.encode()
    yield "utf-16", "tempo = 120\n".encode("utf-16")
    yield "latin-1", 'chart = "Café"\n'.encode("latin-1")
    yield "zeros", bytes(50_000)
    yield "midi", smf(b"")
    yield "pickle", PICKLE


# ---------------------------------------------------------------- journals


def journal() -> list[dict[str, Any]]:
    """The lines of a whole one, of a short gig: the settings, then what happened."""
    settings = GigSettings(SHEET.changes(), 200.0, 1, starts_at=0.0, ends=SHEET.changes().length)
    band = Partner(settings, Controller(ListeningTables.unlearnt()), LickProposer())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gig.journal"
        with JournalWriter(path, header(SHEET, settings, "")) as writer:
            rehearse(band, notes((0.0, 0.2, 60), (0.3, 0.5, 63)), ScriptedProposer(), journal=writer)
        return [json.loads(line) for line in path.read_text().splitlines()]


def written(lines: list[Any]) -> bytes:
    """Lines as a journal."""
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def journals() -> Named:
    """No journal that can be replayed."""
    head, *events = journal()
    heard = next(number for number, event in enumerate(events) if event["event"] == "heard")
    ideas = next(number for number, event in enumerate(events) if event["event"] == "ideas")

    def headed(**changed: object) -> bytes:
        return written([head | changed, *events])

    def settled(**changed: object) -> bytes:
        return headed(settings=head["settings"] | changed)

    def told(number: int, **changed: object) -> bytes:
        return written([head, *events[:number], events[number] | changed, *events[number + 1 :]])

    def idea(**changed: object) -> bytes:
        return told(ideas, ideas=[events[ideas]["ideas"][0] | changed])

    yield "empty", b""
    yield "text", b"this is no journal\n" * 10
    yield "zeros", bytes(3_000_000)
    yield "one-endless-line", b'{"sideslip_journal": 1, "a": "' + b"x" * 20_000_000
    yield "deep", b'{"a":' * 300_000
    yield "deep-later", written([head]) + b'{"a":' * 300_000 + b"\n" + written(events)
    yield "array", written([[], *events])
    yield "form-99", headed(sideslip_journal=99)
    yield "no-settings", written([{"sideslip_journal": 1}, *events])
    yield "settings-array", headed(settings=[])
    yield "seed-text", headed(seed="1")
    yield "seed-huge", written([head]).replace(b'"seed": 1', b'"seed": ' + b"9" * 5000)
    yield "chart-none", headed(chart="")
    yield "chart-bad", headed(chart="| Hm7 |")
    yield "chart-endless", headed(chart="| F7 " * 300_000)
    yield "chart-escapes", headed(chart=f"{ESCAPES}\n| F7 |")
    yield "tempo-nan", written([head]).replace(b'"tempo": 200.0', b'"tempo": NaN')
    yield "tempo-1e999", written([head]).replace(b'"tempo": 200.0', b'"tempo": 1e999')
    yield "tempo-0", settled(tempo=0)
    yield "tempo-none", settled(tempo=None)
    yield "trade-escapes", settled(trade="\x1b[2J")
    yield "timing-unknown", settled(timing="\u202esteady")
    yield "ends-0", settled(ends=0)
    yield "ends-huge", settled(ends=10**18)
    yield "starts-huge", settled(starts_at=1e300)
    yield "style-unknown", settled(style="\x1b[31m" * 1000)
    yield "event-unknown", told(heard, event="\x1b[2J" * 100)
    yield "event-missing", written([head, {"at": 0.0}, *events])
    yield "at-missing", written([head, {"event": "woken"}, *events])
    yield "at-1e9", told(heard, at=1e9)
    yield "at-minus-1e9", told(heard, at=-1e9)
    yield "at-huge", told(heard, at=1e308)
    yield "at-text", told(heard, at="now")
    endless = head | {"settings": head["settings"] | {"ends": None, "tempo": 400.0}}
    yield "at-far", written([endless, *events[: heard + 1], {"event": "stopped", "at": 80_000.0}])
    yield "at-far-woken", written([endless, *events[: heard + 1], {"event": "woken", "at": 80_000.0}])
    yield "at-far-heard", written([endless, *events[: heard + 1], events[heard] | {"at": 80_000.0}])
    yield "message-odd", told(heard, message="9")
    yield "message-no-hex", told(heard, message="zz\x1b")
    yield "message-endless", told(heard, message="90" * 500_000)
    yield "ideas-none", told(ideas, ideas=None)
    yield "ideas-too-many", told(ideas, ideas=[{}] * 20_000)
    yield "idea-pitch", idea(notes=[[0, 999, 6, 80]])
    yield "idea-onset", idea(notes=[[10**18, 60, 6, 80]])
    yield "idea-duration-0", idea(notes=[[0, 60, 0, 80]])
    yield "idea-source", idea(source="\x1b[31mevil")
    yield "idea-label", idea(label="\x1b[31m" * 1000)
    yield "idea-foresight", idea(foresight={"bits": [1e308], "doubt": [-1], "home": [2]})
    yield "idea-move", idea(mending={"move": "\u202e", "note": [0, 60, 6, 80], "over": "F7", "shift": 0})
    yield "utf-16", written([head, *events]).decode().encode("utf-16")
    yield "gzip", gzip.compress(written([head, *events]))
    yield "pickle", PICKLE


def hard_journals() -> Named:
    """Journals that are replayed, whatever they hold."""
    head, *events = journal()
    rubbish = [{"event": "heard", "at": 0.1, "message": bytes((n % 256, n % 128, n % 128)).hex()} for n in range(5000)]
    yield "whole", written([head, *events])
    yield "torn", written([head, *events])[:-9]
    yield "no-events", written([head])
    yield "latin-1-within", written([head, *events]).replace(b"Hostile", b"H\xf4stile")
    yield (
        "title-surrogates",
        written([head | {"chart": head["chart"].replace("Hostile", "\ud800\x1b[31m\u202e")}, *events]),
    )
    yield "crlf", written([head, *events]).replace(b"\n", b"\r\n")
    yield "rubbish-heard", written([head, events[0], *rubbish, *events[1:]])
    yield "moments-back", written([head, *sorted(events, key=lambda event: -event["at"])])
    yield "events-twice", written([head, *[event for event in events for _ in range(20)]])
    yield "keys-more", written([head | {"more": [[]] * 1000}, *[event | {"more": "\x1b"} for event in events]])


# ---------------------------------------------------------------- solos


def solos() -> Named:
    """No file of solos."""
    good = json.dumps(solo()).encode() + b"\n"
    yield "empty", b""
    yield "text", b"no solos\n"
    yield "zeros", bytes(5_000_000)
    yield "one-endless-line", b'{"id": "' + b"x" * 6_000_000
    yield "deep", b"[" * 3_000_000
    yield "torn", good[:-50]
    yield "gzip-torn", gzip.compress(good * 50)[:-100]
    yield "gzip-garbled", gzip.compress(good * 50)[:200] + bytes(500)
    yield "gzip-bomb", gzip.compress(bytes(300_000_000), 1)
    yield "gzip-bomb-of-solos", gzip.compress(b"".join(_padded(n) for n in range(200)), 1)
    yield "nothing-twice", good + good
    for name, value in FIELDS.items():
        yield f"field-{name}", json.dumps(solo() | {name: value}).encode() + b"\n"
    for name, value in NOTES.items():
        yield f"notes-{name}", json.dumps(solo() | {"notes": solo()["notes"] | value}).encode() + b"\n"
    for name, value in BEATS.items():
        yield f"beats-{name}", json.dumps(solo() | {"beats": solo()["beats"] | value}).encode() + b"\n"
    yield "digits", good.replace(b"120", b"9" * 5000)
    yield "nan", good.replace(b"120", b"NaN")
    yield "utf-16", good.decode().encode("utf-16")
    yield "midi", smf(b"")
    yield "zip", zipped({"solos.jsonl": good})
    yield "sqlite-alone", b"SQLite format 3\0" + bytes(5000)
    yield "sqlite-other", _database("CREATE TABLE melody(melid INTEGER)")
    yield "sqlite-endless", _endless_database()
    yield "pickle", PICKLE


FIELDS: dict[str, object] = {
    "notes": None,
    "beats": [],
    "signature": "9" * 5000 + "/4",
    "avg_tempo": 1e308,
}
NOTES: dict[str, dict[str, object]] = {
    "empty": {"p": []},
    "unequal": {"p": [60]},
    "pitch": {"p": [60, 999]},
    "text": {"p": ["60", "sixty"]},
    "nested": {"p": [[60], [61]]},
    "missing": {"p": None},
    "division": {"div": [0, 0]},
    "huge": {"pos": [1e308, 1e308]},
    "duration": {"db": [-1, -1]},
    "places": {"b": [3, 0]},
}
BEATS: dict[str, dict[str, object]] = {
    "bar": {"bar": 5},
    "chord": {"chord": ["C7", "\x1b[31m", "C7", "C7"]},
    "chord-none": {"chord": None},
    "chords-few": {"chord": ["C7"]},
    "bass": {"bass": [10**400] * 4},
}


def solo() -> dict[str, Any]:
    """The record of a short solo."""
    return {
        "id": "a",
        "group": "a",
        "performer": "Nobody",
        "title": "A",
        "style": "COOL",
        "rhythm_feel": "SWING",
        "key": None,
        "signature": "4/4",
        "avg_tempo": 120,
        "beats": {
            "bar": [1] * 4,
            "beat": [1, 2, 3, 4],
            "num": [4] * 4,
            "chorus": [1] * 4,
            "chord": ["C7"] * 4,
            "harm": ["C7"] * 4,
            "bass": [None] * 4,
        },
        "notes": {
            "b": [0, 1],
            "tat": [1, 1],
            "div": [1, 1],
            "pos": [0.0, 1.0],
            "p": [60, 62],
            "v": [80, 80],
            "db": [0.5, 0.5],
            "ph": [1, 1],
        },
    }


def _padded(number: int) -> bytes:
    return json.dumps(solo() | {"id": str(number)}).encode() + b" " * 1_000_000 + b"\n"


def _database(*statements: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.db"
        with closing(sqlite3.connect(path)) as database:
            for statement in statements:
                database.execute(statement)
            database.commit()
        return path.read_bytes()


def _endless_database() -> bytes:
    """One whose tables are views in disguise, which count for ever."""
    endless = "AS WITH RECURSIVE c(n) AS (VALUES(0) UNION ALL SELECT n + 1 FROM c) SELECT n AS melid, n AS eventid"
    columns = "onset pitch duration division bar beat tatum loud_med performer title solopart style avgtempo rhythmfeel"
    more = "key signature filename_sv beatid chord bass_pitch chorus_id type start"
    wide = "".join(f", 'PHRASE' AS {name}" for name in (columns + " " + more).split())
    names = ("solo_info", "transcription_info", "melody", "beats", "sections")
    return _database(
        *(f"CREATE VIEW {name} {endless}{wide} FROM c" for name in names),
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET type = 'table'",
    )
