"""`jam` with virtual time and ports that are none: settings, files, and what is left when a gig ends badly."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import mido
import pytest

from sideslip.band.bindings import Knob
from sideslip.band.events import Ask, Beat, Believed, Event, Heard, Nudged, Sound, Stopped, Turned
from sideslip.band.settings import GigSettings
from sideslip.band.trading import State
from sideslip.commands import jam, sync
from sideslip.commands.teller import Teller
from sideslip.errors import PortError
from sideslip.listen.harmony.tracker import Belief
from sideslip.listen.tempo import TempoMap
from sideslip.music.changes import Changes
from sideslip.music.chord import NO_CHORD, parse_chord
from sideslip.music.dialogue import Wish
from sideslip.music.meter import TICKS, Meter
from sideslip.stage.clock import VirtualClock
from sideslip.stage.files.controllers import controllers_file, keep_controllers
from sideslip.stage.files.journal import JournalReader
from sideslip.stage.inbox import Inbox
from sideslip.stage.midi.clock_out import ClockWish
from sideslip.stage.midi.names import Choice
from sideslip.stage.midi.ports import Backend, Sent
from sideslip.stage.worker_process import load_factory
from sideslip.testing import InlineBrain, ScriptedProposer, notes

Run = Callable[..., tuple[int, str, str]]

BEAT = 60 / 140  # s, of the blues in F
CALL = notes(*((BEAT * n, BEAT * (n + 0.8), 60 + (0, 3, 5, 7)[n % 4]) for n in range(15)))


class Stage:
    """Stands in for `LiveMidi`, for the clock and for the proposer's process; `asked` is what was to be opened."""

    def __init__(self) -> None:
        self.events: list[Event] = [*CALL, Stopped(BEAT * 30)]
        self.asked: list[tuple[str | None, str | None, Backend]] = []
        self.midi_clock, self.offset = False, 0.0
        self.clock_out: ClockWish | None = None
        self.beats: list[Beat] = []
        self.on_sent: Callable[[list[Sent]], None] = lambda sent: None
        self.trouble: BaseException | None = None
        self.panics: list[Knob] = []
        self.panicked = 0
        self.on_play: Callable[[], None] = lambda: None

    def clock(self) -> VirtualClock:
        self.running = VirtualClock()
        self.running.origin = 100.0  # type: ignore[attr-defined]
        return self.running

    def open(
        self,
        inbox: Inbox,
        clock: VirtualClock,
        input: str | None,
        output: str | None,
        backend: Backend,
        midi_clock: bool = False,
        clock_out: ClockWish | None = None,
        offset: float = 0.0,
        wait: bool = True,
    ) -> "Stage":
        self.asked.append((input, output, backend))
        self.midi_clock, self.offset, self.clock_out = midi_clock, offset, clock_out
        self.input, self.output = Choice(input or "keys"), Choice(output or "synth", virtual=True)
        for event in self.events:
            inbox.put(event)
        return self

    def opened(self) -> None:
        if isinstance(self.trouble, PortError):
            raise self.trouble

    def brain(self, inbox: Inbox, now: Callable[[], float], factory: str, weights: str) -> InlineBrain:
        proposer = load_factory(factory)(weights or None)
        brain = InlineBrain(proposer, inbox, self.running)
        if self.trouble is not None:
            brain.ask = self._fail  # type: ignore[method-assign]
        return brain

    def _fail(self, ask: Ask) -> None:
        assert self.trouble is not None
        raise self.trouble

    def play(self, sounds: tuple[Sound, ...]) -> None:
        self.on_play()
        self.on_sent([Sent(sound.on, sound.on + 0.001, b"\x90\x3c\x50") for sound in sounds])

    def hush(self, part: str, at: float) -> None:
        pass

    def keep(self, beat: Beat) -> None:
        self.beats.append(beat)

    def heed(self, panics: list[Knob]) -> None:
        self.panics = panics

    def panic(self) -> None:
        self.panicked += 1

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
    assert stage.asked == [("Keys", "Horn", Backend())]
    assert "Blues in F, 180 bpm, bar 1 begins with your first note, trading 2 bars, outside 0.7" in told
    header = JournalReader(Path("gig.journal")).header
    assert (header.seed, header.settings["tempo"], header.settings["trade"]) == (5, 180.0, "2")
    assert header.settings["dial"] == 0.7 and "title: Blues in F\n" in header.chart


