"""The MIDI process from within, on ports that are none: what it says, sends and looks after."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sideslip.band.events import Beat, Hush, Panic, Play, Sound
from sideslip.errors import PortError
from sideslip.listen.tempo import TempoMap
from sideslip.stage.clock import RealClock, monotonic
from sideslip.stage.inbox import Inbox
from sideslip.stage.jsonlines import Json, dump, load_object
from sideslip.stage.midi.clock_out import ClockWish
from sideslip.stage.midi.keeper import Keeper
from sideslip.stage.midi.live import LiveMidi
from sideslip.stage.midi.midi_out import Leave, Order
from sideslip.stage.midi.names import Choice
from sideslip.stage.midi.ports import Backend
from sideslip.stage.midi.protocol import Wanted, Wish, decode_order, encode_order
from sideslip.testing import FakeMidi

ON, OFF = b"\x90\x3c\x50", b"\x80\x3c\x40"
CLEAN = [b"\xb0\x40\x00", b"\xb0\x7b\x00"]
LONG = 30.0  # s; only a broken build waits this long


class Rig:
    """A process on fake ports, run in a thread of the test; `say` gives it a line, `told` waits for one."""

    def __init__(self, midi: FakeMidi, wanted_in: Wanted = "keys", wanted_out: Wanted = "synth", **more: Any) -> None:
        self.midi, self.lines, self.more = midi, list[Json](), threading.Condition()
        self.orders: list[Json | None] = []
        self.wish = Wish(wanted_in, wanted_out, Backend(), monotonic(), panics=((None, 20),), **more)
        self.process = Keeper(self.wish, midi, self._tell, look=0.01)
        self.thread = threading.Thread(target=self.process.run, args=(self._orders(),))

    def __enter__(self) -> "Rig":
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.say(None)
        self.thread.join(LONG)
        assert not self.thread.is_alive()

    def say(self, line: Json | None) -> None:
        with self.more:
            self.orders.append(line)
            self.more.notify_all()

    def told(self, fits: Callable[[Json], bool]) -> Json:
        with self.more:
            assert self.more.wait_for(lambda: any(map(fits, self.lines)), LONG)
            return next(line for line in self.lines if fits(line))

    def _tell(self, line: Json) -> None:
        with self.more:
            self.lines.append(load_object(dump(line)))
            self.more.notify_all()

    def _orders(self) -> Iterator[Json]:
        while True:
            with self.more:
                assert self.more.wait_for(lambda: self.orders, LONG)
                line = self.orders.pop(0)
            if line is None:
                return
            yield line


def test_it_says_what_it_has_opened_plays_and_closes() -> None:
    midi = FakeMidi(["My keys"], ["My synth"])
    with Rig(midi) as rig:
        assert rig.lines[0] == {"opened": {"input": ["My keys", False], "output": ["My synth", False]}}
        assert sorted(midi.open_ports) == ["My keys", "My synth"]
        rig.say(encode_order(Play((Sound(0.0, LONG, "partner", 0, 60, 80),))))
        sent = rig.told(lambda line: bool(line.get("sent")))
    assert sent["sent"][0][2] == ON.hex()
    assert midi.sent["My synth"] == [ON, OFF, *CLEAN]
    assert [m for line in rig.lines for _, _, m in line.get("sent", [])] == [m.hex() for m in midi.sent["My synth"]]
    assert midi.open_ports == []


def test_all_output_is_shifted_and_due_when_it_is_shifted_to() -> None:
    with Rig(FakeMidi(["keys"], ["synth"]), offset=0.15) as rig:
        rig.say(encode_order(Play((Sound(0.05, 0.1, "partner", 0, 60, 80),))))
        rig.told(lambda line: OFF.hex() in str(line.get("sent")))
        sent = [row for line in rig.lines for row in line.get("sent", [])]
    assert [(pytest.approx(due), message) for due, _, message in sent] == [(0.2, ON.hex()), (0.25, OFF.hex())]
    assert all(at >= due for due, at, _ in sent)


def test_what_is_heard_is_told_with_its_moment() -> None:
    with Rig(FakeMidi(["keys"], ["synth"])) as rig:
        rig.midi.play("keys", monotonic() + 5.0, ON)
        ((at, message),) = rig.told(lambda line: "heard" in line)["heard"]
    assert bytes.fromhex(message) == ON
    assert 5.0 <= at < 5.0 + LONG


def test_its_own_notes_that_come_back_are_not_told() -> None:
    with Rig(FakeMidi(["keys"], ["synth"])) as rig:
        rig.say(encode_order(Play((Sound(0.0, LONG, "partner", 0, 60, 80),))))
        rig.told(lambda line: bool(line.get("sent")))
        (_, at, _) = rig.told(lambda line: bool(line.get("sent")))["sent"][0]
        rig.midi.play("keys", rig.wish.origin + at + 0.003, ON)
        rig.midi.play("keys", rig.wish.origin + at + 0.003, b"\x90\x3d\x50")
        assert [message for _, message in rig.told(lambda line: "heard" in line)["heard"]] == ["903d50"]


def test_the_panic_controller_is_obeyed_at_once_and_handed_on() -> None:
    with Rig(FakeMidi(["keys"], ["synth"])) as rig:
        rig.say(encode_order(Play((Sound(0.0, LONG, "partner", 0, 60, 80), Sound(LONG, 40.0, "bass", 1, 40, 80)))))
        rig.told(lambda line: bool(line.get("sent")))
        rig.midi.play("keys", monotonic(), b"\xb3\x14\x7f")
        assert rig.told(lambda line: "panicked" in line)["panicked"] == [1, 1]
        assert rig.midi.sent["synth"] == [ON, OFF, *(bytes((0xB0, n, 0)) for n in (64, 66, 123, 120))]
        assert rig.told(lambda line: "heard" in line)["heard"][0][1] == "b3147f"


def test_a_keyboard_that_goes_lets_go_and_is_heard_again_when_it_is_back() -> None:
    with Rig(FakeMidi(["keys"], ["synth"])) as rig:
        rig.midi.play("keys", monotonic(), ON)
        rig.told(lambda line: "heard" in line)
        rig.midi.unplug("keys")
        rig.told(lambda line: line == {"gone": "input"})
        rig.told(lambda line: [m for _, m in line.get("heard", [])] == [OFF.hex()])
        rig.midi.plug(inputs=["keys"])
        rig.told(lambda line: line == {"back": "input"})
        rig.midi.play("keys", monotonic(), b"\x90\x3e\x50")
        rig.told(lambda line: [m for _, m in line.get("heard", [])] == ["903e50"])


def test_a_synth_that_goes_is_cleaned_when_it_is_back() -> None:
    with Rig(FakeMidi(["keys"], ["synth"])) as rig:
        rig.say(encode_order(Play((Sound(0.0, LONG, "partner", 0, 60, 80),))))
        rig.told(lambda line: bool(line.get("sent")))
        rig.midi.unplug("synth")
        rig.told(lambda line: line == {"gone": "output"})
        rig.midi.sent.clear()
        rig.midi.plug(outputs=["synth"])
        rig.told(lambda line: line == {"back": "output"})
    assert rig.midi.sent["synth"] == [OFF, *CLEAN, *CLEAN]


def test_a_synth_that_refuses_a_note_is_opened_anew() -> None:
    with Rig(FakeMidi(["keys"], ["synth"])) as rig:
        rig.midi.unplug("synth")
        rig.say(encode_order(Play((Sound(0.0, LONG, "partner", 0, 60, 80),))))
        rig.told(lambda line: line == {"gone": "output"})
        rig.midi.plug(outputs=["synth"])
        rig.told(lambda line: line == {"back": "output"})
        assert sorted(rig.midi.open_ports) == ["keys", "synth"]


def test_a_process_that_takes_over_waits_for_a_synth_that_is_gone_and_cleans_it_first() -> None:
    left: dict[str, Any] = {"sounding": ((0, 60),), "used": (0, 1)}
    with Rig(FakeMidi(["keys"]), Choice("keys"), Choice("synth"), **left) as rig:
        assert rig.lines[:2] == [
            {"opened": {"input": ["keys", False], "output": ["synth", False]}},
            {"gone": "output"},
        ]
        rig.midi.plug(outputs=["synth"])
        rig.told(lambda line: line == {"back": "output"})
        assert rig.midi.sent["synth"] == [OFF, *CLEAN, b"\xb1\x40\x00", b"\xb1\x7b\x00"]


def test_a_system_that_dies_ends_the_process() -> None:
    midi = FakeMidi(["keys"], ["synth"])
    rig = Rig(midi)
    midi.dead = True
    with pytest.raises(PortError, match="dead"):
        rig.process.run(rig._orders())
    rig.say(None)
    assert midi.open_ports == []


HANGS = """
import ctypes
from sideslip.stage.midi import process
from sideslip.testing import FakeMidi
class Stuck(FakeMidi):
    def check(self):
        ctypes.PyDLL(None).sleep(60)  # as a library may: nothing else of this process runs any more
