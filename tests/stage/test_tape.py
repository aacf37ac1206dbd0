"""What is kept of a gig for its file: all that was heard and played, and nothing that would fill the memory."""

from pathlib import Path

from sideslip.band.events import Heard, Panic, Play, Sound
from sideslip.band.partner import Partner
from sideslip.band.settings import GigSettings
from sideslip.music.leadsheet import parse_chart
from sideslip.outside.controller import Controller
from sideslip.outside.tables import ListeningTables
from sideslip.propose.licks import LickProposer
from sideslip.stage.files.call import read_call
from sideslip.stage.tape import Tape
from sideslip.testing import Inbox, VirtualClock, notes, rehearse
from sideslip.testing.proposer import ScriptedProposer

SHEET = parse_chart("tempo: 120\n| F7 | Bb7 |\n")


def partner(settings: GigSettings) -> Partner:
    return Partner(settings, Controller(ListeningTables.unlearnt()), LickProposer())


def test_the_file_of_a_gig_is_that_of_its_rehearsal(tmp_path: Path) -> None:
    settings = GigSettings(SHEET.changes(), 120.0, 1, starts_at=0.0, ends=4 * SHEET.changes().length)
    heard = notes((0.0, 0.4, 60), (0.5, 0.9, 63), (4.1, 4.4, 65))
    tape, band = Tape(VirtualClock()), partner(settings)
    performance = rehearse(band, heard, ScriptedProposer(), listeners=[tape])
    take = tape.take(SHEET, settings, band)
    assert take.heard == heard and take.believed == performance.believed
    take.write_midi(tmp_path / "gig.mid")
    assert read_call(tmp_path / "gig.mid").messages  # the player's track


def test_messages_of_any_length_are_kept_and_endless_ones_are_not(tmp_path: Path) -> None:
    settings = GigSettings(SHEET.changes())
    tape = Tape(VirtualClock())
    heard = [Heard(at / 10, bytes(range(at % 7))) for at in range(30)]
    for event in (*heard, Heard(9.0, bytes(300))):
        tape(event)
    assert list(tape.take(SHEET, settings, partner(settings)).heard) == heard


def test_what_panic_stopped_was_not_played() -> None:
    settings, clock = GigSettings(SHEET.changes()), VirtualClock()
    tape = Tape(clock)
    tape(Play((Sound(0.0, 9.0, "partner", 0, 60, 80), Sound(5.0, 6.0, "partner", 0, 62, 80))))
    clock.wait(Inbox(), 1.0)
    tape(Panic())
    (sound,) = tape.take(SHEET, settings, partner(settings)).sounds
    assert (sound.pitch, sound.off) == (60, 1.0)


def test_a_brief_performance_sounds_the_same_and_says_why() -> None:
    settings = GigSettings(SHEET.changes(), 120.0, 1, starts_at=0.0, ends=4 * SHEET.changes().length)
    heard = notes((0.0, 0.4, 60), (0.5, 0.9, 63), (4.1, 4.4, 65))
    whole, brief = (rehearse(partner(settings), heard, LickProposer(3), brief=short) for short in (False, True))
    assert brief.sounds == whole.sounds and brief.believed == whole.believed and brief.end == whole.end
    assert [one.why for one in brief.decided] == [one.why for one in whole.decided]
    assert {len(one.choice.scored) for one in brief.decided} == {1} and brief.events == ()
    ideas = [[one.choice.scored[one.choice.index].idea for one in told.decided] for told in (whole, brief)]
    assert ideas[0] == ideas[1]
