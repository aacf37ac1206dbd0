"""`sideslip demo`: a player who is made of licks, through the same engine as a live gig, with a band."""

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from sideslip.band.feel import STRAIGHT, SWING, Feel, perform
from sideslip.band.settings import GigSettings
from sideslip.commands import rehearse, values
from sideslip.commands.ensemble import Ensemble
from sideslip.errors import SettingError
from sideslip.music.changes import Changes
from sideslip.music.dialogue import Turn
from sideslip.music.phrase import Phrase
from sideslip.propose.licks import LickProposer
from sideslip.stage.files.call import Call
from sideslip.stage.files.charts import load_chart
from sideslip.stage.page import write_page
from sideslip.stage.sound.synth import render, write_wav
from sideslip.stage.take import Take

BARS = 4
"""Bars a turn: the two trade fours."""

BOLD = 0.9
"""A dial at which nobody overhears that it plays outside; below it the demo says so."""

HUMAN = 0.012
"""Standard deviation in beats of the player's timing about the feel; 5 ms at 140."""


def run(options: Namespace) -> None:
    """Play, and write session.mid, session.wav, trace.jsonl and session.html into a folder."""
    dial, seed = values.dial(options.outside), values.seed(options.seed)
    wish = values.wish(options.density, options.register, options.style)
    sheet = load_chart(options.chart)
    changes, folder = sheet.changes(), _folder(options.out)
    ends = (values.choruses(options.choruses) or 1) * changes.length
    swung = sheet.feel == "swing"
    settings = GigSettings(
        changes, sheet.tempo, BARS, dial, seed, starts_at=0.0, ends=ends, rhythm=True, swung=swung, wish=wish
    )
    call = _call(changes, ends, seed, SWING if swung else STRAIGHT, sheet.tempo)
    ensemble = Ensemble.shipped()
    print(f"{sheet.title}: trading fours at {sheet.tempo:g} bpm, outside {dial:g}, seed {seed}")
    take = rehearse.perform(sheet, settings, call, ensemble)
    for reason in take.reasons():
        print(f"  {reason}")
    _write(take, folder, ensemble)
    print(f"listen to {folder / 'session.wav'}, look at {folder / 'session.html'}")
    if dial < BOLD:
        print(f"farther out, and home again: the same with --outside {BOLD:g}")


def _write(take: Take, folder: Path, ensemble: Ensemble) -> None:
    take.write_midi(folder / "session.mid")
    take.write_trace(folder / "trace.jsonl")
    seconds = take.tempo.seconds
    tracks = {
        name: [(seconds(on), seconds(off), pitch, velocity) for on, off, pitch, velocity in notes]
        for name, notes in take.parts().items()
    }
    write_wav(folder / "session.wav", render(tracks))
    page = take.page(ensemble.tables, f"Trading fours: {take.sheet.title}")
    write_page(folder / "session.html", replace(page, sound="session.wav"))


def _folder(name: str) -> Path:
    folder = Path(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(f"--out takes a folder for the demo; {name!r} cannot be one: {error.strerror}") from None
    return folder


def _call(changes: Changes, ends: int, seed: int, feel: Feel, bpm: float) -> Call:
    """The player's part: a lick phrase for each of its turns, with a human's timing."""
    rng = np.random.default_rng([seed, 4])
    messages: list[tuple[float, bytes]] = []
    for phrase in _turns(changes, ends, seed):
        for on, off, pitch, velocity in perform(phrase, feel, bpm):
            late = float(rng.normal(0.0, HUMAN))
            start = max(0.0, on + late)
            messages.append((start, bytes((0x90, pitch, velocity))))
            messages.append((max(start + 0.05, off + late), bytes((0x80, pitch, 64))))
    messages.sort(key=lambda message: (message[0], message[1][0]))
    return Call(tuple(messages), bpm, changes.meter, max((beat for beat, _ in messages), default=0.0))


def _turns(changes: Changes, ends: int, seed: int) -> Iterator[Phrase]:
    length = BARS * changes.meter.bar
    said = Phrase()
    for start in range(0, ends, 2 * length):
        turn = Turn(start, min(start + length, ends), changes, partner=said)
        phrase = LickProposer(1).propose(turn, seed + start)[0].phrase
        said = said + phrase
        yield phrase
