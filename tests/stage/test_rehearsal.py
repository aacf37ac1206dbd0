"""A whole gig on the virtual clock: the same again, fast, and exactly as its journal tells."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from sideslip.band.events import Ask, Command, Event, Finished, Heard, Hush, Ideas, Play, Sound, Stopped, Woken
from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.dialogue import Idea, Turn
from sideslip.music.phrase import Note, Phrase
from sideslip.stage.files.journal import Header, JournalReader, JournalWriter
from sideslip.testing import ScriptedProposer, notes, rehearse

CHANGES = Changes((0,), (parse_chord("F7"),), 48)


class Echo:
    """A band that asks at every two seconds for an answer to the notes heard, and plays it a tenth after it came."""

    def __init__(self, end: float) -> None:
        self.end, self.wake_at, self.asked, self.heard = end, 2.0, 0, 0

    def handle(self, event: Event) -> Sequence[Command]:
        match event:
            case Stopped(at):
                return [Hush("partner", at), Finished(at)]
            case Woken(at) if at >= self.end:
                return [Finished(at)]
            case Woken(at) if at > 0:
                self.wake_at, self.asked = at + 2.0, self.asked + 1
                return [Ask(self.asked, Turn(0, 12 * self.heard, CHANGES), 1)]
            case Heard():
                self.heard += event.message[0] & 0xF0 == 0x90
            case Ideas(at, _, ideas):
                self.heard = 0
                return [
                    Play(
                        tuple(
                            Sound(at + 0.1 + n.onset / 24, at + 0.1 + n.end / 24, "partner", 0, n.pitch, n.velocity)
                            for n in ideas[0].phrase
                        )
                    )
                ]
        return []


PLAYER = notes((0.5, 0.9, 60), (1.0, 1.4, 62))


def test_an_answer_comes_as_late_as_thinking_takes() -> None:
    performance = rehearse(Echo(4.0), PLAYER, ScriptedProposer(), delay=0.25)
    assert [(s.on, s.pitch) for s in performance.part("partner")] == [(2.35, 65), (2.85, 65)]
    assert performance.end == 4.0


def test_twenty_rehearsals_are_one_performance() -> None:
    assert len({rehearse(Echo(9.0), PLAYER, ScriptedProposer()) for _ in range(20)}) == 1


def test_a_player_who_leaves_ends_the_gig() -> None:
    performance = rehearse(Echo(1e9), PLAYER, ScriptedProposer(), stop_at=2.5)
    assert performance.end == 2.5
    assert [(s.on, s.off) for s in performance.sounds] == [(2.16, 2.41)]


def test_a_band_handed_the_events_of_a_journal_does_the_same_again(tmp_path: Path) -> None:
    path, told = tmp_path / "gig.jsonl", list[Event | Command]()
    with JournalWriter(path, Header()) as journal:
        performance = rehearse(Echo(6.0), PLAYER, ScriptedProposer(), journal=journal, listeners=[told.append])
    events = tuple(JournalReader(path))
    assert events == performance.events
    band, again = Echo(6.0), list[Event | Command]()
    for event in events:
        again += [event, *band.handle(event)]
    assert again == told


def test_ten_minutes_are_no_more_than_what_happens_in_them() -> None:
    player = notes(*((n / 4, n / 4 + 0.2, 60 + n % 12) for n in range(2400)))
    performance = rehearse(Echo(600.0), player, ScriptedProposer())
    kinds = Counter(type(event) for event in performance.events)
    assert kinds == {Heard: 4800, Woken: 1 + 300, Ideas: 299}  # asked at 2, 4 ... 598 s, over at 600
    assert len(performance.sounds) > 2000


def test_a_script_is_played_in_order_from_where_the_turn_starts() -> None:
    first, last = (Idea(Phrase((Note(0, pitch, 6),)), "model") for pitch in (60, 62))
    proposer = ScriptedProposer([[first], [last]])
    turns = [Turn(start, start + 48, CHANGES) for start in (48, 96, 144)]
    assert [proposer.propose(turn, 0)[0].phrase.notes[0] for turn in turns] == [
        Note(48, 60, 6),
        Note(96, 62, 6),
        Note(144, 62, 6),
    ]
    assert proposer.turns == turns


def test_a_players_part_is_in_order_and_ends_a_note_before_it_begins_again() -> None:
    assert notes((1.0, 2.0, 60), (2.0, 3.0, 60)) == (
        Heard(1.0, b"\x90\x3c\x50"),
        Heard(2.0, b"\x80\x3c\x40"),
        Heard(2.0, b"\x90\x3c\x50"),
        Heard(3.0, b"\x80\x3c\x40"),
    )