@pytest.mark.parametrize(
    ("written", "options", "wish"),
    [
        ("", [], Wish()),
        ("", ["--density", "2.5", "--register", "Bb3", "--style", "bebop"], Wish(None, 2.5, 58.0, "BEBOP")),
        ('density = 3\nregister = 72\nstyle = "Post"\n', [], Wish(None, 3.0, 72.0, "POSTBOP")),
        ('density = 3\nregister = "C5"\nstyle = "cool"\n', ["--style", "any"], Wish(None, 3.0, 72.0, None)),
    ],
)
def test_what_a_player_wishes_for_reaches_the_proposer_and_the_journal(
    run: Run, stage: Stage, monkeypatch: pytest.MonkeyPatch, written: str, options: list[str], wish: Wish
) -> None:
    proposer = ScriptedProposer()
    monkeypatch.setattr(jam, "WorkerBrain", lambda inbox, *_: InlineBrain(proposer, inbox, stage.running))
    Path("gig.toml").write_text(written)
    code, said, _ = run("jam", "--config", "gig.toml", "--journal", "gig.journal", *options)
    assert code == 0 and proposer.turns
    assert {replace(turn.wish, outside=None) for turn in proposer.turns} == {wish}
    found = JournalReader(Path("gig.journal")).header.settings
    assert (found["density"], found["register"], found["style"]) == (wish.density, wish.register, wish.style)
    assert run("replay", "gig.journal") == (0, said, "")


def test_what_nobody_says_is_a_default(run: Run, stage: Stage) -> None:
    _, _, told = run("jam", "--backend", "jack", "--journal", "gig.journal")
    assert stage.asked == [(None, None, Backend(None, "jack"))]
    assert "Blues in F, 140 bpm, bar 1 begins with your first note, trading 4 bars, outside 0.4" in told
    assert JournalReader(Path("gig.journal")).header.seed == 1


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--trade", 1], "Blues in F, 140 bpm, bar 1 begins with your first note, trading 1 bar,"),
        (
            ["--tempo", "tap"],
            "Blues in F, count in with 4 even taps of one key or the pedal, or just begin at 140",
        ),
        (["--tempo", "follow"], "or just begin at 140 bpm; I follow you, trading 4 bars,"),
        (["--tempo", "clock", "--trade", "free"], "Blues in F, waiting for MIDI clock and start, trading free,"),
        (["--anywhere"], "Blues in F from any bar, 140 bpm,"),
        (["--chart", "none"], "No chart, 120 bpm,"),
    ],
)
def test_how_to_begin_is_said_in_one_line(run: Run, stage: Stage, options: list[str], says: str) -> None:
    stage.events = [Stopped(0.0)]
    code, said, told = run("jam", *options)
    assert (code, said, told.count("\n")) == (0, "", 3)
    assert says in told.splitlines()[1]
    assert stage.midi_clock == ("clock" in options)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--config", "gig.toml"], "no setting 'loudness'"),
        (["--chart", "none", "--choruses", "2"], "--choruses needs a chart"),
        (["--chart", "none", "--anywhere"], "--anywhere needs a chart"),
        (["--tempo", "fast"], "from 20 to 400, or 'tap', 'follow', 'clock', 'link'"),
        (["--tempo", "TAP"], "from 20 to 400, or 'tap', 'follow', 'clock', 'link'"),
        (["--tempo", "clock", "--clock-out"], "with --tempo clock there is none; choose one of the two"),
        (["--tempo", "nan"], "found 'nan'"),
        (["--config", "lost.toml"], "--anywhere takes yes or no, found 'maybe'"),
        (["--config", "many.toml"], "tempo takes a text or a number, found list"),
        (["--config", "third.toml"], "'3' is no chart file"),
        (["--config", "thick.toml"], "--density takes a number from 0.2 to 6, found '60'"),
        (["--register", "C9"], "a note from C2 to C7 such as Bb3 (C4 is 60); found 'C9'"),
        (["--style", "bop"], "found 'bop', which may be bebop, hardbop, postbop"),
        (["--save", "nowhere/gig.mid"], "cannot write nowhere/gig.mid: No such file"),
        (["--journal", "nowhere/gig.journal"], "cannot write nowhere/gig.journal: No such file"),
        (["--save", "."], "Is a directory"),
        (["--split", "C44"], "such as C4, or a MIDI pitch from 0 to 127 (C4 is 60); found 'C44'"),
        (
            ["--learn", "volume"],
            "--learn takes controls, of outside, density, register, trade, lay-out, take-over, panic;",
        ),
        (["--sent", "nowhere/sent.jsonl"], "cannot write nowhere/sent.jsonl: No such file"),
        (["--offset-ms", "201"], "--offset-ms takes a number from -200 to 200, found '201'"),
    ],
)
def test_what_is_wrong_is_said_before_a_port_is_opened(run: Run, stage: Stage, options: list[str], says: str) -> None:
    Path("gig.toml").write_text("loudness = 11\n")
    Path("lost.toml").write_text('anywhere = "maybe"\n')
    Path("many.toml").write_text("tempo = [120, 140]\n")
    Path("thick.toml").write_text("density = 60\n")
    Path("third.toml").write_text('chart = 3\ntempo = "tap"\n')
    code, _, told = run("jam", *options)
    assert code == 2 and says in told and told.count("\n") == 1
    assert stage.asked == []


