"""The player's wrong note goes from the keys to the trace."""

from dataclasses import replace

from sideslip.band.events import Decided, Mended
from sideslip.band.partner import Partner
from sideslip.band.settings import GigSettings
from sideslip.listen.tempo import TempoMap
from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.devices.amends import Amend
from sideslip.music.dialogue import Idea, Turn
from sideslip.music.phrase import Note, Phrase
from sideslip.outside.controller import Controller
from sideslip.outside.tables import ListeningTables
from sideslip.propose.ideas import LicksAlone
from sideslip.propose.licks import LickProposer
from sideslip.stage.files import trace
from sideslip.testing import notes, rehearse

G7 = Changes((0,), (parse_chord("G7"),), 96)
TEMPO = TempoMap(120)
TURN, LINE = Turn(0, 96, G7), Phrase((Note(0, 59, 6), Note(24, 61, 6)))
DECIDED = Decided(TURN, Controller(ListeningTables.unlearnt()).choose(TURN, [Idea(LINE, "lick")]), 0.0)
AMEND = Amend(LINE.notes[1], parse_chord("G7"), Note(42, 59, 6))
MENDED = Mended((AMEND,), Phrase((Note(42, 59, 6),)), "keeps its C# over G7 and leads it to B")


def traced(*line: tuple[float, float, int]) -> list[trace.Record]:
    """The trace of one trade of two bars over G7; the line is (beat, beats long, pitch)."""
    settings = GigSettings(G7, 120, trade=2, starts_at=0.0, ends=192)
    partner = Partner(settings, Controller(ListeningTables.unlearnt()), LickProposer())
    played = notes(*((TEMPO.seconds(beat), TEMPO.seconds(beat + length), pitch) for beat, length, pitch in line))
    return [trace.record(one, G7.meter) for one in rehearse(partner, played, LicksAlone()).decided]


def test_a_decision_tells_of_the_wrong_notes_that_it_heard() -> None:
    (decision,) = traced((0, 0.5, 67), (1, 1.5, 66), (2.5, 0.5, 62), (4, 1.4, 68), (5.5, 1, 67), (7, 0.9, 61))
    wrong = {"note": 66, "name": "F#", "over": "G7", "degree": "major 7th", "expected": [65, 67], "resolved": False}
    home = {"note": 68, "name": "Ab", "over": "G7", "degree": "b9", "expected": [67], "resolved": True}
    last = {"note": 61, "name": "C#", "over": "G7", "degree": "#11", "expected": [62], "resolved": False}
    assert decision["mistakes"] == [{"beat": 1.0} | wrong, {"beat": 4.0} | home, {"beat": 7.0} | last]


def test_the_answer_to_one_names_its_move() -> None:
    (decision,) = traced((0, 0.5, 67), (1, 0.5, 62), (4, 1.4, 66))
    chosen = decision["candidates"][decision["chosen"]]
    assert chosen["move"] in ("resolve", "echo", "reharmonise", "commit")
    assert decision["why"].split()[0] in ("resolves", "echoes", "hears", "takes")
    assert not all("move" in candidate for candidate in decision["candidates"])


def test_what_the_partner_made_of_its_own_is_told_with_the_answer_it_was_in() -> None:
    decided = [replace(DECIDED, at=at) for at in (1.0, 5.0, 9.0)]
    first, second, third = trace.records(decided, G7.meter, [replace(MENDED, at=at) for at in (5.1, 8.9)])
    assert "mended" not in first and "mended" not in third and len(second["mended"]) == 2
    assert second["mended"][0] == {
        "why": "keeps its C# over G7 and leads it to B",
        "amends": [{"beat": 2.0, "note": 61, "over": "G7", "landing": 59, "landing_beat": 3.5}],
        "notes": [[3.5, 59, 0.5, 80]],
    }
    assert trace.lines(decided, G7.meter, [MENDED]).count("\n") == 3


def test_a_line_without_any_says_so() -> None:
    assert [decision["mistakes"] for decision in traced((0, 0.5, 67), (1, 0.5, 71), (2, 1, 62))] == [[]]
