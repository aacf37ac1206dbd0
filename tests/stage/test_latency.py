"""Measuring lateness, on the virtual clock and with a sender whose lateness is known."""

from collections.abc import Sequence

import pytest

from sideslip.band.events import Sound
from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.dialogue import Turn
from sideslip.stage.latency import RATE, measure, travelled
from sideslip.stage.midi.ports import Sent
from sideslip.testing import Inbox, InlineBrain, ScriptedProposer, VirtualClock

TURN = Turn(48, 96, Changes((0,), (parse_chord("F7"),), 48))


class LateStage:
    """Sends everything 2 ms late, and is asked for it soon enough."""

    hurries = True

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self.sent: list[Sent] = []
        self.closed = False

    def play(self, sounds: Sequence[Sound]) -> None:
        assert all(sound.on > self._clock.now() for sound in sounds)
        self.sent += [Sent(sound.on, sound.on + 0.002, bytes((0x90, sound.pitch, sound.velocity))) for sound in sounds]

    def close(self) -> None:
        assert self.sent[-1].due < self._clock.now()
        self.closed = True


def test_notes_go_out_all_the_time_while_turns_are_thought_through() -> None:
    clock, inbox = VirtualClock(), Inbox()
    stage, proposer = LateStage(clock), ScriptedProposer()
    told: list[float] = []
    brain = InlineBrain(proposer, inbox, clock, 0.1)
    timing = measure(stage, inbox, clock, brain, TURN, 3, tell=told.append)  # type: ignore[arg-type]
    assert stage.closed and told == [1.0, 2.0, 3.0]
    assert len(timing.late) == 3 * RATE and timing.arrived == ()
    assert timing.late == pytest.approx([0.002] * 3 * RATE)
    dues = [sent.due for sent in stage.sent]
    assert dues == sorted(dues) and 2.9 < dues[-1] - dues[0] < 3.0
    assert len(timing.thinking) >= 30 and set(proposer.turns) == {TURN}


def test_each_message_is_known_again_where_it_arrives() -> None:
    one, two = b"\x90\x3c\x01", b"\x90\x3e\x01"
    sent = [Sent(1.0, 1.0, one), Sent(1.1, 1.1, two), Sent(2.0, 2.0, one), Sent(3.0, 3.0, one)]
    arrived = [(11.001, one), (12.004, one), (11.102, two)]
    assert list(travelled(sent, arrived, origin=10.0)) == pytest.approx([0.001, 0.002, 0.004, None])