def test_what_is_sent_is_written_down_in_the_systems_own_seconds(run: Run, stage: Stage) -> None:
    Path("gig.toml").write_text('sent = "sent.jsonl"\noffset_ms = 150\n')
    code, _, _ = run("jam", "--config", "gig.toml", "--offset-ms", "-20")
    assert (code, stage.offset) == (0, -0.02)
    rows = [json.loads(line) for line in Path("sent.jsonl").read_text().splitlines()]
    assert rows and all(row["b"] == [0x90, 60, 80] for row in rows)
    assert min(row["t"] for row in rows) >= stage.running.origin + BEAT * 14  # type: ignore[attr-defined]
    assert all(row["at"] - row["t"] == pytest.approx(0.001) for row in rows)


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


def tapped(bpm: float) -> list[Event]:
    """Four taps, a bar of the player's and a bar of rest."""
    beat = 60 / bpm
    taps = ((beat * n, beat * (n + 0.3), 65) for n in range(4))
    call = ((beat * (4 + n / 2), beat * (4.4 + n / 2), 60 + n) for n in range(7))
    return [*notes(*taps, *call), Stopped(beat * 14)]


def test_a_count_in_is_told_back_and_answered_and_replayed(run: Run, stage: Stage) -> None:
    stage.events = tapped(171)
    code, said, told = run("jam", "--tempo", "tap", "--trade", 1, "--journal", "gig.journal", "--save", "gig.mid")
    assert code == 0 and said.startswith("bar 2: ") and said.count("\n") == 1
    assert told.splitlines()[3:] == ["bar 1: we play at 171 bpm"]
    assert run("replay", "gig.journal", "--out", "again.mid") == (0, said, "")
    assert Path("again.mid").read_bytes() == Path("gig.mid").read_bytes()


def test_a_clock_is_told_back_at_every_start_and_replayed(run: Run, stage: Stage) -> None:
    clock = 60 / 150 / 24
    running = [Heard(n * clock, b"\xf8") for n in range(350)]
    again = [Heard(6 + n * clock, b"\xf8") for n in range(100)]
    stage.events = [Heard(0.0, b"\xfa"), *running, Heard(5.0, b"\xfc"), Heard(6.0, b"\xfa"), *again, Stopped(7.7)]
    code, said, told = run("jam", "--tempo", "clock", "--trade", 1, "--journal", "gig.journal")
    assert code == 0 and told.splitlines()[3:] == 2 * ["bar 1: we play at 150 bpm"]
    assert run("replay", "gig.journal") == (0, said, "")


# ---------------------------------------------------------------- hands


def test_what_is_turned_is_told_and_replayed(run: Run, stage: Stage) -> None:
    done = [
        Nudged(1.0, "outside", 6),
        Nudged(1.5, "density", 1),
        Nudged(1.6, "register", -1),
        Turned(2.0, "trade", 1),
        Heard(2.3, b"\xb2\x16\x40"),
        Heard(3.0, b"\xb2\x19\x7f"),
        Heard(3.1, b"\xb2\x19\x00"),
        Heard(4.0, b"\xb2\x19\x7f"),
        Nudged(5.0, "take_over", 1),
        Turned(9.0, "panic", True),
        Nudged(10.0, "take_over", 1),
    ]
    stage.events = sorted([*CALL, *done, Stopped(BEAT * 60)], key=lambda event: event.at)
    code, said, told = run("jam", "--journal", "gig.journal", "--save", "gig.mid")
    assert told.splitlines()[2:] == [
        "controllers: outside 21, density 22, register 23, trade 24, lay out 25, take over 26, panic 27",
        "outside 0.7",
        "density 2.5 notes a beat",
        "register Eb4",
        "trading 1 bar from the next turn of yours on",
        "density as I like",
        "laying out",
        "with you again",
        "taking over on the next bar line",
        "back to trading when this phrase is over",
    ]
    assert code == 0 and stage.panicked == 1 and stage.panics == [(None, 27)]
    assert run("replay", "gig.journal", "--out", "again.mid") == (0, said, "")
    assert Path("again.mid").read_bytes() == Path("gig.mid").read_bytes()


