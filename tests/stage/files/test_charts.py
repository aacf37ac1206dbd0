"""Charts from files: texts, scores, and all that is neither."""

import io
import os
import re
import sys
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from sideslip.errors import ChartError
from sideslip.music.leadsheet import parse_chart
from sideslip.stage.files import musicxml
from sideslip.stage.files.charts import load_chart, names


def refusal(path: object) -> str:
    """The one line with which a chart is refused."""
    with pytest.raises(ChartError) as caught:
        load_chart(str(path))
    message = str(caught.value)
    assert "\n" not in message and len(message) < 500
    return message


# ---------------------------------------------------------------- names and texts


def test_a_built_in_chart_by_its_name() -> None:
    assert "blues-in-f" in names()
    assert load_chart("blues-in-f").title == "Blues in F"


def test_a_text_from_a_file_with_any_suffix(tmp_path: Path) -> None:
    for name, data in [
        ("a.txt", b"| C\xce\x947 |"),
        ("b", b"\xef\xbb\xbftitle: B\r\n| Dm7 |\r\n"),
        ("c.chart", b"|E7|"),
    ]:
        (tmp_path / name).write_bytes(data)
    assert load_chart(str(tmp_path / "a.txt")).bars()[0][0][1].symbol == "CΔ7"
    assert load_chart(str(tmp_path / "b")).title == "B"
    assert len(load_chart(str(tmp_path / "c.chart")).bars()) == 1


def test_a_chart_without_a_title_is_called_as_its_file_is(tmp_path: Path) -> None:
    for name, title in (("my tune.txt", "my tune"), ("two\nlines", "two lines")):
        (tmp_path / name).write_text("| C7 |")
        sheet = load_chart(str(tmp_path / name))
        assert sheet.title == title
        assert parse_chart(sheet.text()) == sheet


def test_a_file_comes_before_a_built_in_chart_and_a_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("ballad").mkdir()
    Path("turnarounds").write_text("title: My own\n| C |")
    assert load_chart("ballad").title == "Ballad form in A flat"
    assert load_chart("turnarounds").title == "My own"


def test_a_mistake_in_a_file_is_named_with_file_line_and_bar(tmp_path: Path) -> None:
    path = tmp_path / "tune.txt"
    path.write_text("title: T\n\n| C | Hm7 |\n")
    assert refusal(path).startswith(f"{str(path)!r}: line 3, bar 2: unknown chord 'Hm7'")


@pytest.mark.parametrize("name", ["blues in f", "blues-in-h", "no/such/file.txt", "a\0b", "x" * 5000, "two\nlines"])
def test_what_is_nothing_is_refused(name: str) -> None:
    assert "is no chart file and no built-in chart" in refusal(name)


@pytest.mark.parametrize("data", [b"MThd\0\0\0\6\0\1\0\1\1\xe0", b"\xff\xfe|\0C\0|\0", b"| C\xe9 |"])
def test_what_is_no_text_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "song"
    path.write_bytes(data)
    assert "not UTF-8 text" in refusal(path)


def test_folders_and_large_files_are_refused(tmp_path: Path) -> None:
    assert "this is a folder" in refusal(tmp_path)
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(10**9)
    assert "too large for a chart" in refusal(path)
    os.truncate(path, 200_000)
    path.write_text("#" * 150_000)
    assert "at most 100000 characters" in refusal(path)


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes in the file system")
def test_pipes_and_devices_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert "a pipe or a device" in refusal(tmp_path / "pipe.txt")
    assert "a pipe or a device" in refusal("/dev/zero")


# ---------------------------------------------------------------- MusicXML


