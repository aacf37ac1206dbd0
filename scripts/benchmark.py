"""How fast it thinks on this machine.

    python scripts/benchmark.py [--json] [--turns N]
    python scripts/benchmark.py --live [--json] [--minutes N]

With --live, how it plays on real ports instead: over a JACK server of its own, in a minute and a half, or in a long
form with N minutes of trading (`scripts/live`; `live.goals` has what the figures ought to be).

Milliseconds of wall time on one thread, median and 99th percentile, for four-bar turns over a blues after a four-bar
call, both players' last sixteen bars remembered:

    draw_16x4_bars_ms    16 phrases drawn from the model
    devices_16_ms        16 device variants of them
    judge_32_ms          all 32 judged
    ideas_16x4_bars_ms   all of this
    last_note_ms         one more note of the player read, the rest being known (read_all_ms: nothing being known)
    first_note_ms        that, and the first notes of 16 phrases drawn

(judge_32_ms is also what passes between the player's last note and the decision: ideas are at hand by then, and judged
anew with that note), and what one note of 16 candidates takes (step_ms: the trunk and all heads, without drawing),
measured in turn with the same in torch (torch_ratio: the trunk alone, torch over ours) and with the least that this
machine could take (floor_ratio: ours over the floor; the floor is the longer of fetching the weights and the keys and
values from memory, and the multiplications at the rate of a large matrix product, both measured in the same run).
cold_start_s: from the start of a Python to a partner that is ready to play. Times differ from machine to machine: quote
ratios.

lateness_p99_ms, lateness_fifo_p99_ms: how late notes go out to a port that leads nowhere while the proposer thinks flat
out, at normal and at real-time priority (null where that is not permitted).
"""

import argparse
import json
import os
import subprocess
import sys
import time

from sideslip.stage.arithmetic import on_one_thread

os.environ.update(on_one_thread(os.environ))  # before numpy is imported

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from live.sending import lateness
from sideslip.cli import exit_on_mistake
from sideslip.commands.ensemble import Ensemble
from sideslip.music.dialogue import Turn, Wish
from sideslip.music.phrase import Note, Phrase
from sideslip.propose import tokens, views
from sideslip.propose.context import Context
from sideslip.propose.engine import Engine
from sideslip.propose.ideas import PHRASES, REACHES
from sideslip.propose.reach import reach
from sideslip.propose.sampling import MEMORY, Sampler
from sideslip.resources import resource
from sideslip.stage.files.charts import load_chart
from sideslip.stage.midi.ports import NOWHERE

READY = """
from sideslip.commands.ensemble import Ensemble
Ensemble.shipped().proposer()
"""

TABLES = (".table.weight", "_table.weight")
"""Of these only single rows are fetched."""

NOTES = 24
"""Notes of an idea that foresight is asked about at most, for comparing."""

ANSWER = 24
"""Notes of a four-bar answer, for the keys and values of the candidates themselves."""


def turn(number: int) -> Turn:
    """A turn after sixteen bars of eighths, in fours, another line and place in the form for each number."""
    changes = load_chart("blues-in-f").changes()
    bar = changes.meter.bar
    start = (16 + 8 * (number % 3)) * bar
    steps = np.random.default_rng(number).choice([-3, -2, -1, 1, 2, 3], size=127)
    pitches = 62 + np.abs(np.cumsum(steps)) % 18
    said = [Note(start - 16 * bar + 6 * i, int(pitch), 5) for i, pitch in enumerate(pitches)]
    fours = [Phrase(tuple(note for note in said if start - end <= note.onset < start - end + 4 * bar)) for end in FOURS]
    player, partner = fours[1] + fours[3], fours[0] + fours[2]
    return Turn(start, start + 4 * bar, changes, fours[3], player, partner, 0.5, 140.0, wish=Wish(outside=0.12))


FOURS = (768, 576, 384, 192)
"""Ticks before the turn at which each four bars begin."""


