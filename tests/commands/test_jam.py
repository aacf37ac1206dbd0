"""`jam` with virtual time and ports that are none: settings, files, and what is left when a gig ends badly."""

from collections.abc import Callable
from pathlib import Path

import mido
import pytest

from sideslip.band.events import Ask, Event, Sound, Stopped
from sideslip.commands import jam
from sideslip.errors import PortError
from sideslip.stage.clock import VirtualClock
from sideslip.stage.files.journal import JournalReader
from sideslip.stage.inbox import Inbox
from sideslip.stage.midi.names import Choice
from sideslip.stage.midi.ports import Backend
from sideslip.stage.worker_process import load_factory
from sideslip.testing import InlineBrain, notes

Run = Callable[..., tuple[int, str, str]]

BEAT = 60 / 140  # s, of the blues in F
CALL = notes(*((BEAT * n, BEAT * (n + 0.8), 60 + (0, 3, 5, 7)[n % 4]) for n in range(15)))


class Stage:
    """Stands in for `LiveMidi`, for the clock and for the proposer's process; `opened` is what was asked for."""

    def __init__(self) -> None:
        self.events: list[Event] = [*CALL, Stopped(BEAT * 30)]
        self.opened: list[tuple[str | None, str | None, Backend]] = []
        self.trouble: BaseException | None = None

    def clock(self) -> VirtualClock:
        self._clock = VirtualClock()
        return self._clock

    def open(
        self,
        inbox: Inbox,
        clock: VirtualClock,
        input: str | None,
        output: str | None,
        backend: Backend,
        midi_clock: bool = False,
    ) -> "Stage":
        if isinstance(self.trouble, PortError):
            raise self.trouble
        self.opened.append((input, output, backend))
        self.input, self.output = Choice(input or "keys"), Choice(output or "synth", virtual=True)
        for event in self.events:
            inbox.put(event)
        return self

    def brain(self, inbox: Inbox, now: Callable[[], float], factory: str, weights: str) -> InlineBrain:
        proposer = load_factory(factory)(weights or None)
        brain = InlineBrain(proposer, inbox, self._clock)
        if self.trouble is not None:
            brain.ask = self._fail  # type: ignore[method-assign]
        return brain

    def _fail(self, ask: Ask) -> None:
        assert self.trouble is not None
        raise self.trouble

    def play(self, sounds: tuple[Sound, ...]) -> None:
        pass

    def hush(self, part: str, at: float) -> None:
        pass

    def close(self) -> None:
        pass


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    stage = Stage()
    monkeypatch.setattr(jam, "RealClock", stage.clock)
    monkeypatch.setattr(jam, "LiveMidi", stage)
    monkeypatch.setattr(jam, "WorkerBrain", stage.brain)
    for name in ("MIDO_BACKEND", "RTMIDI_API"):
        monkeypatch.delenv(name, raising=False)
    return stage


def onsets(path: str, name: str) -> int:
    track = next(track for track in mido.MidiFile(path).tracks if track.name == name)
    return sum(message.type == "note_on" for message in track)


def test_a_gig_is_told_saved_and_replayed_exactly(run: Run, stage: Stage) -> None:
    code, said, told = run("jam", "--save", "gig.mid", "--journal", "gig.journal", "--seed", 7)
    assert code == 0 and said.startswith("bar 5: ")
    assert told.splitlines()[0] == "listening on 'keys', playing on 'synth' (a virtual port, made just now)"
    assert onsets("gig.mid", "player") == 15 and onsets("gig.mid", "partner") > 0
    assert run("replay", "gig.journal", "--out", "again.mid") == (0, said, "")
    assert Path("again.mid").read_bytes() == Path("gig.mid").read_bytes()


def test_options_come_before_the_file_and_the_file_before_the_defaults(run: Run, stage: Stage) -> None:
    Path("gig.toml").write_text('in = "Keys"\nout = "Synth"\ntempo = 200\ntrade = 2\noutside = 0.7\nseed = 5\n')
    _, _, told = run("jam", "--config", "gig.toml", "--out", "Horn", "--tempo", 180, "--journal", "gig.journal")
    assert stage.opened == [("Keys", "Horn", Backend())]
    assert "Blues in F, 180 bpm, bar 1 begins with your first note, trading 2 bars, outside 0.7" in told
    header = JournalReader(Path("gig.journal")).header
    assert (header.seed, header.settings["tempo"], header.settings["trade"]) == (5, 180.0, "2")
    assert header.settings["dial"] == 0.7 and "title: Blues in F\n" in header.chart


def test_what_nobody_says_is_a_default(run: Run, stage: Stage) -> None:
    _, _, told = run("jam", "--backend", "jack", "--journal", "gig.journal")
    assert stage.opened == [(None, None, Backend(None, "jack"))]
    assert "Blues in F, 140 bpm, bar 1 begins with your first note, trading 4 bars, outside 0.4" in told
    assert JournalReader(Path("gig.journal")).header.seed == 1


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--config", "gig.toml"], "no setting 'loudness'"),
        (["--chart", "none", "--choruses", "2"], "--choruses needs a chart"),
        (["--tempo", "fast"], "from 20 to 400, or 'tap', 'follow', 'clock'"),
        (["--config", "lost.toml"], "--anywhere takes yes or no, found 'maybe'"),
        (["--save", "nowhere/gig.mid"], "cannot write nowhere/gig.mid: No such file"),
        (["--journal", "nowhere/gig.journal"], "cannot write nowhere/gig.journal: No such file"),
        (["--save", "."], "Is a directory"),
    ],
)
def test_what_is_wrong_is_said_before_a_port_is_opened(run: Run, stage: Stage, options: list[str], says: str) -> None:
    Path("gig.toml").write_text("loudness = 11\n")
    Path("lost.toml").write_text('anywhere = "maybe"\n')
    code, _, told = run("jam", *options)
    assert code == 2 and says in told and told.count("\n") == 1
    assert stage.opened == []


def test_without_ports_the_files_of_the_gig_before_stay(run: Run, stage: Stage) -> None:
    stage.trouble = PortError("no MIDI system")
    for name in ("gig.mid", "gig.journal"):
        Path(name).write_text("the gig before")
    code, _, told = run("jam", "--save", "gig.mid", "--journal", "gig.journal")
    assert (code, told) == (2, "sideslip: no MIDI system\n")
    assert {path.name: path.read_text() for path in Path.cwd().iterdir()} == {
        "gig.mid": "the gig before",
        "gig.journal": "the gig before",
    }


def test_a_gig_that_ends_badly_is_saved(run: Run, stage: Stage) -> None:
    stage.trouble = KeyboardInterrupt()
    assert run("jam", "--save", "gig.mid")[0] == 130
    assert onsets("gig.mid", "player") > 0
    stage.trouble = RuntimeError("a mistake of ours")
    with pytest.raises(RuntimeError, match="of ours"):
        run("jam", "--save", "again.mid")
    assert Path("again.mid").read_bytes() == Path("gig.mid").read_bytes()