process._HUNG = 0.3
process.open_system = lambda backend: Stuck(["keys"], ["synth"])
process.main()
"""


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers on this system")
def test_a_process_that_hangs_for_ever_is_ended_by_the_system() -> None:
    wish = dump(Wish("keys", "synth", Backend(), monotonic()).encode()) + "\n"
    with subprocess.Popen([sys.executable, "-c", HANGS], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as stuck:
        assert stuck.stdin is not None
        stuck.stdin.write(wish.encode())
        stuck.stdin.flush()
        assert stuck.wait(LONG) == -signal.SIGALRM


def test_names_that_are_not_there_become_virtual_ports_which_never_go() -> None:
    midi = FakeMidi()
    with Rig(midi, "K", "S") as rig:
        assert rig.lines[0] == {"opened": {"input": ["K", True], "output": ["S", True]}}
        rig.told(lambda line: "sent" in line)  # it has looked around
        assert not any("gone" in line for line in rig.lines)
    assert midi.sent["S"] == []


def test_ports_are_closed_even_if_nobody_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    midi = FakeMidi(["keys"], ["synth"])
    with Rig(midi) as rig, monkeypatch.context() as patch:

        def gone(line: Json) -> None:
            raise OSError("nobody reads")

        patch.setattr(rig.process, "_tell", gone)
        patch.setattr(threading, "excepthook", lambda _: None)  # the thread of the test ends with the error
        rig.say(None)
        rig.thread.join(LONG)
    assert midi.open_ports == []


def test_no_port_is_opened_before_both_are_claimed() -> None:
    midi, claimed = FakeMidi(["keys"], ["synth"]), list[tuple[str, str]]()

    def claim(name: str, way: str) -> None:
        claimed.append((name, way))
        assert midi.open_ports == []
        if way == "input":
            raise PortError("it is taken")

    with pytest.raises(PortError, match="it is taken"):
        Keeper(Wish("KEYS", None, Backend(), monotonic()), midi, lambda line: None, claim)
    assert claimed == [("synth", "output"), ("keys", "input")]
    assert midi.open_ports == []


def test_a_port_that_is_not_there_is_an_error() -> None:
    with pytest.raises(PortError, match="no MIDI output matches 'synth'; found: none"):
        Rig(FakeMidi(can_make_virtual=False))


@pytest.mark.parametrize(
    "order",
    [
        Play((Sound(0.5, 1.25, "bass", 1, 40, 99), Sound(1.0, 2.0, "partner", 0, 60, 80))),
        Hush("partner", 1),
        Panic(),
        Beat(TempoMap(120, 0.5).bent(1.5, 133.3).bent(2.25, 98.7), 2.3),
        Beat(None, 4.0),
        Leave(),
    ],
)
def test_orders_survive_the_way(order: Order) -> None:
    assert decode_order(load_object(dump(encode_order(order)))) == order


@pytest.mark.parametrize("wanted", [None, "keys", Choice("keys"), Choice("keys", virtual=True)])
def test_wishes_survive_the_way(wanted: str | Choice | None) -> None:
    rest = ((0, 60), (9, 38)), (0, 9), True, ((None, 20), (3, 21)), -0.02, ClockWish(8, None)
    wish = Wish(wanted, wanted, Backend("rtmidi", "jack"), 123.25, *rest)
    assert Wish.decode(load_object(dump(wish.encode()))) == wish


def test_of_a_long_beat_only_what_still_matters_is_told() -> None:
    tempo = TempoMap(120, 0.0)
    for n in range(1, 1000):
        tempo = tempo.bent(n, 110 + n % 20)
    told = decode_order(load_object(dump(encode_order(Beat(tempo, 999.5)))))
    assert isinstance(told, Beat) and told.tempo is not None
    assert len(told.tempo.pieces) == 2
    assert [told.tempo.seconds(beat) for beat in (2000, 3000)] == [tempo.seconds(beat) for beat in (2000, 3000)]


def test_without_a_midi_system_one_line_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "sideslip-none")
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    with pytest.raises(PortError, match=r"no MIDI system: jack does not answer|live MIDI needs a library"):
        LiveMidi.open(Inbox(), RealClock(), backend=Backend(None, "jack"))
    assert capfd.readouterr().err == ""