def harmony(root: str, kind: str, degrees: str = "", bass: str = "", text: str = "") -> str:
    """A <harmony>: names like "B-1" carry an alteration; degrees are like "9 -1 add, 5 1 alter"."""

    def note(tag: str, name: str) -> str:
        alter = f"<{tag}-alter>{name[1:]}</{tag}-alter>" if name[1:] else ""
        return f"<{tag}><{tag}-step>{name[0]}</{tag}-step>{alter}</{tag}>"

    changes = "".join(
        f"<degree><degree-value>{v}</degree-value><degree-alter>{a}</degree-alter><degree-type>{t}</degree-type></degree>"
        for v, a, t in (degree.split() for degree in degrees.split(",") if degree)
    )
    shown = f' text="{text}"' if text else ""
    below = note("bass", bass) if bass else ""
    return f"<harmony>{note('root', root)}<kind{shown}>{kind}</kind>{below}{changes}</harmony>"


def rest(quarters: float) -> str:
    return f"<note><rest/><duration>{round(quarters * 2)}</duration></note>"


def barline(side: str, content: str) -> str:
    return f'<barline location="{side}">{content}</barline>'


def score(*bars: str, beats: int = 4, unit: int = 4, title: str = "", pickup: str = "", tempo: int = 120) -> str:
    """A MusicXML lead sheet of these bars, in two flats."""
    head = (
        "<attributes><divisions>2</divisions><key><fifths>-2</fifths></key>"
        f"<time><beats>{beats}</beats><beat-type>{unit}</beat-type></time></attributes>"
        "<direction><direction-type><metronome><beat-unit>quarter</beat-unit>"
        f"<per-minute>{tempo}</per-minute></metronome></direction-type></direction>"
    )
    measures = [f'<measure number="0" implicit="yes">{head}{pickup}</measure>'] if pickup else []
    for number, bar in enumerate(bars, 1):
        measures.append(f'<measure number="{number}">{"" if measures else head}{bar}</measure>')
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 3.1 Partwise//EN"'
        ' "http://www.musicxml.org/dtds/partwise.dtd"><score-partwise version="3.1">'
        f"<work><work-title>{escape(title)}</work-title></work>"
        '<part-list><score-part id="P1"><part-name>Lead</part-name></score-part></part-list>'
        f'<part id="P1">{"".join(measures)}</part></score-partwise>'
    )


def symbols(text: str) -> list[str]:
    sheet = musicxml.read_musicxml(text.encode())
    return [" ".join(chord.symbol for _, chord in bar) for bar in sheet.bars()]


@pytest.mark.parametrize(
    ("element", "symbol"),
    [
        (harmony("C", "major"), "C"),
        (harmony("B-1", "dominant"), "Bb7"),
        (harmony("B", "dominant"), "B7"),
        (harmony("F1", "half-diminished"), "F#m7b5"),
        (harmony("E-1", "major-minor"), "EbmMaj7"),
        (harmony("G", "augmented-seventh"), "G7#5"),
        (harmony("A-1", "diminished-seventh", bass="C-1"), "Abdim7/Cb"),
        (harmony("D", "minor-11th"), "Dm11"),
        (harmony("C", "major", bass="E"), "C/E"),
        (harmony("B-2", "dominant"), "A7"),
        (harmony("G", "dominant", "9 -1 add"), "G7(b9)"),
        (harmony("G", "dominant", "13 -1 add,9 1 add"), "G7(#9,b13)"),
        (harmony("C", "major-seventh", "5 1 alter"), "Cmaj7(#5)"),
        (harmony("C", "major", "9 0 add"), "C(add9)"),
        (harmony("C", "dominant-13th", "11 1 add"), "C13(#11)"),
        (harmony("F", "suspended-fourth", "7 0 add"), "F7sus4"),
        (harmony("D", "dominant", "3 0 subtract"), "D7(no3)"),
        (harmony("A", "other", text="7alt"), "A7alt"),
        (harmony("C", "none"), "N.C."),
    ],
)
def test_kinds_degrees_and_basses(element: str, symbol: str) -> None:
    assert symbols(score(element + rest(4))) == [symbol]


