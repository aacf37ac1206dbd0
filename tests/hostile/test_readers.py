"""Every reader in this process: files cut off at every byte, rubbish, and whole files with rubbish in them.

A reader gives a result or a mistake of the user's in one line, never anything else, and soon.
"""

import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.commands.gig import check_unbroken, settings_from
from sideslip.commands.jam import DEFAULTS
from sideslip.config import read_settings
from sideslip.errors import SideslipError
from sideslip.music.leadsheet import parse_chart
from sideslip.stage.files.call import melody, read_call
from sideslip.stage.files.charts import load_chart
from sideslip.stage.files.journal import JournalReader
from sideslip.train.bebopnet.events import read_solos as read_events
from sideslip.train.controller.rankings import read_tiers
from sideslip.train.sources import read_sources

from . import data, music

SECONDS = 2.0
"""Of processor time, that a small file may take."""

EVENTS = {"melid": 1, "split": "train", "pitch": [60, None], "dur": [12, 6], "offset": [0, 12], "root": [0, 0]}


def call(path: Path) -> None:
    found = read_call(path)
    melody(found.messages, found.end)
    found.clock.seconds(found.end)


def chart(path: Path) -> None:
    sheet = load_chart(str(path))
    assert parse_chart(sheet.text()) == sheet
    assert all(text.isprintable() for text in (sheet.title, sheet.composer, sheet.source, *sheet.form))
    sheet.changes()


def journal(path: Path) -> None:
    reader = JournalReader(path)
    events = list(reader)
    check_unbroken(events, settings_from(reader.header, parse_chart(reader.header.chart).changes()))


def tiers() -> bytes:
    return json.dumps({"style_rank": {"COOL": 1}, "performer_tier": {"Nobody": 0.5}}).encode()


