"""The player's wrong note goes from the keys to the trace."""

from sideslip.band.partner import Partner
from sideslip.band.settings import GigSettings
from sideslip.listen.tempo import TempoMap
from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.outside.controller import Controller
from sideslip.outside.tables import ListeningTables
from sideslip.propose.ideas import LicksAlone
from sideslip.propose.licks import LickProposer
from sideslip.stage.files import trace
from sideslip.testing import notes, rehearse

G7 = Changes((0,), (parse_chord("G7"),), 96)
TEMPO = TempoMap(120)


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


def test_a_line_without_any_says_so() -> None:
    assert [decision["mistakes"] for decision in traced((0, 0.5, 67), (1, 0.5, 71), (2, 1, 62))] == [[]]