def test_the_whole_of_a_lead_sheet() -> None:
    text = score(
        barline("left", '<repeat direction="forward"/>')
        + harmony("B-1", "major-seventh")
        + rest(3)
        + harmony("G", "dominant")
        + rest(1),
        barline("left", '<ending number="1" type="start"/>')
        + harmony("C", "minor-seventh")
        + rest(4)
        + barline("right", '<ending number="1" type="stop"/><repeat direction="backward"/>'),
        barline("left", '<ending number="2" type="start"/>')
        + rest(2)
        + harmony("F", "dominant")
        + rest(2)
        + barline("right", '<ending number="2" type="stop"/>'),
        rest(4),
        title="A  Tune\nkey: H",
        pickup=rest(1),
        tempo=152,
    )
    sheet = musicxml.read_musicxml(text.encode())
    assert sheet.text() == (
        "title: A Tune key: H\nkey: Bb\ntime: 4/4\ntempo: 152\nfeel: swing\n\n"
        "| Bbmaj7 / / G7 | Cm7 | Bbmaj7 / / G7 | G7 F7 |\n| F7 |\n"
    )


def test_beats_are_those_of_the_metre() -> None:
    text = score(harmony("A", "minor") + rest(1.5) + harmony("E", "dominant") + rest(1.5), beats=6, unit=8, tempo=90)
    sheet = musicxml.read_musicxml(text.encode())
    assert [tick for tick, _ in sheet.bars()[0]] == [0, 36]
    assert sheet.tempo == 180


def test_bars_before_the_first_chord_have_none() -> None:
    assert symbols(score(rest(4), harmony("C", "major") + rest(4), rest(4))) == ["N.C.", "C", "C"]


@pytest.mark.parametrize("suffix", [".musicxml", ".xml", ".XML"])
def test_scores_are_known_by_their_suffix(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / ("tune" + suffix)
    path.write_text(score(harmony("C", "major") + rest(4)))
    assert load_chart(str(path)).changes().chords[0].symbol == "C"


def test_a_compressed_score(tmp_path: Path) -> None:
    path = tmp_path / "tune.mxl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("META-INF/container.xml", "<container/>")
        archive.writestr("score.xml", score(harmony("C", "major") + rest(4)))
    assert load_chart(str(path)).changes().chords[0].symbol == "C"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (score(rest(4)), "no chord symbols"),
        (score(harmony("C", "Neapolitan") + rest(4)), "unknown chord 'CNeapolitan'"),
        (score("".join(harmony("C", kind) + rest(0.5) for kind in ["major", "minor"] * 4)), "8 chords in a bar"),
        (
            score(
                harmony("C", "major") + rest(4),
                "<attributes><time><beats>3</beats><beat-type>4</beat-type></time></attributes>" + rest(3),
            ),
            "a chart keeps one metre; this score has 3/4, 4/4",
        ),
        (
            score("<harmony><root><root-step>Q</root-step></root><kind>major</kind></harmony>"),
            "measure 1: a note name is A to G with b or #, such as Bb or F#; found 'Q'",
        ),
    ],
)
def test_scores_that_make_no_chart_are_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "tune.musicxml"
    path.write_text(text)
    assert message in refusal(path)


HARMONY = harmony("C", "major")