def without_last(asked: Turn) -> Turn:
    """A turn before the player's last note was heard."""
    return replace(asked, player=Phrase(asked.player.notes[:-1]), call=Phrase(asked.call.notes[:-1]))


def milliseconds(times: list[float]) -> dict[str, float]:
    found = np.array(times) * 1000
    return {"median": round(float(np.median(found)), 3), "p99": round(float(np.quantile(found, 0.99)), 3)}


def timed(act: Callable[..., object], *given: object) -> float:
    begun = time.perf_counter()
    act(*given)
    return time.perf_counter() - begun


def thinking(ensemble: Ensemble, engine: Engine, turns: int) -> dict[str, dict[str, float]]:
    """What a turn takes, part by part."""
    controller, proposer = ensemble.controller(), ensemble.proposer()
    spent: dict[str, list[float]] = {}

    def note(name: str, seconds: float) -> None:
        spent.setdefault(name, []).append(seconds)

    for number in range(-2, turns):  # two to warm up
        if number == 0:
            spent.clear()
        asked, rng = turn(number % 97), np.random.default_rng(number + 2)
        sampler, wishes = Sampler(engine), [asked.wish, Wish()] * (PHRASES // 2)
        before, now = (Context.of(each, MEMORY).rows[:-1] for each in (without_last(asked), asked))
        note("draw_16x4_bars_ms", draw := timed(sampler.phrases, asked, wishes, rng))
        ideas = proposer.propose(without_last(asked), number + 2)
        plain = [idea for idea in ideas if idea.source == "model"]
        note("devices_16_ms", devices := timed(reach, plain, asked, number + 2, REACHES))
        phrases = [idea.phrase for idea in ideas]
        note("foresee_32_ms", foresee := timed(sampler.foresee, without_last(asked), phrases, rng))
        cut = [Phrase(phrase.notes[:NOTES]) for phrase in phrases]
        note("foresee_32_of_24_notes_ms", timed(sampler.foresee, without_last(asked), cut, rng))
        turned = replace(asked, dial=number % 5 / 4)
        note("judge_32_ms", judge := timed(controller.choose, turned, ideas))
        note("ideas_16x4_bars_ms", draw + devices + foresee + judge)
        fresh = Sampler(engine)
        note("read_all_ms", timed(fresh.read, before))
        note("last_note_ms", read := timed(fresh.read, now))
        note("first_note_ms", read + timed(fresh.phrases, one_note(asked), wishes, rng))
    return {name: milliseconds(times) for name, times in spent.items()}


def one_note(asked: Turn) -> Turn:
    """A turn so short that there is room for its first note only."""
    return replace(asked, end=asked.start + 1)


def stepping(engine: Engine, rounds: int = 60) -> dict[str, object]:
    """One note of 16 candidates: ours, torch's, and the floor, in turn."""
    rng = np.random.default_rng(1)
    rows = Context.of(turn(0), MEMORY).rows
    inputs = np.repeat(rows[-1:], PHRASES, axis=0)
    memory, heads = engine.read(rows[:-1]), heads_of(engine, rng)
    stepper = torch_stepper(engine, rows[:-1])
    trunk, whole, torches, floors = [], [], [], []
    for number in range(rounds):
        if number % ANSWER == 0:
            branches = engine.fork(memory, PHRASES, ANSWER)
        trunk.append(timed(engine.advance, branches, inputs))
        whole.append(trunk[-1] + timed(heads))
        if stepper is not None and number < ANSWER:
            torches.append(timed(stepper.advance, inputs))
        if number % 10 == 0:
            floors.append(floor(engine, memory.length))
    step, least = float(np.median(whole)), float(np.median(floors))
    found: dict[str, object] = {"step_ms": milliseconds(whole), "floor_ms": round(least * 1000, 3)}
    found["floor_ratio"] = round(step / least, 2)
    found["torch_ratio"] = round(float(np.median(torches) / np.median(trunk[:ANSWER])), 2) if torches else None
    return found


def heads_of(engine: Engine, rng: np.random.Generator) -> Callable[[], object]:
    """All heads of 16 candidates, on rows of no meaning."""

    def rows(choice: dict[str, int], classes: int) -> tokens.Ints:
        begins, sizes = tokens.offsets(choice)[:, None], np.array(list(choice.values()))[:, None]
        return begins + rng.integers(sizes, size=(PHRASES, len(choice), classes))

    h = rng.normal(size=(PHRASES, engine.config.width)).astype(np.float32)
    targets = np.stack([rng.integers(size, size=PHRASES) for size in tokens.TARGET.values()], axis=-1)
    shift, duration = rows(views.SHIFT, len(tokens.SHIFTS)), rows(views.DURATION, len(tokens.DURATIONS))
    pitch, zeros = rows(views.PITCH, tokens.PITCHES), np.zeros(PHRASES, dtype=np.int64)

    def act() -> None:
        engine.shift(h, shift)
        aimed = engine.aim(h, targets)
        engine.duration(aimed, duration)
        p = engine.with_duration(aimed, zeros)
        engine.pitch(p, pitch)
        engine.velocity(p, zeros)

    return act


def torch_stepper(engine: Engine, rows: tokens.Ints):  # type: ignore[no-untyped-def]  # torch may be absent
    """The same model in torch; None where torch is not installed."""
    try:
        import torch
    except ImportError:
        return None
    from sideslip.train.evaluate import load_model
    from sideslip.train.stepping import Stepper

    torch.set_num_threads(1)
    return Stepper(load_model(resource("models", "line.safetensors")), rows, PHRASES)


def floor(engine: Engine, read: int) -> float:
    """Seconds that one note of 16 candidates takes at least."""
    c = engine.config
    block, square = np.ones(1 << 24, dtype=np.float32), np.ones((768, 768), dtype=np.float32)
    fetch = min(timed(block.max) for _ in range(3)) / block.nbytes
    reckon = min(timed(np.matmul, square, square) for _ in range(3)) / (2 * 768**3)
    weights = sum(array.size for name, array in engine.weights.items() if not name.endswith(TABLES))
    seen = read + ANSWER // 2
    held = 2 * c.layers * c.width * (read + PHRASES * ANSWER // 2)
    return max(4 * (weights + held) * fetch, 2 * PHRASES * (weights + 2 * c.layers * c.width * seen) * reckon)


def start() -> None:
    """A Python from its start to a partner that is ready to play."""
    subprocess.run([sys.executable, "-c", READY], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--turns", type=int, default=100)
    parser.add_argument("--live", action="store_true")
    parser.add_argument("--minutes", type=float)
    options = parser.parse_args()
    found = playing(options.minutes) if options.live else alone(options.turns)
    if options.json:
        print(json.dumps(found, indent=1))
    else:
        for name, value in found.items():
            print(f"{name:20} {value}")


def playing(minutes: float | None) -> dict[str, object]:
    """The figures of playing live; where there is no JACK server to start, only why they are left out."""
    from live.everything import measure
    from live.forms import SHORT, long
    from sideslip.testing.live import NoServerError

    try:
        return measure(SHORT if minutes is None else long(minutes))
    except NoServerError as reason:
        return {"left_out": str(reason)}


def alone(turns: int) -> dict[str, object]:
    """The figures of thinking, which need no ports."""
    engine = Engine.load(resource("models", "line.safetensors"))
    found: dict[str, object] = {**thinking(Ensemble.shipped(), engine, turns), **stepping(engine)}
    found["first_note_p99_ms"] = found["first_note_ms"]["p99"]  # type: ignore[index]
    starts = [timed(start) for _ in range(5)]
    found["cold_start_s"] = round(float(np.median(starts)), 3)
    found |= lateness(NOWHERE, 5, heard=False)
    return found


if __name__ == "__main__":
    exit_on_mistake(main)
