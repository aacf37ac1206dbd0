"""`sideslip analyze`, as a user runs it and by itself."""

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import mido
import pytest

from sideslip.commands.analyze import figures, listen, picture, told
from sideslip.commands.places import Place
from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.phrase import Note, Phrase
from sideslip.outside.tables import ListeningTables

Run = Callable[..., tuple[int, str, str]]

II_V_I = Changes((0, 48, 96), tuple(map(parse_chord, ("Dm7", "G7", "Cmaj7"))), 144)
SLIP = (62, 64, 65, 69, 72, 69, 65, 64, 62, 66, 68, 72, 70, 68, 66, 62, 64, 67, 71)
"""Eighths: D E F A C A F E D over Dm7, then Gb Ab C Bb Ab Gb over G7, D, and E G B over Cmaj7."""


def write(path: Path, pitches: tuple[int, ...], channel: int = 0) -> Path:
    """Eighths as a MIDI file."""
    file, track = mido.MidiFile(ticks_per_beat=96), mido.MidiTrack()
    file.tracks.append(track)
    for pitch in pitches:
        track.append(mido.Message("note_on", note=pitch, velocity=80, channel=channel))
        track.append(mido.Message("note_off", note=pitch, time=48, channel=channel))
    file.save(path)
    return path


def phrase(pitches: tuple[int, ...], start: int = 0, ticks: int = 6) -> Phrase:
    return Phrase(tuple(Note(start + ticks * i, pitch, ticks) for i, pitch in enumerate(pitches)))


@pytest.fixture
def solo(tmp_path: Path) -> Path:
    return write(tmp_path / "solo.mid", SLIP)


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    path = tmp_path / "two-five.txt"
    path.write_text("title: Two five\n| Dm7 | G7 | Cmaj7 |\n", encoding="utf-8")
    return path


def test_a_place_outside_is_told_from_bar_to_bar_with_its_way_home(run: Run, solo: Path, chart: Path) -> None:
    code, said, _ = run("analyze", solo, "--chart", chart)
    lines = said.splitlines()
    assert code == 0 and lines[0].startswith("Two five: 19 notes in 1 phrase, ")
    assert lines[1].split("  ", 2)[1].startswith("bar") and "goes outside over G7 in bar 2" in lines[1]
    assert lines[3].startswith("one place outside; 1 of them home within the phrase, 0 at once by step")
    headings, row = lines[4], lines[5]
    cells = [row[headings.index(name) :].split("  ")[0] for name in ("from", "to", "over", "heard as", "comes home")]
    assert cells[:3] == ["2:1.5", "2:4", "G7"] and cells[3].startswith("side-slip up a semitone ")
    assert cells[4] == "by leap to D, the 5th of G7, after 0.5 beats"
    assert row.endswith("  Gb Ab C Bb Ab Gb")


def test_programs_are_told_all_of_it(run: Run, solo: Path, chart: Path) -> None:
    found = json.loads(run("analyze", solo, "--chart", chart, "--json")[1])
    assert (found["places_outside"], found["come_home"], found["by_step"]) == (1, 1, 0)
    assert sum(found["heard_as"].values()) == pytest.approx(1, abs=0.1)
    (place,) = found["phrases"][0]["places"]
    assert place["from"] == {"bar": 2, "beat": 1.5} and place["to"] == {"bar": 2, "beat": 4}
    assert place["chords"] == ["G7"] and place["pitches"] == [66, 68, 72, 70, 68, 66]
    assert place["heard_as"][0]["name"] == "side-slip up a semitone" and place["left_by"] == "leap"
    home = {"note": "D", "degree": "5th", "chord": "G7", "bar": 2, "beat": 4.5, "after_beats": 0.5}
    assert place["home"] == place["left_to"] == home


def test_the_picture_is_written_beside(run: Run, solo: Path, chart: Path) -> None:
    code, said, _ = run("analyze", solo, "--chart", chart, "--picture", "solo.svg")
    assert code == 0 and "one place outside" in said
    root = ElementTree.parse("solo.svg").getroot()
    texts = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[0] == "Two five" and any(text and text.startswith("side-slip up a semitone") for text in texts)


