"""`replay`: a journal played again is the same performance, or another one if the dial is turned."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from sideslip.band.events import Gesture, Heard, Nudged, Turned
from sideslip.band.settings import GigSettings
from sideslip.commands.ensemble import Ensemble
from sideslip.commands.gig import header, settings_from
from sideslip.errors import JournalError
from sideslip.listen.tempo import TempoMap
from sideslip.music.dialogue import Wish
from sideslip.music.leadsheet import no_chart, parse_chart
from sideslip.stage.files.journal import JournalReader, JournalWriter
from sideslip.stage.rehearsal import replay
from sideslip.stage.take import Take
from sideslip.testing import Performance, notes, rehearse

Run = Callable[..., tuple[int, str, str]]

SHEET = parse_chart("title: Blues\ntempo: 150\n| F7 | Bb7 | F7 | Cm7 F7 |\n| Bb7 | Bdim7 | F7 | D7alt |\n")
CHANGES = SHEET.changes()
RIFF = ((0.0, 60), (0.5, 63), (1.0, 65), (1.5, 66), (2.0, 65), (2.5, 63), (3.0, 60), (11.0, 58), (11.6, 60), (24.0, 65))

GIGS = {
    "bars": GigSettings(CHANGES, 150.0, 2, 0.5, 3, starts_at=0.0, ends=2 * CHANGES.length, rhythm=True),
    "free": GigSettings(CHANGES, 97.5, "free", 0.9, 2**32 - 1, ends=2 * CHANGES.length, swung=False),
    "duet": GigSettings(CHANGES, 180.0, "duet", 0.1),
    "tap": GigSettings(CHANGES, 120.0, 2, timing="tap", ends=2 * CHANGES.length),
    "follow": GigSettings(CHANGES, 132.0, "free", timing="follow", rhythm=True),
    "clock": GigSettings(CHANGES, 120.0, 1, timing="clock", rhythm=True),
    "by ear": GigSettings(no_chart().changes(), 140.0, 2, starts_at=0.0, rhythm=True),
    "anywhere": GigSettings(CHANGES, 160.0, "duet", anywhere=True),
    "handed": GigSettings(
        CHANGES, 150.0, 2, starts_at=0.0, ends=2 * CHANGES.length, controls={(None, 21): "outside", (3, 25): "lay_out"}
    ),
    "split": GigSettings(CHANGES, 150.0, "free", ends=2 * CHANGES.length, split=60),
    "wished": GigSettings(CHANGES, 150.0, 2, starts_at=0.0, wish=Wish(density=3.5, register=70.5, style="HARDBOP")),
}


DONE = (
    Heard(6.1, b"\xb5\x15\x70"),
    Turned(8.2, "take_over", True),
    Nudged(14.0, "trade", 1),
    Heard(15.0, b"\xb3\x19\x7f"),
    Turned(17.0, "panic", True),
    Nudged(19.0, "take_over", 1),
    Heard(19.5, b"\xb3\x19\x00"),
)
"""What is done at the keys and at the controllers: outside, lay out until let go of."""


def player(settings: GigSettings) -> tuple[TempoMap, tuple[Gesture, ...]]:
    """The riff, twice, over two voicings, with a count-in or a clock where the gig wants one."""
    tempo = TempoMap(settings.tempo, origin=0.0 if settings.starts_at is not None else 4.25)
    voicings = [(beat + 0.01 * n, beat + 3.0, p) for beat in (4, 12) for n, p in enumerate((50, 53, 56))]
    line = [(top + beat, top + beat + 0.4, pitch) for top in (0, 32) for beat, pitch in RIFF]
    taps = [(beat, beat + 0.2, 76) for beat in range(-4, 0) if settings.timing in ("tap", "follow")]
    heard: list[Gesture] = list(DONE if settings.controls else ())
    heard += list(
        notes(*((tempo.seconds(on), tempo.seconds(off), pitch) for on, off, pitch in (*taps, *line, *voicings)))
    )
    if settings.timing == "clock":
        heard += [Heard(tempo.seconds(beat / 24), b"\xf8") for beat in range(24 * 50) if not 400 < beat < 470]
        transport = ((-0.01, b"\xfa"), (16.67, b"\xfc"), (19.57, b"\xfb"), (40.01, b"\xf2\x10\x00"))
        heard += [Heard(tempo.seconds(beat), message) for beat, message in transport]
    return tempo, tuple(sorted(heard, key=lambda event: event.at))


@dataclass(frozen=True)
class Gig:
    settings: GigSettings
    path: Path
    performance: Performance
    take: Take


@pytest.fixture(params=GIGS)
def gig(request: pytest.FixtureRequest, home: Path, tmp_path: Path) -> Gig:
    """A rehearsal of the real partner, written down; the player comes in on some of its answers."""
    settings, path, ensemble = GIGS[request.param], tmp_path / "gig.journal", Ensemble.shipped()
    sheet, partner, (tempo, heard) = (
        SHEET if settings.charted else no_chart(),
        ensemble.partner(settings),
        player(settings),
    )
    with JournalWriter(path, header(sheet, settings, ensemble.ear)) as journal:
        performance = rehearse(partner, heard, ensemble.proposer(), stop_at=tempo.seconds(60.0), journal=journal)
    notes_heard = tuple(event for event in heard if isinstance(event, Heard))
    take = Take.of(sheet, settings, partner, notes_heard, performance)
    return Gig(settings, path, performance, take)


def test_a_journal_gives_the_same_performance(gig: Gig) -> None:
    reader = JournalReader(gig.path)
    settings = settings_from(reader.header, parse_chart(reader.header.chart).changes())
    assert settings == gig.settings
    performance = replay(Ensemble.shipped().partner(settings), tuple(reader))
    assert performance == gig.performance
    assert performance.decided and performance.part("partner") and performance.believed


def test_the_command_writes_the_same_file(run: Run, gig: Gig) -> None:
    gig.take.write_midi(Path("gig.mid"))
    code, said, told = run("replay", gig.path, "--out", "again.mid")
    assert (code, told) == (0, "") and len(said.splitlines()) == len(gig.performance.decided)
    assert Path("again.mid").read_bytes() == Path("gig.mid").read_bytes()


@pytest.mark.parametrize("gig", ["handed"], indirect=True)
def test_another_dial_stays_where_it_is_put_and_all_else_is_done_as_it_was(run: Run, gig: Gig) -> None:
    said = [run("replay", gig.path, "--outside", dial, "--out", f"{dial}.mid")[1] for dial in (0, 1)]
    bars = [[line.partition(":")[0] for line in words.splitlines()] for words in said]
    assert bars[0] == bars[1] == [line.partition(":")[0] for line in run("replay", gig.path)[1].splitlines()]
    assert Path("0.mid").read_bytes() != Path("1.mid").read_bytes()


@pytest.mark.parametrize("gig", ["bars"], indirect=True)
class TestOneGig:
    def test_another_dial_is_another_performance_the_same_each_time(self, run: Run, gig: Gig) -> None:
        for name, dial in (("in", 0), ("out", 1), ("out-again", 1)):
            code, said, told = run("replay", gig.path, "--outside", dial, "--out", f"{name}.mid")
            assert (code, told) == (0, "") and said.startswith("bar 3: ")
        assert Path("in.mid").read_bytes() != Path("out.mid").read_bytes() == Path("out-again.mid").read_bytes()

    def test_another_ear_is_told(self, run: Run, home: Path, gig: Gig) -> None:
        _, said, _ = run("replay", gig.path)
        gig.path.write_text(gig.path.read_text().replace(Ensemble.shipped().ear, "0123456789ab"))
        told = "sideslip: this journal was made with another ear; choices may differ\n"
        assert run("replay", gig.path) == (0, said, told)
        assert run("replay", gig.path, "--outside", 0.5)[2] == ""  # all is invented anew

    def test_an_ear_is_known_by_its_bytes(self, home: Path, gig: Gig) -> None:
        ear, path = Ensemble.shipped().ear, home / "models" / "listening.safetensors"
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.unlink()
        path.write_bytes(data)
        assert len(ear) == 3 * 12 + 2 and Ensemble.shipped().ear != ear

    def test_a_torn_journal_ends_where_it_was_torn(self, run: Run, gig: Gig) -> None:
        lines = gig.path.read_text().splitlines(keepends=True)
        gig.path.write_text("".join(lines[: len(lines) // 2]) + '{"event": "wok')
        assert run("replay", gig.path)[0] == 0

    @pytest.mark.parametrize(
        ("changed", "says"),
        [
            ({"trade": "0"}, "no settings of a gig"),
            ({"dial": 2}, "no settings of a gig"),
            ({"tempo": None}, "no settings of a gig"),
            ({"seed": -1}, "whole number"),
            ({"ends": 0}, "whole number"),
            ({"density": 9}, "from 0.2 to 6, found 9"),
            ({"register": "H4"}, "a MIDI pitch from 36 to 96"),
            ({"style": "bop"}, "which may be bebop, hardbop, postbop"),
            ({"split": 128}, "split takes a whole number from 0 to 127"),
            ({"controls": 3}, "controllers are a list, found 3"),
            ({"controls": [[0, 21]]}, "a controller is [channel or null, number, control]; found [0, 21]"),
            ({"controls": [[None, 21, "volume"]]}, "found [None, 21, 'volume']"),
            ({"controls": [[None, 64, "outside"]]}, "other than the pedals 64 and 66"),
            ({"controls": [[16, 21, "outside"]]}, "of a channel 1 to 16; found 21 of channel 17"),
        ],
    )
    def test_settings_that_no_gig_has_are_refused(self, run: Run, gig: Gig, changed: dict[str, Any], says: str) -> None:
        first, *rest = gig.path.read_text().splitlines(keepends=True)
        head = json.loads(first)
        head |= {name: value for name, value in changed.items() if name == "seed"}
        head["settings"] |= {name: value for name, value in changed.items() if name != "seed"}
        gig.path.write_text("".join([json.dumps(head) + "\n", *rest]))
        code, _, told = run("replay", gig.path)
        assert code == 2 and says in told and told.count("\n") == 1


LATER = {"timing", "anywhere", "density", "register", "style", "patience", "controls", "split", "early"}
"""Settings that journals of older gigs do not have."""


def test_a_journal_of_before_there_were_wishes_is_replayed_as_one_of_a_gig_without(home: Path, tmp_path: Path) -> None:
    ensemble, settings = Ensemble.shipped(), GIGS["bars"]
    _, heard = player(settings)
    with JournalWriter(tmp_path / "gig.journal", header(SHEET, settings, ensemble.ear)) as journal:
        performance = rehearse(ensemble.partner(settings), heard, ensemble.proposer(), journal=journal)
    first, *rest = (tmp_path / "gig.journal").read_text().splitlines(keepends=True)
    head = json.loads(first)
    head["settings"] = {name: value for name, value in head["settings"].items() if name not in LATER}
    (tmp_path / "old.journal").write_text("".join([json.dumps(head) + "\n", *rest]))
    reader = JournalReader(tmp_path / "old.journal")
    found = settings_from(reader.header, CHANGES)
    assert found == settings and found.wish == Wish()
    assert replay(Ensemble.shipped().partner(found), tuple(reader)) == performance


def test_a_setting_that_is_missing_is_named() -> None:
    plain = header(SHEET, GIGS["bars"], "")
    for name in plain.settings.keys() - LATER:
        found = replace(plain, settings={key: value for key, value in plain.settings.items() if key != name})
        with pytest.raises(JournalError, match=name):
            settings_from(found, CHANGES)


def test_a_journal_without_events_has_nothing_to_invent_anew(run: Run, home: Path) -> None:
    JournalWriter(Path("empty.journal"), header(SHEET, GIGS["bars"], "")).close()
    code, _, told = run("replay", "empty.journal", "--outside", 0.5)
    assert code == 2 and "nothing was played" in told


def test_a_bad_chart_in_a_journal_names_the_journal(run: Run, home: Path) -> None:
    JournalWriter(Path("bad.journal"), replace(header(SHEET, GIGS["bars"], ""), chart="| Hm7 |")).close()
    code, _, told = run("replay", "bad.journal")
    assert code == 2 and "bad.journal cannot be played: line 1, bar 1: unknown chord" in told and told.count("\n") == 1
