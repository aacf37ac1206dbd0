"""Trading bars: does every answer come, on its bar line, turn after turn, and does the program stay as it is?"""

from collections.abc import Callable
from signal import SIGTERM
from statistics import linear_regression, median

from sideslip.testing.live import LiveJam, LivePlayer, Rig, hearing

BPM = 240.0
"""A bar of 4/4 is a second, a turn two."""

TRADING = ("--chart", "blues-in-f", "--tempo", f"{BPM:g}", "--trade", "1")

NEAR = 0.003
"""Seconds within which an onset is on its line: Ableton Link's test plan asks for as much."""

_SETTLED = 4  # turns after which memory is first looked at
_LONG = 0.1  # hours from which on a slope means something: thinking takes and gives back some ten MB every turn
_LOOKS = 40  # at memory, over the whole of the run


def trading(rig: Rig, turns: int, tell: Callable[[str], None]) -> dict[str, object]:
    """The bar line at the receiving port in ms, answers in a hundred, memory in MB."""
    gig, before = LiveJam(*TRADING), len(rig.heard)
    player, memory = LivePlayer(rig, BPM), []
    every = max(1, turns // _LOOKS)
    for turn in range(turns):
        player.play()
        if turn >= min(_SETTLED, turns - 2) and (turn % every == 0 or turn == turns - 1):
            memory.append((turn, gig.tree.megabytes, gig.tree.descriptors, gig.tree.threads))
            tell(f"turn {turn + 1} of {turns}, {memory[-1][1]:.0f} MB")
    gig.end(SIGTERM)
    faults = hearing(rig.heard[before:]).faults
    return _on_the_line(player) | _memory(memory) | {"trading_faults": sum(faults.values())}


def _on_the_line(player: LivePlayer) -> dict[str, object]:
    answers = player.answers()
    found = [player.on_the_line(answer) for answer in answers]
    off = [1000 * at for at in found if at is not None]
    away = sorted(abs(at) for at in off)
    half = len(off) // 2
    return {
        "turns": len(answers),
        "answers_percent": round(100 * sum(map(bool, answers)) / len(answers), 1),
        "bar_line_median_ms": round(median(off), 3),
        "bar_line_p99_ms": round(away[min(len(away) - 1, int(0.99 * len(away)))], 3),
        "bar_line_within_3_ms_percent": round(100 * sum(at <= 1000 * NEAR for at in away) / len(answers), 1),
        "bar_line_drift_ms": round(median(off[half:]) - median(off[:half]), 3),
        "pick_ups": sum(bool(answer) and answer[0] < -player.beat / 8 for answer in answers),
    }


def _memory(looks: list[tuple[int, float, int, int]]) -> dict[str, object]:
    hours, size = [2 * turn / 3600 for turn, *_ in looks], [size for _, size, *_ in looks]
    quarter, half = max(1, len(looks) // 4), len(looks) // 2
    slope = linear_regression(hours[half:], size[half:]).slope if hours[-1] > _LONG else None
    return {
        "memory_mb": round(median(size[-quarter:]), 1),
        "memory_grown_mb": round(median(size[-quarter:]) - median(size[:quarter]), 1),
        "memory_mb_an_hour": None if slope is None else round(slope, 1),
        "descriptors_grown": looks[-1][2] - looks[0][2],
        "threads_grown": looks[-1][3] - looks[0][3],
    }
