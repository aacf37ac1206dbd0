"""Your own solos: a folder of MIDI files with their charts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sideslip.errors import ChartError, DataError, MidiFileError
from sideslip.listen.phrasing import split
from sideslip.listen.quantise import Played, to_grid
from sideslip.listen.tempo import TempoMap
from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.meter import Meter
from sideslip.stage.files.session_file import note_track, write_session
from sideslip.train.own_solos import Line, read_own_solos
from sideslip.train.solos import Solo, read_solos
from sideslip.train.solos_out import write_solos
from sideslip.train.sources import read_sources

CHART = """title: Small Waltz
key: Gm
time: 3/4
tempo: 90
feel: straight

| Gm7 | C7 / Cm7 |
| N.C. |
"""

CHANGES = Changes((0,), (parse_chord("Gm7"),), 36, Meter(3, 4))
NOTES = [
    (0.05, 0.55, 67, 80),
    (0.06, 0.5, 55, 60),  # with the left hand, together with the one above it
    (0.7, 1.9, 70, 90),  # a swung eighth, held into the next
    (1.02, 1.4, 72, 100),
    (3.0, 4.0, 74, 70),
    (11.5, 12.25, 62, 64),
]


def solo(folder: Path, name: str = "take1") -> Path:
    folder.mkdir(exist_ok=True)
    write_session(folder / f"{name}.mid", [note_track("line", NOTES)], CHANGES, TempoMap(150.0))
    (folder / f"{name}.txt").write_text(CHART, encoding="utf-8")
    return folder


def read(folder: Path, tmp_path: Path) -> list[Solo]:
    write_solos(tmp_path / "out.jsonl", read_sources([folder]))
    return list(read_solos(tmp_path / "out.jsonl"))


def test_a_solo_is_its_top_line_over_the_form_played_on_and_on(tmp_path: Path) -> None:
    (found,) = read(solo(tmp_path / "mine"), tmp_path)
    assert (found.id, found.performer, found.title, found.group) == ("take1", "mine", "Small Waltz", "small-waltz")
    assert (found.style, found.feel, found.key, found.tempo) == ("OTHER", "STRAIGHT", "G-min", 150.0)
    assert found.meter == Meter(3, 4)
    assert found.onset_ticks.tolist() == [0, 8, 12, 36, 138]
    assert found.pitch.tolist() == [67, 70, 72, 74, 62]
    assert found.velocity.tolist() == [80, 90, 100, 70, 64]
    assert found.performed.tolist() == pytest.approx([0.05, 0.7, 1.02, 3.0, 11.5], abs=0.002)
    assert found.duration_beats.tolist() == pytest.approx([0.5, 0.32, 0.38, 1.0, 0.75], abs=0.003)
    assert found.phrase.tolist() == [1, 1, 1, 2, 3]
    assert found.bar.tolist() == [bar for bar in range(1, 6) for _ in range(3)]
    assert found.beat.tolist() == [1, 2, 3] * 5
    assert found.chorus.tolist() == [1] * 9 + [2] * 6
    assert found.chord == ("Gm7",) * 3 + ("C7", "C7", "Cm7") + ("NC",) * 3 + ("Gm7",) * 3 + ("C7", "C7", "Cm7")
    assert found.harm == (*found.chord[:6], *["Cm7"] * 3, *found.chord[9:])


def test_solos_come_by_name_and_other_files_may_lie_beside_them(tmp_path: Path) -> None:
    folder = solo(solo(tmp_path / "mine", "b"), "a")
    (folder / "notes.txt").write_text("not a chart")
    (folder / "._a.mid").write_text("what some systems leave behind")
    assert [record["id"] for record in read_own_solos(folder)] == ["a", "b"]


def test_the_tempo_is_the_charts_where_the_file_says_none(tmp_path: Path) -> None:
    folder = solo(tmp_path / "mine")
    path = folder / "take1.mid"
    data = path.read_bytes()
    tempo = b"\xff\x51\x03"
    assert data.count(tempo) == 1
    path.write_bytes(data.replace(tempo, b"\xff\x7f\x03"))  # a message of another kind
    assert next(read_own_solos(folder))["avg_tempo"] == 90.0


def without_chart(folder: Path) -> None:
    (folder / "take1.txt").unlink()


def with_a_bad_chart(folder: Path) -> None:
    (folder / "take1.txt").write_text("| F7 | H7 |")


def in_another_metre(folder: Path) -> None:
    (folder / "take1.txt").write_text("| F7 | Bb7 |")


def with_drums_alone(folder: Path) -> None:
    write_session(folder / "take1.mid", [note_track("drums", NOTES, channel=9)], CHANGES, TempoMap(150.0))


def truncated(folder: Path) -> None:
    (folder / "take1.mid").write_bytes((folder / "take1.mid").read_bytes()[:50])


def empty(folder: Path) -> None:
    (folder / "take1.mid").unlink()


@pytest.mark.parametrize(
    ("spoil", "mistake", "says"),
    [
        (without_chart, DataError, "take1.mid' has no chart"),
        (with_a_bad_chart, ChartError, "take1.txt': line 1, bar 2"),
        (in_another_metre, MidiFileError, "it is in 3/4, the chart in 4/4"),
        (with_drums_alone, MidiFileError, "holds no melody"),
        (truncated, MidiFileError, "truncated"),
        (empty, DataError, "found none in"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_bad_solo_is_one_line_that_names_it(
    tmp_path: Path, spoil: Callable[[Path], None], mistake: type[Exception], says: str
) -> None:
    folder = solo(tmp_path / "mine")
    spoil(folder)
    with pytest.raises(mistake) as found:
        list(read_own_solos(folder))
    assert says in str(found.value)
    assert "\n" not in str(found.value)


PLAYED = st.builds(
    lambda on, length, pitch, velocity: Played(on / 48, (on + length) / 48, pitch, velocity),
    st.integers(0, 200),
    st.integers(0, 200),
    st.integers(40, 90),
    st.integers(1, 127),
)


@example([Played(0.03 * i, 1.0, 60 + i, 80) for i in range(3)], 0.05)  # a chord is not as long as a glissando
@given(played=st.lists(PLAYED, max_size=60), push=st.floats(0.02, 0.15))
def test_the_line_is_the_one_that_analyze_hears(played: list[Played], push: float) -> None:
    line, heard = Line.of(played, push), to_grid(played, push).monophonic()
    assert line.ticks == tuple(note.onset for note in heard)
    assert tuple(note.pitch for note in line.played) == heard.pitches
    assert all(a.off - a.on >= 0 and a.off <= b.on for a, b in zip(line.played, line.played[1:], strict=False))
    if line.ticks:
        numbers = line.phrases()
        assert len(numbers) == len(line.ticks) and numbers[0] == 1
        assert numbers == sorted(numbers)


def test_a_rest_of_one_beat_ends_a_phrase() -> None:
    line = Line.of([Played(0.0, 0.5, 60, 80), Played(1.25, 2.0, 62, 80), Played(3.0, 4.0, 64, 80)], 0.05)
    assert line.phrases() == [1, 1, 2]
    assert len(split(to_grid(line.played, 0.05))) == 2
