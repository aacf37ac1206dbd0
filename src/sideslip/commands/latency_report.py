"""What a measurement of latency comes to, in figures and in words. Pure."""

from dataclasses import asdict

from sideslip.commands.hints import BY_FRAME, REAL_TIME
from sideslip.commands.histogram import Spread, histogram
from sideslip.stage.latency import Timing

UNFELT, SHAKY = 10.0, 3.0
"""Milliseconds of delay that players rate like none at all, and of jitter that they rate worse. Source: Jack, Stockman
and McPherson, "Effect of latency on performer interaction and subjective quality assessment of a digital musical
instrument", 2016."""

_GOOD = 1.5  # ms at the send call for 99 in 100 that a machine with nothing else to do keeps without real-time priority
_SHAKES = 0.5  # ms of jitter from which on sending by frame would be heard in a recording
_WORTH = 2.0  # ms of delay from which on it is worth being shifted


def figures(timing: Timing) -> dict[str, object]:
    """For programs; something was sent."""
    arrived = [at for at in timing.arrived if at is not None]
    return {
        "messages": len(timing.late),
        "priority": "real-time" if timing.hurried else "normal",
        "late_ms": asdict(Spread.of(timing.late)),
        "arrival_ms": asdict(Spread.of(arrived)) if arrived else None,
        "lost": timing.arrived.count(None),
        "turns": len(timing.thinking),
        "thinking_ms": asdict(Spread.of(timing.thinking)) if timing.thinking else None,
    }


def report(timing: Timing, output: str, platform: str, blocks: bool) -> list[str]:
    """For people, line by line."""
    priority = "real-time priority" if timing.hurried else "normal priority"
    turns = f"{len(timing.thinking)} turns thought through meanwhile"
    lines = [f"{len(timing.late)} messages to {output!r} at {priority}, {turns}", ""]
    lines += ["late at the send call: " + str(Spread.of(timing.late)), *histogram(timing.late, blocks), ""]
    arrived = [at for at in timing.arrived if at is not None]
    if arrived:
        lines += ["late at the receiving port: " + str(Spread.of(arrived)), *histogram(arrived, blocks), ""]
    elif timing.arrived:
        lines += ["nothing came back: is there a cable from the output to the input?", ""]
    if arrived and None in timing.arrived:
        lost = timing.arrived.count(None)
        lines += ["1 message never came back" if lost == 1 else f"{lost} messages never came back", ""]
    felt = Spread.of(arrived or timing.late)
    return [*lines, verdict(felt), *(f"would help: {line}" for line in advice(timing, platform))]


def verdict(felt: Spread) -> str:
    """What the delay means for a player, in one line."""
    jitter = felt.p99 - felt.p50
    yours = f"yours: {felt.p50:.1f} ms, give or take {jitter:.1f}"
    if felt.p50 <= UNFELT and jitter < SHAKY:
        return f"{UNFELT:g} ms feel like none to players, {SHAKY:g} ms of jitter do not; {yours}: nobody feels that"
    return f"{UNFELT:g} ms feel like none to players, {SHAKY:g} ms of jitter do not; {yours}: that can be felt"


def advice(timing: Timing, platform: str) -> list[str]:
    """What would help, if anything."""
    found = []
    late = Spread.of(timing.late)
    if not timing.hurried and platform in REAL_TIME:
        found.append(f"real-time priority, for steadiness: {REAL_TIME[platform]}")
    if late.p99 > _GOOD:
        found.append("fewer other programs, and a processor that runs at full speed")
    arrived = [at for at in timing.arrived if at is not None]
    there = Spread.of(arrived) if arrived else late
    if platform == "linux" and there.p99 - there.p50 > _SHAKES:
        found.append(BY_FRAME)
    if arrived and there.p50 > _WORTH:
        found.append(f"jam --offset-ms {-there.p50:.0f} sends that much earlier: the delay goes, the jitter stays")
    return found
