"""A take: the player's line, whose turn it was, and files that tell of both."""

from dataclasses import replace
from pathlib import Path

import mido
import pytest

from sideslip.band.events import Believed, Decided, Mended, Sound
from sideslip.band.settings import GigSettings
from sideslip.errors import SettingError
from sideslip.listen.harmony.tracker import Belief
from sideslip.listen.tempo import TempoMap
from sideslip.music.chord import parse_chord
from sideslip.music.devices.amends import Amend
from sideslip.music.dialogue import Idea, Turn
from sideslip.music.leadsheet import no_chart, parse_chart
from sideslip.music.phrase import Note, Phrase
from sideslip.outside.controller import Controller
from sideslip.outside.tables import ListeningTables
from sideslip.stage.take import Take
from sideslip.testing import notes

SHEET = parse_chart("title: Twelve\n| F7 | Bb7 | F7 | F7 |\n| Bb7 | Bb7 | F7 | D7 |\n| Gm7 | C7 | F7 | C7 |\n")
BAR = 48
C7 = parse_chord("C7")
TABLES = ListeningTables.unlearnt()


def decided(start: int, end: int) -> Decided:
    """An answer of two notes."""
    turn = Turn(start, end, SHEET.changes())
    idea = Idea(Phrase((Note(start, 60, 6), Note(start + 12, 64, 6))), "lick")
    return Decided(turn, Controller(TABLES).choose(turn, (idea,)), 0.0)


TAKE = Take(
    SHEET,
    GigSettings(SHEET.changes(), 120.0),
    TempoMap(120.0, origin=1.0),
    notes((1.0, 1.5, 60), (2.0, 2.25, 62)) + notes((1.0, 1.5, 38), channel=9),
    (Sound(9.0, 9.25, "partner", 1, 60, 80),),
    (decided(4 * BAR, 8 * BAR),),
    end=25.0,  # s: twelve bars at 120
)


AMEND = Amend(Note(4 * BAR + 12, 64, 6), parse_chord("Ab7"), Note(4 * BAR + 24, 63, 6))
MENDED = Mended((AMEND,), Phrase((Note(4 * BAR + 24, 63, 6),)), "keeps its E", 12.0)


def test_a_line_that_was_led_elsewhere_is_shown_as_it_was_played() -> None:
    take = replace(TAKE, decided=(replace(decided(4 * BAR, 8 * BAR), at=8.9),), mended=(MENDED,))
    page = take.page(TABLES, "A take")
    assert [pitch for _, _, pitch, _ in page.partner] == [60, 64, 63]
    assert page.decisions[0]["mended"][0]["why"] == "keeps its E"
    assert take.reasons() == [f"bar 5: {take.decided[0].choice.why}", "bar 5: keeps its E"]
    assert [pitch for _, _, pitch, _ in TAKE.page(TABLES, "A take").partner] == [60, 64]


def test_drums_that_the_player_hits_are_in_nobodys_line(tmp_path: Path) -> None:
    assert TAKE.player() == [(0.0, 1.0, 60, 80), (2.0, 2.5, 62, 80)]
    assert [pitch for _, _, pitch in TAKE.page(TABLES, "A take").player] == [60, 62]
    TAKE.write_midi(tmp_path / "take.mid")
    player = next(track for track in mido.MidiFile(tmp_path / "take.mid").tracks if track.name == "player")
    assert [message.note for message in player if message.type == "note_on"] == [60, 62]


def test_every_bar_is_somebodys_turn() -> None:
    bars = [(start // BAR, end // BAR, who) for start, end, who in TAKE.page(TABLES, "A take").turns]
    assert bars == [(0, 4, "player"), (4, 8, "partner"), (8, 12, "player")]


@pytest.mark.parametrize(
    ("answers", "turns"),
    [
        ([], [(0, 12, "player")]),
        ([(0, 12)], [(0, 12, "partner")]),
        ([(2, 6), (4, 8)], [(0, 2, "player"), (2, 4, "partner"), (4, 8, "partner"), (8, 12, "player")]),
    ],
)
def test_no_turn_reaches_into_the_next(answers: list[tuple[int, int]], turns: list[tuple[int, int, str]]) -> None:
    take = replace(TAKE, decided=tuple(decided(start * BAR, end * BAR) for start, end in answers))
    assert [(start // BAR, end // BAR, who) for start, end, who in take.turns()] == turns


def test_a_file_that_cannot_be_written_is_a_mistake_of_the_user(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="cannot write"):
        TAKE.write_midi(tmp_path / "nowhere" / "take.mid")


def believed(beat: int, chord: str, expected: str = "N.C.", bar: int = 0, at: float = 2.0) -> Believed:
    return Believed(beat, Belief(parse_chord(chord), 0.9, parse_chord(expected), "inside", bar), at)


def test_what_came_before_the_beat_began_anew_is_not_in_the_take() -> None:
    later = replace(TAKE, since=1.8)
    assert later.player() == [(2.0, 2.5, 62, 80)]
    assert replace(TAKE, since=10.0).part("partner") == []
    assert [decided.turn.start for decided in replace(TAKE, since=0.5).decided] == [4 * BAR]
    assert replace(TAKE, since=0.5).turns() == [(0, 12 * BAR, "player")]  # it was decided before, at 0.0


def test_the_chords_that_are_saved_are_those_that_were_gone_through() -> None:
    chart = SHEET.changes()
    on = [believed(beat, "F7", chart.at(beat * 12).symbol, beat // 4 % 12 + 1) for beat in range(48)]
    assert replace(TAKE, believed=tuple(on)).changes() == chart
    moved = [believed(b, "F7", chart.at((b + 16) * 12).symbol, (b // 4 + 4) % 12 + 1) for b in range(24)]
    went = replace(TAKE, believed=tuple(moved)).changes()
    assert [went.at(bar * BAR).symbol for bar in range(12)] == [chart.at((bar + 4) * BAR).symbol for bar in range(12)]
    before = replace(TAKE, believed=tuple(moved), since=3.0)
    assert before.changes() == chart  # what was believed before is void


def test_without_a_chart_the_chords_heard_are_saved_where_they_were_sure() -> None:
    sheet = no_chart()
    heard = (believed(0, "Dm7"), believed(1, "Dm7"), replace(believed(2, "G7"), belief=Belief(C7, 0.3, C7, "inside")))
    take = replace(TAKE, sheet=sheet, settings=GigSettings(sheet.changes()), believed=heard)
    assert [take.changes().at(beat * 12).symbol for beat in range(4)] == ["Dm7", "Dm7", "N.C.", "N.C."]
