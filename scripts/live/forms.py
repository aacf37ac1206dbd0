"""How long each figure is measured."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Form:
    """Seconds of notes for lateness; turns traded for the bar line (a turn lasts two seconds); seconds of each flood at
    1,000 messages a second; programs killed by each signal; programs started cold."""

    late: int
    turns: int
    flood: float
    kills: int
    starts: int


SHORT = Form(late=3, turns=8, flood=2.0, kills=2, starts=2)
"""A minute and a half, for every change."""


def long(minutes: float) -> Form:
    """So many minutes of trading, and ten more of all else."""
    return Form(late=30, turns=round(minutes * 60 / 2), flood=60.0, kills=20, starts=10)