def test_a_split_is_a_setting(run: Run, stage: Stage) -> None:
    Path("gig.toml").write_text('split = "C4"\n')
    assert run("jam", "--config", "gig.toml", "--journal", "gig.journal")[0] == 0
    assert JournalReader(Path("gig.journal")).header.settings["split"] == 60
    assert run("jam", "--split", "48", "--journal", "gig.journal")[0] == 0
    assert JournalReader(Path("gig.journal")).header.settings["split"] == 48


def test_what_a_device_has_been_taught_comes_with_it(run: Run, stage: Stage) -> None:
    keep_controllers("KeyLab 20:0", {(0, 74): "outside", (2, 80): "panic"})
    assert (
        run("jam", "--in", "KeyLab 28:1")[2].splitlines()[2]
        == "controllers: outside 74 on channel 1, panic 80 on channel 3"
    )
    assert stage.panics == [(2, 80)]
    assert run("jam", "--in", "Other")[2].splitlines()[2].startswith("controllers: outside 21, ")


def test_a_damaged_file_of_controllers_costs_a_line(run: Run, stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    keep_controllers("keys", {(0, 74): "outside"}).write_text("outside = 74\n")
    code, _, told = run("jam")
    assert code == 0 and told.splitlines()[2].startswith("controllers: outside 21, ")
    (line,) = caplog.messages
    assert line.endswith("found something else; the usual controllers are used")


def test_to_learn_where_nobody_answers_changes_nothing(run: Run, stage: Stage) -> None:
    code, _, told = run("jam", "--learn", "lay-out", "trade")
    assert code == 0 and told.splitlines()[:2] == [
        "learning the controllers of 'keys'; Enter leaves a control as it is, q ends",
        "trade: turn its knob (now 24)",
    ]
    assert not controllers_file("keys").exists()


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="the system has no such signal")
def test_a_signal_is_panic_and_the_gig_goes_on(run: Run, stage: Stage) -> None:
    former = signal.getsignal(signal.SIGUSR1)

    def once() -> None:
        if not stage.panicked:
            os.kill(os.getpid(), signal.SIGUSR1)

    stage.on_play = once
    stage.events = [*CALL, Stopped(BEAT * 60)]
    code, said, _ = run("jam", "--journal", "gig.journal")
    assert code == 0 and stage.panicked == 2  # at once, and when the band says so
    panics = [event for event in JournalReader(Path("gig.journal")) if isinstance(event, Turned)]
    assert [event.control for event in panics] == ["panic"]
    assert run("replay", "gig.journal") == (0, said, "")
    assert signal.getsignal(signal.SIGUSR1) is former


@pytest.mark.parametrize(
    ("options", "wish"),
    [
        ([], None),
        (["--clock-out"], ClockWish(4, 140.0)),
        (["--clock-out", "--tempo", 180, "--chart", "waltz.txt"], ClockWish(8, 180.0)),
        (["--clock-out", "--tempo", "tap"], ClockWish(4, None)),
        (["--config", "gig.toml"], ClockWish(4, 140.0)),
    ],
)
def test_a_clock_is_sent_where_it_is_asked_for(
    run: Run, stage: Stage, options: list[object], wish: ClockWish | None
) -> None:
    Path("gig.toml").write_text('clock_out = "yes"\n')
    Path("waltz.txt").write_text("time: 6/8\n| F7 |\n")
    assert run("jam", *options)[0] == 0
    assert stage.clock_out == wish
    if "tap" not in options:
        assert [beat.at for beat in stage.beats] == [0.0, BEAT * 30]
        assert stage.beats[0].tempo is not None and stage.beats[1].tempo is None