def test_the_same_solo_gives_the_same_picture(run: Run, solo: Path, chart: Path) -> None:
    for name in ("a.svg", "b.svg"):
        run("analyze", solo, "--chart", chart, "--picture", name)
    assert Path("a.svg").read_bytes() == Path("b.svg").read_bytes()


def test_what_cannot_be_used_is_one_line(run: Run, tmp_path: Path, solo: Path, chart: Path) -> None:
    drums = write(tmp_path / "drums.mid", (38, 38), channel=9)
    nothing = write(tmp_path / "nothing.mid", ())
    for arguments, words in (
        ((drums, "--chart", chart), "holds no melody"),
        ((nothing, "--chart", chart), "it has no notes"),
        ((tmp_path / "none.mid", "--chart", chart), "cannot read"),
        ((solo, "--chart", "no-such-tune"), "no-such-tune"),
        ((solo, "--chart", chart, "--picture", solo), "it is read"),
        ((solo, "--chart", chart, "--picture", "no/such/folder.svg"), "cannot write"),
    ):
        code, said, complaint = run("analyze", *arguments)
        assert (code, said) == (2, "") and words in complaint and complaint.count("\n") == 1


def test_nothing_outside_is_said_too(run: Run, call: Path) -> None:
    write(call, (65, 69, 72, 69))
    assert run("analyze", call, "--chart", "blues-in-f")[1].endswith("\nit goes outside nowhere\n")


TABLES = ListeningTables.unlearnt()


@pytest.mark.parametrize(
    ("phrases", "changes"),
    [
        ([], II_V_I),
        ([phrase((61,))], II_V_I),
        ([phrase(SLIP)], Changes((0,), (parse_chord("N.C."),), 48)),
        ([phrase(SLIP, start=-300), phrase(SLIP, start=10_000)], II_V_I),
        (
            [phrase(SLIP)],
            Changes(tuple(range(0, 48, 3)), tuple(map(parse_chord, ("C7", "F#7", "N.C.", "Dm7b5"))) * 4, 48),
        ),
        ([phrase((61,) * 30)], II_V_I),
        ([phrase((66, 68, 70, 66, 68, 70), ticks=1)], II_V_I),
    ],
)
def test_any_solo_can_be_analysed(phrases: list[Phrase], changes: Changes) -> None:
    heard = listen(phrases, changes, TABLES)
    found = figures(heard, changes)
    assert found["notes"] == sum(map(len, phrases)) and len(found["phrases"]) == len(phrases)
    assert json.loads(json.dumps(found)) == found
    assert all("\n" not in line for line in told(heard, changes, "A"))
    ElementTree.fromstring(picture(heard, changes, "A"))


def test_a_place_that_ends_with_the_phrase_does_not_come_home() -> None:
    heard = listen([phrase(SLIP[:15])], II_V_I, TABLES)
    (place,) = figures(heard, II_V_I)["phrases"][0]["places"]
    assert (place["left_by"], place["left_to"], place["home"]) == (None, None, None)
    assert any("  not within the phrase  Gb Ab C Bb Ab Gb" in line for line in told(heard, II_V_I, "A"))


@pytest.mark.parametrize(("pitch", "by"), [(61, "repeat"), (62, "step"), (59, "step"), (64, "leap")])
def test_how_a_place_is_left(pitch: int, by: str) -> None:
    assert Place((Note(0, 61, 6),), (), Note(6, pitch, 6), None).by == by
    assert Place((Note(0, 61, 6),), (), None, None).by == ""


def test_a_long_solo_takes_seconds_not_minutes() -> None:
    """10,000 notes, every other phrase with a slip; the time limit of the test is the judge."""
    phrases = [phrase(SLIP, start=144 * i) for i in range(527)]
    heard = listen(phrases, II_V_I, TABLES)
    assert sum(len(each.places) for each in heard) >= 500
    assert len(picture(heard, II_V_I, "A")) > 1_000_000