def archive_of(method: int = zipfile.ZIP_DEFLATED, **files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("_", "."), data)
    return buffer.getvalue()


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><score-partwise>&b;</score-partwise>'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not well-formed XML"),
        (b"<score-partwise>", "not well-formed XML"),
        (b"| C |", "not well-formed XML"),
        (b"<html/>", "expected a MusicXML score (score-partwise); found <html>"),
        (b"<score-timewise/>", "found <score-timewise>"),
        (BOMB, "declares entities"),
        (BOMB.decode().replace("1.0", '1.0" encoding="UTF-16', 1).encode("utf-16"), "declares entities"),
        (
            score('<barline><repeat times="1000000"/></barline>' + HARMONY).encode(),
            "taken at most 16 times; found times=",
        ),
        (b"<score-partwise>" + b"<a>" * 100, "elements within elements, more than 64 deep"),
        (b"<score-partwise><part>" + b"<note/>" * 500_000, "more than 400000 elements"),
        (b"<?xml version='1.0' encoding='shift_jis'?><score-partwise/>", "not well-formed XML: multi-byte encodings"),
        (b"<?xml version='1.0' encoding='nobody'?><score-partwise/>", "not well-formed XML: unknown encoding: nobody"),
        (b"<score-partwise>" + b" " * 9_000_000 + b"</score-partwise>", "too large for a chart"),
        (b"PK\3\4 and no more", "archive is damaged"),
        (archive_of(score_xml=b" " * 9_000_000), "holds at most 8 MB"),
        (archive_of(readme_txt=b"no score"), "holds no score"),
        (archive_of(score_xml=BOMB), "declares entities"),
        (archive_of(score_xml=b"<x/>")[:-30], "archive is damaged"),
        (archive_of(zipfile.ZIP_LZMA, score_xml=b"<x/>"), "packed in a way that MusicXML does not know"),
    ],
)
def test_damaged_and_hostile_scores_are_refused(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "tune.mxl"
    path.write_bytes(data)
    assert message in refusal(path)


def test_the_reader_of_scores_is_not_loaded_for_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "sideslip.stage.files.musicxml", raising=False)
    assert load_chart("blues-in-f").title == "Blues in F"
    assert "sideslip.stage.files.musicxml" not in sys.modules


def test_chords_lie_where_notes_backups_and_offsets_say() -> None:
    far = harmony("F", "dominant").replace("</harmony>", "<offset>2</offset></harmony>")
    ornaments = "<note><grace/></note><note><chord/><duration>99</duration></note>"
    text = score(
        harmony("C", "major") + rest(3) + ornaments + harmony("G", "dominant") + rest(1),
        rest(4) + "<backup><duration>4</duration></backup>" + harmony("D", "minor"),
        "<forward><duration>2</duration></forward>" + harmony("B-1", "dominant") + far + rest(3),
    )
    sheet = musicxml.read_musicxml(text.encode())
    assert [[tick for tick, _ in bar] for bar in sheet.bars()] == [[0, 36], [0, 24], [0, 12, 24]]
    assert [chord.symbol for chord in sheet.changes().chords] == ["C", "G7", "Dm", "Bb7", "F7"]


def test_a_chord_in_a_pickup_holds_into_the_first_bar() -> None:
    assert symbols(score(rest(4), harmony("C", "major") + rest(4), pickup=harmony("G", "dominant") + rest(1))) == [
        "G7",
        "C",
    ]


def test_a_bar_that_a_repeat_cuts_in_two_counts_once() -> None:
    text = score(
        harmony("C", "major") + rest(4),
        harmony("F", "major") + rest(3) + barline("right", '<repeat direction="backward"/>'),
        rest(1),
        harmony("G", "dominant") + rest(4),
    )
    assert symbols(text) == ["C", "F", "C", "F", "G7"]


def test_composer_minor_key_and_a_dotted_metronome() -> None:
    text = (
        score(HARMONY + rest(4))
        .replace("<part-list>", "<identification><creator type='composer'>A  B</creator></identification><part-list>")
        .replace("</fifths>", "</fifths><mode>minor</mode>")
        .replace("</beat-unit>", "</beat-unit><beat-unit-dot/>")
    )
    sheet = musicxml.read_musicxml(text.encode())
    assert (sheet.composer, sheet.key, sheet.tempo) == ("A B", "Gm", 180.0)


def test_the_first_part_with_chords_leads_and_a_sound_gives_the_tempo() -> None:
    text = score(HARMONY + rest(4)).replace("</part>", "</part><part><measure>" + rest(4) + "</measure></part>")
    parts = text.replace('<part id="P1">', "<part id='P0'><measure>" + rest(4) + '</measure></part><part id="P1">')
    assert symbols(parts) == ["C"]
    sounded = re.sub("<direction>.*?</direction>", '<sound tempo="90"/>', score(HARMONY + rest(4)))
    assert musicxml.read_musicxml(sounded.encode()).tempo == 90.0