READERS: dict[str, tuple[str, Callable[[Path], object], bytes]] = {
    "call": ("a.mid", call, music.smf(music.meta(0x58, b"\x04\x02\x18\x08") + music.NOTE * 4 + music.END)),
    "chart": ("a.txt", chart, b"title: T\nkey: Bb\n[A]\n| F7 | Bb7 Eb7 |\n[B]\n|: Gm7 |1 C7alt :|2 F6/9 / N.C. Ab |\n"),
    "score": ("a.musicxml", chart, music.score([music.bar() + music.BACKWARD, music.REST]).encode()),
    "archive": ("a.mxl", chart, music.zipped({"a.xml": music.score([music.bar()]).encode()})),
    "settings": ("a.toml", lambda path: read_settings(path, DEFAULTS), b'in = "Keys"\ntempo = 140\noutside = 0.6\n'),
    "journal": ("a.journal", journal, data.written(data.journal())),
    "solos": ("a.jsonl", lambda path: read_sources([path]), json.dumps(data.solo()).encode() + b"\n"),
    "packed solos": (
        "a.gz",
        lambda path: read_sources([path]),
        gzip.compress(json.dumps(data.solo()).encode() + b"\n"),
    ),
    "events": ("a.jsonl", read_events, json.dumps(EVENTS | {"type": ["maj7", "dom7"]}).encode() + b"\n"),
    "tiers": ("a.json", read_tiers, tiers()),
}
"""A file's name, its reader, and one that is whole."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("readers")


def withstands(name: str, folder: Path, content: bytes) -> None:
    file, reader, _ = READERS[name]
    (folder / file).write_bytes(content)
    began = process_time()
    try:
        reader(folder / file)
    except SideslipError as mistake:
        assert str(mistake).isprintable() and str(mistake)
    assert process_time() - began < SECONDS
    assert (folder / file).read_bytes() == content


@pytest.mark.parametrize("name", READERS)
def test_a_whole_file_is_read(name: str, folder: Path) -> None:
    file, reader, whole = READERS[name]
    (folder / file).write_bytes(whole)
    reader(folder / file)


@pytest.mark.parametrize("name", READERS)
def test_a_file_that_is_cut_off_at_any_byte(name: str, folder: Path) -> None:
    whole = READERS[name][2]
    step = max(1, len(whole) // 1000)  # a journal is long, and its lines are alike
    for length in range(0, len(whole), step):
        withstands(name, folder, whole[:length])


@pytest.mark.parametrize("name", READERS)
def test_a_file_with_any_byte_turned_over(name: str, folder: Path) -> None:
    whole = READERS[name][2]
    step = max(1, len(whole) // 400)
    for at in range(0, len(whole), step):
        for mask in (0xFF, 0x80, 0x01):
            withstands(name, folder, whole[:at] + bytes((whole[at] ^ mask,)) + whole[at + 1 :])


@pytest.mark.parametrize("name", READERS)
@given(drawn=st.data())
def test_rubbish_alone_and_within_a_whole_file(name: str, folder: Path, drawn: st.DataObject) -> None:
    whole = READERS[name][2]
    rubbish = drawn.draw(st.binary(max_size=200))
    withstands(name, folder, rubbish)
    first, last = sorted(drawn.draw(st.integers(0, len(whole))) for _ in range(2))
    withstands(name, folder, whole[:first] + rubbish + whole[last:])
    withstands(name, folder, whole[:last] + whole[first:])  # a piece twice


# ---------------------------------------------------------------- made with some sense

values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.just("9" * 5000), st.just(-(10**400))
)
nested = st.recursive(values, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner))


def changed(drawn: st.DataObject, whole: Any) -> Any:
    """A value of JSON with something within it replaced."""
    if isinstance(whole, dict) and whole and drawn.draw(st.integers(0, 3)):
        key = drawn.draw(st.sampled_from(sorted(whole)))
        return whole | {key: changed(drawn, whole[key])}
    if isinstance(whole, list) and whole and drawn.draw(st.integers(0, 3)):
        place = drawn.draw(st.integers(0, len(whole) - 1))
        return [*whole[:place], changed(drawn, whole[place]), *whole[place + 1 :]]
    return drawn.draw(nested)


@pytest.mark.parametrize("name", ["journal", "solos", "events", "tiers"])
@given(drawn=st.data())
def test_what_is_json_but_not_what_is_wanted(name: str, folder: Path, drawn: st.DataObject) -> None:
    lines = [json.loads(line) for line in READERS[name][2].splitlines()]
    place = drawn.draw(st.integers(0, len(lines) - 1))
    withstands(name, folder, data.written([*lines[:place], changed(drawn, lines[place]), *lines[place + 1 :]]))


TOKENS = [
    "|",
    "||",
    "|:",
    ":|",
    "|1",
    ":|2",
    ":|3",
    "%",
    "/",
    "F7",
    "N.C.",
    "[A]",
    "form:",
    "A",
    "\n",
    "time: 3/4",
    "#",
]


@given(st.lists(st.sampled_from(TOKENS) | st.text(max_size=5), max_size=40))
def test_charts_of_the_right_words(folder: Path, tokens: list[str]) -> None:
    withstands("chart", folder, " ".join(tokens).encode("utf-8", "surrogatepass"))


ELEMENTS = [
    music.HEAD, music.HARMONY, music.REST, music.FORWARD, music.BACKWARD, "</measure><measure>", "</part><part>",
    "<backup><duration>3</duration></backup>", "<harmony><kind>none</kind></harmony>", "<sound dacapo='yes'/>",
    "<sound dalsegno='x'/>", "<sound tocoda='x'/>", "<sound coda='x'/>", "<sound segno='x'/>", "<sound fine='yes'/>",
    "<barline><ending number='1' type='start'/></barline>", "<barline><ending number='2' type='stop'/></barline>",
    "<harmony><root><root-step>G</root-step></root><kind text='7alt'>other</kind><offset>-3</offset></harmony>",
]  # fmt: skip


@given(st.lists(st.sampled_from(ELEMENTS), max_size=40))
def test_scores_of_the_right_elements(folder: Path, elements: list[str]) -> None:
    withstands("score", folder, music.score([music.bar("".join(elements))]).encode())


numbers = st.integers(0, 127).map(lambda number: bytes((number,))) | st.sampled_from([b"\x81\x00", b"\xff\xff\xff\x7f"])
statuses = st.sampled_from(
    [b"\x90", b"\x80", b"\xb0\x40", b"\xc0", b"\xe0", b"\xf0", b"\xff\x51", b"\xff\x58", b"\xff\x2f"]
)


@given(st.lists(st.tuples(numbers, statuses, st.binary(max_size=5)), max_size=40), st.integers(0, 2))
def test_midi_files_of_the_right_bytes(folder: Path, events: list[tuple[bytes, bytes, bytes]], kind: int) -> None:
    track = b"".join(delta + status + payload for delta, status, payload in events)
    withstands("call", folder, music.smf(music.NOTE + track + music.END, kind=kind))


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=5), st.integers(1, 9))
def test_packed_rubbish(folder: Path, lines: list[bytes], level: int) -> None:
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=level) as file:
        file.writelines(line + b"\n" for line in lines)
    withstands("packed solos", folder, buffer.getvalue())
    withstands("archive", folder, music.zipped({f"{number}.xml": line for number, line in enumerate(lines)}))