def test_a_link_session_is_a_clock_to_the_band_and_to_the_journal(
    run: Run, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Meter, float]] = []

    class Peer:
        def __init__(self, meter: Meter, bpm: float) -> None:
            asked.append((meter, bpm))

        @contextmanager
        def joined(self, inbox: Inbox, clock: VirtualClock) -> Iterator[None]:
            inbox.put(Heard(0.1, b"\xfa"))
            for n in range(350):
                inbox.put(Heard(0.1 + n * 60 / 150 / 24, b"\xf8"))
            inbox.put(Stopped(5.5))
            yield

    monkeypatch.setattr(sync, "LinkPeer", Peer)
    stage.events = []
    code, said, told = run("jam", "--tempo", "link", "--trade", 1, "--journal", "gig.journal", "--clock-out")
    assert code == 0 and asked == [(Meter(4, 4), 140.0)]
    assert "bar 1 is the next downbeat of the Link session" in told.splitlines()[1]
    assert told.splitlines()[3:] == ["bar 1: we play at 150 bpm"]
    assert not stage.midi_clock and stage.clock_out == ClockWish(4, None)
    assert run("replay", "gig.journal") == (0, said, "")


FORM = Changes((0, 48), (parse_chord("C7"), parse_chord("F7")), 4 * 48, Meter(4, 4))  # four bars


class Listening:
    """A band that believes what a test says; what the teller makes of it."""

    def __init__(self, capsys: pytest.CaptureFixture[str], anywhere: bool = False) -> None:
        self._capsys = capsys
        self.band = SimpleNamespace(state=State.LISTENING, tempo=TempoMap(120))
        self._tell = Teller(GigSettings(FORM, anywhere=anywhere), self.band)  # type: ignore[arg-type]

    def believes(self, beat: int, bar: int, place: float = 1.0, plays: str = "C7") -> str:
        """What is told of a beat in which the player is taken to be in a bar of the form, over a chord."""
        chord, expected = parse_chord(plays), FORM.at((bar - 1) * 4 * TICKS)
        stance = "lost" if place < 0.2 else "inside" if plays == "C7" else "reharmonising"
        self._tell(Believed(beat, Belief(chord, 0.95, expected, stance, bar, place)))  # type: ignore[arg-type]
        said, told = self._capsys.readouterr()
        assert said == ""
        return told


def test_a_place_that_is_not_the_clocks_is_told_once_it_is_sure(capsys: pytest.CaptureFixture[str]) -> None:
    band = Listening(capsys, anywhere=True)
    assert band.believes(0, 1, place=0.1) == ""
    assert band.believes(1, 1, place=0.1) == "bar 1: I am looking for your place in the form\n"
    assert [band.believes(beat, 3, place=0.1) for beat in range(2, 8)] == [""] * 6
    assert band.believes(8, 1, place=0.8) == ""
    assert band.believes(9, 1, place=0.95) == "bar 3: you are in bar 1 of the form\n"
    assert [band.believes(beat, (beat // 4 - 2) % 4 + 1) for beat in range(10, 40)] == [""] * 30
    assert band.believes(40, 4) == "bar 11: you are in bar 4 of the form\n"


def test_who_begins_at_the_beginning_is_told_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    band = Listening(capsys)
    assert [band.believes(beat, beat // 4 % 4 + 1) for beat in range(40)] == [""] * 40
    assert band.believes(40, 3, place=0.1) == "bar 11: I am looking for your place in the form\n"
    assert band.believes(44, 4) == "bar 12: you are in bar 4 of the form\n"


def test_chords_that_are_not_the_charts_are_told_at_most_once_a_bar(capsys: pytest.CaptureFixture[str]) -> None:
    band = Listening(capsys)
    chords = ("Gb7", "D7", "C7", "Db7")
    told = [band.believes(beat, 1 + beat // 4, plays=chords[beat % 4]) for beat in range(16)]
    assert [line for line in told if line] == [
        "bar 1: you play D7 for C7\n",
        "bar 2: you play Gb7 for F7\n",
        "bar 3: you play D7 for F7\n",  # not the same twice running
        "bar 4: you play Gb7 for F7\n",
    ]
    assert [band.believes(beat, 1, plays="Gb7") for beat in (0, 1)] == ["", "bar 1: you play Gb7 for C7\n"]  # a start


def test_without_a_chart_there_is_no_place_to_tell(capsys: pytest.CaptureFixture[str]) -> None:
    settings = GigSettings(Changes((0,), (NO_CHORD,), 48, Meter(4, 4)), anywhere=True)
    tell = Teller(settings, SimpleNamespace(state=State.LISTENING, tempo=TempoMap(120)))  # type: ignore[arg-type]
    for beat in range(8):
        tell(Believed(beat, Belief(parse_chord("C7"), 0.95, NO_CHORD, "inside")))
    assert capsys.readouterr() == ("", "")
